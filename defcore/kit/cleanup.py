"""How each kind of ledger entry is ended, in which order, and how what no ledger knows of is found on a cloud.

A handler is given the entry's ``where`` and must bear that it is gone already.
"""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from defcore.cloud.http import TroubleError
from defcore.kit.borrow import QUOTA
from defcore.kit.match import Each, nonempty
from defcore.kit.names import PREFIX
from defcore.kit.password import restore_password
from defcore.kit.resources import KINDS, end, find

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from defcore.kit.actor import Actor
    from defcore.kit.answer import Answer
    from defcore.kit.objectstore import ObjectStore
    from defcore.run.ledger import Entry

GONE = (200, 202, 204, 404)
READ = (200, 204)
PAUSES = (0, 0.1, 0.2, 0.5, 1, 2, 4, 8)
"""Seconds before each try to empty and delete a container: listings lag behind."""


def end_container(actor: Actor, where: dict[str, Any]) -> None:
    """Delete a container that only we know, with all that is in it; it is listed only if it is not empty then."""
    store, name = _account(actor, where.get("account")), where["name"]
    put = store.forget(name)
    if put and _emptied(store, name, put):
        return
    for pause in PAUSES:
        time.sleep(pause)
        deleted = store.delete_container(name)
        if deleted.exchange.status in GONE:
            return
        listing = store.get_container(name, limit="1000")
        if listing.exchange.status == 404:  # noqa: PLR2004 - HTTP
            return
        if listing.get("X-Versions-Location") or listing.get("X-History-Location"):
            # Else what is deleted here comes back from there, or cannot be moved there any more.
            store.post_container(name, {"X-Remove-Versions-Location": "x", "X-Remove-History-Location": "x"})
        if _emptied(store, name, _read(listing, f"listing container {name}").lines):
            return
    raise TroubleError(f"deleting container {name} ends with status {deleted.exchange.status}")


def _emptied(store: ObjectStore, name: str, objects: Sequence[str]) -> bool:
    """Delete objects of a container, and the container where that goes in one request; say whether it is gone."""
    left: Sequence[str] = objects
    if objects and "bulk_delete" in store.about():
        errors = _errors(store.delete_at_once(name, objects))
        if errors == []:
            return True
        # What cannot be deleted that way is deleted one by one; the container may only have been too early.
        left = [] if errors == [f"/{name}"] else objects
    for item in left:
        store.delete_object(name, item)
    return False


def _errors(answer: Answer) -> list[str] | None:
    """Return the paths that a bulk deletion could not delete; None for what is no answer of one."""
    try:
        told = json.loads(answer.content)
        done = str(told["Response Status"]).startswith("200")
        errors = [unquote(str(path)) for path, _ in told["Errors"]]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    return errors if errors or done else None


def restore_account_header(actor: Actor, where: dict[str, Any]) -> None:
    """Remove an account header that was not there before us, unless somebody has changed it since."""
    store, header = _account(actor, where.get("account")), where["header"]
    current = _read(store.head_account(), "reading the account").get(header)
    if current is None or hashlib.sha256(current.encode()).hexdigest() != where["sha256"]:
        return
    name = header.replace("X-Account-Meta-", "X-Remove-Account-Meta-", 1)
    _done(store.post_account({name: "x"}), f"restoring {header}")


def restore_account_quota(actor: Actor, where: dict[str, Any]) -> None:
    """Give an account the byte quota back that it had, if its quota now is one of ``ours`` (empty: none)."""
    store, old = _account(actor, where["account"]), where["old"]
    current = _read(store.head_account(), "reading the account").get(QUOTA) or ""
    if current == (old or "") or current not in where["ours"]:
        return
    headers = {QUOTA: old} if old else {"X-Remove-Account-Meta-Quota-Bytes": "x"}
    _done(store.post_account(headers), f"restoring {QUOTA}")


def _account(actor: Actor, url: str | None) -> ObjectStore:
    """Return the object store at an account's URL; our token goes to no other place than the catalogue says."""
    store = actor.object_store
    if url is None or url == store.url:
        return store
    if urlsplit(url)[:2] != urlsplit(store.url)[:2]:
        raise TroubleError(f"{url} is not on the object store of cloud {actor.target.credential.name}")
    return store.of(url)


def end_application_credential(actor: Actor, where: dict[str, Any]) -> None:
    """Delete an application credential of ours."""
    ids = [where["id"]] if where.get("id") else [item["id"] for item in _credentials(actor, name=where["name"])]
    for found in ids:
        _done(actor.identity.delete_credential(found), f"deleting application credential {where['name']}")


def _credentials(actor: Actor, **filters: str) -> list[dict[str, Any]]:
    """List the application credentials of a user; none where the cloud has no such thing."""
    answer = actor.identity.credentials(**filters)
    if answer.exchange.status in (403, 404):
        return []
    found: list[dict[str, Any]] = _read(answer, "listing application credentials").json()["application_credentials"]
    return found


@dataclass(frozen=True, slots=True)
class Found:
    """Something on a cloud that may be a run's: ``where`` finds it, ``made`` is its age in UNIX seconds, if told."""

    where: dict[str, Any]
    made: float | None = None


def find_containers(actor: Actor) -> Iterator[Found]:
    """List the containers of an account whose names begin as ours do."""
    store, marker = actor.object_store, ""
    while True:
        answer = _read(store.get_account(prefix=PREFIX, marker=marker, format="json"), "listing the account")
        page = answer.shape(Each({"name": nonempty}, least=0)).json() if answer.content else []
        if not page:
            return
        for item in page:
            yield Found({"name": item["name"], "account": store.url}, _moment(item.get("last_modified")))
        marker = page[-1]["name"]


def find_application_credentials(actor: Actor) -> Iterator[Found]:
    """List the application credentials of a user whose names begin as ours do."""
    for item in _credentials(actor):
        if str(item.get("name")).startswith(PREFIX):
            yield Found({"name": item["name"], "id": item["id"]})


def _moment(text: object) -> float | None:
    """Read the time that a listing gives, which is in UTC and says nothing of it."""
    try:
        return datetime.fromisoformat(str(text)).replace(tzinfo=UTC).timestamp()
    except ValueError:
        return None


def _read(answer: Answer, what: str) -> Answer:
    return _ended(answer, READ, what)


def _done(answer: Answer, what: str) -> Answer:
    return _ended(answer, GONE, what)


def _ended(answer: Answer, allowed: tuple[int, ...], what: str) -> Answer:
    if answer.exchange.status not in allowed:
        raise TroubleError(f"{what} ends with status {answer.exchange.status}", exchange=answer.exchange)
    return answer


def _find(kind: str, actor: Actor) -> Iterator[Found]:
    for where, made in find(kind, actor):
        yield Found(where, made)


HANDLERS: dict[str, Callable[[Actor, dict[str, Any]], Callable[[], bool] | None]] = {
    "container": end_container,
    "account-header": restore_account_header,
    "account-quota": restore_account_quota,
    "password": restore_password,
    "application-credential": end_application_credential,
    **{kind: partial(end, kind) for kind in KINDS},
}
"""Kind → what ends it, and gives what tells whether it is gone, if that takes a while.

The order is that of dependency: what needs something else stands before it.
"""

FINDERS: dict[str, tuple[str, Callable[[Actor], Iterator[Found]]]] = {
    "container": ("object-store", find_containers),
    "application-credential": ("identity", find_application_credentials),
    **{kind: (about.service, partial(_find, kind)) for kind, about in KINDS.items()},
}
"""Kind → the service that it belongs to, and what finds such things by name.

What is changed and not created has no name of ours: only a ledger knows of it.
"""


def in_order(entries: Sequence[Entry]) -> list[Entry]:
    """Put what is owed (oldest first) into the order in which it can be ended: by kind, then the newest first."""
    ranks = {kind: place for place, kind in enumerate(HANDLERS)}
    newest = list(reversed(entries))
    newest.sort(key=lambda entry: ranks.get(entry.kind, len(ranks)))
    return newest
