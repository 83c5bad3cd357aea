"""How each kind of ledger entry is ended.

A handler is given the entry's ``where`` and must bear that it is gone already.
"""

from __future__ import annotations

import hashlib
import time
from typing import TYPE_CHECKING, Any

from defcore.cloud.http import TroubleError
from defcore.kit.borrow import QUOTA

if TYPE_CHECKING:
    from collections.abc import Callable

    from defcore.kit.actor import Actor
    from defcore.kit.answer import Answer

GONE = (200, 202, 204, 404)
READ = (200, 204)
PAUSES = (0, 0.1, 0.2, 0.5, 1, 2, 4, 8)
"""Seconds before each try to empty and delete a container: listings lag behind."""


def end_container(actor: Actor, where: dict[str, Any]) -> None:
    """Delete a container that only we know, with all that is in it."""
    store, name = actor.object_store, where["name"]
    for pause in PAUSES:
        time.sleep(pause)
        listing = store.get_container(name, limit="1000")
        if listing.exchange.status == 404:  # noqa: PLR2004 - HTTP
            return
        for item in _read(listing, f"listing container {name}").lines:
            store.delete_object(name, item)
        deleted = store.delete_container(name)
        if deleted.exchange.status in GONE:
            return
    raise TroubleError(f"deleting container {name} ends with status {deleted.exchange.status}")


def restore_account_header(actor: Actor, where: dict[str, Any]) -> None:
    """Remove an account header that was not there before us, unless somebody has changed it since."""
    store, header = actor.object_store, where["header"]
    url = where.get("account") or store.url
    current = _read(store.head_account(url=url), "reading the account").get(header)
    if current is None or hashlib.sha256(current.encode()).hexdigest() != where["sha256"]:
        return
    name = header.replace("X-Account-Meta-", "X-Remove-Account-Meta-", 1)
    _done(store.post_account({name: "x"}, url=url), f"restoring {header}")


def restore_account_quota(actor: Actor, where: dict[str, Any]) -> None:
    """Give an account the byte quota back that it had, if its quota now is one of ``ours`` (empty: none)."""
    store, url, old = actor.object_store, where["account"], where["old"]
    current = _read(store.head_account(url=url), "reading the account").get(QUOTA) or ""
    if current == (old or "") or current not in where["ours"]:
        return
    headers = {QUOTA: old} if old else {"X-Remove-Account-Meta-Quota-Bytes": "x"}
    _done(store.post_account(headers, url=url), f"restoring {QUOTA}")


def _read(answer: Answer, what: str) -> Answer:
    return _ended(answer, READ, what)


def _done(answer: Answer, what: str) -> Answer:
    return _ended(answer, GONE, what)


def _ended(answer: Answer, allowed: tuple[int, ...], what: str) -> Answer:
    if answer.exchange.status not in allowed:
        raise TroubleError(f"{what} ends with status {answer.exchange.status}", answer.exchange.request)
    return answer


HANDLERS: dict[str, Callable[[Actor, dict[str, Any]], None]] = {
    "container": end_container,
    "account-header": restore_account_header,
    "account-quota": restore_account_quota,
}
