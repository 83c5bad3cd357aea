"""What ``defcore trust`` changes: each class or function makes the next version of a policy out of the last one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from pydantic import ValidationError

from defcore.attest import chain, cosign
from defcore.attest.intoto import wrap, write
from defcore.attest.stamp import read_stamp
from defcore.attest.trust import (
    TRUST_TYPE,
    Grant,
    Key,
    Policy,
    Quorum,
    Revoked,
    Role,
    Roots,
    Trust,
    TrustStatement,
    name_digest,
)
from defcore.errors import InputError, RefusedError
from defcore.strictjson import first_wrong

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence

    from defcore.attest.keys import PublicKey, Signer

    Change: TypeAlias = Callable[[Trust | None, str], Policy]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A trust file with a further version: ``lacking`` says in words which signatures it waits for, or nothing.

    ``pin`` is the digest of the first version; signatures do not change it.
    """

    data: bytes
    pin: str
    number: int
    lacking: str


def begin(authority: str, roots: Sequence[PublicKey], threshold: int, quorum: Mapping[str, int]) -> Change:
    """Begin a policy: its authority's name, its roots, how many keys each change and each decision takes."""

    def change(trust: Trust | None, issued_at: str) -> Policy:
        if trust is not None:
            hint = "name another file: a trust policy is begun once"
            raise InputError("trust-begun", "a trust policy has begun there already", hint=hint)
        return Policy(
            authority=authority,
            version=1,
            previous=None,
            issued_at=issued_at,
            roots=Roots(threshold=threshold, keyids=tuple(key.keyid for key in roots)),
            quorum=Quorum(**quorum),
            keys=_with_keys((), roots),
            grants=(),
        )

    return change


@dataclass(frozen=True, slots=True)
class Granting:
    """What to grant: a key may sign for a party in a role. ``since``: null means from the change's own time."""

    party: str
    role: Role
    key: PublicKey
    since: str | None = None
    until: str | None = None

    def __call__(self, trust: Trust | None, issued_at: str) -> Policy:
        """Return the next version with the grant added."""
        last = _begun(trust).latest
        since = self.since or issued_at
        for item in last.grants:
            same = (item.party, item.role, item.keyid) == (self.party, self.role, self.key.keyid)
            if same and item.revoked is None and (item.until is None or read_stamp(item.until) > read_stamp(since)):
                what = f"{self.key.keyid} may sign as {self.role} for {self.party} already"
                raise InputError("granted-already", what, hint="'defcore trust show' lists all grants")
        grant = Grant(
            party=self.party, keyid=self.key.keyid, role=self.role, since=since, until=self.until, revoked=None
        )
        return _next(trust, issued_at, keys=_with_keys(last.keys, [self.key]), grants=(*last.grants, grant))


@dataclass(frozen=True, slots=True)
class Revoking:
    """What to revoke: every grant of a key counts only for what was signed before a moment (null: the change's own)."""

    keyid: str
    reason: str
    valid_before: str | None = None

    def __call__(self, trust: Trust | None, issued_at: str) -> Policy:
        """Return the next version with the revocation entered."""
        last = _begun(trust).latest
        revoked = Revoked(valid_before=self.valid_before or issued_at, reason=self.reason)
        moment = read_stamp(revoked.valid_before)
        grants = tuple(
            item.model_copy(update={"revoked": revoked})
            if item.keyid == self.keyid
            and (item.revoked is None or moment < read_stamp(item.revoked.valid_before))
            and (item.until is None or moment < read_stamp(item.until))
            else item
            for item in last.grants
        )
        if grants == last.grants:
            what = f"{self.keyid} has no grant that this would change"
            raise InputError("nothing-to-revoke", what, hint="a root key is replaced with 'defcore trust rotate'")
        return _next(trust, issued_at, grants=grants)


@dataclass(frozen=True, slots=True)
class Rotating:
    """One key takes another's place, among the roots and in its grants; or the thresholds change.

    Without ``old`` the new key becomes a further root; without ``new`` the old root goes. Old grants end, and new ones
    begin.
    """

    old: str | None = None
    new: PublicKey | None = None
    threshold: int | None = None
    quorum: Mapping[str, int] = field(default_factory=dict)

    def __call__(self, trust: Trust | None, issued_at: str) -> Policy:
        """Return the next version with the change entered."""
        last = _begun(trust).latest
        live = [
            item
            for item in last.grants
            if item.keyid == self.old and (item.until is None or read_stamp(item.until) > read_stamp(issued_at))
        ]
        if self.old is not None and self.old not in last.roots.keyids and not (live and self.new):
            what = f"{self.old} is no root, and has no grant that a new key could take over"
            raise InputError("nothing-to-rotate", what, hint="'defcore trust show' lists roots and grants")
        grants = [_ended(item, issued_at) if item in live else item for item in last.grants]
        if self.new is not None:
            grants += [
                item.model_copy(update={"keyid": self.new.keyid, "since": issued_at})
                for item in live
                if item.revoked is None
            ]
        made = _next(
            trust,
            issued_at,
            roots=Roots(threshold=self.threshold or last.roots.threshold, keyids=self._roots(last)),
            quorum=Quorum(**(last.quorum.model_dump() | dict(self.quorum))),
            keys=_with_keys(last.keys, [self.new] if self.new else []),
            grants=tuple(grants) if self.new is not None else last.grants,
        )
        if (made.roots, made.quorum, made.grants) == (last.roots, last.quorum, last.grants):
            raise InputError("nothing-to-rotate", "that would change nothing", hint="name a key, or a new threshold")
        return made

    def _roots(self, last: Policy) -> tuple[str, ...]:
        found = list(last.roots.keyids)
        if self.new is not None and (self.old is None or self.old in found) and self.new.keyid not in found:
            found.insert(found.index(self.old) if self.old else len(found), self.new.keyid)
        if self.old in found:
            found.remove(self.old)
        return tuple(found)


def change(data: bytes | None, what: Change, signer: Signer, now: dt.datetime, file: str) -> Proposal:
    """Sign a change to a trust file (``None``: there is none yet), or join the one that waits there.

    Returns the whole new file. Nothing that does not follow from the chain is ever signed: the result is read again.
    Raises InputError, RefusedError.
    """
    lines = chain.split(data, file) if data is not None else []
    draft = chain.read_draft(lines, file)
    keyid = signer.public.keyid

    def build(issued_at: str) -> bytes:
        return _payload(what, draft.trust, issued_at, file)

    if draft.pending is None:
        lines.append(cosign.propose(build, signer, now))
    else:
        lines[-1] = cosign.join(lines[-1], draft.pending.policy.issued_at, build, signer, file)
    try:
        made = chain.read_draft(lines, file)
    except RefusedError as error:
        if error.code == "unknown-key":
            hint = "only the root keys change a trust policy: 'defcore trust show' lists them"
            raise InputError("no-root", f"the key {keyid} is none of its roots", where=file, hint=hint) from error
        hint = "'defcore trust show' lists what stands there"
        raise InputError(error.code, f"cannot be changed so: it {error.what}", where=file, hint=hint) from error
    old, last = made.trust, made.pending
    first = old.versions[0] if old else last
    waits = chain.lacking(old.latest if old else None, last) if last else ""
    return Proposal(b"".join(lines), first.digest if first else "", len(lines), waits)


def _payload(what: Change, trust: Trust | None, issued_at: str, file: str) -> bytes:
    try:
        policy = what(trust, issued_at)
        digest = name_digest("authority", policy.authority)
        statement = TrustStatement.model_validate(wrap(policy.authority, digest, TRUST_TYPE, policy))
    except ValidationError as error:
        raise InputError("bad-words", first_wrong(error), where=file, hint="correct it") from error
    return write(statement)


def _next(trust: Trust | None, issued_at: str, **more: object) -> Policy:
    last = _begun(trust).versions[-1]
    update = {"version": last.policy.version + 1, "previous": last.digest, "issued_at": issued_at, **more}
    return last.policy.model_copy(update=update)


def _begun(trust: Trust | None) -> Trust:
    if trust is None:
        hint = "the further roots give the command that began it"
        raise InputError("not-begun", "the trust policy's first version waits for signatures", hint=hint)
    return trust


def _ended(grant: Grant, moment: str) -> Grant:
    end = moment if read_stamp(moment) > read_stamp(grant.since) else grant.since
    return grant.model_copy(update={"until": end})


def _with_keys(keys: Sequence[Key], more: Sequence[PublicKey]) -> tuple[Key, ...]:
    known = {item.keyid: item for item in keys}
    for key in more:
        known.setdefault(key.keyid, Key(keyid=key.keyid, public=key.line))
    return tuple(known.values())
