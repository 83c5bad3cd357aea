"""The human document of the suite, made of its cards: Markdown, a page a service and an index."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from defcore.report.markdown import code, prose

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from defcore.guideline.model import Guideline
    from defcore.suite.cards import Card, Catalogue

_MADE = "Made by `defcore suite render`; do not edit it by hand."
_INDEX = """# What the tests of the suite ask

{made} {count} tests, each with a sentence of its own, the API operations that it is about,
and the change of a real answer under which it fails. Whoever writes software against a cloud can rely on what stands
here wherever the test passed.

| service | tests | of guideline {guideline} | API operations |
|---|---|---|---|
{rows}

Which operations a test is about is read from a run on the reference cloud (`defcore suite record`): what it sends
to judge the answer, not what prepares the ground or tidies up.

The same as data: `defcore suite list --format json`, `defcore suite coverage --format json`. How to write a further
one: [write a test](../write-a-test.md).
"""


def documents(found: Catalogue, guideline: Guideline) -> dict[str, str]:
    """Return the pages by file name; the same suite and guideline give the same characters."""
    services = _by_service(found.cards)
    pages = {f"{service}.md": _page(service, cards, guideline) for service, cards in services.items()}
    return {"README.md": _index(services, found, guideline), **pages}


def _by_service(cards: Mapping[str, Card]) -> dict[str, list[Card]]:
    ordered = sorted(cards.values(), key=lambda card: (card.service, card.file))
    return {service: list(inside) for service, inside in groupby(ordered, key=lambda card: card.service)}


def _index(services: Mapping[str, Sequence[Card]], found: Catalogue, guideline: Guideline) -> str:
    rows = "\n".join(
        f"| [{service}]({service}.md) | {len(cards)} | {sum(bool(card.capabilities) for card in cards)} |"
        f" {len({name for card in cards for name in card.operations})} |"
        for service, cards in services.items()
    )
    text = _INDEX.format(made=_MADE, count=len(found.cards), guideline=guideline.id, rows=rows)
    if found.beside:
        unjudged = "\n".join(f"- {code(name)}" for name in found.beside)
        text += f"\nNo test judges these, although tests use them on their way:\n\n{unjudged}\n"
    return text


def _page(service: str, cards: Sequence[Card], guideline: Guideline) -> str:
    parts = [f"# {service}: {len(cards)} tests", _MADE]
    for _, inside in groupby(cards, key=lambda card: card.file):
        own = list(inside)
        # What follows the first sentence of a file are its references, and each test has its own.
        title = own[0].about.partition("\n")[0].partition(". ")[0].rstrip(".")
        parts.append(f"## {prose(title) or code(own[0].file)}")
        parts += ["\n".join(_lines(card, guideline)) for card in own]
    parts += ["## API operations", _operations(cards)]
    return "\n\n".join(parts) + "\n"


def _lines(card: Card, guideline: Guideline) -> Iterator[str]:
    title, _, rest = card.says.partition("\n")
    yield f"### {prose(title) or code(card.function)}\n"
    if rest.strip():
        yield f"{prose(rest.strip())}\n"
    asks = ", ".join(map(code, card.operations))
    yield f"- asks {asks}{'' if card.recorded else ' (as declared; not recorded yet)'} ([reference]({card.reference}))"
    yield f"- fails if {prose(card.fails_if)}"
    if card.wants:
        yield f"- needs {prose(', '.join(card.wants))}"
    if card.makes:
        yield f"- makes {', '.join(card.makes)}"
    if card.capabilities:
        flag = ", flagged" if card.flagged else ""
        yield f"- proves {', '.join(card.capabilities)} (guideline {guideline.id}{flag})"
    revision = f", revision {card.revision}" if card.revision > 1 else ""
    yield f"- {code(card.function)}, id {code(card.id)}{revision}"


def _operations(cards: Sequence[Card]) -> str:
    about: dict[str, int] = {}
    for card in cards:
        for name in card.operations:
            about[name] = about.get(name, 0) + 1
    rows = "\n".join(f"| {code(name)} | {about[name]} |" for name in sorted(about, key=lambda name: name.split()[::-1]))
    return f"| operation | tests that judge it |\n|---|---|\n{rows}"
