"""How long signing and verifying take beyond start-up, for a platform report with 3,000 exchanges; with raw counts.

The aims: signing under 50 ms, verifying a bundle under 100 ms, hashing 3,000 exchanges well under a second. Start-up
is a process that imports what the command imports, and ends. Times are medians: elapsed, and in brackets that of the
processor, which a busy machine lengthens less.
"""

from __future__ import annotations

import datetime
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from dataclasses import replace
from datetime import UTC
from functools import partial
from pathlib import Path
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from typing import TYPE_CHECKING

import rfc8785

from defcore.attest import bundle, chain, decide, disclosure, evidence, judge, keys, policy
from defcore.attest import product as products
from defcore.attest.sign import sign_pair
from defcore.attest.statement import guideline_tests
from defcore.attest.trust import Role
from defcore.attest.verify import verify
from defcore.guideline import known_guidelines, load_bytes, resolve
from defcore.run.journal import Ended, Journal, PlannedTest, Started, TestFinished, rebuild
from defcore.run.record import Attempt, Cloud, Engine, Outcome
from defcore.score import KnownGuideline
from defcore.score.product import PLACEHOLDER, Containment

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from defcore.attest.sign import Pair
    from defcore.attest.statement import Evidence
    from defcore.guideline.model import GuidelineFile

ROUNDS = 51
STARTS = 11
EXCHANGES = 3000
GUIDELINE, PROGRAM = "2026.11", "interoperable-cloud-platform"
BEGAN, ENDED = "2026-11-20T00:00:00Z", "2026-11-20T01:00:00Z"
SIGN_IMPORTS = (
    "import defcore.cli.main, defcore.cli.attest, defcore.cli.scoring, defcore.cli.keyring, defcore.attest.evidence,"
    " defcore.attest.render, defcore.attest.sign, defcore.attest.verify, defcore.run.journal, platformdirs"
)

VERIFY_IMPORTS = (
    "import defcore.cli.main, defcore.cli.attest, defcore.cli.scoring, defcore.cli.trust, defcore.attest.bundle,"
    " defcore.attest.judge, defcore.attest.verdict, defcore.attest.disclosure"
)


def took(work: Callable[[], object], rounds: int = ROUNDS) -> str:
    """Return the median time of one go, elapsed and of the processor."""
    return show([timed(work) for _ in range(rounds)])


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Return the milliseconds of one go: elapsed, and of the processor, that of child processes included."""
    before, began = worked(), time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000, (worked() - before) * 1000


def worked() -> float:
    """Return the seconds of processor that this process and its ended children have had."""
    return sum(item.ru_utime + item.ru_stime for item in map(getrusage, (RUSAGE_SELF, RUSAGE_CHILDREN)))


def show(times: list[tuple[float, float]]) -> str:
    """Write medians."""
    elapsed, processor = (statistics.median(column) for column in zip(*times, strict=True))
    return f"{elapsed:.1f} ms ({processor:.1f})"


def lay_out(folder: Path) -> tuple[Path, Path, Path]:
    """Write a run directory of a whole platform run that passed, with evidence; a product; a key. Return the three."""
    source = resolve(GUIDELINE)
    tests = guideline_tests(source.guideline)
    run, product, key = folder / "run", folder / "product.json", folder / "key"
    (run / "evidence").mkdir(parents=True)
    cloud = Cloud(
        name="bench", auth_url="https://cloud.example/v3", catalogue={"compute": "https://cloud.example/v2.1"}
    )
    engine = Engine(name="native", version="0", suite_digest="a" * 64)
    plan = tuple(PlannedTest(id=test.id, name=test.name) for test in tests)
    journal = Journal(run)
    journal.add(Started(id="bench", at=BEGAN, cloud=cloud, engine=engine, partial=False, selection="", plan=plan))
    for test in plan:
        passed = Attempt(outcome=Outcome.PASSED, started=BEGAN, seconds=1)
        journal.add(TestFinished(id=test.id, attempt=1, result=passed))
    journal.add(Ended(at=ENDED))
    journal.close()
    for number in range(EXCHANGES):
        with (run / "evidence" / f"{tests[number % len(tests)].id}.jsonl").open("ab") as file:
            file.write(rfc8785.dumps(exchange(number)) + b"\n")
    program = source.guideline.program(PROGRAM)
    assert program  # noqa: S101 - the guideline ships with it
    made = products.template(source.guideline, program, vendor="a", product="b", version="1", release="2026.1")
    product.write_bytes(products.dump(made).replace(PLACEHOLDER.encode(), b"bench"))
    keys.write_pair(key, keys.generate())
    return run, product, key


def exchange(number: int) -> dict[str, str | int | dict[str, str]]:
    """Return an exchange of the size that real ones have, about a kilobyte; all are different."""
    marks = {f"X-Header-{at}": str(uuid.UUID(int=number * 20 + at)) for at in range(12)}
    url = f"https://cloud.example/v2.1/{number}"
    return {"headers": marks, "method": "GET", "status": 200, "url": url, "body": "x" * 200}


def commands(run: Path, product: Path, key: Path) -> None:
    """Compare the whole command with a process that only imports."""
    report = run.parent / "report.dsse.json"
    words = ["sign", run, "--product", product, "--key", key, "-o", report, "--guideline", GUIDELINE]
    compared([*map(str, words), "--program", PROGRAM], SIGN_IMPORTS)


def compared(words: list[str], imports: str) -> None:
    """Print what a command takes, what a process that only imports takes, and what lies between."""
    line, bare = [sys.executable, "-m", "defcore", *words], [sys.executable, "-c", imports]

    def call(command: list[str]) -> None:
        subprocess.run(command, check=True, capture_output=True)

    pairs = [(timed(lambda: call(line)), timed(lambda: call(bare))) for _ in range(STARTS)]
    whole, start = ([pair[at] for pair in pairs] for at in (0, 1))
    between = [(one[0] - other[0], one[1] - other[1]) for one, other in pairs]
    times = f"{show(whole)}, start-up and imports: {show(start)}, between: {show(between)}"
    print(f"defcore {words[0]}: {times}; {STARTS} starts")


def evidence_figures(run: Path, tests: Collection[str]) -> Evidence:
    """Print what hashing and opening evidence take; return the root."""
    root = evidence.commit(run, tests)
    files = list((run / "evidence").glob("*.jsonl"))
    size = sum(path.stat().st_size for path in files)
    hashing = took(lambda: evidence.commit(run, tests))
    print(f"hashing {root.leaves} exchanges, {size} bytes in {len(files)} files: {hashing}; {ROUNDS} rounds")
    print(f"opening one test of them: {took(lambda: disclosure.disclose(run, next(iter(tests))))}; {ROUNDS} rounds")
    return root


def report_figures(sign: Callable[[keys.PrivateKey], Pair], kind: keys.Kind, held: Sequence[KnownGuideline]) -> None:
    """Print what signing and verifying take with one kind of key."""
    key = keys.generate(kind)
    pair = sign(key)
    sizes = f"full ({len(pair.full)} bytes) and public ({len(pair.public)} bytes)"
    print(f"signing {sizes}, {kind}: {took(lambda: sign(key))} (aim: under 50 ms); {ROUNDS} rounds")
    for what, data in (("full", pair.full), ("public", pair.public)):
        time_taken = took(partial(verify, data, [key.public], known=held))
        print(f"verifying the {what} report, {kind}: {time_taken}; {ROUNDS} rounds")


def make_bundle(sign: Callable[[keys.PrivateKey, GuidelineFile], bytes], vendor: str, folder: Path) -> tuple[str, Path]:
    """Pack a report, a trust policy of five versions, approval, admission and award; return pin and file."""
    draft = resolve(GUIDELINE).provenance.content
    source = load_bytes(draft.replace(b'"status": "draft"', b'"status": "approved"'), "approved.json")
    root, board, key = keys.generate(), keys.generate(), keys.generate()
    since, now = datetime.datetime(2026, 1, 1, tzinfo=UTC), datetime.datetime(2026, 11, 21, tzinfo=UTC)
    lines = policy.change(None, policy.begin("bench", [root.public], 1, {}), root, since, "trust").data
    for party, role, one in (
        ("bench", Role.AUTHORITY, board),
        (vendor, Role.VENDOR, key),
        ("lab", Role.LAB, keys.generate()),
        ("other", Role.VENDOR, keys.generate()),
    ):
        lines = policy.change(lines, policy.Granting(party, role, one.public), root, since, "trust").data
    envelopes = tuple(lines.splitlines(keepends=True))
    trust = chain.read(envelopes, "trust")
    builds = (decide.approve(trust, source), decide.admit(trust, vendor, since=None, until=None))
    acts = [decide.issue(build, board, trust, now, file="act").data for build in builds]
    parts = bundle.Parts(sign(key, source), envelopes, tuple(acts))
    found = judge.judge(parts, trust, at=now)
    until = "2027-11-21T00:00:00Z"
    award = decide.Awarding(trust=trust, report=found.report, decisions=found.decisions, defcore="0", until=until)
    acts.append(decide.issue(award, board, trust, now, file="act").data)
    file = folder / "bundle.json"
    file.write_bytes(bundle.dump(replace(parts, decisions=tuple(acts)), "bundle"))
    return trust.pin, file


def bundle_figures(pin: str, file: Path) -> None:
    """Print what verifying a bundle takes, in this process and as a command."""
    data, at = file.read_bytes(), datetime.datetime(2026, 11, 22, tzinfo=UTC)

    def check() -> None:
        parts = bundle.parse(data, "bundle")
        found = judge.judge(parts, judge.anchor(parts, pin, "bundle"), at=at)
        assert found.status.value == "awarded"  # noqa: S101 - or the figure would be of something else

    print(f"verifying a bundle of {len(data)} bytes: {took(check)} (aim: under 100 ms); {ROUNDS} rounds")
    words = ["verify", str(file), "--trust", pin, "--at", "2026-11-22", "--require", "awarded"]
    compared(words, VERIFY_IMPORTS)


def main() -> None:
    """Print every figure."""
    with tempfile.TemporaryDirectory() as name:
        run, product_file, key_file = lay_out(Path(name))
        source, record, product = resolve(GUIDELINE), rebuild(run), products.load(product_file)
        held = [KnownGuideline.of(item) for item in known_guidelines()]
        tests = [item.id for item in record.results]
        root = evidence_figures(run, tests)
        now = datetime.datetime(2026, 11, 20, 9, tzinfo=datetime.UTC)

        def sign(key: keys.PrivateKey) -> Pair:
            words = {"program": PROGRAM, "runner_version": "0"}
            return sign_pair(source, record, product, key, issued_at=now, known=held, evidence=root, **words)

        print(f"a platform report: {len(tests)} tests")
        report_figures(sign, "ed25519", held)
        report_figures(sign, "p256", held)
        key = keys.generate()
        opened, checked = disclosure.disclose(run, tests[0]), verify(sign(key).full, [key.public], known=held)
        count = len(disclosure.parse(opened, "opened").exchanges)
        checking = took(lambda: disclosure.check(opened, checked, "opened"))
        print(f"checking {count} opened exchanges: {checking}; {ROUNDS} rounds")
        commands(run, product_file, key_file)

        def sign_with(key: keys.PrivateKey, guideline: GuidelineFile) -> bytes:
            contained = [
                item.model_copy(update={"containment": Containment.CONTAINED}) for item in product.declarations
            ]
            whole = product.model_copy(update={"declarations": tuple(contained)})
            return sign_pair(
                guideline, record, whole, key, program=PROGRAM, issued_at=now, runner_version="0", evidence=root
            ).full

        bundle_figures(*make_bundle(sign_with, product.vendor, Path(name)))


if __name__ == "__main__":
    main()
