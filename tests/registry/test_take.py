"""Files of any kind become a submission, or one clear line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from defcore.attest import dsse
from defcore.errors import DefcoreError, InputError, RefusedError
from defcore.registry.take import MAX_FILES, MAX_REPORT, take

if TYPE_CHECKING:
    from .conftest import Registry


def test_files_are_told_apart_by_content(registry: Registry) -> None:
    """If it fails, a vendor has to know which file is which."""
    made, world = registry.submission(), registry.world
    found = take(
        [
            ("b", made.public or b""),
            ("a", made.full or b""),
            ("c", world.admission),
            ("d", b"".join(world.lines)),
        ]
    )
    assert (found.full, found.public, found.acts, len(found.trust)) == (made.full, made.public, (world.admission,), 7)


def test_a_bundle_is_taken_apart(registry: Registry) -> None:
    """If it fails, the one file that proves everything cannot be submitted."""
    made = registry.submission()
    packed = registry.world.pack(registry.world.approval, registry.world.admission, report=made.public)
    found = take([("bundle.json", packed), ("report.dsse.json", made.full or b"")])
    assert (found.full, found.public, len(found.acts)) == (made.full, made.public, 2)


def test_two_reports_are_not_one_submission(registry: Registry) -> None:
    """If it fails, one of two reports is dropped without a word."""
    one, other = registry.submission(), registry.submission(run=registry.house.run_record(id="run-2"))
    with pytest.raises(InputError, match="another public report"):
        take([("a", one.public or b""), ("b", other.public or b"")])


def test_too_much_is_refused_before_it_is_parsed(registry: Registry) -> None:
    """If it fails, a huge body, or very many files, keep the registry busy."""
    with pytest.raises(InputError, match="larger than"):
        take([("a", b" " * (MAX_REPORT + 1))])
    with pytest.raises(InputError, match="more than"):
        take([("a", registry.world.admission)] * (MAX_FILES + 1))
    with pytest.raises(InputError, match="nothing to submit"):
        take([])


def test_a_statement_of_another_kind_is_refused(registry: Registry) -> None:
    """If it fails, a signed shopping list is stored as a report."""
    with pytest.raises(RefusedError, match="no statement"):
        take([("a", dsse.seal(b"[]", [registry.house.key]))])


@given(some.lists(some.binary(max_size=100), max_size=3))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
def test_nonsense_is_one_line(files: list[bytes]) -> None:
    """If it fails, somebody's nonsense ends in a traceback."""
    with pytest.raises(DefcoreError):
        take([(str(number), data) for number, data in enumerate(files)])
