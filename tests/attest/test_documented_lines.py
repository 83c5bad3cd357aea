"""The lines of ``docs/verify.md`` are run as they stand: a stranger without defcore can check a signature."""

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

from defcore.attest.canonical import canonical, decode, encode
from defcore.attest.keys import public_file

if TYPE_CHECKING:
    from .conftest import House

DOCS = Path(__file__).parents[2] / "docs" / "verify.md"
LINES = re.findall(r"^```sh\n(.*?)^```", DOCS.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)


def follow(folder: Path, report: bytes, key: bytes) -> subprocess.CompletedProcess[str]:
    """Do what the page says, in a folder that holds a report and a key, with an interpreter that has no defcore."""
    (folder / "report.dsse.json").write_bytes(report)
    (folder / "vendor.pub").write_bytes(key)
    (folder / "bin").mkdir()
    (folder / "bin" / "python3").write_text(f'#!/bin/sh\nexec "{sys.executable}" -I -S "$@"\n')
    (folder / "bin" / "python3").chmod(0o755)
    path = os.pathsep.join((str(folder / "bin"), os.environ.get("PATH", os.defpath)))
    script = "set -e\n" + "".join(LINES)
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
    assert len(LINES) == 2
    assert "openssl pkeyutl -verify" in LINES[1]
    assert shutil.which("openssl")


def test_a_stranger_can_check_a_report(house: House, tmp_path: Path) -> None:
    """Otherwise a report could be checked only as long as defcore exists."""
    done = follow(tmp_path, house.signed, public_file(house.key.public, "somebody"))
    assert (done.returncode, done.stdout.strip()) == (0, "Signature Verified Successfully"), done.stderr
    assert json.loads((tmp_path / "payload.json").read_bytes()) == house.statement(house.signed)


@pytest.mark.parametrize("field", ["payload", "sig"])
def test_a_stranger_sees_a_changed_byte(house: House, tmp_path: Path, field: str) -> None:
    """Otherwise the documented lines would say yes to everything."""
    done = follow(tmp_path, changed(house.signed, field), public_file(house.key.public, ""))
    assert done.returncode != 0
    assert "Verified Successfully" not in done.stdout
