"""The server on the command line: serve, submit, health, backup, restore."""

from __future__ import annotations

import json
import re
import signal
import sys
from typing import TYPE_CHECKING

import pytest
import requests

from defcore.registry import client, receipt
from tests.registry.conftest import run_command

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.conftest import Desk, Server

    from .conftest import Open


def test_submit_sends_several_reports_and_keeps_receipts(served: Open, tmp_path: Path) -> None:
    """If it fails, the one command that a vendor needs does not work with a server."""
    house, registry = served.registry.house, served.registry
    one = registry.files(registry.submission(), tmp_path / "one")
    two = registry.files(registry.submission(run=house.run_record(id="run-2")), tmp_path / "two")
    kept = tmp_path / "receipts"
    code, out, err = run_command("submit", one, two, "--registry", served.url, "--receipts", kept)
    assert code == 0, err
    assert [requests.get(line, timeout=60).status_code for line in out.splitlines()] == [200, 200]
    assert err == "Acme Cloud 1.0: admitted\n" * 2
    assert len([receipt.read(path.read_bytes(), str(path)) for path in kept.iterdir()]) == 2
    code, out, err = run_command("submit", one, "--registry", served.url, "--format", "json")
    assert (code, json.loads(out)["items"][0]["there"]) == (0, True)


def test_submit_says_all_that_stands_in_the_way(served: Open, tmp_path: Path) -> None:
    """If it fails, a vendor is turned away without a reason."""
    registry = served.registry
    made = registry.files(registry.submission(key=registry.world.stranger), tmp_path / "run")
    code, out, err = run_command("submit", made, "--registry", served.url, "--dry-run")
    assert (code, out) == (1, "")
    assert "Acme Cloud 1.0: would be refused\n  refuse key: report.dsse.json: is signed by" in err
    act = tmp_path / "act.json"
    act.write_bytes(registry.world.admission)
    code, out, err = run_command("submit", act, "--registry", served.url)
    assert (code, err) == (0, "act.json: admitted\n".replace("act.json", f"{tmp_path.name}/act.json"))
    assert requests.get(out.strip(), timeout=60).content == registry.world.admission


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (("submit", "@run"), 2, "name one registry"),
        (("submit", "@run", "--to", "@", "--registry", "http://x"), 2, "name one registry"),
        (("submit", "@run", "--to", "@", "--receipts", "@"), 2, "gives no receipts"),
        (("submit", "@run", "--registry", "ftp://x"), 2, "is no address"),
        (("submit", "@run", "--registry", "http://x?y"), 2, "is no address"),
        (("submit", "@run", "--registry", "http://127.0.0.1:@port"), 3, "cannot be reached"),
        (("submit", "@bytes", "--registry", "@url"), 2, "is not UTF-8 text"),
        (("submit", "@empty", "--registry", "@url"), 2, "holds neither"),
        (("submit", "@run/report.dsse.json", "--registry", "@url/nothing"), 2, "Method Not Allowed"),
        (("registry", "health", "http://127.0.0.1:@port"), 3, "cannot be reached"),
        (("registry", "health", "@url/nothing"), 3, "answered 404"),
        (("registry", "serve", "@empty", "--port", "0"), 2, "'defcore registry init' writes one"),
        (("registry", "serve", "@registry", "--private", "@registry/x"), 2, "lies in the registry's folder"),
        (("registry", "serve", "@registry", "--host", "192.0.2.1"), 2, "cannot be listened on"),
        (("registry", "backup", "@empty", "-o", "@backup"), 2, "is not there"),
        (("registry", "backup", "@registry", "--private", "@empty", "-o", "@run"), 2, "cannot be written"),
        (("registry", "restore", "@bytes", "@new"), 2, "cannot be restored"),
        (("registry", "restore", "@none", "@new"), 2, "cannot be restored"),
        (("registry", "restore", "@bytes", "@registry"), 2, "is there already"),
    ],
)
def test_bad_words_get_one_line(
    served: Open, tmp_path: Path, dead_port: int, words: tuple[str, ...], code: int, says: str
) -> None:
    """If it fails, a slip on the command line ends in a traceback, or half a registry."""
    served.registry.files(served.registry.submission(), tmp_path / "run")
    (tmp_path / "empty").mkdir()
    (tmp_path / "bytes").write_bytes(b"\x1f\x8b\xff")
    places = {"@registry": str(served.registry.root), "@url": served.url.rstrip("/"), "@port": str(dead_port)}
    line = []
    for word in words:
        for name, value in places.items():
            word = word.replace(name, value)  # noqa: PLW2901 - one after the other
        line.append(word.replace("@", f"{tmp_path}/"))
    found, out, err = run_command(*line)
    assert (found, out) == (code, "")
    assert says in err
    assert len(err.splitlines()) == 1
    assert not (tmp_path / "new").exists()
    assert not (tmp_path / "backup").exists()


def test_a_server_that_answers_nonsense_is_told(
    server: Callable[..., Server], respond: Callable[..., bytes], served: Open, tmp_path: Path
) -> None:
    """If it fails, a proxy's page, or somebody else's receipt, is taken for the registry's word."""
    made = served.registry.files(served.registry.submission(), tmp_path / "run")
    for body in (b"<html>", b"[]", b"[" * 100_000):
        strange = server(respond("200 OK", body))
        code, _, err = run_command("submit", made, "--registry", strange.url)
        assert (code, "answered 200 with something else" in err) == (3, True)
    good = served.post(served.registry.submission(run=served.registry.house.run_record(id="run-2"))).content
    info = served.get("api/v1").content
    other = json.loads(info)
    other["trust"] = "0" * 64
    foreign = json.loads(info)
    foreign["receipts"] = served.registry.world.stranger.public.line
    for told, says in ((other, "receipt for something else"), (foreign, "is not among the keys")):
        strange = server(respond("201 Created", good), respond("200 OK", json.dumps(told).encode()))
        code, _, err = run_command("submit", made, "--registry", strange.url)
        assert (code, says in err) == (1, True), err
    moved = server(respond("302 Found", b"{}", "Location: http://127.0.0.1:1/"))
    with pytest.raises(Exception, match="answered 302"):
        client.submit(moved.url, [("a", b"x")], dry_run=True, publish_full=False)


def test_what_was_backed_up_comes_back(served: Open, tmp_path: Path) -> None:
    """If it fails, a keeper whose disk broke has lost reports, receipts, or the key that signed them."""
    made = served.registry.submission()
    first = served.post(made).json()["items"][0]
    source, private = served.registry.root, served.private
    saved = tmp_path / "backup.tar.gz"
    words = ("registry", "backup", source, "--private", private, "-o", saved)
    assert run_command(*words)[0] == 0
    assert saved.stat().st_mode & 0o777 == 0o600
    assert run_command(*words)[0] == 2
    served.stop()
    before = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*/*") if path.is_file()}
    source.rename(tmp_path / "lost")
    private.rename(tmp_path / "lost-private")
    code, _, err = run_command("registry", "restore", saved, source, "--private", private)
    assert code == 0, err
    after = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*/*") if path.is_file()}
    lacking = {str(name) for name in before if name not in after}
    assert all(name.startswith(("private/.index.sqlite", "private/.lock")) for name in lacking)
    assert [name for name in before.keys() & after.keys() if before[name] != after[name]] == []
    assert (private / ".receipts").stat().st_mode & 0o777 == 0o600
    served.start()
    again = served.post(made).json()["items"][0]
    assert (again["there"], again["receipt"]) == (True, first["receipt"])


def test_a_backup_with_tricks_is_refused(closed: Open, tmp_path: Path) -> None:
    """If it fails, a file that somebody prepared writes wherever it likes."""
    import tarfile

    for number, name in enumerate(("../x", "open/../../x", "/etc/x", "other/x", "open", "open/registry.json/..")):
        path = tmp_path / f"{number}.tar.gz"
        with tarfile.open(path, "w:gz") as archive:
            archive.addfile(tarfile.TarInfo(name))
        code, _, err = run_command("registry", "restore", path, tmp_path / "new")
        assert (code, "holds what no backup holds" in err) == (2, True), (name, err)
    link = tarfile.TarInfo("open/link")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    with tarfile.open(tmp_path / "link.tar.gz", "w:gz") as archive:
        archive.addfile(link)
    assert run_command("registry", "restore", tmp_path / "link.tar.gz", tmp_path / "new")[0] == 2
    with tarfile.open(tmp_path / "small.tar.gz", "w:gz") as archive:
        archive.addfile(tarfile.TarInfo("open/x"))
    code, _, err = run_command("registry", "restore", tmp_path / "small.tar.gz", tmp_path / "new")
    assert (code, "holds no registry" in err) == (2, True)
    assert not (tmp_path / "x").exists()
    assert [path.name for path in tmp_path.iterdir() if "new" in path.name] == []
    assert closed.registry.root.is_dir()


def test_the_real_command_serves_and_ends_when_told(closed: Open, desk: Desk) -> None:
    """If it fails, 'defcore registry serve' does not start, or a service manager has to kill it."""
    root = closed.registry.root
    process = desk.start("registry", "serve", root, "--port", "0", "--submissions-per-minute", "10")
    assert process.stdout
    url = process.stdout.readline().strip()
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", url)
    assert (root.with_name("reports-private") / ".receipts").stat().st_mode & 0o777 == 0o600
    assert root.with_name("reports-private").stat().st_mode & 0o777 == 0o700
    assert desk.run("registry", "health", url).stdout.startswith("ok: 0 reports")
    assert "Small world" in requests.get(url, timeout=60).text
    process.send_signal(signal.SIGTERM)
    _, err = process.communicate(timeout=60)
    assert "Receipts are signed by SHA256:" in err
    assert ("Traceback" in err, process.returncode) == (False, 0)


def test_without_the_extra_the_command_says_what_to_install(closed: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """If it fails, whoever did not install the server's libraries meets a traceback."""
    for name in [name for name in sys.modules if name.startswith(("defcore.registry.serve.", "starlette", "uvicorn"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "starlette.applications", None)
    code, _, err = run_command("registry", "serve", closed.registry.root)
    assert (code, "pip install 'defcore[registry]'" in err) == (2, True)
