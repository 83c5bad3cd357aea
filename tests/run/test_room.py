"""Where quotas bound what exists, tests wait for one another, and none waits for ever."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from defcore.kit.change import Change
from defcore.kit.commons import COMMONS
from defcore.kit.meta import TestMeta
from defcore.run.plan import slow_first
from defcore.run.room import Room, held
from defcore.suite import SuiteTest


def sample(
    number: int = 0, seconds: float = 1, uses: tuple[str, ...] = (), gives: tuple[str, ...] = (), **creates: int
) -> SuiteTest:
    """Make a test."""
    change = Change(on="GET /", status=500)
    meta = TestMeta(f"{number:032x}", "compute", "r", change, seconds=seconds, creates=creates, uses=uses, gives=gives)
    return SuiteTest(meta, f"test_x.py::test_{number}", "It says so.")


def test_a_test_waits_until_there_is_room() -> None:
    """In a small project servers are refused in the middle of a run, and the cloud looks broken."""
    two = sample(server=2)
    room = Room({"server": 5}, [two])
    assert [room.take(two), room.take(two), room.take(two)] == [True, True, False]
    room.give(two)
    assert room.take(two)


def test_what_the_run_shares_is_set_aside() -> None:
    """The shared server is there all the time and counts against the quota."""
    reader, own = sample(1, uses=("server",)), sample(2, server=1)
    assert held([reader, own])["server"] == 1
    room = Room({"server": 2}, [reader, own])
    assert [room.take(own), room.take(own), room.take(reader)] == [True, False, True]


def test_what_never_fits_is_tried_alone() -> None:
    """It would wait for ever, and the run would never end."""
    room = Room({"server": 1}, [sample(server=3)])
    assert room.take(sample(server=3))
    assert not room.take(sample(server=1))
    assert room.take(sample(volume=9))


@given(st.lists(st.integers(0, 4), min_size=1, max_size=30), st.integers(0, 9))
def test_everybody_gets_in_and_the_room_is_kept(counts: list[int], left: int) -> None:
    """A scheduler that starves a test, or forgets what was given back, would hang a run or break its bounds."""
    waiting = [sample(server=count) for count in counts]
    working: list[SuiteTest] = []
    done = 0
    room = Room({"server": left}, waiting)
    while waiting or working:
        found = next((test for test in waiting if room.take(test)), None)
        if found:
            waiting.remove(found)
            working.append(found)
            assert len(working) == 1 or sum(test.meta.creates["server"] for test in working) <= left
        else:
            room.give(working.pop(0))
            done += 1
    assert done == len(counts)


def test_those_who_make_what_others_wait_for_come_first() -> None:
    """Three workers would wait for the one that boots the shared server, in the place of running slow tests."""
    slow, reader, other = sample(1, 30), sample(2, 1, uses=("snapshots",)), sample(3, 0.5, uses=("snapshots",))
    group, giver, asked = (
        sample(4, 1, uses=("security-group",)),
        sample(5, 0.1, gives=("lent-server",)),
        sample(6, 0.3, uses=("server",)),
    )
    order = slow_first([other, group, asked, slow, giver, reader])
    assert COMMONS["snapshots"].seconds > COMMONS["security-group"].seconds
    assert order == [giver, reader, group, slow, other, asked]
