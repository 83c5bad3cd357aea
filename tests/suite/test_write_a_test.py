"""``docs/write-a-test.md`` is followed as it stands: its files are written, its commands run, its output compared."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from defcore import refcloud as reference
    from tests.conftest import Desk

PAGE = (Path(__file__).parents[2] / "docs" / "write-a-test.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)(?: file=(\S+))?\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


def done(line: str, desk: Desk, cloud: reference.Cloud) -> str:
    """Do what the page says in a shell, on our cloud; return all that it said."""
    path = os.pathsep.join((str(Path(sys.executable).parent), desk.environment["PATH"]))
    environment = desk.environment | {"PATH": path, "OS_CLIENT_CONFIG_FILE": str(cloud.clouds_yaml)}
    words = line.replace("refcloud", cloud.name)
    found = subprocess.run(
        ["sh", "-c", words], cwd=desk.folder, env=environment, capture_output=True, text=True, check=False, timeout=120
    )
    assert found.returncode == 0, (line, found.stdout, found.stderr)
    return found.stdout + found.stderr


def as_shown(shown: str, said: str) -> bool:
    """Tell whether the output is what the page shows; ``…`` stands for anything."""
    pattern = re.escape(shown.strip()).replace("…", ".*").replace(r"\ .*", ".*").replace(r".*\ ", ".*")
    return re.search(pattern, said, re.DOTALL) is not None


@pytest.mark.parametrize(
    ("shown", "said", "same"),
    [("a\n…\nb", "a\nx\ny\nb", True), ("… 1 passed …", "== 1 passed in 2 s ==", True), ("a\nb", "a b", False)],
)
def test_output_is_compared_but_for_what_the_page_leaves_out(shown: str, said: str, *, same: bool) -> None:
    """If it fails, the test below is content with any output."""
    assert as_shown(shown, said) is same


def test_the_page_can_be_followed(desk: Desk, refcloud: reference.Cloud) -> None:
    """If it fails, a foundation that wants a test of its own is told to do what does not work."""
    commands = 0
    for kind, name, content in BLOCKS:
        if name:
            path = desk.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
        if kind != "console":
            continue
        for step in re.split(r"^\$ ", content, flags=re.MULTILINE)[1:]:
            line, _, shown = step.partition("\n")
            said = done(line, desk, refcloud)
            assert as_shown(shown, said), (line, shown, said)
            commands += 1
    assert commands == 8
