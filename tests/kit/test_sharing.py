"""What takes a while is asked for ahead; tests leave theirs to others; what can be done is shown once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from defcore.kit.answer import Answer, CheckFailedError
from defcore.kit.cleanup import HANDLERS
from defcore.kit.common import FOLDER, Common, Pool, known
from defcore.kit.commons import COMMONS
from defcore.kit.waiting import NotYetError

from .test_session import meta

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from defcore.cloud.http import Exchange
    from defcore.kit.session import Session

    Exchanges = Callable[..., Exchange]


class Cloud:
    """Makes servers that are there when it is ``up``."""

    def __init__(self) -> None:
        """Begin with nothing made, and nothing ended."""
        self.made: list[str] = []
        self.ended: list[str] = []
        self.up: bool | Exception = True

    def make(self, session: Session) -> dict[str, Any]:
        """Ask for a server."""
        name = f"s{len(self.made)}"
        session.owe("thing", "main", {"name": name})
        self.made.append(name)
        return {"id": name}

    def finish(self, _: Session, begun: dict[str, Any]) -> dict[str, Any]:
        """Wait for it."""
        if isinstance(self.up, Exception):
            raise self.up
        if not self.up:
            begun["looks"] = begun.get("looks", 0) + 1
            raise NotYetError
        return begun | {"status": "ACTIVE"}


@pytest.fixture
def cloud(monkeypatch: pytest.MonkeyPatch) -> Cloud:
    """Share one of its servers and lend two."""
    found = Cloud()
    monkeypatch.setitem(HANDLERS, "thing", lambda _, where: found.ended.append(where["name"]))
    monkeypatch.setitem(COMMONS, "shared", Common(found.make, {"server": 1}, finish=found.finish))
    monkeypatch.setitem(COMMONS, "lent", Common(found.make, {"server": 2}, finish=found.finish, lent=2))
    return found


def test_it_is_asked_for_at_first_and_looked_for_until_it_is_there(
    session: Session, cloud: Cloud, tmp_path: Path
) -> None:
    """Servers would boot one after the other, and a worker wait for each."""
    cloud.up = False
    session.ask_for({"shared": 1, "lent": 2})
    assert cloud.made == ["s0", "s1", "s2"]
    assert session.look(["shared", "lent"]) == []
    assert json.loads((tmp_path / FOLDER / "shared.json").read_bytes())["begun"] == {"id": "s0", "looks": 1}
    cloud.up = True
    assert session.look(["shared", "lent"]) == ["shared", "lent"]
    assert known(tmp_path, "shared") == {"id": "s0", "looks": 1, "status": "ACTIVE"}
    session.begin(meta(uses=("shared", "lent")), 1, 60)
    assert session.common("shared")["id"] == "s0"
    with session.lent("lent") as one, session.lent("lent") as other:
        assert (one["id"], other["id"]) == ("s1", "s2")
    session.end()
    assert cloud.ended == []
    session.close()
    assert sorted(cloud.ended) == ["s0", "s1", "s2"]


def test_what_was_asked_for_and_failed_is_told_by_the_test_that_needs_it(session: Session, cloud: Cloud) -> None:
    """A cloud whose servers end in ERROR would be told to be fine, or to be our fault."""
    session.ask_for({"unheard-of": 1, "shared": 1, "lent": 1})
    cloud.up = CheckFailedError("$.server.status", "ACTIVE", "ERROR", None)
    assert session.look(["shared", "lent"]) == ["shared", "lent"]
    session.begin(meta(uses=("shared", "lent")), 1, 60)
    with pytest.raises(CheckFailedError, match="got ERROR"):
        session.common("shared")
    assert session.stage == "setup"
    with pytest.raises(CheckFailedError, match="got ERROR"), session.lent("lent"):
        pass
    session.end()
    # The one that was lent; nobody else would end it before the run is over.
    assert cloud.ended == ["s1"]


def test_a_test_waits_for_what_only_was_asked_for(session: Session, cloud: Cloud) -> None:
    """Whoever is lent a server that still boots would fail for it."""
    session.ask_for({"shared": 1, "lent": 1})
    session.begin(meta(uses=("shared", "lent")), 1, 60)
    assert session.common("shared")["status"] == "ACTIVE"
    with session.lent("lent") as found:
        assert found == {"id": "s1", "status": "ACTIVE"}
    assert cloud.made == ["s0", "s1"]


@pytest.mark.parametrize("altered", [True, False])
def test_what_a_test_leaves_is_lent_to_others(
    session: Session, cloud: Cloud, exchange: Exchanges, *, altered: bool
) -> None:
    """A server would be deleted and another one booted; or be lent that the cloud never made."""
    session.begin(meta(gives=("lent",)), 1, 60)
    entry = session.owe("thing", "main", {"name": "left"})
    session.learn(entry, id="7")
    session.give("lent", {"id": "7"}, "7", Answer(exchange(altered=altered)))
    session.end()
    session.begin(meta(uses=("lent",)), 1, 60)
    with session.lent("lent") as found:
        assert found["id"] == ("s0" if altered else "7")
    session.end()
    assert cloud.ended == (["left"] if altered else [])
    session.close()
    assert sorted(cloud.ended) == (["left", "s0"] if altered else ["left"])


def test_more_than_can_be_lent_is_ended_with_its_test(session: Session, cloud: Cloud, tmp_path: Path) -> None:
    """A small quota would be used up by what nobody needs."""
    session.ask_for({"lent": 2})
    session.begin(meta(gives=("lent",)), 1, 60)
    entry = session.owe("thing", "main", {"name": "left"})
    session.learn(entry, id="7")
    session.give("lent", {"id": "7"}, "7")
    session.end()
    assert cloud.ended == ["left"]
    assert len(Pool(tmp_path, "lent", 2).idle("begun")) == 2


def test_what_is_worn_is_for_whoever_does_not_mind(session: Session, cloud: Cloud) -> None:
    """A server of another flavor would be lent to a test that compares flavors, or one more be booted to be deleted."""
    session.begin(meta(uses=("lent",)), 1, 60)
    with session.lent("lent", worn=True) as found:
        assert found["id"] == "s0"
    with session.lent("lent", whole=True) as found:
        assert found["id"] == "s1"
    with session.lent("lent") as found:
        assert found["id"] == "s0"
    with pytest.raises(ValueError, match="no harm"), session.lent("lent", safe=True):
        raise ValueError("no harm")
    with session.lent("lent", whole=True) as found:
        assert found["id"] == "s1"
    session.end()
    assert cloud.ended == []
    session.begin(meta(uses=("lent",)), 1, 60)
    with session.lent("lent", keep=True) as found:
        assert found["id"] == "s0"
    session.end()
    assert cloud.ended == ["s0"]


def test_what_is_worn_makes_room_where_there_is_none(session: Session, cloud: Cloud) -> None:
    """The last borrowers of a run would wait for ever."""
    session.begin(meta(uses=("lent",)), 1, 60)
    for _ in range(2):
        with session.lent("lent", worn=True, whole=True):
            pass
    with session.lent("lent", whole=True) as found:
        assert found["id"] == "s2"
    session.end()
    assert len(cloud.ended) == 1


@pytest.mark.parametrize("altered", [True, False])
def test_what_is_left_of_a_test_is_shared(
    session: Session, cloud: Cloud, exchange: Exchanges, *, altered: bool
) -> None:
    """A server would be booted to be deleted, where one has just been."""
    session.begin(meta(uses=("shared",)), 1, 60)
    session.offer("shared", {"id": "x"}, Answer(exchange(altered=altered)))
    session.offer("shared", {"id": "too late"}, Answer(exchange(altered=altered)))
    expected = {"id": "too late"} if altered else {"id": "x"}
    if altered:
        session.offer("shared", {"id": "too late"})
    assert session.common("shared") == expected
    assert cloud.made == []


def test_that_something_can_be_done_is_shown_once(session: Session) -> None:
    """Each refusal would cost a request that another test has sent already."""
    shown: list[str] = []
    session.begin(meta(), 1, 60)
    for _ in range(2):
        session.once("it", lambda: shown.append(session.stage))
    assert shown == ["setup"]
    assert session.stage == "test"
