"""Where Tempest is installed, and by which locks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from defcore.errors import CloudError, InputError
from defcore.tempest import environment

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ("tempest", *environment.PLUGINS)


def blocks(name: str) -> list[str]:
    """Give each requirement of a lock with its hashes."""
    text = (environment.LOCKS / f"{name}.txt").read_text(encoding="utf-8")
    return [block for block in re.split(r"\n(?=\S)", text) if not block.startswith("#")]


@pytest.mark.parametrize("name", NAMES)
def test_every_package_is_pinned_and_hashed(name: str) -> None:
    """Else an installation can change, or be changed, without anybody touching the lock."""
    for block in blocks(name):
        assert re.match(r"[a-z0-9-]+==\S+( ; [^\\]+)? \\\n", block), block
        assert "--hash=sha256:" in block


@pytest.mark.parametrize("name", NAMES)
def test_a_lock_names_no_index_and_says_how_it_is_made(name: str) -> None:
    """A lock must work wherever packages come from, and the next maintainer must not edit hashes by hand."""
    text = (environment.LOCKS / f"{name}.txt").read_text(encoding="utf-8")
    assert "://" not in text
    assert "python -m defcore.tempest.relock" in text.splitlines()[0]


@pytest.mark.parametrize("name", list(environment.PLUGINS))
def test_a_plugin_changes_no_other_package(name: str) -> None:
    """A test that passes without the plugin must run the very same code with it."""
    pins = {block.split()[0].split("==")[0]: block.split()[0] for block in blocks(name)}
    for block in blocks("tempest"):
        package = block.split()[0].split("==")[0]
        assert pins.get(package, block.split()[0]) == block.split()[0]


def test_the_version_is_the_one_that_is_locked() -> None:
    """The record says which Tempest it was."""
    assert environment.version() == "47.0.0"


def test_an_unknown_plugin_is_one_line(tmp_path: Path) -> None:
    """A slip of the fingers must not begin an installation."""
    with pytest.raises(InputError, match="one of: dns, orchestration") as caught:
        environment.ensure(tmp_path, print, ["dsn"])
    assert caught.value.code == "unknown-plugin"
    assert not list(tmp_path.iterdir())


def test_what_cannot_be_installed_is_one_line_and_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half an environment must not be taken for a whole one the next time."""
    tried: list[str] = []

    def fails(venv: Path, requirements: Path, lock: int) -> None:
        del venv, lock
        tried.append(requirements.stem)
        if len(tried) == 1:
            raise CloudError("cloud-install", "the packages could not be installed")

    monkeypatch.setattr(environment, "make", lambda venv, _: venv.mkdir(parents=True))
    monkeypatch.setattr(environment, "fill", fails)
    monkeypatch.setattr(
        environment, "remove_tree", lambda venv: [path.unlink() for path in venv.iterdir()] and venv.rmdir()
    )
    lines: list[str] = []
    with pytest.raises(CloudError):
        environment.ensure(tmp_path, lines.append)
    (tmp_path / environment.ensure.__name__).mkdir()
    for venv in tmp_path.glob("tempest-*"):
        venv.rmdir()
    found = environment.ensure(tmp_path, lines.append, ["dns"])
    assert tried == ["tempest", "tempest", "dns"]
    assert lines[1:] == [
        f"installing Tempest 47.0.0 into {found.venv}",
        f"installing Tempest's plugin designate_tempest_plugin into {found.venv}",
    ]
    environment.ensure(tmp_path, lines.append, ["dns"])
    assert len(tried) == 3
    environment.ensure(tmp_path, lines.append, again=True)
    assert tried[3:] == ["tempest"]
    assert found.python == found.venv / "bin" / "python"


def test_the_folder_can_be_named(tmp_path: Path) -> None:
    """CI keeps what is installed between its jobs."""
    assert environment.home(str(tmp_path)) == tmp_path / "tempest"
    assert environment.home().name == "tempest"
