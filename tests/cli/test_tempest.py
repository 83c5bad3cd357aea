"""``--engine tempest`` and ``defcore tempest``: what wrong words get."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Desk


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("run", "--cloud", "x", "--tempest-conf", "own.conf"), "--tempest-conf goes with --engine tempest"),
        (("run", "--cloud", "x", "--engine", "rally"), "'rally' is not one of 'native', 'tempest'"),
        (("run", "--resume", "r", "--engine", "tempest"), "--resume takes everything"),
        (("run", "--cloud", "x", "--engine", "tempest", "--tempest-conf", "own.conf"), "is no tempest.conf"),
        (("certify", "--cloud", "x", "--engine", "tempest", "--tempest-conf", "none.conf"), "cannot be read"),
        (("tempest", "install", "dsn"), "there is no plugin 'dsn'"),
    ],
)
def test_wrong_words_are_told_in_one_line(desk: Desk, words: tuple[str, ...], told: str) -> None:
    """Nothing may be installed or sent for words that mean nothing."""
    (desk.folder / "own.conf").write_text("image_ref = 1\n", encoding="utf-8")
    found = desk.run(*words)
    assert found.returncode == 2
    assert told in " ".join(found.stderr.split())
    assert [path.name for path in desk.folder.iterdir()] == ["own.conf"]


def test_what_cannot_be_installed_is_one_line(desk: Desk) -> None:
    """Without a package index there is no Tempest, and a script must not take an empty folder for one."""
    found = desk.run("tempest", "install", DEFCORE_CACHE=str(desk.folder), PIP_NO_INDEX="1", PIP_FIND_LINKS="")
    assert found.returncode == 3
    assert "the packages could not be installed" in found.stderr.splitlines()[-1]
    assert found.stdout == ""
