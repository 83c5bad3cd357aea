"""What the checks of all services share: did it answer, and is there room for what the tests create."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defcore.cloud.redact import url as clean_url
from defcore.doctor.model import ok, problem
from defcore.doctor.reader import content

if TYPE_CHECKING:
    from collections.abc import Iterable

    from defcore.cloud.http import Exchange
    from defcore.doctor.model import Finding


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


def room(service: str, wants: Iterable[tuple[str, int, int | None, int | None]]) -> list[Finding]:
    """Compare quotas with what is wanted: (what, needed, limit, used) each. A limit below zero, or None, is none."""
    short, fine = [], []
    for what, needed, limit, used in wants:
        if limit is None or limit < 0:
            continue
        left = limit - (used or 0)
        if left < needed:
            short.append(f"{max(left, 0)} of {limit} {what} are left, and the tests need {needed}")
        else:
            fine.append(f"{left} of {limit} {what}")
    if short:
        return [problem("no-room", service, "; ".join(short))]
    return [ok("room", service, f"left: {', '.join(fine)}" if fine else "no quota is told")]
