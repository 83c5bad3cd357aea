"""A finding, what the doctor is asked about, and what it answers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from defcore.doctor.kinds import KINDS
from defcore.errors import EXIT_FAILED, EXIT_OK, DefcoreError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from defcore.cloud.redact import Scrubber
    from defcore.suite import SuiteTest

LONGEST = 500
"""Characters of one text of a finding: a cloud may send much more."""
_SHOWN = 3


class Severity(StrEnum):
    """How much a finding matters. A ``problem`` changes what the run will say; a ``note`` is worth knowing."""

    OK = "ok"
    NOTE = "note"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. ``where`` is an entry of ``clouds.yaml`` or a service; ``todo`` what to do."""

    kind: str
    severity: Severity
    where: str
    what: str
    why: str
    todo: str

    def to_wire(self) -> dict[str, str]:
        """Give the JSON object that scripts read."""
        named = {name: getattr(self, name) for name in ("kind", "where", "what", "why")}
        return {"severity": self.severity.value, **named, "do": self.todo}


def found(kind: str, severity: Severity, where: str, what: str, **words: str) -> Finding:
    """Make a finding of a kind of ``KINDS``; ``words`` fill in its texts."""
    why, todo = KINDS[kind]
    return Finding(kind, severity, plain(where), plain(what), why.format(**words), plain(todo.format(**words)))


def ok(kind: str, where: str, what: str) -> Finding:
    """Say that something is as it should be."""
    return found(kind, Severity.OK, where, what)


def note(kind: str, where: str, what: str, **words: str) -> Finding:
    """Say that something is worth knowing."""
    return found(kind, Severity.NOTE, where, what, **words)


def problem(kind: str, where: str, what: str, **words: str) -> Finding:
    """Say that something stands in the way."""
    return found(kind, Severity.PROBLEM, where, what, **words)


def plain(text: str) -> str:
    """Make one line of what a cloud or a file brought along, without control characters."""
    line = " ".join(text.split())
    line = "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in line)
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the run will be: its tests, the ids that the program requires, what exists at its peak, how long it takes.

    ``peak`` maps a kind of resource (``container``, ``server`` …) to a number, ``least`` to the one with which a single
    worker gets along; ``seconds`` is an estimate.
    """

    tests: tuple[SuiteTest, ...]
    required: frozenset[str] = frozenset()
    peak: Mapping[str, int] = field(default_factory=dict)
    least: Mapping[str, int] = field(default_factory=dict)
    seconds: float = 0

    @property
    def services(self) -> tuple[str, ...]:
        """The service types that the tests talk to, sorted; the log-in needs identity in any case."""
        return tuple(sorted({"identity", *(test.meta.service for test in self.tests)}))

    def needing(self, need: str) -> list[SuiteTest]:
        """Return the tests that need a credential, or a password."""
        return [test for test in self.tests if need in test.meta.needs]

    def extensions(self, service: str) -> dict[str, list[SuiteTest]]:
        """Map each extension that a service must announce to the tests that need it."""
        wanted: dict[str, list[SuiteTest]] = {}
        for test in self.tests:
            for extension in test.meta.extensions:
                kind, _, name = extension.partition(":")
                if kind == service:
                    wanted.setdefault(name, []).append(test)
        return wanted

    def weigh(self, tests: Iterable[SuiteTest]) -> tuple[Severity, str]:
        """Say how much it matters that these cannot be run, and name them."""
        names = [test.node.partition("::")[2] for test in tests]
        required = sum(test.meta.id in self.required for test in tests)
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        count = "1 test" if len(names) == 1 else f"{len(names)} tests"
        words = f"{count}, {required} of them required ({', '.join(names[:_SHOWN])}{more})"
        return Severity.PROBLEM if required else Severity.NOTE, words


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """All findings. ``blocked`` says why a run would be pointless, and ends it.

    ``services`` maps a service type that is wanted to its URL, ``announced`` one to the extensions that it names;
    ``room`` maps a kind of resource to how many there is room for, where a quota bounds it.
    """

    findings: tuple[Finding, ...]
    blocked: DefcoreError | None = None
    services: Mapping[str, str] = field(default_factory=dict)
    announced: Mapping[str, frozenset[str]] = field(default_factory=dict)
    room: Mapping[str, int] = field(default_factory=dict)

    @property
    def problems(self) -> tuple[Finding, ...]:
        """The findings that stand in the way."""
        return tuple(item for item in self.findings if item.severity is Severity.PROBLEM)

    @property
    def exit_code(self) -> int:
        """What a run would be ended with; 1 when it would go on in spite of problems, 0 when there are none."""
        if self.blocked:
            return self.blocked.exit_code
        return EXIT_FAILED if self.problems else EXIT_OK

    def counts(self) -> dict[str, int]:
        """Count the findings by severity."""
        counted = Counter(item.severity for item in self.findings)
        return {severity.value: counted[severity] for severity in reversed(Severity)}

    def without_secrets(self, scrubber: Scrubber) -> Diagnosis:
        """Return the same with known secrets taken out of every text."""
        texts = ("where", "what", "why", "todo")

        def clean(item: Finding) -> Finding:
            changed: dict[str, Any] = {name: scrubber.text(getattr(item, name)) for name in texts}
            return replace(item, **changed)

        return replace(self, findings=tuple(map(clean, self.findings)))
