"""An authority with three roots and a board of two, a vendor, a lab; and the tools of those among them who lie."""

from __future__ import annotations

import base64
import datetime as dt
import functools
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from defcore.attest import acts, bundle, chain, decide, dsse, judge, keys, policy
from defcore.attest.canonical import canonical, sha256_hex
from defcore.attest.trust import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from defcore.attest.trust import Trust

    from .conftest import House

Anything: TypeAlias = Any
BEGIN = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
DECIDED = dt.datetime(2026, 12, 1, tzinfo=dt.UTC)
TODAY = dt.datetime(2027, 1, 15, tzinfo=dt.UTC)
SINCE, UNTIL = "2026-01-01T00:00:00Z", "2027-12-01T00:00:00Z"


def opened(envelope: bytes) -> Anything:
    """Return the payload of an envelope as a plain JSON value to tamper with."""
    return json.loads(base64.b64decode(json.loads(envelope)["payload"]))


def keep(value: Anything) -> None:
    """Change nothing."""
    del value


@dataclass
class World:
    """Everybody's keys, an honest trust policy, honest acts, and whatever a test makes of them."""

    house: House
    roots: list[keys.PrivateKey] = field(default_factory=lambda: [keys.generate() for _ in range(3)])
    board: list[keys.PrivateKey] = field(default_factory=lambda: [keys.generate(), keys.generate("p256")])
    lab: keys.PrivateKey = field(default_factory=keys.generate)
    reviewer: keys.PrivateKey = field(default_factory=keys.generate)
    rival: keys.PrivateKey = field(default_factory=keys.generate)
    stranger: keys.PrivateKey = field(default_factory=keys.generate)

    def change(
        self, lines: Sequence[bytes], what: policy.Change, signers: Sequence[keys.PrivateKey], now: dt.datetime = BEGIN
    ) -> list[bytes]:
        """Have several people sign one change to a trust file, one after the other."""
        data = b"".join(lines) or None
        for signer in signers:
            data = policy.change(data, what, signer, now, "trust.jsonl").data
        return chain.split(data or b"", "trust.jsonl")

    def granting(self, party: str, role: str, key: keys.PrivateKey, **more: Anything) -> policy.Granting:
        """Word a grant."""
        return policy.Granting(party, Role(role), key.public, **({"since": SINCE} | more))

    @functools.cached_property
    def lines(self) -> list[bytes]:
        """Return an honest chain of seven versions, two of three roots under each."""
        two = self.roots[:2]
        begin = policy.begin("Board", [key.public for key in self.roots], 2, {"approve": 2})
        lines = self.change([], begin, two)
        for party, role, key in (
            ("Board", "authority", self.board[0]),
            ("Board", "authority", self.board[1]),
            ("Acme", "vendor", self.house.key),
            ("Rival", "vendor", self.rival),
            ("Lab", "lab", self.lab),
            ("Eyes", "reviewer", self.reviewer),
        ):
            lines = self.change(lines, self.granting(party, role, key), two)
        return lines

    @functools.cached_property
    def trust(self) -> Trust:
        """Return the honest chain, checked."""
        return self.read(self.lines)

    def read(self, lines: Sequence[bytes]) -> Trust:
        """Check a chain."""
        return chain.read(lines, "trust.jsonl")

    def forge_version(
        self, lines: Sequence[bytes], change: Callable[[Anything], object], signers: Sequence[keys.PrivateKey]
    ) -> list[bytes]:
        """Append a version that says whatever its signers like, in perfect form."""
        statement = opened(lines[-1])
        found = statement["predicate"]
        digest = sha256_hex(base64.b64decode(json.loads(lines[-1])["payload"]))
        found.update(version=found["version"] + 1, previous=digest)
        change(found)
        return [*lines, dsse.seal(canonical(statement), signers)]

    def forge(self, envelope: bytes, change: Callable[[Anything], object], signers: Sequence[keys.PrivateKey]) -> bytes:
        """Change a statement and sign it again."""
        statement = opened(envelope)
        change(statement)
        return dsse.seal(canonical(statement), signers)

    def issue(
        self, build: decide.Build, signers: Sequence[keys.PrivateKey], now: dt.datetime = DECIDED, **more: Anything
    ) -> bytes:
        """Have several people sign one act, one after the other."""
        data = None
        trust = more.pop("trust", self.trust)
        for signer in signers:
            data = decide.issue(build, signer, trust, now, joining=data, file="act.json").data
        return data or b""

    @functools.cached_property
    def approval(self) -> bytes:
        """Return the approval of the house's guideline, by both of the board."""
        return self.issue(decide.approve(self.trust, self.house.source), self.board)

    @functools.cached_property
    def admission(self) -> bytes:
        """Return Acme's admission."""
        build = decide.admit(self.trust, "Acme", since=None, until=None, conditions=["in Europe only"])
        return self.issue(build, self.board[:1])

    def awarding(self, report: bytes | None = None, **more: Anything) -> decide.Awarding:
        """Word an award over a report."""
        decisions = more.pop("decisions", (self.approval, self.admission))
        parts = bundle.Parts(report or self.house.signed, tuple(self.lines), tuple(decisions))
        found = judge.judge(parts, self.trust, at=DECIDED)
        words: dict[str, Any] = {"until": UNTIL, "defcore": "0.1.0"} | more
        return decide.Awarding(trust=self.trust, report=found.report, decisions=found.decisions, **words)

    @functools.cached_property
    def award(self) -> bytes:
        """Return an honest award, valid for a year."""
        return self.issue(self.awarding(conditions=["test again after an upgrade"]), self.board[:1])

    def withdrawing(self, award: bytes | None = None, **more: Anything) -> decide.Withdrawing:
        """Word a revocation."""
        made = acts.read(award or self.award, self.trust, "award.json")
        words: dict[str, Any] = {"reason": "the cloud was changed"} | more
        return decide.Withdrawing(self.trust, made, "0.1.0", **words)

    @functools.cached_property
    def revocation(self) -> bytes:
        """Return the revocation of the honest award, two weeks after it."""
        return self.issue(self.withdrawing(), self.board[1:], DECIDED + dt.timedelta(days=14))

    def pack(self, *acts: bytes, report: bytes | None = None, lines: Sequence[bytes] | None = None) -> bytes:
        """Pack a bundle."""
        parts = bundle.Parts(report or self.house.signed, tuple(self.lines if lines is None else lines), acts)
        return bundle.dump(parts, "bundle.json")

    @functools.cached_property
    def bundle(self) -> bytes:
        """Return the honest bundle of an awarded product."""
        return self.pack(self.approval, self.admission, self.award)

    def judge(
        self, data: bytes, at: dt.datetime = TODAY, trusted: Anything = None, **more: Anything
    ) -> judge.Judgement:
        """Verify a bundle as somebody who knows the authority's pin, or holds a chain."""
        parts = bundle.parse(data, "bundle.json")
        trust = judge.anchor(parts, trusted or self.trust.pin, "bundle.json")
        return judge.judge(parts, trust, at=at, file="bundle.json", **more)
