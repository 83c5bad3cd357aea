"""Planted secrets: none is in anything that a run writes, nor in a command line."""

from __future__ import annotations

import base64
import contextlib
import dataclasses
import json
import threading
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Server
    from tests.run.conftest import Bench

PRIVATE = "-----BEGIN PRIVATE KEY-----\\nMIIEvplantedkeyBADANBgkq\\n-----END PRIVATE KEY-----\\n"
PLANTED = {
    "password": "pl4nted/password+1",
    "application": "pl4nted-application-2",
    "tempurl": "pl4nted-tempurl-key-3",
    "admin": "pl4nted-admin-pass-4",
    "private": "MIIEvplantedkeyBADANBgkq",
}
LEAKY = '''
@declared(1)
def test_gets_a_password(store, session):
    """A server's password is shown where the answer is not as it should be."""
    send = store._actor.send
    send("POST", "URL/servers", operation="POST /servers").shape({"server": str})

@declared(2)
def test_gets_a_key_pair(store, session):
    """A private key is shown where the answer is not as it should be."""
    send = store._actor.send
    send("POST", "URL/keys", operation="POST /keys", token=None).json()

@declared(3)
def test_has_a_temporary_url(store, session):
    """A key is set, and read back."""
    head = {"X-Account-Meta-Temp-URL-Key": "TEMPURL"}
    url = "URL/account"
    store._actor.send("POST", url + "?temp_url_sig=TEMPURL", operation="POST /a", headers=head).success()
    store._actor.send("GET", url, operation="GET /a").header("X-Account-Meta-Temp-URL-Key", "other")

@declared(4)
def test_says_its_secrets(store, session):
    """An exception of ours quotes everything."""
    auth = store._actor.target.credential.auth
    print(auth, store._actor.target.token())
    raise RuntimeError(str(dict(auth)) + store._actor.target.token())

@declared(5)
def test_notes_its_secrets(store, session):
    """A finding quotes the token."""
    session.note(f"token {store._actor.target.token()}")
    store.put_container(session.name()).status(299)
'''


def test_no_secret_is_written_or_shown_in_a_command_line(
    bench: Bench, server: Callable[..., Server], respond: Callable[..., bytes]
) -> None:
    """A vendor publishes its run; one token, password or key in it would open its cloud to everybody."""
    kind = "Content-Type: application/json"
    body = json.dumps({"server": {"adminPass": PLANTED["admin"], "name": "vm"}}).encode()
    key = f"X-Account-Meta-Temp-URL-Key: {PLANTED['tempurl']}"
    cloud = server(
        respond("200 OK", body, kind),
        respond("200 OK", PRIVATE.encode().decode("unicode_escape").encode(), "Content-Type: text/plain"),
        respond("204 No Content", b"", key),
        respond("200 OK", b"", key),
    )
    bench.write(LEAKY.replace("URL/", f"{cloud.url}/").replace("TEMPURL", PLANTED["tempurl"]))
    planted = {"extra_secret": PLANTED["application"], "passcode": PLANTED["password"]}
    tokens = set()
    bench.credentials = {
        role: dataclasses.replace(item, auth=dict(item.auth) | planted) for role, item in bench.credentials.items()
    }
    lines: set[str] = set()
    over = threading.Event()
    watch = threading.Thread(target=_watch_commands, args=(lines, over))
    watch.start()
    found = bench.run(workers=1)
    over.set()
    watch.join()
    assert bench.outcomes(found) == {1: "failed", 2: "failed", 3: "failed", 4: "error", 5: "failed"}
    assert any("defcore.run.worker" in line for line in lines)
    for request in cloud.requests:
        head = request.decode("latin-1").partition("\r\n\r\n")[0]
        tokens |= {line.partition(": ")[2] for line in head.split("\r\n") if line.startswith("X-Auth-Token")}
    assert len(tokens) == 1
    secrets = {**PLANTED, "user": str(bench.credentials["main"].auth["password"]), "token": tokens.pop()}
    texts = bench.written()
    # what the tests print is theirs; ours never print
    texts = {name: text for name, text in texts.items() if name != "workers.log"}
    for name, secret in secrets.items():
        encoded = base64.b64encode(secret.encode()).decode().rstrip("=")
        for form in (secret, encoded, quote(secret, safe=""), json.dumps(secret)[1:-1]):
            assert not [file for file, text in texts.items() if form in text], name
            assert not [line for line in lines if form in line], name


def _watch_commands(lines: set[str], over: threading.Event) -> None:
    """Read the command lines of our own children until the run is over."""
    while not over.wait(0.05):
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            with contextlib.suppress(OSError):
                text = path.read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
                if "defcore" in text:
                    lines.add(text)
