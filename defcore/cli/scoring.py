"""What ``score``, ``report``, ``sign`` and ``certify`` need alike: a run, its guideline, a scorecard of today."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

from defcore.attest.product import load as load_product
from defcore.errors import InputError
from defcore.guideline import known_guidelines, resolve
from defcore.run.store import load_run
from defcore.score import KnownGuideline, score

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from defcore.guideline import GuidelineFile
    from defcore.guideline.model import Program
    from defcore.run.latency import Latency
    from defcore.run.record import RunRecord
    from defcore.score import Scorecard
    from defcore.score.product import Product


@dataclass(frozen=True, slots=True)
class Scored:
    """A scorecard with everything that it was made from."""

    card: Scorecard
    runs: tuple[RunRecord, ...]
    source: GuidelineFile
    product: Product | None
    moment: str


def scored(runs: Sequence[Path], guideline: str | None, program: str | None, product_file: Path | None) -> Scored:
    """Load and score. Without words, guideline and program are those that the run was made for."""
    records = tuple(load_run(path) for path in runs)
    source = resolve(guideline or records[0].guideline)
    product = load_product(product_file) if product_file else None
    moment = datetime.datetime.now(datetime.UTC)
    card = score(
        source,
        records,
        choose_program(source, program or records[0].program).key,
        date=moment.date(),
        product=product,
        known=known(),
    )
    return Scored(card, records, source, product, moment.strftime("%Y-%m-%dT%H:%M:%SZ"))


def latencies(run: Path) -> tuple[Latency, ...]:
    """Return the latencies of a run directory, for its owner's report; a record alone has none."""
    from defcore.run.latency import latencies as computed

    return computed(run) if run.is_dir() else ()


def known(words: Sequence[str] = ()) -> list[KnownGuideline]:
    """Return the guidelines that ship; one given by the user takes the place of those with its id."""
    given = [KnownGuideline.of(resolve(word)) for word in words]
    ids = {item.id for item in given}
    return [*(item for item in map(KnownGuideline.of, known_guidelines()) if item.id not in ids), *given]


def choose_program(source: GuidelineFile, word: str | None) -> Program:
    """Find the program of that name; without one, the only one that the guideline has. Raises InputError."""
    guideline = source.guideline
    keys = ", ".join(item.key for item in guideline.programs)
    if word is None and len(guideline.programs) == 1:
        return guideline.programs[0]
    if word is None:
        what = f"guideline {guideline.id} has {len(guideline.programs)} programs"
        raise InputError("no-program", what, hint=f"choose one with --program: {keys}")
    found = guideline.program(word)
    if found is None:
        raise InputError("unknown-program", f"guideline {guideline.id} has no program {word!r}", hint=f"one of: {keys}")
    return found
