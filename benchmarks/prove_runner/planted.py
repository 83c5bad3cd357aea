"""Six secrets are planted where a run meets them, and looked for in all that it writes and in every command line.

The main user logs in with the planted password, the one of the second project with an application credential; the
account has the planted temp-URL key; a proxy hands out the ``adminPass`` and the private key, notes every token that
passes, and quotes tokens and the password back in error messages, as clouds do.
"""

from __future__ import annotations

import base64
import contextlib
import json
import secrets
import threading
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import quote, quote_plus, unquote

import requests

from benchmarks.prove_runner.proxy import Proxy
from benchmarks.prove_runner.stage import Figure, Stage

if TYPE_CHECKING:
    from benchmarks.prove_runner.proxy import Message
    from defcore.cloud.target import Target

KEY_HEADER = "X-Account-Meta-Temp-URL-Key"
PRODUCT = {
    "format": "defcore-product/1",
    "vendor": "v",
    "product": "p",
    "version": "1",
    "release": "2026.2",
    "regions": ["RegionOne"],
    "configuration": {},
    "declarations": [],
}
OBJECT = 3
"""Slashes in the path of an object."""
CHOSEN = ("password", "application credential", "temp-URL key", "adminPass", "private key")


@dataclass
class Planted:
    """The secrets, by name. ``tokens`` grows while a run goes on. None of them is like any other text."""

    known: dict[str, str]
    tokens: set[str] = field(default_factory=set)
    handed_out: set[str] = field(default_factory=set)

    def all(self) -> list[tuple[str, str]]:
        """Return name and value of each; of a private key its lines too."""
        found = [*self.known.items(), *(("token", token) for token in sorted(self.tokens))]
        lines = [("private key", line) for line in self.known["private key"].splitlines() if "-----" not in line]
        return [*found, *lines]


def sow() -> Planted:
    """Make up five secrets, with characters that are written differently in URLs, JSON and shells."""
    known = {name: f"pl4nted/{name[:3]}+{secrets.token_urlsafe(12)}=&\"ü 'x" for name in CHOSEN}
    # A header takes neither blanks at its ends nor letters beyond ASCII.
    known["temp-URL key"] = f"pl4nted/tmp+{secrets.token_urlsafe(12)}=&x"
    lines = "\n".join(base64.b64encode(secrets.token_bytes(48)).decode() for _ in range(6))
    known["private key"] = f"-----BEGIN PRIVATE KEY-----\n{lines}\n-----END PRIVATE KEY-----\n"
    return Planted(known)


def prove(stage: Stage, count: int, seed: int) -> list[Figure]:
    """Run, report, sign, and look for every secret in every form."""
    del seed
    figures: list[Figure] = []
    for _ in range(count):
        planted = sow()
        user = _User(stage, planted)
        try:
            figures += _walk(stage, planted, user)
        finally:
            user.remove()
    return figures


def _walk(stage: Stage, planted: Planted, user: _User) -> list[Figure]:
    keystone, swift = (f"http://127.0.0.1:{stage.cloud.ports[kind]}" for kind in ("identity", "object-store"))
    hand = _Hand(planted)
    streams: list[str] = []
    with (
        Proxy(keystone, change=hand.watch) as front,
        Proxy(swift, change=hand.plant) as store,
        Watch() as watch,
    ):
        front.leads |= store.leads
        stage.use(user.entries(f"{front.url}/v3"))
        out = stage.new()
        for together in _commands(stage, out):
            started = [stage.start(*words) for words in together]
            for process in started:
                ended = stage.end(process)
                streams += [ended.out, ended.err]
    files = [path for path in stage.folder.rglob("*") if path.is_file() and path != stage.clouds_yaml]
    texts = {str(path): path.read_bytes() for path in files}
    texts |= {f"stream {number}": text.encode() for number, text in enumerate(streams)}
    given = {"clouds.yaml": stage.clouds_yaml.read_bytes() if stage.clouds_yaml else b""}
    control = sum(bool(_places(planted.known[name], given)) for name in CHOSEN[:2])
    lines = {f"argv {number}": line for number, line in enumerate(sorted(watch.lines))}
    found = [f"{name} in {where}" for name, secret in planted.all() for where in _places(secret, texts | lines)]
    for line in sorted(set(found)):
        print(f"  found: {line}")
    met = planted.handed_out | ({"token"} if planted.tokens else set())
    kinds = len(planted.known) + 1
    values, workers = len(planted.all()), any(b"defcore.run.worker" in line for line in lines.values())
    leaking = {line.partition(" in ")[0] for line in found}
    evidence = sum(texts[str(path)].count(b"\n") for path in (out / "evidence").glob("*"))
    return [
        Figure("sorts of secrets passed over the wire in the run", len(met), kinds),
        Figure(f"sorts of secrets are in nothing written ({values} values, each plain, base64, URL-encoded)",
               kinds - len(leaking), kinds),
        Figure("secrets that the same search finds in the clouds.yaml that was given (control)", control, 2),
        Figure("files searched", len(files), must=False),
        Figure("bytes searched", sum(map(len, texts.values())), must=False),
        Figure("exchanges in the evidence", evidence, must=False),
        Figure("command lines of processes seen and searched", len(lines), must=False),
        Figure("command lines of workers among them", int(workers), 1),
    ]  # fmt: skip


def _commands(stage: Stage, out: Path) -> list[list[list[str | Path]]]:
    """Return everything that writes something about a run: what stands together may be done at once."""
    folder = stage.folder
    product = folder / "product.json"
    product.write_text(json.dumps(PRODUCT), encoding="utf-8")
    first: list[str | Path] = [*stage.words(out), "--events", folder / "events", "--summary", folder / "summary.md"]
    then: list[list[str | Path]] = [
        ["report", out, "--format", kind, "--output", folder / f"report.{kind}"]
        for kind in ("html", "md", "junit", "json", "har")
    ]
    then += [["watch", out], ["score", out], ["score", out, "--format", "json"]]
    then.append(["sign", out, "--product", product, "--output", folder / "report.dsse.json"])
    then.append(["doctor", "--cloud", stage.name])
    # Failures that are tried again take their time to settle: only where there is time.
    last: list[list[str | Path]] = [] if stage.only else [["run", "--resume", out, "--rerun", "failed"]]
    return [[first, ["key", "new"]], then, last]


class _Hand:
    """Changes what passes through a proxy, and remembers the tokens."""

    def __init__(self, planted: Planted) -> None:
        self._planted = planted
        self._count = 0

    def watch(self, message: Message) -> Message:
        """Note tokens, and which secrets a log-in sends."""
        for name, value in (*message.sent.items(), *message.headers):
            if name.lower() in ("x-auth-token", "x-subject-token"):
                self._planted.tokens.add(value)
            if value == self._planted.known["temp-URL key"]:
                self._planted.handed_out.add("temp-URL key")
        if message.path.endswith("/auth/tokens") and message.method == "POST" and message.status == 201:  # noqa: PLR2004
            methods = json.loads(message.body)["token"]["methods"]
            self._planted.handed_out.add("password" if "password" in methods else "application credential")
        return message

    def plant(self, message: Message) -> Message:
        """Put secrets where a server, a key pair or a careless error message would have them."""
        message = self.watch(message)
        self._count += 1
        token = message.sent.get("X-Auth-Token", "")
        message = replace(message, headers=(*message.headers, ("X-Object-Meta-Echo", token))) if token else message
        depth = unquote(message.path).partition("?")[0].strip("/").count("/")
        if message.method != "GET" or not message.path.startswith("/v1/") or message.status >= 300:  # noqa: PLR2004
            return self._quoting(message, token) if self._count % 10 == 0 and message.method == "PUT" else message
        if "format=json" in message.path:
            self._planted.handed_out.add("adminPass")
            server = {"server": {"name": "vm", "adminPass": self._planted.known["adminPass"]}}
            return _with_body(message, json.dumps(server).encode(), "application/json")
        if depth >= OBJECT:
            self._planted.handed_out.add("private key")
            return _with_body(message, self._planted.known["private key"].encode(), "text/plain")
        return message

    def _quoting(self, message: Message, token: str) -> Message:
        told = f"user with {self._planted.known['password']} and token {token} may not do this"
        body = json.dumps({"error": {"message": told, "code": 400}}).encode()
        return _with_body(replace(message, status=400), body, "application/json")


def _with_body(message: Message, body: bytes, kind: str) -> Message:
    kept = tuple((name, value) for name, value in message.headers if name.lower() not in ("content-type", "etag"))
    return replace(message, headers=(*kept, ("Content-Type", kind)), body=body)


class _User:
    """A user of our own on the cloud, with the planted password, an application credential, and a temp-URL key."""

    def __init__(self, stage: Stage, planted: Planted) -> None:
        self._stage, self._planted = stage, planted
        self._admin = stage.target("admin")
        self._base = self._admin.identity_url()
        auth = stage.cloud.entries[stage.name]["auth"]
        found = self._keystone("GET", f"/users?name={auth['username']}")["users"][0]
        self._name = f"planted-{secrets.token_hex(4)}"
        made = {"name": self._name, "domain_id": found["domain_id"], "password": planted.known["password"]}
        self._id = self._keystone("POST", "/users", {"user": made})["user"]["id"]
        self._credential = self._keystone_of_ours(found["id"])
        self._account(KEY_HEADER, planted.known["temp-URL key"])

    def _keystone_of_ours(self, old: str) -> dict[str, str]:
        """Give the user the other one's roles in both projects, and make an application credential for the second."""
        second = self._stage.target("alt")
        roles = self._keystone("GET", f"/role_assignments?user.id={old}")["role_assignments"]
        for project in (roles[0]["scope"]["project"]["id"], second.project_id):
            for item in roles:
                self._keystone("PUT", f"/projects/{project}/users/{self._id}/roles/{item['role']['id']}")
        login = {"id": self._id, "password": self._planted.known["password"]}
        auth = {
            "identity": {"methods": ["password"], "password": {"user": login}},
            "scope": {"project": {"id": second.project_id}},
        }
        answer = requests.post(f"{self._base}/auth/tokens", json={"auth": auth}, timeout=60)
        answer.raise_for_status()
        token = answer.headers["X-Subject-Token"]
        wanted = {"name": "planted", "secret": self._planted.known["application credential"]}
        path = f"/users/{self._id}/application_credentials"
        made = self._keystone("POST", path, {"application_credential": wanted}, token)["application_credential"]
        return {"application_credential_id": made["id"], "application_credential_secret": made["secret"]}

    def entries(self, auth_url: str) -> dict[str, dict[str, Any]]:
        """Return the cloud's entries with this user in the place of the first two."""
        entries = self._stage.behind(auth_url)
        name = self._stage.name
        entries[name]["auth"] |= {"username": self._name, "password": self._planted.known["password"]}
        entries[f"{name}-alt"] |= {
            "auth_type": "v3applicationcredential",
            "auth": {"auth_url": auth_url, **self._credential},
        }
        return entries

    def remove(self) -> None:
        """Take the key away again. The user stays: Keystone on SQLite stumbles over what deleted credentials leave."""
        self._account(KEY_HEADER.replace("X-Account", "X-Remove-Account"), "x")

    def _account(self, header: str, value: str) -> None:
        target: Target = self._stage.target()
        sent = {"X-Auth-Token": target.token(), header: value}
        requests.post(str(target.endpoint("object-store")), headers=sent, timeout=60).raise_for_status()

    def _keystone(self, method: str, path: str, body: Any = None, token: str | None = None) -> Any:  # noqa: ANN401
        headers = {"X-Auth-Token": token or self._admin.token()}
        answer = requests.request(method, f"{self._base}{path}", json=body, headers=headers, timeout=60)
        answer.raise_for_status()
        return answer.json() if answer.content else None


class Watch:
    """Reads the command lines of all processes, over and over, while it is open."""

    def __init__(self) -> None:
        """Begin with none."""
        self.lines: set[bytes] = set()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._read, daemon=True)

    def __enter__(self) -> Self:
        """Begin to read."""
        self._thread.start()
        return self

    def __exit__(self, *words: object) -> None:
        """Read no more."""
        self._over.set()
        self._thread.join()

    def _read(self) -> None:
        while not self._over.wait(0.02):
            for path in Path("/proc").glob("[0-9]*/cmdline"):
                with contextlib.suppress(OSError):
                    self.lines.add(path.read_bytes().replace(b"\0", b" "))


def forms(secret: str) -> set[bytes]:
    """Return the ways in which a secret may stand somewhere.

    Base64 also as a part of something longer, whose alignment nobody knows: without the first and last characters,
    which depend on what stands beside it.
    """
    raw = secret.encode()
    found = {raw, raw.strip(), quote(secret, safe="").encode(), quote_plus(secret).encode(), quote(secret).encode()}
    found |= {quote(secret, safe="").lower().encode(), json.dumps(secret)[1:-1].encode()}
    found |= {json.dumps(secret, ensure_ascii=False)[1:-1].encode(), repr(secret)[1:-1].encode()}
    for shift in range(3):
        encoded = base64.b64encode(b"\0" * shift + raw).rstrip(b"=")
        part = encoded[shift + 1 if shift else 0 : -1]
        found |= {part, part.replace(b"+", b"-").replace(b"/", b"_")}
    return {form for form in found if len(form) >= 8}  # noqa: PLR2004 - shorter ones are ordinary words


def _places(secret: str, texts: dict[str, bytes]) -> list[str]:
    return [where for where, text in texts.items() if any(form in text for form in forms(secret))]
