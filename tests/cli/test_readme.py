"""The README tells of the commands that there are."""

from __future__ import annotations

import re
from pathlib import Path

from defcore.cli.main import COMMANDS

README = Path(__file__).parents[2] / "README.md"


def test_the_readme_lists_every_command_in_the_words_of_its_help() -> None:
    """If it fails, a newcomer looks for a command that is not there, or misses one that is."""
    rows = re.findall(r"^\| `defcore (\w+)` \| (.+) \|$", README.read_text(encoding="utf-8"), re.MULTILINE)
    assert rows == [(name, words) for name, (_, words) in COMMANDS.items()]
