"""Which files belong together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from defcore.errors import InputError
from defcore.registry.serve.batch import LONGEST_NAME, sort
from defcore.registry.take import MAX_FILES, MAX_REPORT

if TYPE_CHECKING:
    from tests.registry.conftest import Registry


def test_reports_find_their_mates_whatever_they_are_called(registry: Registry) -> None:
    """If it fails, somebody who drops ten files has to say which belong together."""
    one, other = registry.submission(), registry.submission(run=registry.house.run_record(id="run-2"))
    found = sort(
        [("a", other.full or b""), ("b", one.public or b""), ("c", one.full or b""), ("d", other.public or b"")]
    )
    assert [(item.files, item.submission.full, item.submission.public) for item in found] == [
        (("c", "b"), one.full, one.public),
        (("a", "d"), other.full, other.public),
    ]


def test_two_that_do_not_match_are_judged_as_a_pair(registry: Registry) -> None:
    """If it fails, a vendor that mixed up two runs hears of two lonely reports, not of the mix-up."""
    one, other = registry.submission(), registry.submission(run=registry.house.run_record(id="run-2"))
    (found,) = sort([("a", one.full or b""), ("b", other.public or b"")])
    assert (found.submission.full, found.submission.public) == (one.full, other.public)


def test_a_full_report_without_a_public_one_is_an_item(registry: Registry) -> None:
    """If it fails, a file that was forgotten is forgotten by everybody."""
    one, other = registry.submission(), registry.submission(run=registry.house.run_record(id="run-2"))
    found = sort([("a", one.full or b""), ("b", one.public or b""), ("c", other.full or b""), ("a2", one.full or b"")])
    assert [item.files for item in found] == [("a", "b"), ("c",)]


def test_a_bundle_brings_acts_trust_and_report(registry: Registry) -> None:
    """If it fails, the one file that proves everything cannot be dropped on the page."""
    made, world = registry.submission(), registry.world
    packed = world.pack(world.approval, world.admission, report=made.public)
    acts, report = sort([("bundle.json", packed), ("full", made.full or b"")])
    assert (len(acts.submission.acts), acts.files) == (2, ("bundle.json",))
    assert (report.submission.full, report.submission.public) == (made.full, made.public)
    assert len(report.submission.trust) == len(world.lines)


def test_what_is_nothing_of_ours_is_named(registry: Registry) -> None:
    """If it fails, one strange file keeps nine good ones out."""
    made = registry.submission()
    found = sort([("x" * 999, b"hello"), ("\u202ey", b" " * (MAX_REPORT + 1)), ("z", made.public or b"")])
    assert [item.fault and item.fault.rule for item in found] == [None, "readable", "readable"]
    assert [item.files[0] for item in found[1:]] == ["x" * LONGEST_NAME, "\\u202ey"]


def test_too_many_or_nothing_is_refused(registry: Registry) -> None:
    """If it fails, a thousand small files keep the registry busy, or nothing at all is an answer."""
    with pytest.raises(InputError, match="more than"):
        sort([("a", b"")] * (MAX_FILES + 1))
    with pytest.raises(InputError, match="nothing to submit"):
        sort([("a", b"".join(registry.world.lines))])


@given(some.lists(some.tuples(some.text(max_size=9), some.binary(max_size=99)), min_size=1, max_size=4))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
def test_nonsense_becomes_faults(files: list[tuple[str, bytes]]) -> None:
    """If it fails, somebody's nonsense ends in a 500."""
    assert all(item.fault for item in sort(files))
