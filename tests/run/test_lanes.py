"""Which test starts next: services are tested side by side, and every test gets its turn."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from defcore.kit.change import Change
from defcore.kit.meta import TestMeta
from defcore.run.crew import Task
from defcore.run.lanes import Lanes
from defcore.suite import SuiteTest

SERVICES = ("compute", "network", "image")


def task(number: int, service: str, seconds: float = 1) -> Task:
    """Make a task."""
    meta = TestMeta(f"{number:032x}", service, "r", Change(on="GET /", status=500), seconds=seconds)
    return Task(SuiteTest(meta, f"test_x.py::test_{number}", "It says so."), 1)


def start(lanes: Lanes) -> Task:
    """Start what is to be started next."""
    found = next(iter(lanes))
    lanes.started(found)
    return found


def test_services_are_tested_side_by_side() -> None:
    """Four workers would all ask one service, which answers one at a time, and the others would have nothing to do."""
    crowd = [task(number, "network", 2) for number in range(8)]
    lanes = Lanes([*crowd, task(8, "compute"), task(9, "image", 2)])
    first = [start(lanes).test.meta.service for _ in range(3)]
    assert first == ["network", "network", "image"]
    assert start(lanes).test.meta.service == "network"


def test_the_service_with_most_work_gets_the_worker_that_is_free() -> None:
    """A service with much to do that is begun last would hold up the end of the run."""
    lanes = Lanes([task(0, "image"), task(1, "compute", 9), task(2, "compute", 9)])
    begun = start(lanes)
    assert begun.test.meta.service == "compute"
    lanes.ended(begun)
    assert start(lanes).test.meta.service == "compute"


def test_what_a_service_waits_for_comes_first() -> None:
    """The order of a plan says who makes what others wait for: within a service it must be kept."""
    tasks = [task(0, "compute", 1), task(1, "compute", 5)]
    assert list(Lanes(tasks)) == tasks


@given(st.lists(st.tuples(st.sampled_from(SERVICES), st.floats(0, 60)), max_size=30), st.integers(1, 5))
def test_everything_is_started_once_and_in_its_order(given_: list[tuple[str, float]], workers: int) -> None:
    """A test that never gets its turn would keep a run from ending, or leave it without a verdict."""
    tasks = [task(number, service, seconds) for number, (service, seconds) in enumerate(given_)]
    lanes = Lanes(tasks)
    working: list[Task] = []
    begun: list[Task] = []
    while len(lanes):
        if len(working) == workers:
            lanes.ended(working.pop(0))
        working.append(start(lanes))
        begun.append(working[-1])
    for service in SERVICES:
        ours = [item for item in begun if item.test.meta.service == service]
        assert ours == [item for item in tasks if item.test.meta.service == service]
    assert len(begun) == len(tasks)
