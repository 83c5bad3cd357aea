"""What tests share with the whole run, are lent by it, and leave to it: the part of a session that sees to that."""

from __future__ import annotations

import time
from contextlib import contextmanager, suppress
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar, cast

from defcore.kit.common import Common, Pool, get, offer
from defcore.kit.commons import COMMONS
from defcore.kit.waiting import NotYetError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from defcore.kit.answer import Answer
    from defcore.kit.debts import Debts
    from defcore.kit.meta import TestMeta
    from defcore.kit.session import Session

T = TypeVar("T")


class Sharing:
    """What a session does about things that do not belong to one test alone."""

    _sharing = False
    _common = False
    _lending: list[str] | None = None
    _run: Path
    _meta: TestMeta | None
    _alone: bool
    _altered: bool
    debts: Debts

    def __init__(self) -> None:
        """Begin with nothing shared."""
        self._shared: dict[str, object] = {}

    @property
    def _session(self) -> Session:
        """The whole of which this is a part."""
        return cast("Session", self)

    def shared(self, key: str, make: Callable[[], T]) -> T:
        """Return something that tests of this process only read, made by the first that asks."""
        if key not in self._shared:
            before, self._sharing = self._sharing, True
            try:
                with self._session.setting_up():
                    self._shared[key] = make()
            finally:
                self._sharing = before
        return self._shared[key]  # type: ignore[return-value]

    def once(self, key: str, show: Callable[[], object]) -> None:
        """Have shown, once in a run, that something can be done at all of which tests require that it is refused."""
        name = f"shown-{key}"
        self.shared(name, lambda: get(self._session, self._run, name, Common(lambda _: bool([show()]))))

    def common(self, key: str, *, begin: bool = False) -> Any:  # noqa: ANN401 - a JSON value
        """Return what all tests of the run share and none changes, by its key in ``kit.commons.COMMONS``.

        The test must declare it in ``uses``, unless it is but read from the cloud. With ``begin`` it is only asked for.
        """
        self._declared(key)
        if key in self._shared:
            return self._shared[key]
        before = self._sharing, self._common
        self._sharing = self._common = True
        try:
            with self._session.setting_up():
                found = get(self._session, self._run, key, COMMONS[key], begin=begin)
        finally:
            self._sharing, self._common = before
        if not begin:
            self._shared[key] = found
        return found

    def _declared(self, key: str) -> None:
        inside = self._common or self._lending is not None
        kept = COMMONS[key].creates or COMMONS[key].uses
        if kept and not inside and self._meta and key not in self._meta.uses:
            message = f"{key} is shared by the whole run: declare it with uses=({key!r},)"
            raise ValueError(message)

    @contextmanager
    def lent(
        self, key: str, *, safe: bool = False, keep: bool = False, worn: bool = False, whole: bool = False
    ) -> Iterator[Any]:
        """Lend what one test at a time may change, by its key in ``kit.commons.COMMONS``.

        A test that fails gives nothing back: its thing is ended with it. Unless that is ``safe``: nothing that the test
        does can be in the way of the next one. With ``keep`` it is the test's own from the beginning, and ended with
        it; ``worn``: not as it was, it is given back for tests that do not ask for one that is ``whole``. The test must
        declare it in ``uses``.
        """
        self._declared(key)
        with self._pool(key).lend(self._session.deadline, whole=whole) as lent:
            told = self._whole(key, lent.told, whole=whole)
            if keep:
                self._take(told["owed"])
            try:
                yield told["value"]
            except BaseException:
                if safe:
                    lent.back = {key: item for key, item in told.items() if not ("worn" in told and key == "value")}
                else:
                    self._take(told["owed"])
                raise
            if not keep:
                lent.back = {"worn": told["value"], "owed": told["owed"]} if worn or "worn" in told else told

    def _pool(self, key: str) -> Pool:
        return Pool(self._run, key, COMMONS[key].lent)

    def _whole(self, key: str, told: dict[str, Any], *, whole: bool) -> dict[str, Any]:
        """Return what can be lent, and its entries in the ledger: what lay there if it will do, else something new."""
        if "value" in told:
            return told
        if "worn" in told and not whole:
            return told | {"value": told["worn"]}
        if "worn" in told:
            self._take(told["owed"])
        made = told if "begun" in told else self._asked(key)
        finish = COMMONS[key].finish
        try:
            with self._session.setting_up():
                value = finish(self._session, made["begun"]) if finish else made["begun"]
        except BaseException:
            self._take(made["owed"])
            raise
        return {"value": value, "owed": made["owed"]}

    def _asked(self, key: str) -> dict[str, Any]:
        """Ask for what is owed by the run and no test, and tell which entries of the ledger it has."""
        self._sharing, self._lending = True, []
        owed = self._lending
        try:
            with self._session.setting_up():
                return {"begun": COMMONS[key].make(self._session), "owed": owed}
        except BaseException:
            self._take(owed)
            raise
        finally:
            self._sharing, self._lending = False, None

    def give(self, key: str, begun: object, thing: str, *answers: Answer) -> None:
        """Let what the open test has made, the thing of this id, be lent to others from now on, if there is room.

        Not what is known from ``answers`` that were changed on their way to us.
        """
        if self._true(answers) and self._pool(key).give({"begun": begun, "owed": self.debts.numbers(thing)}):
            self.debts.hand_over(thing, ours=self._alone)

    def offer(self, key: str, value: object, *answers: Answer) -> None:
        """Let something that is left of the open test be what all tests share under this key, unless there is one."""
        if self._true(answers):
            offer(self._run, key, value)

    def _true(self, answers: Sequence[Answer]) -> bool:
        return not self._altered and not any(answer.exchange.altered for answer in answers)

    def ask_for(self, wanted: Mapping[str, int]) -> None:
        """Ask for what tests will share or be lent, so many of each. What fails is left to the test that needs it."""
        for key, count in wanted.items():
            for _ in range(count):
                self._session.deadline = time.monotonic() + self._session.policy.total
                with suppress(Exception):
                    if COMMONS[key].lent:
                        self._pool(key).give(self._asked(key))
                    else:
                        self.common(key, begin=True)
        self._session.deadline = None

    def look(self, keys: Collection[str]) -> list[str]:
        """Look for what was asked for, and return the keys for which nobody needs to look again."""
        done: list[str] = []
        with self._session.wait.hurry():
            for key in keys:
                if any(needed in keys and needed not in done for needed in COMMONS[key].uses):
                    continue
                self._session.deadline = time.monotonic() + self._session.policy.total
                try:
                    if not COMMONS[key].lent:
                        self.common(key)
                    elif not self._pool(key).finish(partial(self._finished, key)):
                        continue
                except NotYetError:
                    continue
                except Exception:  # noqa: BLE001, S110 - the test that needs it meets the same
                    pass
                done.append(key)
        self._session.deadline = None
        return done

    def _finished(self, key: str, begun: object) -> object:
        finish = COMMONS[key].finish
        with self._session.setting_up():
            return finish(self._session, begun) if finish else begun

    def _take(self, numbers: Collection[str]) -> None:
        """Let the open test owe what the run owed."""
        self.debts.take(numbers, self._meta.id if self._meta else None)
