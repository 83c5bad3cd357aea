"""What the checks of all services share: did it answer, has it what tests need, is there room for what they create."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from defcore.cloud.redact import url as clean_url
from defcore.doctor.model import found, note, ok, problem
from defcore.doctor.reader import content

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from defcore.cloud.http import Exchange
    from defcore.doctor.model import Finding, Wanted


def answered(service: str, exchange: Exchange, *, json: bool = True) -> list[Finding]:
    """Tell what is wrong with an answer that should have been one of success; nothing when it is one.

    With ``json`` it must also bring a JSON object.
    """
    where = clean_url(exchange.url)
    if exchange.error is not None:
        kind = "tls-invalid" if "TLS" in exchange.error else "no-answer"
        return [problem(kind, service, f"{where}: {exchange.error}")]
    status = exchange.status
    if status >= 500 or status == 429:  # noqa: PLR2004 - HTTP
        return [problem("service-error", service, f"{where} answers {status}")]
    if status in {401, 403}:
        return [problem("access-denied", service, f"{where} answers {status} to our token")]
    if not 200 <= status < 300:  # noqa: PLR2004 - HTTP
        return [problem("odd-answer", service, f"{where} answers {status}")]
    if json and not isinstance(content(exchange), dict):
        return [problem("odd-answer", service, f"{where} answers with something that is no JSON object")]
    return []


def missing(service: str, announced: Container[str], wanted: Wanted) -> list[Finding]:
    """Tell which extensions tests need that a service does not announce."""
    findings = []
    for name, tests in sorted(wanted.extensions(service).items()):
        if name not in announced:
            severity, words = wanted.weigh(tests)
            findings.append(found("missing-extension", severity, service, f"does not announce {name}", tests=words))
    return findings


@dataclass(frozen=True, slots=True)
class Quota:
    """A quota and what is wanted of it. ``needed`` is for all workers at work, ``least`` for one.

    A ``limit`` below zero, or None, is none. ``kinds`` are the kinds of resource that count against it.
    """

    what: str
    limit: int | None
    used: int | None
    needed: int
    least: int
    kinds: tuple[str, ...] = ()

    @property
    def left(self) -> int | None:
        """How many may be added, or None: as many as one likes."""
        return None if self.limit is None or self.limit < 0 else max(self.limit - (self.used or 0), 0)


def room(service: str, quotas: Iterable[Quota]) -> tuple[list[Finding], dict[str, int]]:
    """Compare quotas with what is wanted; return also how many of each kind of resource there is room for.

    What is enough for one worker and not for all is a note: the run then has fewer tests at work at once.
    """
    short, tight, fine = [], [], []
    left: dict[str, int] = {}
    for quota in quotas:
        if quota.left is None:
            continue
        words = f"{quota.left} of {quota.limit} {quota.what}"
        if quota.left < quota.least:
            short.append(f"{words} are left, and the tests need {quota.least}")
        elif quota.left < quota.needed:
            tight.append(f"{words} are left, and as many tests at once as asked for would need {quota.needed}")
        else:
            fine.append(words)
        left |= {kind: min(quota.left, left.get(kind, quota.left)) for kind in quota.kinds}
    findings = [problem("no-room", service, "; ".join(short))] if short else []
    findings += [note("little-room", service, "; ".join(tight))] if tight else []
    if not findings:
        findings = [ok("room", service, f"left: {', '.join(fine)}" if fine else "no quota is told")]
    return findings, left
