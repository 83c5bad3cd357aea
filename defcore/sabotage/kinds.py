"""The kinds of fault: the one place where each stands, with what it breaks and what it needs.

``docs/sabotage.md`` repeats this table, and a test holds both to each other.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from defcore.errors import InputError
from defcore.sabotage import answers, documents, later, listings
from defcore.sabotage.reading import good

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from defcore.cloud.http import Exchange

    Spoil = Callable[[Exchange, Sequence[Exchange], str], Exchange]

PATIENCE = 10.0
"""Seconds that a test waits for a state while a fault is armed; on reference clouds states take about one."""
SHORT = 3.0


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of fault. ``says`` is what the cloud then does, ``needs`` what it is made of.

    ``answer``: an answer of the operation by itself; ``earlier``: and answers before it; ``later``: the operation was
    carried out, and it shows in answers of others. ``spoil`` is a pure function of an answer, the exchanges before it,
    and the operation. A test waits ``wait`` seconds at most for a state that might never come.
    """

    id: str
    says: str
    needs: Literal["answer", "earlier", "later"]
    spoil: Spoil
    wait: float = PATIENCE


_TABLE = (
    Kind("wrong-status", "a success has another code of success", "answer", answers.wrong_status),
    Kind("missing-member", "a member of the resource is missing", "answer", documents.missing_member),
    Kind(
        "extra-member",
        "the resource has a member that its microversion does not know",
        "answer",
        documents.extra_member,
    ),
    Kind("renamed-member", "a member of the resource has another name", "answer", documents.renamed_member),
    Kind("wrong-type", "a member of the resource has a value of another type", "answer", documents.wrong_type, SHORT),
    Kind("null-member", "a member of the resource is null", "answer", documents.null_member, SHORT),
    Kind("wrong-value", "a member whose value is known has another one", "earlier", documents.wrong_value, SHORT),
    Kind("lost-metadata", "metadata, properties and tags are forgotten", "answer", documents.lost_metadata),
    Kind("name-truncated", "names lack their last character", "answer", documents.name_truncated),
    Kind("non-ascii-mangled", "characters beyond ASCII are question marks", "answer", documents.non_ascii_mangled),
    Kind("endless-state", "a state that was to be reached never is", "answer", documents.endless_state, SHORT),
    Kind("missing-header", "a documented header is missing", "answer", answers.missing_header),
    Kind("wrong-header", "a documented header has another value", "answer", answers.wrong_header),
    Kind("microversion-ignored", "not the version asked for answers", "answer", answers.microversion_ignored),
    Kind("dead-link", "links lead nowhere", "answer", answers.dead_link),
    Kind("damaged-content", "the last byte of what was stored is another", "answer", answers.damaged_content),
    Kind("error-as-success", "a refusal has the status 200", "answer", answers.error_as_success),
    Kind(
        "error-without-body", "a refusal says nothing, where JSON is to say why", "answer", answers.error_without_body
    ),
    Kind("wrong-error", "a refusal has another 4xx code", "answer", answers.wrong_error),
    Kind("server-error", "what is to be refused ends as a 500", "answer", answers.server_error),
    Kind("list-emptied", "a list has nothing in it", "answer", listings.list_emptied),
    Kind("wrong-order", "a list whose order is promised is turned around", "answer", listings.wrong_order),
    Kind("limit-ignored", "a page has one item more than was asked for", "answer", listings.limit_ignored),
    Kind("page-drops", "a page lacks its first item", "answer", listings.page_drops),
    Kind("page-repeats", "a page begins with the last item of the one before", "earlier", listings.page_repeats),
    Kind("filter-ignored", "a list has an item that its filter excludes", "earlier", listings.filter_ignored),
    Kind("foreign-visible", "a list has an item of another project", "answer", listings.foreign_visible),
    Kind("stale-read", "a read is answered as it was the first time", "earlier", later.stale_read, SHORT),
    Kind("lost-update", "a change is accepted and not made", "later", later.lost_update, SHORT),
    Kind("not-created", "what was made is not there", "later", later.not_created, SHORT),
    Kind("delete-not-done", "what was deleted is still there", "later", later.delete_not_done, SHORT),
    Kind("action-not-done", "an action is accepted and not done", "later", later.action_not_done, SHORT),
)
KINDS = {kind.id: kind for kind in _TABLE}


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One promise of one operation, broken: what is armed for a run of a test, or for a proxy."""

    operation: str
    kind: str

    def __str__(self) -> str:
        """Write it as the command line takes it."""
        return f"{self.kind} {self.operation}"

    def alter(self, now: Exchange, before: Sequence[Exchange]) -> Exchange:
        """Return what the lying cloud answers: ``now`` itself where the fault changes nothing."""
        kind = KINDS[self.kind]
        if kind.needs != "later" and now.operation != self.operation:
            return now
        if now.status == 0 or (not good(now) and now.status < 400):  # noqa: PLR2004 - redirections are let through
            return now
        return changed(now, kind.spoil(now, before, self.operation))


def changed(now: Exchange, found: Exchange) -> Exchange:
    """Mark an answer as altered, if it is."""
    if (found.status, found.headers, found.body) == (now.status, now.headers, now.body):
        return now
    return replace(found, altered=True)


def read_fault(word: str, operations: Sequence[str]) -> Fault:
    """Read ``KIND OPERATION`` as a user writes it. Raises InputError."""
    kind, _, operation = " ".join(word.split()).partition(" ")
    if kind not in KINDS:
        hint = f"kinds are: {', '.join(KINDS)}"
        raise InputError("unknown-fault", f"{kind!r} is no kind of fault", hint=hint)
    if operation not in operations:
        near = [item for item in operations if operation and operation.lower() in item.lower()]
        said = f"such as {', '.join(near[:3])}" if near else "'defcore suite show TEST' names those of a test"
        raise InputError("unknown-operation", f"no test is about an operation {operation!r}", hint=said)
    return Fault(operation, kind)
