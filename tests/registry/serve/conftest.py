"""A registry that is served, on a port of this machine, on the day of the small world."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
import requests

from defcore.registry.serve.app import application
from defcore.registry.serve.desk import Desk
from defcore.registry.serve.run import address, listen, server
from defcore.registry.store import Folder
from tests.registry.conftest import NOW

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import uvicorn

    from defcore.registry.model import Submission
    from tests.registry.conftest import Registry


@dataclass
class Open:
    """A registry with a server in front. ``now`` is its clock."""

    registry: Registry
    private: Path
    per_minute: int = 100_000
    now: dt.datetime = NOW
    url: str = ""
    _running: list[tuple[uvicorn.Server, threading.Thread, Desk]] = field(default_factory=list)

    @property
    def folder(self) -> Folder:
        """Return both folders."""
        return Folder(self.registry.root, self.private)

    def desk(self) -> Desk:
        """Open the desk without a server."""
        return Desk(self.folder, lambda: self.now)

    def start(self) -> Open:
        """Serve."""
        desk = self.desk()
        app = application(desk, {}, time.monotonic, submissions_per_minute=self.per_minute)
        opened = listen("127.0.0.1", 0)
        self.url = address(opened)
        made = server(app)
        thread = threading.Thread(target=made.run, kwargs={"sockets": [opened]}, daemon=True)
        thread.start()
        self._running.append((made, thread, desk))
        while not made.started:
            time.sleep(0.01)
        return self

    def stop(self) -> None:
        """End it."""
        while self._running:
            made, thread, desk = self._running.pop()
            made.should_exit = True
            thread.join(30)
            desk.close()

    def files(self, *submissions: Submission) -> list[dict[str, str]]:
        """Return the files of submissions as they go over the wire."""
        found = []
        for item in submissions:
            named = [("report.dsse.json", item.full), ("report.public.dsse.json", item.public)]
            named += [(f"act-{number}.json", data) for number, data in enumerate(item.acts)]
            found += [{"name": name, "content": data.decode()} for name, data in named if data is not None]
        return found

    def post(self, *submissions: Submission, **more: Any) -> requests.Response:  # noqa: ANN401 - any JSON
        """Submit."""
        return self.send({"files": self.files(*submissions)} | more)

    def send(self, value: Any) -> requests.Response:  # noqa: ANN401 - any JSON
        """Send any JSON as a submission."""
        return requests.post(f"{self.url}api/v1/submissions", json=value, timeout=60)

    def get(self, path: str, **headers: str) -> requests.Response:
        """Ask for something."""
        return requests.get(f"{self.url}{path}", headers=headers, timeout=60)

    def stored(self) -> list[str]:
        """Name every file of a report, in both folders."""
        roots = self.registry.root, self.private
        return sorted(
            str(path.relative_to(root.parent)) for root in roots for path in root.glob("*/*/*/*/*") if path.is_file()
        )


@pytest.fixture
def closed(registry: Registry, tmp_path: Path) -> Iterator[Open]:
    """Return a registry that can be served."""
    found = Open(registry, tmp_path / "private")
    yield found
    found.stop()


@pytest.fixture
def served(closed: Open) -> Open:
    """Serve an empty registry."""
    return closed.start()


@pytest.fixture
def wait() -> Callable[[Callable[[], bool]], None]:
    """Wait for something, ten seconds at the most."""

    def until(true: Callable[[], bool]) -> None:
        end = time.monotonic() + 10
        while not true():
            assert time.monotonic() < end, "it does not come"
            time.sleep(0.02)

    return until
