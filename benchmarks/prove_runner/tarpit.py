"""A service that accepts every request and answers none: it costs its own tests an error, and the run nothing else."""

from __future__ import annotations

import json
import time
from collections import Counter
from typing import TYPE_CHECKING

from benchmarks.prove_runner.proxy import Proxy, Tarpit
from benchmarks.prove_runner.stage import Figure, Stage
from defcore.errors import EXIT_UNTESTED
from defcore.run.store import load_run
from defcore.suite import collect, suite_dir

if TYPE_CHECKING:
    from pathlib import Path

BOUND = 600.0
"""Seconds within which such a run must be over with the patience that users have."""


def prove(stage: Stage, count: int, seed: int, policy: dict[str, float] | None = None) -> list[Figure]:
    """Put a tarpit in the place of the object store; ``policy`` is another patience than a user's."""
    del seed
    figures = []
    services = {test_id: test.meta.service for test_id, test in collect(suite_dir()).items()}
    for _ in range(count):
        with Tarpit() as tarpit, Proxy(f"http://127.0.0.1:{stage.cloud.ports['identity']}") as front:
            front.leads[f"http://127.0.0.1:{stage.cloud.ports['object-store']}"] = tarpit.url
            stage.use(stage.behind(f"{front.url}/v3"))
            out = stage.new()
            began = time.monotonic()
            if policy is None:
                ended = stage.run(*stage.words(out))
            else:
                words: list[str | Path] = [stage.name, out, *stage.chosen(), "--policy", json.dumps(policy)]
                ended = stage.run(*words, module="benchmarks.prove_runner.one_run")
            seconds = time.monotonic() - began
        record = load_run(out)
        by_service: Counter[tuple[str, str]] = Counter()
        for result in record.results:
            by_service[services[result.id], result.outcome.value] += 1
        totals = Counter(services[result.id] for result in record.results)
        scored = stage.run("score", out, "--format", "json")
        verdict = json.loads(scored.out)["interop"] if scored.out else scored.err.strip()
        figures += [
            Figure(f"seconds until the run was over (bound: {BOUND:.0f})", round(seconds), must=False),
            Figure("runs within the bound", int(seconds < BOUND), 1),
            Figure("tests of the object store ended in error",
                   by_service["object-store", "error"], totals["object-store"]),
            Figure("tests of identity passed", by_service["identity", "passed"], totals["identity"]),
            Figure(f"runs ended with exit code {EXIT_UNTESTED} (it was {ended.code})",
                   int(ended.code == EXIT_UNTESTED), 1),
            Figure(f"verdicts untested (it was {verdict}, exit code {scored.code})",
                   int(verdict == "untested" and scored.code == EXIT_UNTESTED), 1),
        ]  # fmt: skip
    return figures
