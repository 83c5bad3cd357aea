"""One process of Tempest: names its tests, or runs the classes that are ordered, one line of JSON an event.

It runs as a file in Tempest's own environment, where there is no defcore. Tempest's classes are run by unittest's own
suites, as stestr runs them. SIGTERM lets the test at work finish and its class clean up; then it ends.
"""

from __future__ import annotations

import json
import logging
import os
import random
import re
import signal
import sys
import time
import traceback
import unittest
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

ID = re.compile(r"id-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})")
BRACKETS = re.compile(r"\[[^\]]*\]")
LOGGED = "Request (%s)"
SECRETS = ("tempest.conf", "accounts.yaml")
PARTS = 5
"""What Tempest's log line of a request is made of: caller, status, method, URL, seconds."""


class Requests(logging.Handler):
    """Takes Tempest's own log line of each request, and gives them on as [status, method, url, seconds, id, caller]."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self._seen: list[list[Any]] = []

    def emit(self, record: logging.LogRecord) -> None:
        if str(record.msg).startswith(LOGGED) and isinstance(record.args, tuple) and len(record.args) == PARTS:
            caller, status, method, url, took = record.args
            seconds = float(str(took).strip(" s") or 0)
            number = getattr(record, "request_id", "") or ""
            self._seen.append([int(str(status)), method, url, seconds, number, caller])

    def take(self) -> list[list[Any]]:
        """Give what was seen since the last time."""
        seen, self._seen = self._seen, []
        return seen


class Result(unittest.TestResult):
    """Tells of each test as it begins and ends, and of what befalls a class as a whole."""

    def __init__(self, say: Callable[[dict[str, Any]], None], requests: Requests) -> None:
        super().__init__()
        self._say = say
        self._requests = requests
        self._began = 0.0
        self._clock = 0.0
        self._told: dict[str, Any] | None = None
        self.before: Callable[[], None] = lambda: None
        self.first = False

    def startTest(self, test: unittest.TestCase) -> None:
        self._told = None
        self.before()
        self._say({"event": "setup", "requests": self._requests.take()})
        self._began, self._clock = time.time(), time.monotonic()
        self._say({"event": "started", "name": name_of(test), "at": self._began})

    def stopTest(self, test: unittest.TestCase) -> None:
        told = self._told or {"status": "error", "reason": "it ended without a result"}
        seconds = time.monotonic() - self._clock
        more = {"at": self._began, "seconds": round(seconds, 3), "requests": self._requests.take()}
        self._say({"event": "finished", "name": name_of(test), **more, **told})

    # testtools hands over its details, and unittest what it caught.

    def addSuccess(self, test: Any, details: Any = None) -> None:
        self._tell(test, "success", details)

    def addExpectedFailure(self, test: Any, err: Any = None, details: Any = None) -> None:
        self._tell(test, "xfail", details, err)

    def addUnexpectedSuccess(self, test: Any, details: Any = None) -> None:
        self._tell(test, "uxsuccess", details)

    def addSkip(self, test: Any, reason: str | None = None, details: Any = None) -> None:
        if reason is None:
            reason = details["reason"].as_text() if details and "reason" in details else ""
        self._tell(test, "skip", reason=reason)

    def addFailure(self, test: Any, err: Any = None, details: Any = None) -> None:
        self._tell(test, "fail", details, err)

    def addError(self, test: Any, err: Any = None, details: Any = None) -> None:
        self._tell(test, "error", details, err)

    def addSubTest(self, test: Any, subtest: Any, err: Any) -> None:
        del subtest
        if err is not None:
            self._tell(test, "fail", None, err)

    def _tell(self, test: Any, status: str, details: Any = None, err: Any = None, reason: str | None = None) -> None:
        told = {"status": status, "reason": reason}
        if err is not None:
            told["traceback"] = "".join(traceback.format_exception(*err))
        elif details and status != "success":
            traces = [key for key in sorted(details) if key.startswith("traceback")][: 1 if self.first else None]
            told["traceback"] = "\n".join(details[key].as_text() for key in traces)
        if not isinstance(test, unittest.TestCase):
            # unittest's holder of what befell setUpClass or tearDownClass
            self._say({"event": "class", "name": test.id(), "requests": self._requests.take(), **told})
        elif self._told is None or self._told["status"] in {"success", "skip"}:
            self._told = told


def name_of(test: Any) -> str:
    """Name a test as guidelines do. What stands in brackets is left out: it depends on the configuration."""
    return BRACKETS.sub("", str(test.id()), count=1)


def flatten(suite: Iterable[Any]) -> Iterator[Any]:
    """Give every test in suites within suites."""
    for item in suite:
        if isinstance(item, unittest.TestSuite):
            yield from flatten(item)
        else:
            yield item


def discover() -> list[Any]:
    """Give every test of Tempest and its plugins, found as stestr finds them."""
    from tempest import config
    from tempest.test_discover import test_discover

    # Read first: what is wrong with it would else be swallowed, and half of the tests with it.
    str(config.CONF.identity)

    return list(flatten(test_discover.load_tests(unittest.TestLoader(), unittest.TestSuite(), None)))


def describe(tests: Iterable[Any]) -> dict[str, Any]:
    """Give every test that bears an id, what cannot be imported, and where the packages of the tests are."""
    listed: list[Any] = []
    broken: list[Any] = []
    packages: dict[str, str] = {}
    for test in tests:
        name = name_of(test)
        if type(test).__name__ == "_FailedTest":
            last = str(getattr(test, "_exception", "")).strip().splitlines()
            broken.append([name, last[-1] if last else ""])
            continue
        if ids := ID.findall(test.id()):
            listed.append([name, ids, f"{type(test).__module__}.{type(test).__qualname__}"])
            package = name.partition(".")[0]
            if package not in packages:
                packages[package] = str(Path(str(sys.modules[package].__file__)).parent)
    return {"event": "listing", "tests": listed, "broken": broken, "packages": packages}


class Rounds(unittest.TestSuite):
    """One test, run anew for each order, within one set-up of its class.

    Names and ids are drawn from the order's ``seed``. With ``at``, a time in UNIX seconds, it is then, and nobody has
    to sleep.
    """

    def __init__(self, test: Any, result: Result, order: dict[str, Any], more: Callable[[], dict[str, Any]]) -> None:
        super().__init__()
        self._test, self._order, self._more = test, order, more
        self._true = time.time, time.monotonic, time.sleep
        result.before, result.first = self._prepare, True

    def __iter__(self) -> Iterator[Any]:
        while self._order:
            yield self._test
            time.time, time.monotonic, time.sleep = self._true
            self._order = self._more()

    def _removeTestAtIndex(self, index: int) -> None:
        """Keep it for the next round."""

    def _prepare(self) -> None:
        random.seed(self._order["seed"])
        # Of which uuid4() makes ids; nothing here is a secret.
        os.urandom = random.Random(self._order["seed"]).randbytes  # noqa: S311
        if (at := self._order.get("at")) is None:
            return
        began, slept = self._true[1](), 0.0

        def sleep(seconds: Any) -> None:
            nonlocal slept
            slept += seconds

        def now() -> float:
            return self._true[1]() + slept

        time.time, time.monotonic, time.sleep = lambda: at + now() - began, now, sleep


class Worker:
    """Obeys orders until they end, or it is stopped."""

    def __init__(self, answers: IO[str]) -> None:
        self._answers = answers
        self._ended = False
        self._result: Result | None = None

    def say(self, value: dict[str, Any]) -> None:
        """Write one line."""
        try:
            self._answers.write(json.dumps(value) + "\n")
            self._answers.flush()
        except OSError:
            # Whoever gave the orders is gone, and removes no secrets any more.
            for name in SECRETS:
                Path(name).unlink(missing_ok=True)
            self.stop()

    def stop(self, *_: object) -> None:
        """Begin no further test."""
        self._ended = True
        if self._result is not None:
            self._result.stop()

    def obey(self, tests: Iterable[Any], orders: Iterator[str]) -> None:
        """Run what is ordered, line by line: ``tests`` of a class, or one with a ``seed`` in rounds."""
        requests = Requests()
        logging.getLogger("tempest").addHandler(requests)
        known = {name_of(test): test for test in tests}
        self.say({"event": "ready", "tests": len(known)})
        for line in orders:
            if self._ended:
                break
            order = json.loads(line)
            wanted = set(order["tests"])
            # In Tempest's own order: some of its tests need that.
            names = [name for name in known if name in wanted]
            # A new one each time: unittest keeps in it which class is still to be cleared.
            self._result = Result(self.say, requests)

            def more() -> dict[str, Any]:
                self.say({"event": "done", "requests": requests.take()})
                return dict(json.loads(next(orders, "{}")))

            if "seed" in order:
                suite: unittest.TestSuite = Rounds(known[names[0]], self._result, order, more)
            else:
                suite = unittest.TestSuite(known.pop(name) for name in names)
            suite.run(self._result)
            self.say({"event": "done", "requests": requests.take()})


def main() -> None:
    """Say what there is, or obey orders."""
    # What tests or libraries print must not mix with the answers.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    worker = Worker(answers)
    tests = discover()
    if sys.argv[1:] == ["list"]:
        worker.say(describe(tests))
        return
    signal.signal(signal.SIGTERM, worker.stop)
    worker.obey(tests, sys.stdin)


if __name__ == "__main__":
    main()
