"""What ``verify``, ``bundle``, ``badge`` and ``decide`` need alike: files by content, whom to trust, for which day."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from defcore.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from defcore.attest.bundle import Parts
    from defcore.attest.disclosure import Disclosed
    from defcore.attest.judge import Judgement
    from defcore.attest.trust import Trust

trust_option = click.option(
    "--trust",
    "trust_word",
    metavar="PIN|FILE",
    help="The authority that you trust: its policy's pin, or its file, which may be newer than a bundle's.",
)
at_option = click.option("--at", help="For which day to judge (a day or a time in UTC).  [default: now]")
_PIN = re.compile(r"[0-9a-f]{64}")


def now() -> dt.datetime:
    """Return this machine's time."""
    return dt.datetime.now(dt.UTC)


def moment(word: str | None) -> dt.datetime:
    """Return the moment that a word names; now, without one."""
    from defcore.attest.stamp import read_date, read_stamp

    return read_stamp(read_date(word)) if word is not None else now()


def read(path: Path) -> bytes:
    """Read a file of any of our kinds."""
    from defcore.attest import dsse
    from defcore.files import read_bytes

    return read_bytes(path, dsse.MAX_BYTES, "unreadable", "name a report, a bundle, a trust policy or an act")


def gather(files: Sequence[Path]) -> Parts:
    """Collect the parts of a bundle from files."""
    from defcore.attest import bundle

    return bundle.gather((str(path), read(path)) for path in files)


def anchor(parts: Parts, trusted: str | None, file: str) -> Trust:
    """Return the trust policy to judge by."""
    from defcore.attest import chain, judge
    from defcore.cli.trust import read as read_trust

    if trusted is None:
        hint = "name the authority that you trust with --trust PIN or FILE; a report alone can be checked with --key"
        raise InputError("no-anchor", "nobody is trusted, so nothing can be proved", where=file, hint=hint)
    if _PIN.fullmatch(trusted):
        return judge.anchor(parts, trusted, file)
    return judge.anchor(parts, chain.split(read_trust(Path(trusted)), trusted), file)


def judged(
    parts: Parts, trusted: str | None, at: dt.datetime, guidelines: Sequence[str] | None, file: str
) -> Judgement:
    """Judge a bundle's parts; ``guidelines`` None: by those that the authority approved, and no others."""
    from defcore.attest import judge
    from defcore.cli.scoring import known

    return judge.judge(
        parts, anchor(parts, trusted, file), at=at, known=[] if guidelines is None else known(guidelines), file=file
    )


@dataclass(frozen=True, slots=True)
class Question:
    """What ``defcore verify`` was asked: a file, whom to trust, for which day, what to compare and open."""

    file: Path
    trusted: str | None
    at: str | None
    guidelines: Sequence[str] = ()
    full: Path | None = None
    disclosures: Sequence[Path] = ()


def verify(question: Question, *, word: str | None, form: str) -> None:
    """Check a file by a trust policy: a bundle, a report, an act, or a trust policy itself."""
    from defcore.attest import judge
    from defcore.attest.dispatch import Kind, kind_of
    from defcore.attest.verdict import judgement_json, judgement_text

    file, day = question.file, moment(question.at)
    kind, name = kind_of(read(file)), str(file)
    if kind in (Kind.ACT, Kind.TRUST):
        if word is not None or question.full or question.disclosures:
            hint = "name a report or a bundle with --require, --full and --disclosure"
            raise InputError("no-report", f"is no report but a {kind}", where=name, hint=hint)
        _verify_alone(gather([file]), question, form)
        return
    found = judged(gather([file]), question.trusted, day, question.guidelines, name)
    opened = _opened(question, found)
    if word is not None:
        judge.require(found, word, name)
    paired = question.full is not None
    if form == "json":
        _print(judgement_json(found, paired=paired, opened=opened))
    else:
        _print(judgement_text(found, paired=paired, opened=opened))


def _verify_alone(parts: Parts, question: Question, form: str) -> None:
    """Check an act, or a trust policy."""
    from defcore.attest import acts, chain
    from defcore.attest.trustview import draft_json, draft_text
    from defcore.attest.verdict import act_json, act_text

    name = str(question.file)
    trust = anchor(parts, question.trusted, name)
    for item in parts.decisions:
        acts.read(item, trust, name)
        act = acts.read_proposal(item, trust, name)
        _print(act_json(*act) if form == "json" else act_text(*act))
    if not parts.decisions:
        draft, day = chain.Draft(trust, None), moment(question.at)
        _print(draft_json(draft, day) if form == "json" else draft_text(draft, day))


def _opened(question: Question, found: Judgement) -> tuple[Disclosed, ...]:
    """Compare a public report with its full one, and check what was opened to a reviewer."""
    from defcore.attest import disclosure
    from defcore.attest.public import check_pair
    from defcore.files import read_bytes

    if question.full:
        parts = replace(gather([question.full]), trust=tuple(item.data for item in found.trust.versions))
        full = judged(parts, found.trust.pin, found.at, question.guidelines, str(question.full))
        check_pair(found.report, full.report, str(question.file))
    return tuple(
        disclosure.check(
            read_bytes(path, disclosure.MAX_BYTES, "disclosure-unreadable", disclosure.HINT), found.report, str(path)
        )
        for path in question.disclosures
    )


def _print(value: object) -> None:
    click.echo(value if isinstance(value, str) else json.dumps(value, indent=2) + "\n", nl=False)
