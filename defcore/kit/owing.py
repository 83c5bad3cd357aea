"""Things that tests create: entered in the ledger before the request, known by their ids after it, settled when gone.

One way for all services. A create that is refused leaves nothing owed; one that nobody answered for sure stays owed by
name; a deletion that was accepted is not asked for again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from defcore.kit.answer import Answer
    from defcore.kit.session import Session

DOUBTFUL = frozenset({408, 413, 429})
"""Refusals that say something of the moment: they leave open what there is. What a conflict (409) with an earlier
attempt of ours leaves open is told by ``Exchange.unsure``."""
FULL = frozenset({403, 409, 413})
"""How services answer to whoever would exceed a quota: Nova, Neutron, Cinder."""


def create(
    session: Session,
    role: str,
    kind: str,
    names: Sequence[dict[str, Any]],
    send: Callable[[], Answer],
    ids: Callable[[Answer], Sequence[object]],
) -> Answer:
    """Have things created by ``send``, one for each of ``names``, by which the ledger finds them.

    ``ids`` reads from an accepted answer what the cloud calls them, in the same order. While a quota is
    full it is sent again: what was just deleted, or is being created by others, counts for a moment longer.
    """
    entries = [session.owe(kind, role, where) for where in names]

    def once() -> Answer:
        answer = send()
        status = answer.exchange.status
        if status in FULL and not answer.exchange.altered and (status == 413 or "quota" in answer.text.lower()):  # noqa: PLR2004
            raise answer.wrong("status", "an accepted request", f"{status} (the quota is full)")
        return answer

    answer = session.settle(once)
    if answer.exchange.altered:
        return answer
    if answer.exchange.status in (200, 201, 202):
        for entry, found in zip(entries, ids(answer), strict=False):
            session.learn(entry, id=str(found or ""))
    elif refused(answer):
        for entry in entries:
            session.settled(entry)
    return answer


def refused(answer: Answer) -> bool:
    """Say whether it is sure that what was asked for was not done."""
    exchange = answer.exchange
    clear = 400 <= exchange.status < 500 and exchange.status not in DOUBTFUL  # noqa: PLR2004 - HTTP
    return clear and not exchange.unsure and not exchange.altered


def told(answer: Answer, *keys: str) -> Any:  # noqa: ANN401 - a JSON value
    """Return what stands at these keys, or None: what is wrong with an answer's shape is for the test to say."""
    found: Any = answer.json()
    for key in keys:
        found = found.get(key) if isinstance(found, dict) else None
    return found


def deleted(session: Session, thing: str, answer: Answer) -> Answer:
    """Note of a deletion that was accepted that it need not be asked for again."""
    if answer.exchange.status in (202, 204) and not answer.exchange.altered:
        session.leaves(thing)
    return answer
