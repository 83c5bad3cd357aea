"""A registry's server as a process of its own, on a day of our choice: for benchmarks, and the test that kills it."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import requests

from defcore.registry.serve.app import application
from defcore.registry.serve.desk import Desk
from defcore.registry.serve.run import address, listen, server
from defcore.registry.store import Folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defcore.registry.model import Submission

STARTS_WITHIN = 120


@dataclass
class Child:
    """A server that can be killed. ``now`` is its clock, which stands still."""

    root: Path
    private: Path
    now: dt.datetime
    url: str = ""
    _process: subprocess.Popen[str] = field(init=False)

    def start(self) -> float:
        """Start it; return the seconds until it answered."""
        began = time.monotonic()
        words = [sys.executable, "-m", "benchmarks.served", str(self.root), str(self.private), self.now.isoformat()]
        place = Path(__file__).parents[1]
        self._process = subprocess.Popen(words, stdout=subprocess.PIPE, text=True, cwd=place)
        assert self._process.stdout  # noqa: S101 - it was asked for
        self.url = self._process.stdout.readline().strip()
        if not self.url:
            raise SystemExit("the server did not start")
        while time.monotonic() - began < STARTS_WITHIN:
            with contextlib.suppress(requests.RequestException):
                requests.get(f"{self.url}api/v1/health", timeout=10)
                break
        return time.monotonic() - began

    def kill(self) -> None:
        """End it as a power cut would."""
        self._process.kill()
        self._process.communicate()


@contextlib.contextmanager
def running(child: Child) -> Iterator[float]:
    """Start a server for a while; give the seconds that it took."""
    took = child.start()
    try:
        yield took
    finally:
        child.kill()


def body(submission: Submission) -> bytes:
    """Return a submission as it goes over the wire."""
    parts = {"report.dsse.json": submission.full, "report.public.dsse.json": submission.public}
    files = [{"name": name, "content": data.decode()} for name, data in parts.items() if data is not None]
    return json.dumps({"files": files}).encode()


def post(url: str, content: bytes) -> requests.Response:
    """Submit."""
    headers = {"Content-Type": "application/json"}
    return requests.post(f"{url}api/v1/submissions", data=content, headers=headers, timeout=60)


def main() -> None:
    """Serve until somebody ends us."""
    root, private, now = sys.argv[1:]
    moment = dt.datetime.fromisoformat(now)
    desk = Desk(Folder(Path(root), Path(private)), lambda: moment)
    opened = listen("127.0.0.1", 0)
    print(address(opened), flush=True)
    # Visitors that ask as quickly as they can are the point here, not to be kept off.
    app = application(desk, {}, time.monotonic, submissions_per_minute=100_000, reads_per_second=100_000)
    server(app).run(sockets=[opened])


if __name__ == "__main__":
    main()
