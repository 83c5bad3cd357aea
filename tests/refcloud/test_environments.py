"""Installing, and failing to."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from defcore import refcloud
from defcore.errors import CloudError, InputError
from defcore.refcloud import environments

from .samples import stubborn

if TYPE_CHECKING:
    from pathlib import Path


def test_a_failing_installer_is_one_clear_line(nowhere: refcloud.Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """If this fails, a package index that cannot be reached ends in a traceback or pages of pip's output."""

    def fail(words: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess(words, 1, "", "much\nERROR: No matching distribution found\nnotice: x\n")

    monkeypatch.setattr(subprocess, "run", fail)
    with pytest.raises(CloudError) as caught:
        refcloud.install(nowhere)
    assert "ERROR: No matching distribution found" in str(caught.value)
    assert environments.find(nowhere, "full") is None


def test_a_half_built_environment_is_not_used(nowhere: refcloud.Home) -> None:
    """If this fails, an installation that was killed is taken for a good one ever after."""
    (nowhere.venv("light") / "bin").mkdir(parents=True)
    assert environments.find(nowhere, "light") is None


def test_the_full_environment_serves_light_clouds_too(nowhere: refcloud.Home) -> None:
    """If this fails, who has installed everything installs a part of it again."""
    venv = nowhere.venv("full")
    venv.mkdir(parents=True)
    (venv / environments.DONE).touch()
    assert environments.find(nowhere, "light") == venv


def test_a_cache_that_is_no_folder_is_one_clear_line(tmp_path: Path) -> None:
    """If this fails, an unusable DEFCORE_CACHE ends in a traceback."""
    (tmp_path / "file").touch()
    with pytest.raises(CloudError) as caught:
        refcloud.install(refcloud.Home(tmp_path / "file" / "cache", tmp_path / "state"))
    assert str(tmp_path / "file") in str(caught.value)
    assert "DEFCORE_CACHE" in str(caught.value)


@pytest.mark.parametrize("words", [{"services": ["nothing"]}, {"profile": "nothing"}])
def test_wrong_words_install_nothing(words: dict[str, str], nowhere: refcloud.Home) -> None:
    """If this fails, a typing error costs a minute before it is told."""
    with pytest.raises(InputError):
        refcloud.install(nowhere, **words)  # type: ignore[arg-type]
    assert not nowhere.cache.exists()


def test_nothing_is_removed_from_under_a_cloud(plain: refcloud.Cloud, home: refcloud.Home) -> None:
    """If this fails, ``cloud uninstall`` breaks every cloud that runs, even those of another state folder."""
    elsewhere = refcloud.Home(home.cache, plain.data / "elsewhere")
    with pytest.raises(CloudError, match="run from what is installed"):
        refcloud.uninstall(elsewhere)
    assert environments.find(home, "light")


def test_all_that_was_installed_is_removed(nowhere: refcloud.Home) -> None:
    """If this fails, an uninstalled reference cloud still fills the disk."""
    for folder in (nowhere.venv("full"), nowhere.cache / "templates" / "plain-1"):
        folder.mkdir(parents=True)
        (folder / "file").touch()
    refcloud.uninstall(nowhere)
    assert not [path for path in nowhere.cache.rglob("*") if path.is_dir()]


def test_what_a_killed_build_left_running_is_ended(nowhere: refcloud.Home) -> None:
    """If this fails, after a build of a template was killed nothing but a reboot lets the user uninstall."""
    draft = nowhere.cache / "templates" / "plain-1.draft"
    draft.mkdir(parents=True)
    process = stubborn("supervise", str(draft))
    refcloud.uninstall(nowhere)
    assert process.wait(5) < 0
    assert not draft.exists()
