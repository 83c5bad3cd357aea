"""How quickly a registry with ten thousand reports of platform size answers; medians, with raw counts.

    python -m benchmarks.registry_serve [REPORTS]        (default: 10000)

The stored reports are public ones: one is signed by ``defcore sign``'s own function, the others are that one with
another product, run and day, signed again, so every one of them is a good report (a sample is judged to show it). What
the server keeps of them is entered into its index beforehand: judging all of them once is another figure
(benchmarks/registry.py). Submissions are full and public report, signed one by one.

Every request is timed at the client, one after the other; "new" pages are ones that nobody asked for before.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import os
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import requests

from benchmarks.registry import A_PRODUCT, BEGAN, NOW, Maker
from benchmarks.served import Child, body, post, running
from defcore.attest import dsse
from defcore.attest.canonical import canonical, sha256_hex
from defcore.registry.admission import PUBLIC, entry_of
from defcore.registry.model import Submission
from defcore.registry.names import place
from defcore.registry.serve.desk import Desk
from defcore.registry.serve.index import Row
from defcore.registry.site.build import ground, judge

if TYPE_CHECKING:
    from collections.abc import Callable

    from defcore.registry.site.facts import Facts

SAMPLE, ASKED, SUBMITTED = 20, 100, 30


class Copies:
    """Many reports made of one."""

    def __init__(self, maker: Maker) -> None:
        """Sign the one."""
        self.maker = maker
        _, first = maker.submission(0)
        self._envelope = json.loads(first.public or b"")
        self._statement: dict[str, Any] = json.loads(base64.b64decode(self._envelope["payload"]))

    def make(self, number: int) -> tuple[str, bytes, dict[str, str]]:
        """Return the place and bytes of copy ``number``, and what its facts differ in."""
        said = self._statement["predicate"]
        moment = BEGAN + dt.timedelta(minutes=number)
        stamp = f"{moment:%Y-%m-%dT%H:%M:%SZ}"
        name, digest = f"copy-{number // A_PRODUCT:05}", sha256_hex(str(number).encode())
        said["issued_at"] = stamp
        said["run"].update(id=f"copy-{number}", started=stamp, ended=stamp)
        said["product"]["product"] = said["target"]["product"] = name
        said["report"]["sha256"] = digest
        target = sha256_hex(canonical(said["target"]))
        subject = self._statement["subject"][0]
        subject["name"] = f"vendor/{name}/{said['target']['version']}"
        subject["digest"]["sha256"] = target
        data = dsse.seal(canonical(self._statement), [self.maker.key])
        where = place("vendor", name, said["guideline"]["id"], stamp, digest)
        facts = {"place": where, "digest": digest, "public_digest": sha256_hex(data), "product": name}
        facts |= {"run": f"copy-{number}", "issued_at": stamp, "started": stamp, "ended": stamp, "target": target}
        return where, data, facts


def fill(maker: Maker, private: Path, count: int) -> None:
    """Store so many reports, and enter them into the index."""
    copies = Copies(maker)
    folder = maker.folder
    known = folder.known()
    first: Facts | None = None
    rows = []
    chance = random.Random(1)  # noqa: S311 - not for secrets
    sample = {0, *chance.sample(range(count), min(SAMPLE, count))}
    desk = Desk(type(folder)(folder.root, private), lambda: NOW)
    for number in range(count):
        where, data, differs = copies.make(number)
        path = folder.root / where
        path.mkdir(parents=True)
        (path / PUBLIC).write_bytes(data)
        if first is None:
            first = judge(where, "", Submission(public=data), known, NOW).facts
            assert first is not None, judge(where, "", Submission(public=data), known, NOW).why  # noqa: S101
        facts = first.model_copy(update=differs)
        if number in sample:
            assert judge(where, "", Submission(public=data), known, NOW).facts == facts  # noqa: S101
        rows.append(Row(where, desk._stamp(where), entry_of(Submission(public=data)), facts))  # noqa: SLF001
    desk._index.write(rows, ground=ground(known, NOW))  # noqa: SLF001
    desk.close()


def timed(work: Callable[[], requests.Response], times: list[float]) -> requests.Response:
    """Time one request, which must succeed."""
    began = time.perf_counter()
    answer = work()
    times.append(1000 * (time.perf_counter() - began))
    answer.raise_for_status()
    return answer


def say(what: str, times: list[float]) -> None:
    """Print a median."""
    ordered = sorted(times)
    print(
        f"  {what}: median {statistics.median(times):.0f} ms, 90 % within {ordered[len(ordered) * 9 // 10]:.0f} ms",
        end="",
    )
    print(f" ({len(times)} requests)", flush=True)


def ask(url: str, session: requests.Session) -> None:
    """Time what visitors read."""
    chance = random.Random(2)  # noqa: S311 - not for secrets
    items: list[dict[str, Any]] = []
    address = "/api/v1/reports?limit=200"
    while address and len(items) < 10 * ASKED:
        page = session.get(f"{url}{address[1:]}", timeout=300).json()
        items, address = items + page["items"], page["next"]
    chance.shuffle(items)
    for what, paths in (
        ("table, first page", [""] * ASKED),
        ("page of a report, new", [item["page"] for item in items[:ASKED]]),
        ("page of a product, new", sorted({"/".join(item["page"].split("/")[:3]) + "/" for item in items})[:ASKED]),
        ("comparison: the page", ["compare/"] * ASKED),
        (
            "comparison: what it reads of one report, new",
            [f"products/{item['place']}/compare.js" for item in items[:ASKED]],
        ),
        (
            "comparison of two by /api/v1, new",
            [
                f"api/v1/compare?report={one['digest']}&report={other['digest']}"
                for one, other in zip(items[-30:], items[-60:-30], strict=True)
            ],
        ),
        ("list of 50 by /api/v1", ["api/v1/reports"] * ASKED),
        ("one report by /api/v1", [f"api/v1/reports/{item['digest']}" for item in items[:ASKED]]),
    ):
        times: list[float] = []
        for path in paths:
            timed(lambda: session.get(f"{url}{path}", timeout=300), times)  # noqa: B023 - called at once
        say(what, times)
    for path in ("compare/choices.js", "capabilities/", "data/registry.json", "data/reports.csv"):
        times = []
        size = len(timed(lambda: session.get(f"{url}{path}", timeout=300), times).content)  # noqa: B023
        print(f"  {path}, made the first time: {times[0]:.0f} ms, {size} bytes", flush=True)


def main() -> None:
    """Print the figures."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with tempfile.TemporaryDirectory() as name:
        maker, private = Maker(Path(name) / "reports"), Path(name) / "private"
        began = time.perf_counter()
        fill(maker, private, count)
        size = len(next(maker.folder.root.glob(f"*/*/*/*/{PUBLIC}")).read_bytes())
        took = time.perf_counter() - began
        print(f"{count} reports of {len(maker.tests)} tests ({size} bytes each) made in {took:.0f} s")
        made = [body(maker.submission(number)[1]) for number in range(count, count + SUBMITTED)]
        child = Child(maker.folder.root, private, NOW)
        with running(child) as took, requests.Session() as session:
            load = f"load of the machine {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
            print(f"start with index: {took:.1f} s; {load}")
            ask(child.url, session)
            submitted: list[float] = []
            table: list[float] = []
            for content in made:
                timed(lambda: post(child.url, content), submitted)  # noqa: B023 - called at once
                timed(lambda: session.get(child.url, timeout=300), table)
            say("submission of a full and a public report", submitted)
            say("table right after a submission, made anew", table)


if __name__ == "__main__":
    main()
