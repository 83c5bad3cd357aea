"""What is submitted, what is known, what is found: the plain values of the registry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from defcore.registry.rules import RULES, Severity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from defcore.attest.acts import Decision
    from defcore.attest.judge import Judgement
    from defcore.attest.trust import Trust
    from defcore.guideline.model import GuidelineFile
    from defcore.registry.settings import Settings


@dataclass(frozen=True, slots=True)
class Submission:
    """Exact bytes, nothing about them checked yet. ``trust``: the envelopes of the policy that they brought along.

    ``full`` is the report that only reviewers see, ``public`` the one that is shown.
    """

    full: bytes | None = None
    public: bytes | None = None
    acts: tuple[bytes, ...] = ()
    trust: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that is not kept, where, and in which way."""

    rule: str
    where: str
    what: str

    @property
    def severity(self) -> Severity:
        """Return what this finding does."""
        return RULES[self.rule].severity


@dataclass(frozen=True, slots=True)
class Entry:
    """A report in the registry. ``place`` is its folder below the root; ``digest`` is the sha256 of the full report."""

    place: str
    digest: str
    vendor: str
    product: str
    version: str
    guideline: str
    guideline_digest: str
    program: str
    run: str
    target: str


class Seen(Protocol):
    """What the registry holds already, however it is kept: in memory, or in an index on disk."""

    def by_digest(self, digest: str) -> Sequence[Entry]:
        """Return the entries of one full report."""

    def by_run(self, run: str) -> Sequence[Entry]:
        """Return the entries that rest on one run."""


@dataclass(frozen=True, slots=True)
class Known:
    """All that admission is judged by, beside the bytes and the time.

    ``acts`` are the authority's, each checked already; ``guidelines`` are all that the registry takes reports on.
    """

    settings: Settings
    trust: Trust
    acts: tuple[Decision, ...]
    guidelines: Mapping[str, GuidelineFile]
    seen: Seen


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a submission. ``entry`` is None when the reports could not be read.

    ``public`` and ``full`` are the reports as they were judged, if they hold. ``there`` is the place at which this very
    report lies already: submitting it once more changes nothing.
    """

    findings: tuple[Finding, ...]
    entry: Entry | None = None
    public: Judgement | None = None
    full: Judgement | None = None
    acts: tuple[Decision, ...] = ()
    there: str | None = None

    @property
    def refused(self) -> bool:
        """Tell whether it must not be stored."""
        return any(item.severity is Severity.REFUSE for item in self.findings)

    @property
    def held(self) -> bool:
        """Tell whether it may be stored and must not be shown yet."""
        return not self.refused and any(item.severity is Severity.HOLD for item in self.findings)


class Held:
    """What a folder holds, in memory: the plain ``Seen``."""

    def __init__(self, entries: Sequence[Entry] = ()) -> None:
        """Take the entries that are there from the beginning."""
        self._digests: dict[str, list[Entry]] = {}
        self._runs: dict[str, list[Entry]] = {}
        for item in entries:
            self.add(item)

    def add(self, entry: Entry) -> None:
        """Enter one more."""
        self._digests.setdefault(entry.digest, []).append(entry)
        self._runs.setdefault(entry.run, []).append(entry)

    def by_digest(self, digest: str) -> Sequence[Entry]:
        """Return the entries of one full report."""
        return self._digests.get(digest, ())

    def by_run(self, run: str) -> Sequence[Entry]:
        """Return the entries that rest on one run."""
        return self._runs.get(run, ())
