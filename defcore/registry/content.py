"""Rules on what a report says of its run and its product: no clock, no files, no signatures."""

from __future__ import annotations

import datetime as dt
import json
import re
from typing import TYPE_CHECKING, Any

from defcore.attest.canonical import printable
from defcore.attest.stamp import read_stamp
from defcore.errors import InputError
from defcore.registry.model import Finding
from defcore.score import required_sections

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defcore.attest.statement import Claim
    from defcore.guideline.model import GuidelineFile
    from defcore.score.product import Product

LONGEST_NAME = 100
LONGEST_TEXT = 2000
MAX_DESCRIPTION = 100_000
"""Bytes of JSON: everything that the vendor says of product, target and run."""
_EMPTY = re.compile(r"(?:to ?do|tb[acd]|fix ?me|n/?a|none|unknown|lorem ipsum.*|x{2,}|[-.?…_]+)", re.IGNORECASE)
_CLAIM = re.compile(r"\b(?:certified|awarded|approved|accredited|official)\b", re.IGNORECASE)
_POWERED = re.compile(r"\bopenstack[ -]powered\b", re.IGNORECASE)
_FEW_WORDS = 3


def complete(claim: Claim, file: str) -> Iterator[Finding]:
    """Refuse a run that was cut off, was of a subset, or is void."""
    run = claim.run
    if not run.complete:
        yield Finding("complete", file, "its run did not come to its end")
    if run.partial:
        yield Finding("complete", file, f"its run was of a subset only: {_short(run.selection)}")
    if run.void is not None:
        yield Finding("complete", file, f"its run is void: {_short(run.void)}")


def prompt(claim: Claim, days: int, now: dt.datetime | None, file: str) -> Iterator[Finding]:
    """Refuse results that were signed, or submitted (``now``; None: they are here already), long after the run."""
    span = dt.timedelta(days=days)
    try:
        ended, issued = read_stamp(claim.run.ended or claim.run.started), read_stamp(claim.issued_at)
    except InputError:
        # A time that does not exist is a finding of the verifier's.
        return
    if issued - ended > span:
        yield Finding("fresh", file, f"was signed {(issued - ended).days} days after its run; at most {days} are")
    if now is not None and now - issued > span:
        yield Finding("fresh", file, f"is submitted {(now - issued).days} days after it was signed; at most {days} are")


def described(claim: Claim, source: GuidelineFile, file: str) -> Iterator[Finding]:
    """Refuse a description with gaps (process C4.5, D3.1)."""
    product, guideline = claim.product, source.guideline
    declared = {item.section for item in product.declarations}
    program = guideline.program(claim.program)
    wanted = required_sections(guideline, program) if program else ()
    if missing := [name for name in wanted if name not in declared]:
        yield Finding("product", file, f"nothing is declared about the designated sections {', '.join(missing)}")
    doubled = sorted(name for name in declared if [item.section for item in product.declarations].count(name) > 1)
    if doubled:
        yield Finding("product", file, f"two things are declared about {_short(', '.join(doubled))}")
    told = [text for text in product.configuration.values() if not _EMPTY.fullmatch(text)]
    if not any(len(text.split()) >= _FEW_WORDS for text in told):
        yield Finding("configuration", file, "says nothing, or next to nothing, of the system under test")


def filled(product: Product, file: str) -> Iterator[Finding]:
    """Refuse words that stand where a word is still to come; the verifier looks for its own marks alone."""
    for name, text in _texts(product):
        if _EMPTY.fullmatch(text):
            yield Finding("placeholder", file, f"{printable(name)} is {_short(text)!r}")


def modest(claim: Claim, source: GuidelineFile, file: str) -> Iterator[Finding]:
    """Refuse a vendor's own words that claim a mark, an award or a review: that takes the authority's act (C1.4)."""
    product, authority = claim.product, source.guideline.authority
    for name in ("vendor", "product", "version"):
        if found := _CLAIM.search(getattr(product, name)):
            yield Finding("label", file, f"its {name} calls itself {found[0].lower()}")
    # An authority that grants no mark says so in place of its name.
    marks = [] if authority.mark.lower().startswith("none") else [authority.mark]
    marks += [item.name for item in source.guideline.programs]
    pattern = re.compile("|".join([_POWERED.pattern, *(rf"\b{re.escape(item)}\b" for item in marks)]), re.IGNORECASE)
    for name, text in _texts(product):
        if found := pattern.search(text):
            yield Finding("label", file, f"{printable(name)} uses the name of a mark: {_short(found[0])}")


def plain(claim: Claim, file: str) -> Iterator[Finding]:
    """Refuse words that are too long to show, or hold what cannot be seen."""
    told = claim.model_dump(mode="json", include={"target", "run", "product", "program", "runner"})
    if len(json.dumps(told, ensure_ascii=False).encode()) > MAX_DESCRIPTION:
        yield Finding("words", file, f"describes itself in more than {MAX_DESCRIPTION} bytes")
        return
    for name in ("vendor", "product", "version", "release"):
        text = getattr(claim.product, name)
        if len(text) > LONGEST_NAME:
            yield Finding("words", file, f"its {name} is longer than {LONGEST_NAME} characters")
        if text != printable(text):
            yield Finding("words", file, f"its {name} holds what cannot be seen: {_short(text)}")
    for text in _strings(told):
        flat = text.replace("\n", " ").replace("\t", " ")
        if flat != printable(flat):
            yield Finding("words", file, f"holds what cannot be seen: {_short(text)}")
        if len(text) > LONGEST_TEXT:
            yield Finding("words", file, f"holds a text of {len(text)} characters: {_short(text)}")


def _texts(product: Product) -> Iterator[tuple[str, str]]:
    """Name every text of a product's description with its place in product.json."""
    for name in ("vendor", "product", "version", "release"):
        yield name, getattr(product, name)
    for key, text in product.configuration.items():
        yield f"configuration.{key}", text
    for item in product.declarations:
        yield f"declarations.{item.section}", item.comment


def _strings(value: Any) -> Iterator[str]:  # noqa: ANN401 - any JSON
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)


def _short(text: str) -> str:
    shown = printable(" ".join(text.split()))
    return shown if len(shown) <= LONGEST_NAME else f"{shown[:LONGEST_NAME]}…"
