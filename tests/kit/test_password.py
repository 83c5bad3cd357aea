"""A password that is changed for a while comes back, whatever happens in between."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from defcore.cloud.http import TroubleError
from defcore.errors import InputError
from defcore.kit.answer import Answer
from defcore.kit.cleanup import HANDLERS
from defcore.kit.identity import Identity
from defcore.kit.outcomes import NotRunError
from defcore.kit.password import HISTORY, Spare, following, spare
from defcore.kit.session import Session
from defcore.run.ledger import LEDGER, Ledger

from .test_session import meta

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from defcore.cloud.credential import Credential
    from defcore.cloud.http import Exchange

ORIGINAL = "pl4nted-original"
HEAD = {"X-Subject-Token": "planted-token"}


class Keystone:
    """Knows one user's passwords. ``history`` of the last may not be used again; ``says`` are answers out of turn."""

    def __init__(self, exchange: Callable[..., Exchange]) -> None:
        """Begin with the original password."""
        self.used = [ORIGINAL]
        self.history = 0
        self.refused = 0
        self.says: list[int | Exception] = []
        self._exchange = exchange

    def send(self, _: str, __: str, *, operation: str, body: bytes, **___: Any) -> Answer:  # noqa: ANN401
        """Log in, or change the password."""
        sent = json.loads(body)
        if operation == "POST /v3/auth/tokens":
            good = sent["auth"]["identity"]["password"]["user"]["password"] == self.used[-1]
            self.refused += not good
            return Answer(self._exchange(201 if good else 401, HEAD if good else {}, operation=operation))
        words = sent["user"]
        status = 204
        if words["original_password"] != self.used[-1]:
            status = 401
        elif self.history and words["password"] in self.used[-self.history :]:
            status = 400
        else:
            self.used.append(words["password"])
        told = self.says.pop(0) if self.says else status
        if isinstance(told, Exception):
            raise told
        return Answer(self._exchange(told, operation=operation))


class Target:
    """A log-in that works as long as the password is the original one."""

    def __init__(self, credential: Credential, keystone: Keystone, user: str) -> None:
        """Be that user."""
        self.credential, self.keystone, self.user = credential, keystone, user

    @property
    def user_id(self) -> str:
        """The user's id."""
        if self.credential.name == "x-spare" and self.keystone.used[-1] != ORIGINAL:
            raise InputError("wrong-credentials", "http://cloud refuses the log-in", hint="h")
        return self.user


class Actor:
    """Somebody at that Keystone."""

    def __init__(self, role: str, session: Session, target: Target) -> None:
        """Act in that role."""
        self.role, self.session, self.target = role, session, target
        self.send = target.keystone.send
        self.identity = Identity(self, "http://cloud/v3")  # type: ignore[arg-type]


@pytest.fixture
def keystone(exchange: Callable[..., Exchange], monkeypatch: pytest.MonkeyPatch) -> Keystone:
    """Give a Keystone whose clock need not be waited for."""
    monkeypatch.setattr("defcore.kit.password.SECOND", 0)
    return Keystone(exchange)


@pytest.fixture
def beginning(tmp_path: Path, credential: Credential, keystone: Keystone) -> Callable[..., Session]:
    """Give what begins a session; a second one finds the ledger of the first."""

    def begin(user: str = "s", **auth: str | None) -> Session:
        words = {"auth_url": "http://cloud/v3", "username": "spare", "password": ORIGINAL} | auth
        entry = replace(credential, name="x-spare", auth=words)
        session = Session(tmp_path, "0123456789abcdef", {"main": credential, "spare": entry}, Ledger(tmp_path / LEDGER))
        targets = {"main": Target(credential, keystone, "u"), "spare": Target(entry, keystone, user)}
        actors = {role: Actor(role, session, target) for role, target in targets.items()}
        session.actor = actors.__getitem__  # type: ignore[method-assign, assignment]
        session.begin(meta(needs=("spare",), uses=("spare-user",)), 1, 60)
        return session

    return begin


def changing(session: Session, failure: Exception | None = None) -> None:
    """Be a test that changes the password, and perhaps fails."""
    with spare(session) as user:
        user.change(1)
        if failure:
            raise failure


def test_it_comes_back_after_the_test(beginning: Callable[..., Session], keystone: Keystone) -> None:
    """Somebody's account would have a password that nobody knows."""
    session = beginning()
    with spare(session) as user:
        assert user.change(1).exchange.status == 204
        assert user.change(2).exchange.status == 204
        assert user.log_in(2).exchange.status == 201
        assert user.log_in(1).exchange.status == 401
    assert keystone.used[-1] == ORIGINAL
    assert len(set(keystone.used)) == 3
    assert session.ledger.open_entries() == []


def test_no_password_is_written(beginning: Callable[..., Session], keystone: Keystone, tmp_path: Path) -> None:
    """The ledger lies on disk; whoever reads it must not be able to log in."""
    session = beginning()
    with spare(session) as user:
        user.change(1)
        text = session.scrubber.text(f"it was {keystone.used[-1]}")
        ledger = (tmp_path / LEDGER).read_text(encoding="utf-8")
    assert text == "it was [hidden]"
    assert keystone.used
    assert not [word for word in keystone.used if word in ledger]


@pytest.mark.parametrize("failure", [ValueError("a test that fails"), TroubleError("no answer")])
def test_it_comes_back_after_a_failing_test(
    beginning: Callable[..., Session], keystone: Keystone, failure: Exception
) -> None:
    """A test fails just where a cloud is out of order, which is when its account must not be lost."""
    session = beginning()
    with pytest.raises(type(failure)):
        changing(session, failure)
    assert keystone.used[-1] == ORIGINAL
    assert session.ledger.open_entries() == []


@pytest.mark.parametrize("said", [400, 500, TroubleError("no answer")], ids=str)
def test_a_change_that_was_denied_and_done_is_found(
    beginning: Callable[..., Session], keystone: Keystone, said: int | Exception
) -> None:
    """A cloud that is tested may answer wrongly, or not at all, and have changed the password."""
    session = beginning()
    keystone.says = [said]
    if isinstance(said, Exception):
        with pytest.raises(TroubleError):
            changing(session)
    else:
        with spare(session) as user:
            assert user.change(1).exchange.status == said
    assert keystone.used[-1] == ORIGINAL


@pytest.mark.parametrize("refused", [0, 1])
def test_after_a_kill_the_ledger_brings_it_back(
    beginning: Callable[..., Session], keystone: Keystone, refused: int
) -> None:
    """A runner that dies between the change and its answer leaves nobody who knows the password."""
    session = beginning()
    entry = session.owe("password", "spare", {"user": "s", "word": "w", "step": "0"})
    user = Spare(session, session.actor("spare"), entry)
    user.change(1)
    if refused:
        # It had entered its next change, and not sent it.
        session.learn(entry, step="2", before="1", highest="2")
    second = beginning()
    (left,) = second.ledger.open_entries()
    assert HANDLERS["password"](second.actor("spare"), left.where) is None
    assert keystone.used[-1] == ORIGINAL
    assert keystone.refused == refused


def test_a_cloud_that_remembers_passwords_is_outdone(beginning: Callable[..., Session], keystone: Keystone) -> None:
    """Where the last passwords may not be used again, the original one must come back all the same."""
    keystone.history = 5
    session = beginning()
    with spare(session) as user:
        user.change(1)
        assert user.change(0).exchange.status == 400
    assert keystone.used[-1] == ORIGINAL
    assert len(keystone.used) == 7


@pytest.mark.parametrize(("history", "words"), [(HISTORY + 9, "refused after 24 others"), (0, "ends with status 403")])
def test_what_cannot_be_put_back_stays_owed(
    beginning: Callable[..., Session], keystone: Keystone, history: int, words: str
) -> None:
    """The next run, or an administrator, must be told that an account waits for its password."""
    keystone.history = history
    session = beginning()
    keystone.says = [] if history else [204, 403]
    with pytest.raises(TroubleError, match=words):
        changing(session)
    assert [entry.kind for entry in session.ledger.open_entries()] == ["password"]


def test_a_password_that_nobody_knows_is_told(beginning: Callable[..., Session], keystone: Keystone) -> None:
    """Only an administrator can help then, and must be asked to."""
    session = beginning()
    with pytest.raises(TroubleError, match="let an administrator set it anew"), spare(session):
        keystone.used.append("somebody-elses")


def test_only_a_user_of_its_own_is_taken(beginning: Callable[..., Session], keystone: Keystone) -> None:
    """The main user, with its password changed, would be thrown out of all other tests."""
    cases: list[tuple[dict[str, Any], str]] = [
        ({"user": "u"}, "x-spare is the user of x too"),
        ({"username": None, "user_id": "u", "user": "other"}, "is the user of x too"),
        ({"password": None}, "x-spare of clouds.yaml logs in by other means"),
    ]
    for words, reason in cases:
        session = beginning(**words)
        if words.get("user_id"):
            session.actor("spare").target.credential.auth.pop("username")  # type: ignore[attr-defined]
        with pytest.raises(NotRunError, match=reason), spare(session):
            pass
    keystone.used.append("left behind")
    with pytest.raises(NotRunError, match="refuses the log-in: if a run was killed, defcore reap"), spare(beginning()):
        pass
    assert beginning().ledger.open_entries() == []


def test_the_passwords_follow_and_are_strong() -> None:
    """A rule for passwords would refuse a weak one; a guessable one would be a hole for as long as the test takes."""
    found = [following(ORIGINAL, "w", step) for step in range(30)]
    assert found[0] == ORIGINAL
    assert len(set(found)) == 30
    assert all(len(item) == 32 and item.startswith("Aa1!") for item in found[1:])
    assert following(ORIGINAL, "v", 1) != found[1]
    assert following("another", "w", 1) != found[1]
