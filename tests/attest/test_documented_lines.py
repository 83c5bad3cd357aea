"""The lines of ``docs/verify.md`` and ``docs/verify_alone.py`` are run as they stand: strangers need no defcore."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from defcore.attest import keys
from defcore.attest.agent import AgentKey, find
from defcore.attest.canonical import canonical, decode, encode
from defcore.attest.keys import public_file
from defcore.attest.sign import sshsig_of
from defcore.attest.sshsig import SUFFIX

from .agents import add_key, running_agent

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defcore.attest.keys import Signer
    from defcore.attest.sign import Pair

    from .conftest import House

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "verify.md").read_text(encoding="utf-8")
TAKE_APART, OPENSSL, OPENSSH = re.findall(r"^```sh\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def agent_key() -> Iterator[AgentKey]:
    """Return a P-256 key that only a real ssh-agent knows."""
    with running_agent() as place:
        public = keys.load_public(add_key(place, "ecdsa", "-b", "256"))
        yield find(place, public.keyid)


@pytest.fixture(params=["ed25519", "p256", "agent"])
def signer(request: pytest.FixtureRequest) -> Signer:
    """Return a key of each kind, from where keys come from."""
    if request.param == "agent":
        found: Signer = request.getfixturevalue("agent_key")
        return found
    return keys.generate(request.param)


def lay_out(folder: Path, report: bytes, key: Signer) -> None:
    """Put a report and its key into a folder as the page says."""
    (folder / "report.dsse.json").write_bytes(report)
    (folder / "vendor.pub").write_bytes(public_file(key.public, "somebody"))
    (folder / "bin").mkdir()
    (folder / "bin" / "python3").write_text(f'#!/bin/sh\nexec "{sys.executable}" -I -S "$@"\n')
    (folder / "bin" / "python3").chmod(0o755)


def follow(folder: Path, *lines: str) -> subprocess.CompletedProcess[str]:
    """Do what the page says, with an interpreter that has no defcore."""
    path = os.pathsep.join((str(folder / "bin"), os.environ.get("PATH", os.defpath)))
    script = "set -e\n" + "".join(lines)
    return subprocess.run(
        ["sh", "-c", script], cwd=folder, env={"PATH": path}, capture_output=True, text=True, check=False
    )


def changed(report: bytes, field: str) -> bytes:
    """Change one bit in the middle of the payload or the signature, leaving the envelope in perfect form."""
    envelope = json.loads(report)
    holder = envelope if field == "payload" else envelope["signatures"][0]
    data = bytearray(decode(holder[field]) or b"")
    data[len(data) // 2] ^= 1
    holder[field] = encode(bytes(data))
    return canonical(envelope) + b"\n"


def test_the_page_has_its_lines() -> None:
    """Otherwise the tests below would run nothing."""
    assert "openssl pkeyutl -verify" in OPENSSL
    assert "ssh-keygen -Y verify" in OPENSSH
    assert shutil.which("openssl")
    assert shutil.which("ssh-keygen")


def test_openssl_can_check_a_report(house: House, tmp_path: Path, signer: Signer) -> None:
    """Otherwise a report could be checked only as long as defcore exists."""
    report = house.report(key=signer)
    lay_out(tmp_path, report, signer)
    done = follow(tmp_path, TAKE_APART, OPENSSL)
    assert (done.returncode, done.stdout.strip()) == (0, "Signature Verified Successfully"), done.stderr
    assert json.loads((tmp_path / "payload.json").read_bytes()) == house.statement(report)


@pytest.mark.parametrize("field", ["payload", "sig"])
def test_openssl_sees_a_changed_byte(house: House, tmp_path: Path, field: str, signer: Signer) -> None:
    """Otherwise the documented lines would say yes to everything."""
    lay_out(tmp_path, changed(house.report(key=signer), field), signer)
    done = follow(tmp_path, TAKE_APART, OPENSSL)
    assert done.returncode != 0
    assert "Verified Successfully" not in done.stdout


def test_openssh_can_check_both_reports(house: House, tmp_path: Path, signer: Signer) -> None:
    """Otherwise people who have nothing but OpenSSH could not check a report."""
    pair = house.pair(key=signer)
    for name, report in (("full", pair.full), ("public", pair.public)):
        folder = tmp_path / name
        folder.mkdir()
        lay_out(folder, report, signer)
        (folder / f"report.dsse.json{SUFFIX}").write_bytes(sshsig_of(report, signer))
        done = follow(folder, TAKE_APART, OPENSSH)
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith('Good "defcore" signature for vendor with ')
        assert signer.public.keyid in done.stdout


def test_openssh_sees_a_changed_byte(house: House, tmp_path: Path, signer: Signer) -> None:
    """Otherwise a detached signature would be good for any report."""
    report = house.report(key=signer)
    lay_out(tmp_path, changed(report, "payload"), signer)
    (tmp_path / f"report.dsse.json{SUFFIX}").write_bytes(sshsig_of(report, signer))
    assert follow(tmp_path, TAKE_APART, OPENSSH).returncode != 0


def test_openssh_sees_another_key(house: House, tmp_path: Path, signer: Signer) -> None:
    """Otherwise another vendor's key would do."""
    report = house.report(key=signer)
    lay_out(tmp_path, report, keys.generate())
    (tmp_path / f"report.dsse.json{SUFFIX}").write_bytes(sshsig_of(report, signer))
    lines = TAKE_APART.replace('open("key.der"', 'open("unused"')
    assert follow(tmp_path, lines, OPENSSH).returncode != 0


ALONE = "python3 verify_alone.py report.dsse.json vendor.pub\n"


def test_thirty_lines_can_check_both_reports(house: House, tmp_path: Path, signer: Signer) -> None:
    """Otherwise nobody could write a verifier from our documents, or ours would be too long to be read."""
    script = (DOCS / "verify_alone.py").read_text()
    assert len(script.splitlines()) <= 30
    assert "import defcore" not in script
    for program, counts in (("cloud-storage", "2 of 2"), ("other", "1 of 1")):
        check_alone(house.pair(key=signer, program=program), tmp_path / program, signer, f"{program} {counts}")


def check_alone(pair: Pair, place: Path, signer: Signer, words: str) -> None:
    """Check both reports of a pair with the thirty lines."""
    for name, report in (("full", pair.full), ("public", pair.public)):
        folder = place / name
        folder.mkdir(parents=True)
        lay_out(folder, report, signer)
        shutil.copy(DOCS / "verify_alone.py", folder)
        done = follow(folder, ALONE)
        assert done.returncode == 0, done.stderr
        assert done.stdout.splitlines()[-1] == f"Acme Cloud {words} passed"


@pytest.mark.parametrize(
    "attack",
    ["changed byte", "other key", "omitted test", "invented pass", "doubled test", "swapped guideline"],
)
def test_thirty_lines_refuse_what_is_wrong(house: House, tmp_path: Path, attack: str) -> None:
    """Otherwise the thirty lines would say yes to everything."""
    report, key = house.signed, house.key
    if attack == "changed byte":
        report = changed(report, "payload")
    elif attack == "other key":
        key = keys.generate()
    elif attack == "omitted test":
        report = house.tampered(lambda p: p["results"].pop())
    elif attack == "doubled test":
        report = house.tampered(lambda p: p["results"].append(p["results"][0]))
    elif attack == "invented pass":
        stray = {"id": "9" * 8 + "-0000-4000-8000-" + "9" * 12}
        report = house.tampered(lambda p: p["passed"].append(p["passed"][0] | stray), house.pair().public)
    else:
        report = house.tampered(lambda p: p["guideline"].update(digest="0" * 64))
    lay_out(tmp_path, report, key)
    shutil.copy(DOCS / "verify_alone.py", tmp_path)
    done = follow(tmp_path, ALONE)
    assert done.returncode != 0
    assert "passed" not in done.stdout
