"""Everything about a test on one card: what it says, asks, needs and belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from defcore.errors import InputError
from defcore.kit.meta import NEEDS, RESOURCES
from defcore.suite import operations
from defcore.suite.collect import collect

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from defcore.guideline.model import Guideline
    from defcore.kit.change import Change
    from defcore.suite.collect import SuiteTest


@dataclass(frozen=True, slots=True)
class Card:
    """One test. ``operations`` are the API calls that it is about; unless ``recorded``, only the one it declares.

    ``capabilities`` are those of the guideline that was asked about; ``name`` is what that guideline calls it, else its
    function. ``fails_if`` says the change of a real answer under which it fails.
    """

    id: str
    name: str
    function: str
    service: str
    says: str
    about: str
    file: str
    operations: tuple[str, ...]
    recorded: bool
    capabilities: tuple[str, ...]
    flagged: bool
    reference: str
    revision: int
    needs: tuple[str, ...]
    extensions: tuple[str, ...]
    creates: Mapping[str, int]
    uses: tuple[str, ...]
    seconds: float
    fails_if: str

    @property
    def title(self) -> str:
        """The first line of what it says."""
        return self.says.partition("\n")[0]

    @property
    def wants(self) -> tuple[str, ...]:
        """What it needs beyond an ordinary user, in words."""
        announced = (item.partition(":")[::2] for item in self.extensions)
        return (
            *(NEEDS.get(need, f"a {need}") for need in self.needs),
            *(f"that {service} announces {name}" for service, name in announced),
            *(f"the {key} that the run shares" for key in self.uses),
        )

    @property
    def makes(self) -> tuple[str, ...]:
        """What it creates at the most, in words."""
        return tuple(
            f"{count} {RESOURCES[kind] if count > 1 else kind}" for kind, count in self.creates.items() if count
        )


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All cards by id, and the operations that only prepare or tidy up."""

    cards: Mapping[str, Card]
    beside: tuple[str, ...]


def catalogue(guideline: Guideline, folder: Path, *added: Path) -> Catalogue:
    """Make the cards of a suite and what is added to it. Raises InputError for a suite that cannot be read."""
    suite = collect(folder, *added)
    found = [operations.load(root) for root in (folder, *added)]
    entries = {key: entry for item in found for key, entry in item.tests.items()}
    homes: dict[str, list[str]] = {}
    names: dict[str, tuple[str, bool]] = {}
    for capability in guideline.capabilities:
        for test in capability.tests:
            homes.setdefault(test.id, []).append(capability.name)
            names.setdefault(test.id, (test.name, test.flag is not None))
    cards = {}
    for test_id, one in suite.items():
        name, flagged = names.get(test_id, (one.function, False))
        cards[test_id] = _card(one, entries.get(test_id), name, tuple(homes.get(test_id, ())), flagged=flagged)
    about = {operation for card in cards.values() for operation in card.operations}
    beside = {name for item in found for name in item.beside if not _judged(name, about)}
    return Catalogue(cards, tuple(sorted(beside)))


def find(cards: Mapping[str, Card], word: str) -> Card:
    """Return the card of that id (or the beginning of one), name or function. Raises InputError."""
    bare = word.lower().removeprefix("id-")
    if bare in cards:
        return cards[bare]
    exact = [card for card in cards.values() if word in (card.name, card.function, card.name.rpartition(".")[2])]
    found = exact or [card for key, card in cards.items() if len(bare) >= 4 and key.startswith(bare)]  # noqa: PLR2004
    if not found:
        hint = "'defcore suite list' names all"
        raise InputError("unknown-test", f"the suite has no test {word!r}", hint=hint)
    if len(found) > 1:
        hint = f"give the id: {', '.join(card.id for card in found[:4])}{' …' if len(found) > 4 else ''}"  # noqa: PLR2004
        raise InputError("which-test", f"{word!r} names {len(found)} tests", hint=hint)
    return found[0]


def card_json(card: Card) -> dict[str, Any]:
    """Return the JSON value of a card."""
    return {name: getattr(card, name) for name in Card.__slots__} | {"creates": dict(card.creates)}


def fails_if(change: Change) -> str:
    """Say the declared change in words."""
    since = "" if change.nth == 1 else f" (from the {change.nth}. on)"
    if change.status is not None:
        what = f"has status {change.status}"
    elif change.header:
        name, value = change.header
        what = f"lacks the header {name}" if value is None else f"has the header {name}: {value}"
    else:
        what = "has another body"
    return f"the answer to {change.on}{since} {what}"


def _judged(operation: str, about: set[str]) -> bool:
    """Tell whether an operation is judged, be it under a path with its version: tidying up names paths without."""
    method, _, path = operation.partition(" ")
    return any(name.startswith(f"{method} ") and name.endswith(path) for name in about)


def _card(
    test: SuiteTest, entry: operations.Entry | None, name: str, capabilities: tuple[str, ...], *, flagged: bool
) -> Card:
    meta = test.meta
    current = entry is not None and entry.revision == meta.revision
    return Card(
        id=meta.id,
        name=name,
        function=test.function,
        service=meta.service,
        says=test.says,
        about=test.about,
        file=test.node.partition("::")[0],
        operations=entry.operations if entry and current else (meta.fails_if.on,),
        recorded=current,
        capabilities=capabilities,
        flagged=flagged,
        reference=meta.reference,
        revision=meta.revision,
        needs=meta.needs,
        extensions=meta.extensions,
        creates=meta.creates,
        uses=meta.uses,
        seconds=meta.seconds,
        fails_if=fails_if(meta.fails_if),
    )
