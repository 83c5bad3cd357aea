"""``pytest capabilities/… --cloud NAME``: the suite by hand."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from defcore.locate import data_dir

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conftest import Desk

SUITE = data_dir("capabilities")
FILE = SUITE / "object_store" / "test_container_create.py"
SMALL = '''
from defcore.kit import Change, NotRunError, UnsupportedError, api_test

def declared(number, **words):
    change = Change(on="GET /v1/{account}", status=500)
    test_id = f"00000000-0000-4000-8000-{number:012d}"
    return api_test(test_id, service="object-store", reference="https://r", fails_if=change, **words)

@declared(1)
def test_passes(store):
    """It passes."""
    store.head_account().success()

@declared(2)
def test_fails(store):
    """It fails."""
    store.head_account().status(299)

@declared(3)
def test_is_not_run():
    """It lacks something."""
    raise NotRunError("give --this")

@declared(4)
def test_is_unsupported(session):
    """The cloud lacks something."""
    session.actor("main").service("compute")

@declared(5)
def test_leaks(session):
    """It shares what nobody can end."""
    session.shared("x", lambda: session.owe("unheard-of", "main", {"name": "leaked"}))

def test_of_somebody_else():
    """It has no declaration."""
'''


@pytest.fixture
def by_hand(cloud_desk: Desk) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run pytest as a developer does, from a folder of the user's."""

    def run(*words: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-P", "-m", "pytest", "-p", "no:cacheprovider", "-q", *map(str, words)]
        return subprocess.run(
            command, cwd=cloud_desk.folder, env=cloud_desk.environment, capture_output=True, text=True, check=False
        )

    return run


def test_without_a_cloud_one_line_says_what_is_missing(
    by_hand: Callable[..., subprocess.CompletedProcess[str]],
) -> None:
    """Whoever calls pytest on the suite for the first time must learn the one word that it needs."""
    found = by_hand(FILE)
    assert found.returncode == 4
    assert "the tests of capabilities/ need a cloud: add --cloud NAME, an entry of clouds.yaml" in found.stderr
    assert "Traceback" not in found.stdout + found.stderr


def test_an_unknown_cloud_is_one_line(by_hand: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    """A typo in the name must be told with the names that exist."""
    found = by_hand(FILE, "--cloud", "nope")
    assert found.returncode == 4
    assert "clouds.yaml has no entry 'nope' (clouds.yaml has: plain" in found.stderr
    assert "Traceback" not in found.stdout + found.stderr


def test_tests_pass_by_hand(by_hand: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    """A developer of a cloud repeats one failing test with the tool that he knows."""
    found = by_hand(FILE, "--cloud", "plain", "--alt", "plain-alt")
    assert found.returncode == 0, found.stdout
    assert " passed" in found.stdout


def test_declared_changes_can_be_shown_by_hand(by_hand: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    """Who writes a test sees at once whether it notices its change."""
    found = by_hand(FILE, "--cloud", "plain", "--altered")
    assert found.returncode == 1
    assert " failed" in found.stdout
    assert " passed" not in found.stdout


def test_every_end_of_a_test_is_shown(
    by_hand: Callable[..., subprocess.CompletedProcess[str]], cloud_desk: Desk
) -> None:
    """What was not run is shown as skipped with its reason, a failure in words, a leak by name."""
    folder = cloud_desk.folder / "suite"
    folder.mkdir()
    (folder / "conftest.py").write_text((SUITE / "conftest.py").read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "test_small.py").write_text(SMALL, encoding="utf-8")
    found = by_hand("suite", "--cloud", "plain", "-rs")
    assert found.returncode == 1
    assert "1 failed, 3 passed, 2 skipped" in found.stdout
    assert "failed: status: expected 299, got 204" in found.stdout
    assert "give --this" in found.stdout
    assert "the catalogue has no compute service" in found.stdout
    assert "could not end unheard-of leaked" in found.stdout
