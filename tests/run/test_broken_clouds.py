"""Clouds that die or hang while they are tested: nothing fails, and the run ends."""

from __future__ import annotations

import dataclasses
import time
from typing import TYPE_CHECKING

from defcore.cloud.http import Policy
from defcore.cloud.target import Target
from defcore.run import pool, runner
from defcore.run.breaker import BREAK_AFTER
from defcore.run.ledger import LEDGER, Ledger
from defcore.run.record import Outcome

if TYPE_CHECKING:
    from collections.abc import Callable

    from defcore.cloud.credential import Credential
    from defcore.refcloud import Cloud
    from defcore.run.runner import Progress
    from tests.conftest import Proxy
    from tests.run.conftest import Bench


def behind(credentials: dict[str, Credential], identity: int | None, store: str | None) -> dict[str, Credential]:
    """Lead identity to another port of this machine, or the object store to another address."""
    found = {}
    for role, item in credentials.items():
        auth = dict(item.auth)
        endpoints = dict(item.endpoints)
        if identity:
            auth["auth_url"] = f"http://127.0.0.1:{identity}/v3"
            endpoints["identity"] = auth["auth_url"]
        if store:
            endpoints["object-store"] = store
        found[role] = dataclasses.replace(item, auth=auth, endpoints=endpoints)
    return found


def account(credential: Credential) -> str:
    """Give the account's path below the object store's address."""
    url = Target(credential).endpoint("object-store") or ""
    return url[url.index("/v1/") :]


def test_a_cloud_that_dies_in_the_middle_fails_nothing(
    bench: Bench, refcloud: Cloud, proxy: Callable[[int], Proxy]
) -> None:
    """A power cut in the vendor's lab is no reason to call its cloud non-conforming."""
    real = bench.credentials
    path = account(real["main"])
    near, keys = proxy(refcloud.ports["object-store"]), proxy(refcloud.ports["identity"])
    bench.credentials = behind(bench.credentials, keys.port, f"http://127.0.0.1:{near.port}{path}")
    bench.write(bench.creating(*range(1, 21)))

    def die(step: Progress) -> None:
        if step.done == 6:
            near.stop()
            keys.stop()

    bench.watch = die
    record = bench.record()
    found = [item.outcome for item in record.results]
    assert Outcome.FAILED not in found
    assert found.count(Outcome.PASSED) >= 6
    assert set(found) == {Outcome.PASSED, Outcome.ERROR}
    assert any("gave no answer to" in note for note in record.notes)
    # what was created and could not be ended is told, and stays in the ledger
    owed = Ledger(bench.out / LEDGER).open_entries()
    assert all(any(entry.where["name"] in note for note in record.notes) for entry in owed)
    # and with the cloud back, what stands in the ledger is enough to end it
    ledger = bench.out / LEDGER
    ledger.write_text(ledger.read_text().replace(f":{near.port}/", f":{refcloud.ports['object-store']}/"))
    job = pool.Job(bench.out, record.id, bench.folder, real, pool.Options(), (), 0)
    assert runner.end_leftovers(job) == []
    assert bench.left(real["main"]) == []


def test_a_service_that_hangs_is_an_error_in_bounded_time(bench: Bench, proxy: Callable[[int], Proxy]) -> None:
    """A tarpit in the place of the object store would hold the user for hours."""
    tarpit = proxy(1)
    tarpit.hanging = True
    bench.credentials = behind(bench.credentials, None, f"http://127.0.0.1:{tarpit.port}/v1/AUTH_x")
    bench.write(bench.creating(*range(1, 31)))
    began = time.monotonic()
    record = bench.record(policy=Policy(connect=1, read=0.2, total=0.5, retries=1, backoff=0.01))
    assert time.monotonic() - began < 30
    found = [item.outcome for item in record.results]
    assert set(found) == {Outcome.ERROR}
    untried = [item for item in record.results if "not tried" in str(item.attempts[0].reason)]
    assert len(untried) >= 30 - BREAK_AFTER - 4
    assert str(untried[0].attempts[0].reason) in record.notes
    failure = record.results[0].attempts[0].failure
    assert failure
    assert failure.cause == "no answer to judge: no answer in time"
