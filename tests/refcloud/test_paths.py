"""Where things are kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from defcore.errors import InputError
from defcore.refcloud.paths import Home, digest


def test_one_folder_can_be_named_for_everything(tmp_path: Path) -> None:
    """If this fails, DEFCORE_CACHE leaves half of the reference cloud in the user's home."""
    home = Home.default(str(tmp_path))
    assert home.cache.is_relative_to(tmp_path)
    assert home.state.is_relative_to(tmp_path)
    assert home.cache != home.state


def test_without_one_the_user_s_own_folders_are_taken() -> None:
    """If this fails, an installation lands in the current folder."""
    home = Home.default()
    assert home.cache.is_absolute()
    assert home.cache.is_relative_to(Path.home())


@pytest.mark.parametrize("name", ["", "../up", "a/b", ".hidden", "x" * 65, "two words"])
def test_a_name_cannot_lead_out_of_the_folder(name: str, nowhere: Home) -> None:
    """If this fails, ``cloud down --name ../..`` removes what is not ours."""
    with pytest.raises(InputError, match="not a name for a cloud"):
        nowhere.cloud(name)


def test_another_lock_is_another_environment(tmp_path: Path) -> None:
    """If this fails, a new release of defcore runs on the packages of the old one."""
    file = tmp_path / "lock"
    file.write_text("a==1")
    before = digest(file)
    file.write_text("a==2")
    assert digest(file) != before
    assert digest(file, more="x") != digest(file)
