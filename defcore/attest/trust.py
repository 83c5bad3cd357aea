"""Who may sign for whom, in which role, from when until when: one version of a trust policy, and how it judges a key.

The versions hang together in a chain (``defcore.attest.chain``). A key is named by its SSH fingerprint, which is made
from its material, and the material stands beside the name: one key cannot count twice under two names.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Literal, NoReturn

from pydantic import AfterValidator, Field, StringConstraints

from defcore.attest.canonical import canonical, printable, sha256_hex
from defcore.attest.dsse import HINT
from defcore.attest.intoto import InToto
from defcore.attest.keys import PublicKey, read_public
from defcore.attest.stamp import read_stamp
from defcore.errors import InputError, RefusedError
from defcore.run.record import Digest, Stamp, Wire

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Mapping, Sequence

TRUST_TYPE = "urn:defcore:trust:v1"
MAX_TEXT = 2000


def _plain(text: str) -> str:
    if text != text.strip() or text != printable(text):
        raise ValueError("begins or ends with a blank, or holds a character that cannot be seen")
    return text


Words = Annotated[str, StringConstraints(min_length=1, max_length=MAX_TEXT), AfterValidator(_plain)]
"""Words for people, on one line: two names that look alike on paper are not told apart by blanks or invisible marks."""


class Role(StrEnum):
    """What a key may be used for.

    ``vendor`` signs reports on the products of its party; ``lab`` and ``runner`` sign reports on anybody's product;
    ``authority`` decides (approve, admit, award, revoke); ``reviewer`` may sign a decision beside the authority.
    """

    VENDOR = "vendor"
    LAB = "lab"
    RUNNER = "runner"
    REVIEWER = "reviewer"
    AUTHORITY = "authority"


class Key(Wire):
    """A key: its fingerprint, and its OpenSSH public line without comment, of which the fingerprint is made."""

    keyid: str
    public: str


class Revoked(Wire):
    """The grant counts only for what was signed before ``valid_before``."""

    valid_before: Stamp
    reason: Words


class Grant(Wire):
    """A key may sign for a party in a role, from ``since`` (inclusive) until ``until`` (exclusive; null: open)."""

    party: Words
    keyid: str
    role: Role
    since: Stamp
    until: Stamp | None
    revoked: Revoked | None


class Roots(Wire):
    """The keys that change the policy, and how many of them it takes."""

    threshold: int = Field(ge=1)
    keyids: tuple[str, ...] = Field(min_length=1)


class Quorum(Wire):
    """How many keys of the role ``authority`` each decision takes."""

    approve: int = Field(default=1, ge=1, le=99)
    admit: int = Field(default=1, ge=1, le=99)
    award: int = Field(default=1, ge=1, le=99)
    revoke: int = Field(default=1, ge=1, le=99)


class Policy(Wire):
    """One version. ``previous`` is the sha256 of the previous version's payload, null in the first."""

    authority: Words
    version: int = Field(ge=1)
    previous: Digest | None
    issued_at: Stamp
    roots: Roots
    quorum: Quorum
    keys: tuple[Key, ...]
    grants: tuple[Grant, ...]


class TrustStatement(InToto):
    """A version as an in-toto statement about the authority's name."""

    predicateType: Literal["urn:defcore:trust:v1"]  # noqa: N815 - in-toto's own spelling
    predicate: Policy


def name_digest(kind: str, name: str) -> str:
    """Return the digest by which a statement names a party: the sha256 of the RFC 8785 bytes of ``{kind: name}``."""
    return sha256_hex(canonical({kind: name}))


@dataclass(frozen=True, slots=True)
class Version:
    """One version as it was signed: ``digest`` is the sha256 of its payload, ``data`` the envelope."""

    policy: Policy
    digest: str
    signers: tuple[str, ...]
    data: bytes


@dataclass(frozen=True, slots=True)
class Trust:
    """A chain whose every version was checked. ``keys`` are all that it ever named, by keyid."""

    versions: tuple[Version, ...]
    keys: Mapping[str, PublicKey]

    @property
    def pin(self) -> str:
        """Return the digest of the first version, by which the whole chain is known."""
        return self.versions[0].digest

    @property
    def latest(self) -> Policy:
        """Return the version that counts. It still holds everything that was ever granted."""
        return self.versions[-1].policy

    def policy_at(self, moment: dt.datetime) -> Policy:
        """Return the version that counted at a moment; before the first one, the first one."""
        found = [item.policy for item in self.versions if read_stamp(item.policy.issued_at) <= moment]
        return found[-1] if found else self.versions[0].policy

    def grants(self, keyid: str, roles: Collection[Role], vendor: str | None = None) -> list[Grant]:
        """Return a key's grants in these roles; of the vendors' only those of ``vendor``, if one is named."""
        return [
            item
            for item in self.latest.grants
            if item.keyid == keyid
            and item.role in roles
            and (vendor is None or item.role is not Role.VENDOR or item.party == vendor)
        ]


def in_time(grant: Grant, moment: dt.datetime) -> bool:
    """Tell whether ``moment`` lies between a grant's beginning and end."""
    return read_stamp(grant.since) <= moment and (grant.until is None or moment < read_stamp(grant.until))


def is_revoked(grant: Grant, moment: dt.datetime) -> bool:
    """Tell whether what was signed at ``moment`` no longer counts."""
    return grant.revoked is not None and moment >= read_stamp(grant.revoked.valid_before)


def standing(grant: Grant, moment: dt.datetime) -> str:
    """Say in one word where a grant stands at a moment: good, revoked, ended or yet to begin."""
    if is_revoked(grant, moment):
        return "revoked"
    if in_time(grant, moment):
        return "good"
    return "ended" if read_stamp(grant.since) <= moment else "yet to begin"


def check_role(
    trust: Trust,
    signers: Sequence[str],
    roles: Collection[Role],
    moment: dt.datetime,
    file: str,
    *,
    vendor: str | None = None,
) -> tuple[Grant, ...]:
    """Return for each signer the grant by which it could sign at ``moment``, or raise RefusedError.

    The moment is the signer's own word (there is no log yet). What was signed before a revocation keeps its worth:
    revocation must not kill honest history.
    """
    found = []
    for keyid in signers:
        named = trust.grants(keyid, roles, vendor)
        if not named:
            _refuse_key("not-granted", f"is signed with {keyid}, which {_no_grant(trust, keyid, roles, vendor)}", file)
        timely = [item for item in named if in_time(item, moment)]
        if not timely:
            _refuse_key(
                "outside-grant", f"is dated {moment:%F}, when the key {keyid} could not sign: {_span(named)}", file
            )
        sound = [item for item in timely if not is_revoked(item, moment)]
        if not sound:
            _refuse_key(
                "revoked-key", f"is dated {moment:%F}, and the key {keyid} counts no longer: {_why(timely)}", file
            )
        found.append((sound or timely or named)[0])
    return tuple(found)


def check_policy(policy: Policy, known: Mapping[str, PublicKey], file: str) -> dict[str, PublicKey]:
    """Check one version by itself and return its keys by keyid; ``known`` are those that were read before.

    Refuses a key under another name than its own, or twice (attack: one key counts as two), roots and grants of keys
    that are not there, a threshold that cannot be met, and times that do not exist.
    """
    keys: dict[str, PublicKey] = {}
    for item in policy.keys:
        key = known.get(item.keyid) or _read_key(item, file)
        if (key.keyid, key.line) != (item.keyid, item.public):
            _refuse(
                "key-name", f"calls a key {printable(item.keyid)} that is {key.keyid}: one key under two names", file
            )
        if item.keyid in keys:
            _refuse("double-key", f"names the key {key.keyid} twice", file)
        keys[item.keyid] = key
    for keyid in (*policy.roots.keyids, *(item.keyid for item in policy.grants)):
        if keyid not in keys:
            _refuse("no-key", f"speaks of a key {printable(keyid)} that it does not hold", file)
    if len(set(policy.roots.keyids)) < len(policy.roots.keyids):
        _refuse("double-root", "counts one root key twice", file)
    if policy.roots.threshold > len(policy.roots.keyids):
        _refuse("threshold", "asks for more root keys than it has", file)
    _check_stamps(policy, file)
    return keys


def _check_stamps(policy: Policy, file: str) -> None:
    stamps = [policy.issued_at]
    for item in policy.grants:
        stamps += [item.since, item.until or item.since]
        stamps += [item.revoked.valid_before] if item.revoked else []
    for stamp in stamps:
        try:
            read_stamp(stamp)
        except InputError as error:
            _refuse("bad-time", f"holds a time that does not exist: {error.what}", file)
    for item in policy.grants:
        if item.until is not None and read_stamp(item.until) < read_stamp(item.since):
            _refuse("grant-span", f"holds a grant for {item.party} that ends before it begins", file)


def _read_key(item: Key, file: str) -> PublicKey:
    try:
        return read_public(item.public.encode(), file)
    except InputError as error:
        _refuse("bad-key", f"holds a key that cannot be read: {error.what}", file)


def _no_grant(trust: Trust, keyid: str, roles: Collection[Role], vendor: str | None) -> str:
    held = sorted({f"{item.role} for {item.party}" for item in trust.latest.grants if item.keyid == keyid})
    wanted = " or ".join(f"{role} for {vendor}" if vendor and role is Role.VENDOR else role.value for role in roles)
    return f"may not sign as {printable(wanted)} (it was granted: {', '.join(held) or 'nothing'})"


def _span(grants: Sequence[Grant]) -> str:
    spans = [
        f"{item.role} for {item.party} from {item.since} {f'until {item.until}' if item.until else 'on'}"
        for item in grants
    ]
    return " and ".join(spans)


def _why(grants: Sequence[Grant]) -> str:
    return " and ".join(
        f"revoked for what was signed from {item.revoked.valid_before} on ({item.revoked.reason})"
        for item in grants
        if item.revoked is not None
    )


def _refuse(code: str, what: str, file: str) -> NoReturn:
    raise RefusedError(code, what, where=file, hint=HINT)


def _refuse_key(code: str, what: str, file: str) -> NoReturn:
    raise RefusedError(code, what, where=file, hint="the trust policy says who may sign what, and when")
