"""``defcore key``: made, chosen, listed and shown; from files and from a real ssh-agent."""

from __future__ import annotations

import json
import shutil
import stat
import subprocess
from typing import TYPE_CHECKING

import pytest

from defcore.attest import keys
from defcore.cli import keyring

from .agents import add_key, running_agent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .desks import Desk

SIGN = "sign @run.json --product @product.json -o @report --guideline @guideline.json"


@pytest.fixture
def agent(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return the public key of a P-256 key that only the vendor's ssh-agent knows."""
    if shutil.which("ssh-agent") is None:
        pytest.skip("needs OpenSSH")
    with running_agent() as place:
        monkeypatch.setenv("SSH_AUTH_SOCK", str(place))
        public = desk.folder / "agent.pub"
        public.write_bytes(add_key(place, "ecdsa", "-b", "256").read_bytes())
        yield public


@pytest.mark.parametrize("kind", ["ed25519", "p256"])
def test_a_new_key(desk: Desk, kind: str) -> None:
    """Otherwise a vendor has no key, or one that others can read."""
    made = desk.run(f"key new @mine --type {kind} --comment release")
    assert made.exit_code == 0
    assert stat.S_IMODE((desk.folder / "mine").stat().st_mode) == 0o600
    assert (desk.folder / "mine.pub").read_text().endswith(" release\n")
    for name in ("mine", "mine.pub"):
        assert desk.run(f"key show @{name}").stdout == made.stdout
    assert desk.run(f"{SIGN} --key @mine").exit_code == 0
    assert desk.run("verify @report --key @mine.pub --guideline @guideline.json").exit_code == 0


def test_ones_own_key_needs_no_path(desk: Desk) -> None:
    """Otherwise everybody must think of a place for the key."""
    made = desk.run("key new")
    assert desk.run("key show").stdout == made.stdout
    assert made.stdout.strip() in desk.run(SIGN).stderr


def test_a_passphrase_is_asked_for(desk: Desk) -> None:
    """Otherwise a key could be protected only by words on the command line, which every user of the machine sees."""
    assert desk.run("key new @mine --encrypt", "secret\nsecret\n").exit_code == 0
    line = f"{SIGN} --key @mine"
    assert desk.run(line, "secret\n").exit_code == 0
    assert desk.run(line, "wrong\n").exit_code == 2
    silent = desk.run(line)
    assert (silent.exit_code, "needs its passphrase" in silent.stderr) == (2, True)


def test_the_key_in_use_signs(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise a vendor must name the key each time, from whatever folder, and one day names the wrong one."""
    desk.run("key new")
    mine = desk.run("key new @mine --type p256").stdout
    monkeypatch.chdir(desk.folder)
    assert desk.run("key use mine").stdout == mine
    monkeypatch.chdir("/")
    assert desk.run("key show").stdout == mine
    assert mine.strip() in desk.run(SIGN).stderr
    assert desk.house.key.public.keyid in desk.run(f"{SIGN} --key @key").stderr


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("key new @key", "never overwritten"),
        ("key show @run.json", "is not a public key"),
        ("key show", "cannot be read"),
        ("key use @no", "cannot be read"),
        ("key use @key.pub", "is a public key"),
        ("key use SHA256:x", "no ssh-agent is running here"),
        ("key show SHA256:x", "no ssh-agent is running here"),
        (f"{SIGN} --key SHA256:x", "no ssh-agent is running here"),
    ],
)
def test_bad_input_is_one_line_and_exit_code_2(desk: Desk, line: str, words: str) -> None:
    """Otherwise a slip ends in a traceback, or a key is remembered that is not there."""
    before = sorted(desk.folder.rglob("*"))
    desk.refused(line, 2, words)
    assert sorted(desk.folder.rglob("*")) == before


def test_a_key_in_use_that_has_gone_is_said(desk: Desk) -> None:
    """Otherwise another key would sign in its place, unnoticed."""
    desk.run("key new")
    desk.run("key use @key")
    (desk.folder / "key").unlink()
    desk.refused(SIGN, 2, f"{desk.folder}/key: cannot be read")


@pytest.mark.parametrize("content", [b"", b"\n"])
def test_an_empty_choice_is_none(desk: Desk, content: bytes) -> None:
    """Otherwise a disk that was full once makes signing impossible."""
    made = desk.run("key new").stdout
    (desk.folder / "config" / "defcore" / keyring._IN_USE).write_bytes(content)
    assert desk.run("key show").stdout == made


def test_an_agents_key_signs(desk: Desk, agent: Path) -> None:
    """Otherwise a vendor whose key must not lie on a disk cannot sign, or nobody can verify it."""
    keyid = keys.load_public(agent).keyid
    signed = desk.run(f"{SIGN} --key {keyid} --sshsig")
    assert (signed.exit_code, keyid in signed.stderr) == (0, True), signed
    assert [line.removeprefix(f"{desk.folder}/") for line in signed.stdout.splitlines()] == [
        *("report", "report.sig", "report.public", "report.public.sig")
    ]
    for name in ("report", "report.public"):
        assert desk.run(f"verify @{name} --key @agent.pub --guideline @guideline.json").exit_code == 0
        assert (desk.folder / f"{name}.sig").read_text().startswith("-----BEGIN SSH SIGNATURE-----\n")
    assert desk.run(f"key use {keyid}").stdout == f"{keyid}\n"
    assert keyid in desk.run(SIGN).stderr


def test_the_public_key_of_an_agents_key_can_be_handed_out(desk: Desk, agent: Path) -> None:
    """Otherwise whoever has no file of the key has nothing to give to verifiers."""
    public = keys.load_public(agent)
    assert desk.run(f"key show {public.keyid} --public").stdout == f"{public.line}\n"
    assert desk.run("key show @key --public").stdout == f"{desk.house.key.public.line}\n"


def test_all_keys_are_listed(desk: Desk, agent: Path) -> None:
    """Otherwise a vendor cannot find out which keys there are, and which of them signs."""
    ssh = desk.folder / "home" / ".ssh"
    ssh.mkdir(parents=True)
    locked = keys.write_pair(ssh / "id_ed25519", keys.generate(), passphrase="secret")  # noqa: S106
    (ssh / "id_ecdsa").write_bytes(b"nonsense")
    own = desk.run("key new").stdout.strip()
    held = keys.load_public(agent).keyid
    lines = desk.run("key list").stdout.splitlines()
    assert [line.split()[:2] for line in lines] == [
        ["*", own],
        [keys.load_public(locked).keyid, "ed25519"],
        ["?", "?"],
        [held, "p256"],
    ]
    assert "is not a private key" in lines[2]
    assert "ssh-agent: from ssh-keygen" in lines[3]
    desk.run(f"key use {held}")
    value = json.loads(desk.run("key list --format json").stdout)
    assert [item["in_use"] for item in value] == [False, False, False, True]
    desk.run("key use @key")
    (desk.folder / "key.pub").unlink()
    value = json.loads(desk.run("key list --format json").stdout)
    assert (value[0]["keyid"], value[0]["in_use"]) == (desk.house.key.public.keyid, True)


def test_a_locked_key_without_its_public_half_is_listed(desk: Desk) -> None:
    """Otherwise 'key list' asks for passphrases, or hides a key."""
    keys.write_pair(desk.folder / "config" / "defcore" / "key", keys.generate(), passphrase="x").unlink()  # noqa: S106
    listed = desk.run("key list").stdout
    assert "needs its passphrase" in listed
    assert listed.startswith("* ?")


def test_no_key_at_all_is_said(desk: Desk) -> None:
    """Otherwise a newcomer sees an empty page and does not know what to do."""
    listed = desk.run("key list")
    assert (listed.exit_code, listed.stdout) == (0, "")
    assert "'defcore key new' makes one" in listed.stderr


def test_keys_that_we_do_not_sign_with_are_listed_as_such(desk: Desk, agent: Path) -> None:
    """Otherwise a vendor wonders why its RSA key is not there."""
    add_key(keyring.agent_socket(), "rsa", "-b", "2048")
    assert "defcore does not sign with this kind" in desk.run("key list").stdout
    assert keys.load_public(agent).keyid in desk.run("key list").stdout


def test_an_agent_that_has_gone_is_listed_as_such(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise one stale variable makes 'key list' useless."""
    desk.run("key new")
    monkeypatch.setenv("SSH_AUTH_SOCK", str(desk.folder / "gone"))
    listed = desk.run("key list")
    assert (listed.exit_code, "no ssh-agent answers" in listed.stdout) == (0, True)
    assert listed.stdout.startswith("* SHA256:")


def test_openssh_takes_the_detached_signature_that_sign_writes(desk: Desk) -> None:
    """Otherwise 'sign --sshsig' writes files that nobody can use."""
    from defcore.attest import dsse

    desk.run(f"{SIGN} --key @key --sshsig")
    (desk.folder / "allowed").write_text(f"vendor {desk.house.key.public.line}\n")
    for name in ("report", "report.public"):
        done = subprocess.run(
            ["ssh-keygen", "-Y", "verify", "-f", "allowed", "-I", "vendor", "-n", "defcore", "-s", f"{name}.sig"],
            input=dsse.pae(dsse.parse((desk.folder / name).read_bytes(), name).payload),
            cwd=desk.folder,
            capture_output=True,
            check=True,
        )
        assert desk.house.key.public.keyid.encode() in done.stdout
