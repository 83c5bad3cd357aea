"use strict";
// Files stay on the visitor's machine until "Submit": read as text, sent as they are, each report judged for itself.
(() => {
  const by = (id) => document.getElementById(id);
  const drop = by("drop"), input = by("files"), list = by("chosen"), status = by("status"), result = by("result");
  const root = drop.dataset.root, most = Number(drop.dataset.files), room = Number(drop.dataset.bytes);
  const buttons = [by("send"), by("clear")];
  let chosen = [], busy = false;

  function make(name, text, parent, kind) {
    const node = document.createElement(name);
    if (text !== undefined) node.textContent = text;
    if (kind) node.className = kind;
    if (parent) parent.append(node);
    return node;
  }

  function show() {
    list.replaceChildren();
    chosen.forEach((file, place) => {
      const line = make("li", undefined, list);
      make("bdi", file.name, line);
      make("span", ` ${Math.ceil(file.size / 1000)} kB `, line, "note");
      const away = make("button", "Take away", line);
      away.type = "button";
      away.setAttribute("aria-label", `Take ${file.name} away`);
      away.disabled = busy;
      away.addEventListener("click", () => { chosen.splice(place, 1); show(); });
    });
    const size = chosen.reduce((sum, file) => sum + file.size, 0);
    const over = chosen.length > most ? `More than ${most} files.` : size > room ? "Too much at a time: submit fewer files." : "";
    buttons.forEach((node) => { node.disabled = busy || !chosen.length; });
    if (over) buttons[0].disabled = true;
    status.textContent = over || (chosen.length ? `${chosen.length} ${chosen.length === 1 ? "file" : "files"} chosen.` : "");
  }

  function take(files) {
    if (!busy) { chosen = chosen.concat([...files]); show(); }
  }

  async function read(file) {
    const data = await file.arrayBuffer();
    try {
      // Byte for byte: nothing is replaced, no mark at the beginning is dropped.
      return { name: file.name, content: new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data) };
    } catch {
      throw new Error(`${file.name} is not a text file: no signed report, bundle or act.`);
    }
  }

  function finding(item, parent) {
    const line = make("li", undefined, parent);
    make("b", item.rule, line);
    make("bdi", ` ${item.where}: ${item.what}. `, line);
    make("span", item.todo, line, "note");
  }

  function outcome(item, dry) {
    const tone = { admitted: "good", "held back": "hold", refused: "bad" }[item.standing];
    const box = make("article", undefined, result, `outcome tone-${tone}`);
    const word = dry && item.standing === "admitted" ? "in order" : item.standing;
    make("h3", `${word[0].toUpperCase()}${word.slice(1)}${item.there ? ", and here already" : ""}`, box);
    make("p", undefined, box).append(make("bdi", item.subject || item.files.join(", ")));
    if (item.subject) make("p", undefined, box, "note").append(make("bdi", item.files.join(", ")));
    if (item.page) {
      make("a", "See the report", make("p", undefined, box)).href = root + item.page.split("/").map(encodeURIComponent).join("/");
    }
    if (item.receipt) {
      const link = make("a", "Keep the receipt", make("p", undefined, box));
      link.href = URL.createObjectURL(new Blob([item.receipt], { type: "application/json" }));
      link.download = `receipt-${item.digest.slice(0, 12)}.dsse.json`;
    }
    const told = make("ul", undefined, box, "findings");
    item.findings.forEach((each) => finding(each, told));
    if (!item.findings.length) told.remove();
  }

  function say(answer) {
    result.replaceChildren();
    if (answer.detail && !(answer.items || []).length) make("p", `${answer.title}: ${answer.detail}.`, result, "notice");
    (answer.items || []).forEach((item) => outcome(item, Boolean(answer.dry_run)));
    by("h-result").focus();
  }

  async function send() {
    busy = true;
    show();
    status.textContent = "Being judged …";
    try {
      const files = await Promise.all(chosen.map(read));
      const body = JSON.stringify({ files, dry_run: by("dry").checked, publish_full: by("full").checked });
      const reply = await fetch(`${root}api/v1/submissions`, {
        method: "POST", headers: { "Content-Type": "application/json" }, body,
      });
      const answer = await reply.json();
      if (reply.ok && !answer.dry_run) chosen = [];
      busy = false;
      show();
      input.value = "";
      say(answer);
    } catch (error) {
      busy = false;
      show();
      say({ title: "Not submitted", detail: error instanceof TypeError ? "the registry cannot be reached" : error.message.replace(/\.$/, "") });
    }
  }

  input.addEventListener("change", () => { take(input.files); input.value = ""; });
  for (const kind of ["dragover", "dragleave", "drop"]) {
    drop.addEventListener(kind, (event) => {
      event.preventDefault();
      drop.classList.toggle("over", kind === "dragover");
      if (kind === "drop") take(event.dataTransfer.files);
    });
    // A file that misses its mark must not replace the page.
    addEventListener(kind, (event) => event.preventDefault());
  }
  by("send").addEventListener("click", send);
  by("clear").addEventListener("click", () => { chosen = []; show(); input.focus(); });
  [input, by("dry"), by("full")].forEach((node) => { node.disabled = false; });
  show();
})();
