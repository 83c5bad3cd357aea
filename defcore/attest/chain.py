"""The chain of a trust policy's versions: read, checked whole, and compared with a chain or pin that is held already.

One file of JSON lines, an envelope a line, oldest first. Nothing that was granted ever vanishes from it: a grant can
end, or be revoked from a moment on. No version expires: an old report must stay verifiable when its roots are long
gone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from defcore.attest import dsse
from defcore.attest.canonical import sha256_hex
from defcore.attest.dsse import HINT
from defcore.attest.intoto import read_payload
from defcore.attest.stamp import read_stamp
from defcore.attest.trust import TRUST_TYPE, Policy, Trust, TrustStatement, Version, check_policy, name_digest
from defcore.errors import InputError, RefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from defcore.attest.keys import PublicKey
    from defcore.attest.trust import Grant


@dataclass(frozen=True, slots=True)
class Draft:
    """A chain that somebody is working on: what is in force, and a last version that still lacks signatures."""

    trust: Trust | None
    pending: Version | None


def split(data: bytes, file: str) -> list[bytes]:
    """Return the envelopes of a trust file, one a line. Raises InputError for an empty file."""
    lines = data.splitlines(keepends=True)
    if not lines:
        raise InputError("no-trust", "is empty", where=file, hint="'defcore trust init' begins a trust policy")
    return lines


def read(envelopes: Sequence[bytes], file: str, pin: str | None = None) -> Trust:
    """Check a chain from its first version to its last. Raises RefusedError; what is no envelope is an InputError.

    ``pin``: the digest that its first version must have; of a chain that begins elsewhere nothing more is read, so that
    nobody's own chain, however long, keeps a verifier busy.
    """
    if envelopes and pin is not None:
        check_pin(sha256_hex(dsse.parse(envelopes[0], file).payload), pin, file)
    draft = read_draft(envelopes, file)
    if draft.pending is not None:
        old = draft.trust.latest if draft.trust else None
        missing = lacking(old, draft.pending)
        _refuse("few-signatures", f"version {draft.pending.policy.version} lacks signatures: {missing}", file)
    if draft.trust is None:
        _refuse("no-trust", "holds no trust policy", file)
    return draft.trust


def read_draft(envelopes: Sequence[bytes], file: str) -> Draft:
    """Check a chain whose last version may still wait for signatures."""
    versions: list[Version] = []
    keys: dict[str, PublicKey] = {}
    for number, data in enumerate(envelopes, start=1):
        where = f"{file}, version {number}"
        version, keys = _read_version(data, versions[-1] if versions else None, keys, where)
        if lacking(versions[-1].policy if versions else None, version):
            if number == len(envelopes):
                return Draft(Trust(tuple(versions), keys) if versions else None, version)
            _refuse("unsigned-version", "lacks signatures, and was built upon", where)
        versions.append(version)
    return Draft(Trust(tuple(versions), keys) if versions else None, None)


def lacking(old: Policy | None, new: Version) -> str:
    """Say which signatures a version lacks; nothing when it has enough.

    It takes the threshold of the version before (attack: a thief's own roots) and its own (attack: roots that nobody
    holds, or that never agreed).
    """
    policies = [("the roots", new.policy)]
    if old is not None and old.roots != new.policy.roots:
        policies = [("the roots before", old), ("the new roots", new.policy)]
    found = []
    for name, policy in policies:
        here = len(set(new.signers) & set(policy.roots.keyids))
        if here < policy.roots.threshold:
            found.append(f"{here} of {policy.roots.threshold} by {name}")
    return ", ".join(found)


def check_pin(first: str, pin: str, file: str) -> None:
    """Refuse a chain that begins elsewhere (attack: a trust policy of the attacker's own)."""
    if first != pin:
        raise RefusedError(
            "other-pin",
            f"begins with the trust policy {first}, not with the one that you trust",
            where=file,
            hint="ask the authority for the digest of its first version",
        )


def newer(mine: Trust, theirs: Trust, file: str) -> Trust:
    """Return the longer of two chains, of which one must begin with the whole other.

    Attack: an old chain, from before a key was revoked, is handed to somebody who holds a newer one; or a fork.
    """
    pairs = zip(mine.versions, theirs.versions, strict=False)
    if any(one.digest != other.digest for one, other in pairs):
        _refuse("trust-fork", "holds another history of the trust policy than the one held here", file)
    return max(mine, theirs, key=lambda item: len(item.versions))


def _read_version(
    data: bytes, old: Version | None, known: Mapping[str, PublicKey], file: str
) -> tuple[Version, dict[str, PublicKey]]:
    envelope = dsse.parse(data, file)
    statement = read_payload(envelope.payload, file, {TRUST_TYPE: TrustStatement})
    policy = statement.predicate
    (subject,) = statement.subject
    if (subject.name, subject.digest.sha256) != (policy.authority, name_digest("authority", policy.authority)):
        _refuse("subject", "is about another authority than the one that it names", file)
    keys = check_policy(policy, known, file)
    digest = sha256_hex(envelope.payload)
    check_step(old, policy, file)
    roots = {*policy.roots.keyids, *(old.policy.roots.keyids if old else ())}
    signers = dsse.check_signatures(envelope, [keys[item] for item in sorted(roots)], file)
    return Version(policy, digest, signers, data), keys


def check_step(old: Version | None, new: Policy, file: str) -> None:
    """Refuse a version that does not follow from the one before: out of order, or with something taken away.

    Attacks: a version left out or put elsewhere; a key, grant or revocation that vanishes; a grant that is stretched.
    """
    before = (old.policy.version, old.digest) if old else (0, None)
    if (new.version - 1, new.previous) != before:
        _refuse("trust-order", f"calls itself version {new.version}, and does not follow the one before it", file)
    if old is None:
        return
    if read_stamp(new.issued_at) < read_stamp(old.policy.issued_at):
        _refuse("trust-time", "is older than the version before it", file)
    if new.authority != old.policy.authority:
        _refuse("trust-authority", "is of another authority than the version before it", file)
    if new.keys[: len(old.policy.keys)] != old.policy.keys:
        _refuse("key-vanished", "takes away a key of the version before it", file)
    if len(new.grants) < len(old.policy.grants):
        _refuse("grant-vanished", "takes away a grant of the version before it", file)
    for was, now in zip(old.policy.grants, new.grants, strict=False):
        if was != now:
            _check_grant(was, now, new.issued_at, file)


def _check_grant(was: Grant, now: Grant, issued_at: str, file: str) -> None:
    who = f"{was.role} for {was.party}"
    if (was.party, was.keyid, was.role, was.since) != (now.party, now.keyid, now.role, now.since):
        _refuse("grant-changed", f"changes the grant {who}, or takes it away", file)
    if was.until != now.until:
        if now.until is None or (was.until is not None and read_stamp(now.until) > read_stamp(was.until)):
            _refuse("grant-stretched", f"makes the grant {who} last longer; that takes a new one", file)
        if read_stamp(now.until or issued_at) < read_stamp(issued_at):
            _refuse("grant-cut", f"ends the grant {who} before it was said; that takes a revocation", file)
    if was.revoked is not None and was.revoked != now.revoked:
        later = now.revoked is None or read_stamp(now.revoked.valid_before) >= read_stamp(was.revoked.valid_before)
        if later:
            _refuse("grant-revived", f"takes back a revocation of the grant {who}", file)


def _refuse(code: str, what: str, file: str) -> NoReturn:
    raise RefusedError(code, what, where=file, hint=HINT)
