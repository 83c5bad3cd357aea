r"""Which lies of a cloud does each engine notice? Forty published tests, with the same faults, on one reference cloud.

    python -m benchmarks.lies [--proof DIR] [--out DIR] [-n N] [--live]

The sample: of the four services with the most published tests, the first ten by the sha256 of their id among those that
both engines have, and pass on an honest cloud. The faults of a test are those that alter what our own test judges
(docs/sabotage.md). Ours are tried by `defcore suite prove`: DIR is a proof that holds these tests; without it one of
them alone is made. Tempest's are told by the proxy of `defcore sabotage serve` (defcore/sabotage/tempest.py). With
--out everything stays in a folder, and what was cut off is gone on with.

Prints, for each service and in all, how many of these trials each engine notices, and what became of the others. With
the proof of the whole suite it also says how many of these faults any of its tests notices.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.tempest_tuned import provide
from defcore import refcloud
from defcore.cloud.credential import read_credentials
from defcore.cloud.target import Target
from defcore.guideline import resolve
from defcore.refcloud.files import write_private
from defcore.refcloud.services import SERVICES
from defcore.run.record import Outcome
from defcore.sabotage import prove as native
from defcore.sabotage import tempest
from defcore.sabotage.kinds import KINDS
from defcore.sabotage.proxy import Proxy, addresses
from defcore.sabotage.recognise import Recogniser
from defcore.sabotage.trials import TRIALS, Clean, Trial, done, read
from defcore.suite import collect, digest, suite_dir
from defcore.suite.operations import known_names, load
from defcore.tempest import environment, listing
from defcore.tempest.engine import Options, prepare

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from defcore.cloud.credential import Credential
    from defcore.guideline import Guideline
    from defcore.suite import SuiteTest
    from defcore.tempest.environment import Environment

NAME = "lies"
SERVICES_TAKEN, A_SERVICE, SPARE = 4, 10, 2
OWN = tempest.SHORT | {"network-feature-enabled": {"ipv6_subnet_attributes": "true"}}
"""Without the second, Tempest skips its tests of DHCPv6."""
LIMIT = 3 * 3600.0
Key = tuple[str, str, str]
"""Test, operation, kind: one trial."""
Proof = tuple[dict[str, Clean], dict[Key, Trial]]
"""Clean runs by test, and trials."""


def main() -> int:
    """Try what is left, print the figures; 1 when something could not be tried."""
    given = _words()
    suite = collect(suite_dir())
    installed = environment.ensure(environment.home(os.environ.get("DEFCORE_CACHE")), print)
    theirs = listing.read(installed)
    names = candidates(resolve().guideline, suite, theirs)
    with contextlib.ExitStack() as stack:
        out = (given.out or Path(stack.enter_context(tempfile.TemporaryDirectory()))).absolute()
        proof = given.proof or out / "native"
        for folder, number in ((proof, digest(suite_dir())), (out / "tempest", theirs.digest)):
            if folder != given.proof and not (folder / TRIALS).exists():
                folder.mkdir(parents=True, mode=0o700, exist_ok=True)
                native.begin(folder, native.fresh(number, NAME, "the sample", list(KINDS), [], list(names)))
            native.check(folder, number)
        ours_left = bool(not given.proof and native.unfinished(proof))
        if ours_left or _left(out / "tempest", names, suite, _proof(proof)):
            cache = refcloud.Home.default(os.environ.get("DEFCORE_CACHE")).cache
            home = refcloud.Home(cache=cache, state=out / "clouds")
            cloud = stack.enter_context(refcloud.running(home, NAME, services=SERVICES))
            os.environ["OS_CLIENT_CONFIG_FILE"] = str(cloud.clouds_yaml)
            credentials = read_credentials(NAME)
            if ours_left:
                _ours(proof, suite, credentials, given.n)
            posts = list(_posts(stack, credentials, installed, given.n))
            _theirs(out / "tempest", names, suite, _proof(proof), posts, installed, live=given.live)
        return report(suite, names, _proof(proof), _proof(out / "tempest"))


def _words() -> argparse.Namespace:
    words = argparse.ArgumentParser(description="Which lies of a cloud does each engine notice?")
    words.add_argument("--proof", type=Path)
    words.add_argument("--out", type=Path)
    words.add_argument("-n", type=int, default=2)
    words.add_argument("--live", action="store_true", help="replay no trial of Tempest's")
    return words.parse_args()


def candidates(guideline: Guideline, suite: Mapping[str, SuiteTest], theirs: listing.Suite) -> dict[str, str]:
    """Return what the sample is taken from, in order: id to Tempest's name."""
    published = {test.id: test for capability in guideline.capabilities for test in capability.tests}
    names = {key: named.name for key, test in published.items() if (named := theirs.find(test)) and key in suite}
    services = [word for word, _ in Counter(suite[key].meta.service for key in names).most_common(SERVICES_TAKEN)]
    found: dict[str, str] = {}
    for service in services:
        here = [key for key in names if suite[key].meta.service == service]
        here.sort(key=lambda key: hashlib.sha256(key.encode()).digest())
        found |= {key: names[key] for key in here[: A_SERVICE + SPARE]}
    return found


def sample(names: Iterable[str], suite: Mapping[str, SuiteTest], *proofs: Proof) -> list[str]:
    """Take the first ten of each service, without those that a proof has found not to pass on an honest cloud."""
    taken: dict[str, list[str]] = {}
    for test in names:
        if all(test not in cleans or cleans[test].outcome is Outcome.PASSED for cleans, _ in proofs):
            taken.setdefault(suite[test].meta.service, []).append(test)
    return [test for tests in taken.values() for test in tests[:A_SERVICE]]


def _theirs(
    out: Path,
    names: Mapping[str, str],
    suite: Mapping[str, SuiteTest],
    ours: Proof,
    posts: Sequence[tempest.Post],
    installed: Environment,
    *,
    live: bool,
) -> None:
    """Try the sample with Tempest; for what it does not carry out itself the next test is tried."""
    began, tried = time.monotonic(), set[str]()
    while (left := _left(out, names, suite, ours)) and not {task.test for task in left} <= tried:
        tried |= {task.test for task in left}
        if tempest.prove(out, left, posts, installed, LIMIT, _Progress(left).told, live=live):
            break
    print(f"Tempest {installed.version}: {time.monotonic() - began:.0f} s, {len(posts)} at once")


def _left(out: Path, names: Mapping[str, str], suite: Mapping[str, SuiteTest], ours: Proof) -> list[tempest.Task]:
    chosen = sample(names, suite, ours, _proof(out))
    return [task for task in tempest.tasks(out, ours[0], names) if task.test in chosen]


def _proof(folder: Path) -> Proof:
    return done(read(folder)[1])[:2]


def _ours(proof: Path, suite: Mapping[str, SuiteTest], credentials: Mapping[str, Credential], workers: int) -> None:
    began = time.monotonic()
    native.prove(proof, suite, suite_dir(), credentials, workers=workers, limit=LIMIT, told=lambda *_: None)
    print(f"native: {time.monotonic() - began:.0f} s, {workers} at once", flush=True)


def _posts(
    stack: contextlib.ExitStack, credentials: Mapping[str, Credential], installed: Environment, number: int
) -> Iterator[tempest.Post]:
    """Give posts, each with accounts of its own behind a proxy of its own."""
    there = addresses(Target(credentials["main"]))
    recogniser = Recogniser(known_names(load(suite_dir())))
    direct = os.environ["OS_CLIENT_CONFIG_FILE"]
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    for place in range(number):
        proxy = Proxy(there, None, recogniser, verify=credentials["main"].verify, cert=credentials["main"].cert)
        stack.enter_context(proxy.serving())
        os.environ["OS_CLIENT_CONFIG_FILE"] = direct
        text = provide(NAME, 1)
        for cloud, here in proxy.places.items():
            text = text.replace(cloud, here)
        file = folder / f"{place}.yaml"
        write_private(file, text)
        os.environ["OS_CLIENT_CONFIG_FILE"] = str(file)
        prepared = prepare(read_credentials(NAME), Options(installed, 1, LIMIT, own=OWN))
        yield tempest.post(folder / str(place), proxy, prepared)


class _Progress:
    """Tells on stderr of each test, and of every fiftieth trial."""

    def __init__(self, left: Sequence[tempest.Task]) -> None:
        self._trials = sum(len(task.faults) for task in left)
        self._done = 0

    def told(self, event: Clean | Trial) -> None:
        """Count."""
        if isinstance(event, Clean):
            print(f"{event.test}: {event.outcome}: {event.reason or ''} {event.seconds} s", file=sys.stderr)
            return
        self._done += 1
        if self._done % 50 == 0:
            print(f"{self._done} of {self._trials} trials with Tempest", file=sys.stderr)


def report(suite: Mapping[str, SuiteTest], names: Mapping[str, str], ours: Proof, theirs: Proof) -> int:
    """Print the figures of both proofs; 1 when a trial has come to no verdict."""
    both = sample(names, suite, ours, theirs)
    for test in names:
        told = [(item.outcome, item.reason) for cleans, _ in (ours, theirs) if (item := cleans.get(test))]
        if any(outcome is not Outcome.PASSED for outcome, _ in told):
            print(f"not carried out by both: {test} ({suite[test].function}): {told}")
    if unknown := [test for test in both if test not in ours[0] or test not in theirs[0]]:
        print(f"not tried by both: {', '.join(unknown)}")
        both = [test for test in both if test not in unknown]
    keys = [(test, *fault) for test in both for fault in ours[0][test].applicable]
    print(f"{len(both)} tests, {len(keys)} trials (test, operation, kind); noticed by")
    print(f"{'':14} tests trials |       native       Tempest | both  ours alone  Tempest alone  nobody")
    homes = {test: suite[test].meta.service for test in both}
    for service in [*dict.fromkeys(homes.values()), "all"]:
        here = [key for key in keys if service in {"all", homes[key[0]]}]
        tests = sum(service in {"all", home} for home in homes.values())
        print(f"{service:14} {tests:5} {len(here):6} | {_row(here, ours[1], theirs[1])}")
    for name, (_, trials) in (("native", ours), ("Tempest", theirs)):
        counted = Counter(trials[key].verdict if key in trials else "left" for key in keys)
        replayed = sum(key in trials and trials[key].replayed for key in keys)
        print(f"{name}: {', '.join(f'{number} {word}' for word, number in counted.most_common())}; {replayed} replayed")
    faults = {key[1:] for key in keys}
    one, other = ({key[1:] for key in keys if _killed(trials, key)} for trials in (ours[1], theirs[1]))
    whole = {key[1:] for key in ours[1] if _killed(ours[1], key)} & faults
    print(
        f"these are {len(faults)} faults (operation, kind): the native tests notice {len(one)}, Tempest's {len(other)};"
        f" any of the {len(ours[0])} native tests of the proof {len(whole)}"
    )
    alone = [key for key in keys if _killed(theirs[1], key) and not _killed(ours[1], key)]
    print(f"Tempest alone noticed ({len(alone)}):")
    for test, operation, kind in alone:
        print(f"  {kind} {operation}: {suite[test].function}: {(theirs[1][test, operation, kind].reason or '')[:80]}")
    return 1 if unknown or any(key not in ours[1] or key not in theirs[1] for key in keys) else 0


def _killed(trials: Mapping[Key, Trial], key: Key) -> bool:
    return key in trials and trials[key].verdict == "killed"


def _row(keys: Sequence[Key], ours: Mapping[Key, Trial], theirs: Mapping[Key, Trial]) -> str:
    found = Counter((_killed(ours, key), _killed(theirs, key)) for key in keys)
    both, one, other, nobody = (found[pair] for pair in ((True, True), (True, False), (False, True), (False, False)))
    rates = " ".join(f"{some:6} {some / max(len(keys), 1):6.1%}" for some in (both + one, both + other))
    return f"{rates} | {both:4} {one:11} {other:14} {nobody:7}"


if __name__ == "__main__":
    sys.exit(main())
