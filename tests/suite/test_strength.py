"""What ships beside the suite of what its tests notice."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from defcore.errors import InputError
from defcore.guideline import resolve
from defcore.guideline.lint import lint_all
from defcore.suite import collect, suite_dir
from defcore.suite.strength import Notice, Strength, beside, dump, load

if TYPE_CHECKING:
    from pathlib import Path

ONE, TWO = "7c3b4e0a-6f0f-4a8e-9a59-8f9a3c8d6a11", "0f4e1c6b-58a8-4c9d-b3f2-6f0d6d0f7a22"
SUITE = collect(suite_dir())
FAULTS = ("extra-member GET /servers", "wrong-status GET /servers", "wrong-status POST /servers")
FOUND = Strength(
    suite_digest="ab" * 32,
    cloud="a cloud",
    faults=FAULTS,
    tests={ONE: Notice(noticed=(1,), missed=(0,)), TWO: Notice(missed=(1, 2))},
)
NOTICES = st.builds(
    Notice, noticed=st.lists(st.integers(0, 2)).map(tuple), missed=st.lists(st.integers(0, 2)).map(tuple)
)


def test_one_of_several_is_enough_to_notice() -> None:
    """A capability would look weak whose tests share the work."""
    assert FOUND.counts() == {ONE: (1, 2), TWO: (0, 2)}
    both = FOUND.together([ONE, TWO, "no such test"])
    assert (both.noticed, both.faults, both.tests) == (1, 3, 2)
    assert str(both) == "1 of 3 faults noticed (33 %)"
    assert str(FOUND.together([])) == "not proven"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tests=st.dictionaries(st.sampled_from([ONE, TWO]), NOTICES))
def test_what_is_written_is_read(tmp_path: Path, tests: dict[str, Notice]) -> None:
    """What a board reads is what the proof said."""
    found = FOUND.model_copy(update={"tests": tests})
    path = tmp_path / "strength.json"
    path.write_bytes(dump(found))
    assert load(path) == found == beside(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"format": "defcore-strength/2"}',
        json.dumps({**FOUND.model_dump(mode="json"), "faults": []}),
        json.dumps({**FOUND.model_dump(mode="json"), "more": 1}),
    ],
)
def test_bad_files_are_refused(tmp_path: Path, text: str) -> None:
    """One clear line, whatever somebody names as a proof."""
    path = tmp_path / "strength.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load(path)
    assert len(str(caught.value).splitlines()) == 1


def test_a_suite_without_a_proof_has_none(tmp_path: Path) -> None:
    """Suites of others need none."""
    assert beside(tmp_path) is None


def test_what_ships_is_of_the_suite_that_ships() -> None:
    """A board would be shown the strength of tests as they once were. 'make prove-suite' proves them anew."""
    found = beside(suite_dir())
    assert found is not None
    lacking = {SUITE[key].function for key in SUITE.keys() - found.tests.keys()}
    assert lacking == {"test_host_name", "test_processors"}, "these need a guest, which no reference cloud has"
    assert found.tests.keys() <= SUITE.keys()


def test_every_test_that_decides_notices_something() -> None:
    """A mark would hang on a test that passes on a cloud which lies about all that it looks at."""
    found = beside(suite_dir())
    assert found is not None
    findings = lint_all([resolve("2026.11")], None, found.counts())
    assert [item.message for item in findings if item.rule == "test-unproven"] == []
