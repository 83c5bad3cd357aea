"""The walk of ``docs/trust.md`` is gone as it stands: every command of it must work, in that order."""

from __future__ import annotations

import datetime as dt
import re
import shlex
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from defcore.attest import keys
from defcore.cli import attest, trusted
from defcore.cli.main import main

if TYPE_CHECKING:
    from .desks import Desk

PAGE = Path(__file__).parents[2] / "docs" / "trust.md"
BLOCKS = re.findall(r"^```sh\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
LINES = [line for block in BLOCKS for line in block.splitlines()]


def test_the_walk_can_be_walked(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise an authority that follows the page gets stuck on its way."""
    monkeypatch.chdir(desk.folder)
    ticks = count()

    def clock() -> dt.datetime:
        return desk.house.issued_at + dt.timedelta(seconds=next(ticks))

    monkeypatch.setattr(attest, "_now", clock)
    monkeypatch.setattr(trusted, "now", clock)
    for name in ("ann", "bob", "cleo", "dan"):
        keys.write_pair(desk.folder / name, keys.generate())
    keys.write_pair(desk.folder / "acme", desk.house.key)
    said = []
    for line in LINES:
        command, *words = shlex.split(line)
        assert command == "defcore"
        with CliRunner().isolation() as (out, err, _):
            with pytest.raises(SystemExit) as caught:
                main(words)
            assert (caught.value.code or 0) == 0, (line, err.getvalue())
            said.append(out.getvalue().decode())
    heads = [text.splitlines()[0] for text in said if "Proved" in text]
    assert [head.split()[0].rstrip(":") for head in heads] == ["Awarded", "Expired", "Revoked"]
    assert (desk.folder / "badge.svg").exists()


def test_the_page_has_its_walk() -> None:
    """Otherwise the test above would run nothing."""
    assert len(LINES) > 20
