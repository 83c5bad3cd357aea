"""How checking and rendering a registry grow with its reports, and what one more report costs; raw counts.

    python benchmarks/registry.py [COUNT…]        (default: 100 300 1000)

Reports are of platform size: every test of guideline 2026.11, signed, a few of them not passed; five reports a product.
``cold`` renders into an empty folder, ``same`` renders again, ``one more`` renders after a further report of a new
product. Times are seconds: elapsed, and in brackets those of the processor.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import random
import sys
import tempfile
import time
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from typing import TYPE_CHECKING

from defcore.attest import acts, chain, decide, keys, policy
from defcore.attest import product as products
from defcore.attest.sign import sign_pair
from defcore.attest.statement import guideline_tests
from defcore.attest.trust import Role
from defcore.guideline import resolve
from defcore.registry import check, settings
from defcore.registry.admission import FULL, admit
from defcore.registry.model import Submission
from defcore.registry.names import place
from defcore.registry.site.render import render
from defcore.registry.store import TRUST, Folder, put_files
from defcore.run.record import Cloud, Engine, Outcome, RunRecord, TestResult
from defcore.score import KnownGuideline
from defcore.score.product import PLACEHOLDER
from defcore.suite import collect, suite_dir

if TYPE_CHECKING:
    from collections.abc import Callable

GUIDELINE, PROGRAM = "2026.11", "interoperable-cloud-platform"
BEGAN = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
NOW = dt.datetime(2026, 11, 20, tzinfo=dt.UTC)
SUITE = hashlib.sha256(b"bench").hexdigest()
A_PRODUCT = 5
"""Reports of each product."""
FAILING = 0.01
"""Of a hundred tests, so many do not pass; half of the reports pass everything."""


class Maker:
    """An authority, one vendor, and as many signed reports as are asked for; all are different and always the same."""

    def __init__(self, root: Path) -> None:
        """Write a registry without reports."""
        self.folder = Folder(root)
        self.source = resolve(GUIDELINE)
        self.tests = guideline_tests(self.source.guideline)
        self.key = keys.generate()
        anchor, board = keys.generate(), keys.generate()
        lines = policy.change(None, policy.begin("bench", [anchor.public], 1, {}), anchor, BEGAN, "trust").data
        for party, role, key in (("bench", Role.AUTHORITY, board), ("vendor", Role.VENDOR, self.key)):
            lines = policy.change(lines, policy.Granting(party, role, key.public), anchor, BEGAN, "trust").data
        trust = chain.read(lines.splitlines(keepends=True), "trust")
        root.mkdir(parents=True)
        (root / settings.FILE).write_bytes(settings.dump(settings.Settings(title="bench", trust=trust.pin)))
        (root / TRUST).write_bytes(lines)
        admission = decide.issue(decide.admit(trust, "vendor", since=None, until=None), board, trust, BEGAN, file="act")
        self.folder.put_act(acts.read(admission.data, trust, "act"))
        program = self.source.guideline.program(PROGRAM)
        assert program  # noqa: S101 - the guideline ships with it
        words = {"vendor": "vendor", "version": "1", "release": "2026.1"}
        made = products.template(self.source.guideline, program, product="x", **words)
        text = products.dump(made).replace(PLACEHOLDER.encode(), b"a cloud to measure with")
        self.product = products.parse(text, "product.json")

    def submission(self, number: int) -> tuple[str, Submission]:
        """Sign report ``number``; return its place and both files."""
        chance = random.Random(number)  # noqa: S311 - not for secrets
        share = FAILING * (number % 2)
        moment = BEGAN + dt.timedelta(minutes=number)
        results = tuple(
            TestResult(
                id=test.id, name=test.name, outcome=Outcome.FAILED if chance.random() < share else Outcome.PASSED
            )
            for test in self.tests
        )
        run = RunRecord(
            id=f"run-{number}",
            started=f"{moment:%Y-%m-%dT%H:%M:%SZ}",
            ended=f"{moment:%Y-%m-%dT%H:%M:%SZ}",
            complete=True,
            cloud=Cloud(name="c", auth_url="https://c.example", catalogue={"compute": f"https://c.example/{number}"}),
            engine=Engine(name="native", version="0", suite_digest=SUITE),
            results=results,
        )
        product = self.product.model_copy(update={"product": f"cloud-{number // A_PRODUCT:05}"})
        known = [KnownGuideline.of(self.source)]
        pair = sign_pair(
            self.source, run, product, self.key, program=PROGRAM, runner_version="0", issued_at=moment, known=known
        )
        issued = f"{moment:%Y-%m-%d}"
        digest = hashlib.sha256(pair.full).hexdigest()
        return place("vendor", product.product, GUIDELINE, issued, digest), Submission(pair.full, pair.public)

    def fill(self, numbers: range) -> None:
        """Put public reports in place; what each costs to admit is another figure."""
        for number in numbers:
            where, submission = self.submission(number)
            put_files(self.folder.root, where, {FULL.replace("report.", "report.public."): submission.public or b""})


def timed(work: Callable[[], object]) -> tuple[str, object]:
    """Return the seconds of one go, and what came of it."""
    usage, began = getrusage(RUSAGE_SELF), time.perf_counter()
    found = work()
    elapsed, after = time.perf_counter() - began, getrusage(RUSAGE_SELF)
    worked = after.ru_utime + after.ru_stime - usage.ru_utime - usage.ru_stime
    return f"{elapsed:.2f} s ({worked:.2f})", found


def main() -> None:
    """Print a line for each size, the larger ones built on the smaller."""
    counts = [int(word) for word in sys.argv[1:]] or [100, 300, 1000]
    suite = collect(suite_dir())
    with tempfile.TemporaryDirectory() as name:
        maker = Maker(Path(name) / "reports")
        known = maker.folder.known()
        made = [maker.submission(-number)[1] for number in range(1, 21)]
        took, _ = timed(lambda: [admit(item, known, NOW) for item in made])
        print(f"admitting {len(made)} submissions (full and public report, {len(maker.tests)} tests): {took}")
        done = 0
        for count in counts:
            maker.fill(range(done, count))
            done = count
            site = Path(name) / f"site-{count}"
            cold, first = timed(lambda: render(maker.folder, site, NOW, suite))  # noqa: B023 - called at once
            same, again = timed(lambda: render(maker.folder, site, NOW, suite))  # noqa: B023
            maker.fill(range(done, done + 1))
            done += 1
            more, added = timed(lambda: render(maker.folder, site, NOW, suite))  # noqa: B023
            checked, result = timed(lambda: check.check(maker.folder, NOW))
            print(f"{count} reports: {first}")
            print(f"  cold {cold}; same {same}: {getattr(again, 'written', None)} written; one more {more}: {added}")
            print(f"  registry check of {done}: {checked}, good: {getattr(result, 'good', None)}")


if __name__ == "__main__":
    main()
