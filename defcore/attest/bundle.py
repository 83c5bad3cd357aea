"""One file for everything: a report, the chain of the trust policy, and the authority's acts.

The bundle is the RFC 8785 JSON of ``{format, report, trust, decisions}`` and one newline. Each part is an envelope,
byte for byte as it was signed (envelopes are canonical JSON themselves); the guideline and the product lie within the
report. The versions of the trust policy stand oldest first, the acts in the order of their payloads' sha256. The
bundle itself is not signed: all that it says is signed by those who say it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field, ValidationError

from defcore.attest import chain, dsse
from defcore.attest.canonical import canonical, is_canonical, sha256_hex
from defcore.attest.dispatch import Kind, kind_of
from defcore.attest.dsse import HINT, refused_shape
from defcore.errors import InputError, RefusedError
from defcore.run.record import Wire
from defcore.strictjson import loads

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

FORMAT = "defcore-bundle/1"


class _Bundle(Wire):
    format: Literal["defcore-bundle/1"]
    report: dict[str, Any]
    trust: tuple[dict[str, Any], ...] = Field(min_length=1)
    decisions: tuple[dict[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of a bundle, each the bytes of an envelope with its newline."""

    report: bytes | None = None
    trust: tuple[bytes, ...] = ()
    decisions: tuple[bytes, ...] = ()


def parse(data: bytes, file: str) -> Parts:
    """Take a bundle apart; nothing about its parts is checked yet.

    Raises InputError when it is no JSON or too large, RefusedError when it is not written as ``dump`` writes it.
    """
    if len(data) > dsse.MAX_BYTES:
        raise InputError("too-large", f"is larger than {dsse.MAX_BYTES} bytes", where=file, hint="is this a bundle?")
    value = loads(data, file)
    try:
        wire = _Bundle.model_validate(value)
    except ValidationError as error:
        raise refused_shape(error, "bad-bundle", file) from error
    if not data.endswith(b"\n") or not is_canonical(value, data[:-1]):
        what = "is not written as canonical JSON with one newline at its end"
        raise RefusedError("not-canonical", what, where=file, hint=HINT)
    parts = Parts(_line(wire.report), tuple(map(_line, wire.trust)), tuple(map(_line, wire.decisions)))
    digests = [_digest(item, f"{file}, act {number}") for number, item in enumerate(parts.decisions, start=1)]
    if digests != sorted(set(digests)):
        what = "holds its acts in another order than that of their digests, or one of them twice"
        raise RefusedError("act-order", what, where=file, hint=HINT)
    return parts


def dump(parts: Parts, file: str) -> bytes:
    """Return the one way to write a bundle. Raises InputError when there is no report or no trust policy in it."""
    if parts.report is None or not parts.trust:
        what = "lacks a report" if parts.report is None else "lacks a trust policy"
        hint = "name the report, the trust policy's file and the authority's acts, or a bundle that holds them"
        raise InputError("incomplete-bundle", what, where=file, hint=hint)
    acts = {_digest(item, file): item for item in parts.decisions}
    value = {
        "format": FORMAT,
        "report": loads(parts.report, file),
        "trust": [loads(item, file) for item in parts.trust],
        "decisions": [loads(acts[digest], file) for digest in sorted(acts)],
    }
    return canonical(value) + b"\n"


def gather(files: Iterable[tuple[str, bytes]]) -> Parts:
    """Collect parts from files of any kind (name, content): reports, trust files, acts, bundles.

    Of one act in several files the one with the most signatures is taken, of two trust policies the longer. Raises
    InputError for two different reports, RefusedError for trust policies that contradict each other.
    """
    report: bytes | None = None
    trust: tuple[bytes, ...] = ()
    acts: dict[str, bytes] = {}
    for name, content in files:
        found = _parts(name, content)
        if found.report is not None and report not in (None, found.report):
            hint = "make a bundle for each report"
            raise InputError("two-reports", "is another report than the one named before", where=name, hint=hint)
        report = found.report or report
        trust = longer(trust, found.trust, name)
        for item in found.decisions:
            digest = _digest(item, name)
            acts[digest] = max(acts.get(digest, item), item, key=lambda one: len(dsse.parse(one, name).signatures))
    return Parts(report, trust, tuple(acts[digest] for digest in sorted(acts)))


def longer(mine: Sequence[bytes], theirs: Sequence[bytes], file: str) -> tuple[bytes, ...]:
    """Return the longer of two chains, of which one must begin with the other. Raises RefusedError for a fork."""
    if not mine or not theirs:
        return tuple(mine or theirs)
    both = (chain.read(mine, "the trust policy named before"), chain.read(theirs, file))
    return tuple(version.data for version in chain.newer(*both, file).versions)


def _parts(name: str, content: bytes) -> Parts:
    kind = kind_of(content)
    if kind is Kind.BUNDLE:
        return parse(content, name)
    if kind is Kind.TRUST:
        return Parts(trust=tuple(chain.split(content, name)))
    return Parts(decisions=(content,)) if kind is Kind.ACT else Parts(report=content)


def _line(value: dict[str, Any]) -> bytes:
    return canonical(value) + b"\n"


def _digest(data: bytes, file: str) -> str:
    return sha256_hex(dsse.parse(data, file).payload)
