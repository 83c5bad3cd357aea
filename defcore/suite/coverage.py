"""A guideline laid over the tests and the API operations: what is covered, by what, and what no test covers."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from defcore.guideline.model import Guideline, Test
    from defcore.suite.cards import Card, Catalogue
    from defcore.suite.strength import Rate, Strength


@dataclass(frozen=True, slots=True)
class Covered:
    """One test of a guideline: the card of the suite's test, if it has one, and whether only the suite can have it."""

    id: str
    name: str
    flagged: bool
    native: bool
    card: Card | None


@dataclass(frozen=True, slots=True)
class CapabilityCover:
    """One capability with its tests, and what they have been shown to notice together, if that is known."""

    name: str
    tests: tuple[Covered, ...]
    strength: Rate | None = None

    @property
    def ours(self) -> int:
        """How many of its tests the suite has."""
        return sum(test.card is not None for test in self.tests)

    @property
    def operations(self) -> tuple[str, ...]:
        """The API operations that its tests are about."""
        return tuple(sorted({name for test in self.tests if test.card for name in test.card.operations}))


@dataclass(frozen=True, slots=True)
class Coverage:
    """``lacking`` are tests of the guideline that the suite has not, ``broken`` those of them that nobody else has.

    ``beyond`` are tests of the suite that the guideline does not name. ``operations`` maps each API operation to the
    ids of the tests of the suite that judge it; ``unjudged`` are operations that only prepare or tidy up.
    """

    guideline: str
    digest: str
    capabilities: tuple[CapabilityCover, ...]
    lacking: tuple[Covered, ...]
    broken: tuple[Covered, ...]
    beyond: tuple[Card, ...]
    operations: dict[str, tuple[str, ...]]
    unjudged: tuple[str, ...]
    unrecorded: tuple[Card, ...]


def is_native(test: Test, repositories: frozenset[str]) -> bool:
    """Tell whether only our suite can have a test: its name is of no repository of another engine.

    ``repositories`` are the guideline's ``test_repositories``; Tempest and its plugins are known without being named.
    """
    first = test.name.partition(".")[0].replace("_", "-")
    return (
        first not in repositories and first != "tempest" and not first.endswith("tempest-plugin") and not test.by_name
    )


def coverage(guideline: Guideline, digest: str, found: Catalogue, proof: Strength | None = None) -> Coverage:
    """Lay a guideline over the suite. A test is found by its id; ``proof`` says what tests notice."""
    repositories = frozenset(item.name for item in guideline.test_repositories)
    capabilities = tuple(
        CapabilityCover(
            capability.name,
            tuple(
                Covered(
                    test.id, test.name, test.flag is not None, is_native(test, repositories), found.cards.get(test.id)
                )
                for test in capability.tests
            ),
            proof.together(test.id for test in capability.tests) if proof else None,
        )
        for capability in guideline.capabilities
    )
    named = {test.id: test for capability in capabilities for test in capability.tests}
    lacking = tuple(test for test in named.values() if test.card is None)
    about: dict[str, list[str]] = {}
    for card in found.cards.values():
        for name in card.operations:
            about.setdefault(name, []).append(card.id)
    return Coverage(
        guideline=guideline.id,
        digest=digest,
        capabilities=capabilities,
        lacking=lacking,
        broken=tuple(test for test in lacking if test.native),
        beyond=tuple(card for key, card in found.cards.items() if key not in named),
        operations={name: tuple(sorted(about[name])) for name in sorted(about, key=_by_path)},
        unjudged=tuple(sorted(found.beside, key=_by_path)),
        unrecorded=tuple(card for card in found.cards.values() if not card.recorded),
    )


def coverage_json(found: Coverage) -> dict[str, Any]:
    """Return the JSON value of ``defcore suite coverage``."""
    return {
        "format": "defcore-coverage/1",
        "guideline": found.guideline,
        "guideline_digest": found.digest,
        "capabilities": [
            {
                "name": item.name,
                "operations": list(item.operations),
                "strength": asdict(item.strength) if item.strength else None,
                "tests": [
                    {
                        "id": test.id,
                        "name": test.name,
                        "flagged": test.flagged,
                        "native_name": test.native,
                        "in_suite": test.card is not None,
                        "operations": list(test.card.operations) if test.card else [],
                    }
                    for test in item.tests
                ],
            }
            for item in found.capabilities
        ],
        "lacking": [test.id for test in found.lacking],
        "broken": [test.id for test in found.broken],
        "beyond": [card.id for card in found.beyond],
        "operations": {name: list(tests) for name, tests in found.operations.items()},
        "unjudged": list(found.unjudged),
        "unrecorded": [card.id for card in found.unrecorded],
    }


def _by_path(operation: str) -> tuple[str, str]:
    method, _, path = operation.partition(" ")
    return path, method
