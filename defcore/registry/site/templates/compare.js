// Puts reports side by side. Every word comes from the data of this site and is set as text, never as markup.
"use strict";

const defcore = (() => {
  const $ = id => document.getElementById(id);
  const root = $("result").dataset.root;
  const MOST = 100;
  let all = [];
  const reports = new Map();
  let picked = [];

  const make = (name, words, attributes = {}, ...children) => {
    const node = document.createElement(name);
    if (words) node.textContent = words;
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    node.append(...children);
    return node;
  };
  const count = (number, word) => `${number} ${word}${number === 1 ? "" : "s"}`;

  function choices(list) {
    all = list;
    $("find").disabled = $("all").disabled = false;
    $("find").addEventListener("input", list_choices);
    $("all").addEventListener("change", list_choices);
    addEventListener("hashchange", from_address);
    from_address();
  }

  function from_address() {
    const known = new Set(all.map(item => item[0]));
    picked = [...new Set(address().split(",").filter(place => known.has(place)))];
    list_choices();
    show();
  }

  function address() {
    try {
      return decodeURIComponent(location.hash.slice(1));
    } catch {
      return "";
    }
  }

  function list_choices() {
    const words = $("find").value.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = ([place, title, program, guideline, day, current]) =>
      picked.includes(place) ||
      ((current || $("all").checked) && words.every(word => `${title} ${program} ${guideline} ${day}`.toLowerCase().includes(word)));
    const found = all.filter(fits).sort((a, b) => picked.includes(b[0]) - picked.includes(a[0]));
    $("count").textContent = all.length
      ? `${count(Math.min(found.length, MOST), "report")} of ${found.length} shown, ${picked.length} picked.`
      : "There is no report here yet.";
    $("choices").replaceChildren(...found.slice(0, MOST).map(choice));
  }

  function choice([place, title, program, guideline, day]) {
    const box = make("input", "", { type: "checkbox", value: place });
    box.checked = picked.includes(place);
    box.addEventListener("change", () => {
      picked = box.checked ? [...picked, place] : picked.filter(item => item !== place);
      history.replaceState(null, "", `#${picked.map(encodeURIComponent).join(",")}`);
      $("count").textContent = `${picked.length} picked.`;
      show();
    });
    const label = make("label", "", {}, box, make("span", "", {}, make("bdi", title), ` · ${program} ${guideline} · ${day}`));
    return make("li", "", {}, label);
  }

  // Data comes as a script: unlike a request it works from a folder on a disk as well.
  function load(place) {
    if (reports.has(place)) return Promise.resolve();
    return new Promise((done, failed) => {
      const script = make("script", "", { src: `${root}products/${place}/compare.js` });
      script.onload = done;
      script.onerror = () => failed(new Error(place));
      document.head.append(script);
    });
  }

  async function show() {
    const wanted = [...picked];
    if (wanted.length < 2) {
      $("result").replaceChildren(make("p", wanted.length ? "Pick one more." : "Nothing is picked yet.", { class: "lead" }));
      return;
    }
    try {
      await Promise.all(wanted.map(load));
    } catch (error) {
      $("result").replaceChildren(make("p", `The data of ${error.message} could not be read.`, { class: "notice" }));
      return;
    }
    if (wanted.join() === picked.join()) $("result").replaceChildren(...draw(wanted.map(place => reports.get(place))));
  }

  function draw(columns) {
    const groups = new Map();
    for (const item of columns) {
      const key = [item.guidelineDigest, item.program, item.suite].join(" ");
      groups.set(key, [...(groups.get(key) || []), item]);
    }
    const parts = [];
    if (groups.size > 1) {
      parts.push(make("p", `These do not all measure the same: ${why([...groups.values()])} Only what is measured alike stands side by side.`, { class: "notice" }));
    }
    parts.push(overview(columns));
    for (const group of groups.values()) {
      if (group.length > 1) parts.push(...matrix(group));
      else parts.push(make("p", `${name(group[0])} stands alone: nothing else that is picked was measured like it.`, { class: "note apart" }));
    }
    parts.push(...differences(columns));
    return parts;
  }

  const name = item => `${item.title} ${item.version} (${item.day})`;

  function why(groups) {
    const first = groups[0][0];
    const reasons = new Set();
    for (const [item] of groups.slice(1)) {
      if (item.program !== first.program) reasons.add("the programs differ");
      else if (item.guidelineDigest !== first.guidelineDigest) reasons.add("the guidelines differ");
      else reasons.add("the tests are of different editions");
    }
    return `${[...reasons].join("; ")}.`;
  }

  function table(caption, head, rows) {
    const top = make("tr", "", {}, ...head);
    return make("div", "", {}, make("p", caption, { class: "note apart" }),
      make("div", "", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
        make("table", "", {}, make("thead", "", {}, top), make("tbody", "", {}, ...rows))));
  }

  function heads(columns, first) {
    return [make("th", first, { scope: "col" }), ...columns.map(item =>
      make("th", "", { scope: "col" }, make("a", item.title, { href: root + item.product }), make("span", `${item.version}, ${item.day}`, { class: "note" })))];
  }

  function row(title, values, differs) {
    const cells = values.map(value => make("td", "", {}, ...[].concat(value)));
    return make("tr", "", differs ? { class: "differs" } : {}, make("th", "", { scope: "row" }, make("bdi", title)), ...cells);
  }

  function overview(columns) {
    const lines = [
      ["Program", item => `${item.program} ${item.guideline}`],
      ["Required tests shown", item => `${item.passed} of ${item.required}`],
      ["Standing", item => item.status],
      ["Report", item => make("a", "read it", { href: root + item.page, "aria-label": `Report of ${name(item)}` })],
    ];
    return table("At a glance", heads(columns, ""), lines.map(([title, value]) => row(title, columns.map(value))));
  }

  function matrix(columns) {
    const states = new Map();
    for (const item of columns) for (const [capability, state] of item.capabilities) states.set(capability, state);
    const cell = (item, capability) => item.capabilities.find(found => found[0] === capability);
    const shared = [], rows = [];
    let same = 0;
    for (const [capability, state] of states) {
      const found = columns.map(item => cell(item, capability));
      const flags = new Set(found.map(item => item && item[2]));
      if (flags.size === 1) same += 1;
      if (flags.size === 1 && flags.has(true)) shared.push(capability);
      const values = found.map(item => item
        ? [make("strong", item[2] ? "✓ shown" : "– not shown"), make("span", `${item[3]} of ${item[4]} tests`, { class: "note" })]
        : "not in its program");
      rows.push(row(state === "required" ? capability : `${capability} (${state})`, values, flags.size > 1));
    }
    const first = columns[0];
    const changes = columns.slice(1).map(item => {
      const has = column => new Set(column.capabilities.filter(found => found[2]).map(found => found[0]));
      const [before, now] = [has(first), has(item)];
      const more = [...now].filter(word => !before.has(word)).length, less = [...before].filter(word => !now.has(word)).length;
      return make("li", `${name(item)} against ${name(first)}: shows ${more} more, ${less} fewer, ${states.size - more - less} alike.`);
    });
    const rely = [make("h3", "What an application may rely on in all of them", { class: "apart" }),
      make("p", shared.length ? `${count(shared.length, "capabilit").replace(/capabilits?$/, shared.length === 1 ? "capability" : "capabilities")} that every one of them shows.` : "No capability is shown by all of them.", { class: "note" }),
      make("ul", "", { class: "rely" }, ...shared.map(word => make("li", word)))];
    return [
      make("h3", "Capabilities", { class: "apart" }),
      make("ul", "", { class: "findings" }, ...changes),
      table(`${same} of ${states.size} capabilities are alike. A difference is marked. Not shown means not shown: it may be missing, broken, or not tried.`, heads(columns, "Capability"), rows),
      ...rely,
    ];
  }

  function differences(columns) {
    const parts = [make("h3", "Configuration and declarations", { class: "apart" })];
    const sections = new Map();
    for (const item of columns) for (const [section, facts] of Object.entries(item.facts)) {
      for (const term of Object.keys(facts)) sections.set(section, (sections.get(section) || new Set()).add(term));
    }
    for (const [section, terms] of sections) {
      const rows = [...terms].map(term => {
        const values = columns.map(item => Object.hasOwn(item.facts[section], term) ? item.facts[section][term] : null);
        return row(term, values.map(value => value === null ? make("span", "does not say", { class: "muted" }) : make("bdi", value)), new Set(values).size > 1);
      });
      parts.push(table(section, heads(columns, ""), rows));
    }
    return parts;
  }

  return { choices, report: item => reports.set(item.place, item) };
})();
