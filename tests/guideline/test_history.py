"""The life of a capability, told from the guidelines that are at hand."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from defcore.guideline import load_file
from defcore.guideline import model as m
from defcore.guideline.history import Epoch, Flagged, histories, words
from defcore.guideline.model import State

from .small import capability, component, guideline, t


def line() -> list[m.Guideline]:
    """Return four guidelines in which ``get`` comes, is renamed, stays, and is flagged."""
    return [
        guideline(capability("put", t(1)), id="2024.11"),
        guideline(
            capability("put", t(1)),
            capability("fetch", t(2), t(3)),
            id="2025.05",
            components=(component(advisory="fetch"),),
        ),
        guideline(capability("get", t(2), t(3, flag="D401: x")), capability("put", t(1)), id="2025.11"),
        guideline(
            capability("get", t(2), t(3, flag="D401: x"), required_since="2025.11"),
            capability("put", t(1), required_since="2014.07"),
            capability("new", t(9)),
            id="2026.05",
            components=(component(required="get put"),),
        ),
    ]


def test_a_capability_is_followed_through_renames_and_states() -> None:
    """A vendor asks since when; an answer by name alone would say that a renamed one is new."""
    *past, last = line()
    found = histories(last, [*past, guideline(id="2027.05")])
    get = found["get"]
    assert get.epochs == (
        Epoch(State.ADVISORY, "2025.05", "2025.05"),
        Epoch(State.REQUIRED, "2025.11", "2026.05"),
    )
    assert get.flags == (Flagged("test_3", "2026-01-01", "2025.11"),)
    assert words(get) == "advisory in 2025.05, required since 2025.11; 1 test flagged, the first on 2026-01-01"


def test_gaps_and_own_words_are_told() -> None:
    """The file may know more than the guidelines at hand, and says so itself."""
    *past, last = line()
    put = histories(last, past)["put"]
    assert [item.state for item in put.epochs] == [State.REQUIRED, None, State.REQUIRED]
    assert words(put) == "required in 2024.11, required since 2025.11 (first required in 2014.07, by its own word)"


def test_what_no_component_names_has_no_history() -> None:
    """Never judged is not the same as required since ever."""
    *past, last = line()
    assert words(histories(last, past)["new"]) == "in no component so far"
    alone = histories(guideline(capability("put", t(1), t(2, flag="D401: x"), t(3, flag="D401: x"))), [])["put"]
    assert words(alone) == "required in 2026.05; 2 tests flagged, the first on 2026-01-01"


def test_a_state_that_lasted_names_both_ends() -> None:
    """Deprecated after years of being required: the years are the point."""
    found = [guideline(capability("put", t(1)), id=name) for name in ("2024.05", "2024.11")]
    last = guideline(capability("put", t(1)), components=(component(deprecated="put"),))
    assert words(histories(last, found)["put"]) == "required from 2024.05 to 2024.11, deprecated in 2026.05"


def test_published_history() -> None:
    """In 2016.08 the worksheet's images-v2-list was required; 2020.06 still has it."""
    folder = os.environ.get("DEFCORE_OFFICIAL")
    if not folder:
        pytest.skip("DEFCORE_OFFICIAL does not name the folder with the published guidelines")
    names = ("2015.07", "2016.08", "2018.02", "2020.06")
    *past, last = [load_file(Path(folder) / f"{name}.json").guideline for name in names]
    found = histories(last, past)
    assert (
        words(found["objectstore-slo-support"])
        == "advisory in 2018.02, required in 2020.06 (first required in 2018.11, by its own word)"
    )
    assert found["objectstore-temp-url-put"].epochs[-1].first == "2015.07"
