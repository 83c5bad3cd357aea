"""Several targets in one go, and several programs in one run."""

from __future__ import annotations

import json
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from defcore.cloud.credential import read_credentials, read_regions
from defcore.errors import CloudError, InputError
from defcore.guideline import resolve
from defcore.run.baseline import Change, Comparison
from defcore.run.certify import Done, Request, exit_code, label
from defcore.run.many import at_once, targets, worst
from defcore.run.plan import make_plan
from defcore.run.record import Outcome
from defcore.run.team import Halt
from defcore.score import required_tests
from defcore.suite import collect, suite_dir

from .records import record_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from defcore import refcloud as reference

STORAGE = "interoperable-cloud-storage"


@pytest.fixture
def listed(refcloud: reference.Cloud, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Write a ``clouds.yaml`` whose entry ``x`` lists regions, one of them with values of its own."""
    entry = {key: value for key, value in refcloud.entries["plain"].items() if key != "region_name"}
    regions = ["RegionOne", {"name": "Two", "values": {"interface": "internal"}}, "RegionOne"]
    entries = {"x": entry | {"regions": regions}, "y": refcloud.entries["plain"], "z": None}
    (tmp_path / "clouds.yaml").write_text(json.dumps({"clouds": entries}), encoding="utf-8")
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(tmp_path / "clouds.yaml"))
    return tmp_path


def places(*clouds: str, regions: tuple[str, ...] = (), out: Path | None = None) -> list[tuple[str, str | None]]:
    """Give cloud and region of each target."""
    return [(item.cloud, item.region) for item in targets(Request(cloud="", out=out), clouds, regions)]


def test_each_region_of_each_cloud_is_a_target_once(listed: Path) -> None:
    """A region that is left out is a region that nobody has tested."""
    assert listed
    assert read_regions("x") == ("RegionOne", "Two")
    assert places("x", "y", "x") == [("x", "RegionOne"), ("x", "Two"), ("y", None)]
    assert places("x", regions=("Two", "Two")) == [("x", "Two")]
    assert places("z", "nobody") == [("z", None), ("nobody", None)]
    assert read_credentials("x", region="Two")["main"].interface == "internal"
    with pytest.raises(InputError, match="Three"):
        read_credentials("x", region="Three")


def test_a_broken_file_is_one_line(listed: Path) -> None:
    """The file where most users give up."""
    (listed / "clouds.yaml").write_text("clouds: {x: {regions: 5}}", encoding="utf-8")
    with pytest.raises(InputError, match=r"clouds\.yaml cannot be read"):
        read_regions("x")


def test_several_targets_have_directories_of_their_own(listed: Path) -> None:
    """Two runs in one directory would be none."""
    found = targets(Request(cloud="", out=listed / "out"), ["x", "y"], ())
    assert [item.out and item.out.name for item in found] == ["x-RegionOne", "x-Two", "y"]
    assert targets(Request(cloud="", out=listed / "out"), ["y"], ())[0].out == listed / "out"
    assert label(Request(cloud="a/b", region="c d")) == "a_b/c_d"


def test_one_dead_target_holds_up_no_other() -> None:
    """The others go on, and are told of as if they had been alone."""
    told: list[tuple[int, str]] = []
    dead = threading.Event()

    def fails(_: Halt) -> Done:
        dead.set()
        raise CloudError("x", "does not answer")

    def works(_: Halt) -> Done:
        assert dead.wait(10)
        return cast("Done", "done")

    came = at_once([fails, works], lambda number, error: told.append((number, str(error))))
    assert told == [(0, "does not answer")]
    assert isinstance(came[0], CloudError)
    assert str(came[1]) == "done"


def test_our_own_fault_is_raised_when_all_have_ended() -> None:
    """A slip of ours in one target must not throw away the results of the others, nor be hidden."""
    ended: list[int] = []

    def breaks(_: Halt) -> Done:
        raise ZeroDivisionError

    def works(_: Halt) -> Done:
        time.sleep(0.2)
        ended.append(1)
        return cast("Done", "done")

    with pytest.raises(ZeroDivisionError):
        at_once([breaks, works], lambda *_: None)
    assert ended == [1]


def test_ctrl_c_reaches_every_crew_and_those_that_come_late() -> None:
    """Who presses it means all of them; the second time, at once."""

    class Crew:
        def __init__(self) -> None:
            self.times = 0

        def interrupt(self) -> None:
            self.times += 1

    halt, early, late = Halt(), Crew(), Crew()
    halt.join(cast("Any", early))
    halt.interrupt()
    halt.interrupt()
    halt.join(cast("Any", late))
    assert (early.times, late.times) == (2, 2)


@pytest.mark.parametrize(
    ("codes", "found"), [([], 0), ([0, 0], 0), ([0, 3], 3), ([3, 1, 0], 1), ([1, 2, 3], 2), ([0, 2], 2)]
)
def test_the_worst_exit_code_counts(codes: list[int], found: int) -> None:
    """A script that looks at one number must not take a failure for a network that was down."""
    assert worst(codes) == found


# -- several programs -------------------------------------------------------------------------------------------------


def test_the_tests_of_several_programs_are_joined() -> None:
    """One run can be scored for each of its programs, and no test is run twice."""
    source, suite = resolve("2026.11"), collect(suite_dir())
    keys = [program.key for program in source.guideline.programs]
    other = next(key for key in keys if key != STORAGE)
    alone = {key: {test.id for test in make_plan(source, key, suite).listed} for key in (STORAGE, other)}
    both = make_plan(source, STORAGE, suite, also=[other, STORAGE])
    assert {test.id for test in both.listed} == alone[STORAGE] | alone[other]
    assert len(both.listed) == len({test.id for test in both.listed})
    assert len(both.tests) == len({test.meta.id for test in both.tests})
    assert (both.program, both.programs, both.partial) == (STORAGE, (STORAGE, other), False)
    assert both.selection == f"programs {STORAGE} and {other} of guideline 2026.11"
    with pytest.raises(InputError, match="no-such-program"):
        make_plan(source, STORAGE, suite, also=["no-such-program"])


@pytest.fixture
def judged() -> Callable[..., int]:
    """Give the exit code of a run whose first required tests of a program ended so."""
    source = resolve("2026.11")
    program = source.guideline.program(STORAGE)
    assert program
    ids = [test.id for test in required_tests(source.guideline, program)]

    def judge(*outcomes: str, worse: tuple[str, ...] | None = None, **more: Any) -> int:  # noqa: ANN401 - of a record
        record = record_of({}, **more)
        results = record_of(dict(enumerate(outcomes))).results
        results = tuple(item.model_copy(update={"id": ids[number]}) for number, item in enumerate(results))
        record = record.model_copy(update={"results": results})
        changes = tuple(Change(ids[9], "x", Outcome.PASSED, Outcome(word)) for word in worse or ())
        other = Change("not required", "x", Outcome.PASSED, Outcome.FAILED)
        comparison = None if worse is None else Comparison(record, (*changes, other), (), ())
        done = Done(Path(), record, source, "no-such-program", (STORAGE,))
        return exit_code(done, comparison)

    return judge


def test_every_program_of_a_run_decides(judged: Callable[..., int]) -> None:
    """The second program's failure is a failure."""
    assert judged("passed", "failed") == 1
    assert judged("passed") == 0


def test_with_a_baseline_only_what_got_worse_decides(judged: Callable[..., int]) -> None:
    """CI stays green while the known failures are being mended."""
    assert judged("failed", worse=()) == 0
    assert judged("failed", worse=("error",)) == 3
    assert judged("failed", worse=("error", "failed")) == 1
    assert judged("passed", worse=("unsupported",)) == 1


def test_a_run_that_is_no_result_is_not_judged(judged: Callable[..., int]) -> None:
    """An outage must not turn a pipeline green, whatever passed."""
    assert judged("passed", void="nothing was created") == 3
    assert judged("passed", void="outage", worse=()) == 3
