"""Schema 1.2 (2015.03 to 2015.05): tests are names, flags a list of names, and nothing has an id."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from pydantic import Field

from defcore.guideline import model
from defcore.guideline.dialects import one
from defcore.guideline.dialects.dialect import Dialect, Reading
from defcore.guideline.ids import nameless_id
from defcore.guideline.wire import Name  # noqa: TC001 - pydantic reads it when it runs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defcore.strictjson import Json, Path

UNSAID = model.Flag("", "", "")
"""A flag of 1.2 says neither why nor since when."""


class Capability(one.Capability):
    """A capability and its tests by name. ``guidelines`` are those that required it, the oldest first."""

    tests: list[Name]


class Document(one.Document):
    """A whole file of schema 1.2."""

    schema_: Literal["1.2"] = Field(alias="schema")
    capabilities: dict[Name, Capability]


def read(raw: Json) -> Reading:
    """Read a file of schema 1.2. A test gets the stand-in id of its name (``nameless_id``)."""
    document = Document.model_validate(raw)
    required = {name for item in document.components.values() for name in item.required}
    capabilities = tuple(
        _capability(name, item, required=name in required) for name, item in document.capabilities.items()
    )
    found = (*one.left_out(document, document.capabilities), *_left_out(document))
    return Reading(one.header(document, "1.2", capabilities), found)


def _capability(name: str, item: Capability, *, required: bool) -> model.Capability:
    flagged = set(item.flagged)
    return model.Capability(
        name,
        item.description,
        item.project,
        tuple(item.achievements),
        item.admin,
        item.guidelines[0] if required and item.guidelines else None,
        tuple(
            model.Test(nameless_id(test), test, (), UNSAID if test in flagged else None)
            for test in dict.fromkeys(item.tests)
        ),
    )


def _left_out(document: Document) -> Iterator[tuple[Path, str]]:
    named = {
        name: state
        for state in reversed(model.State)
        for item in document.components.values()
        for name in getattr(item, state.value)
    }
    for name, item in document.capabilities.items():
        state = named.get(name)
        if item.status not in (None, state):
            meant = f"is {state.value} in the components" if state else "is in no component"
            yield ("capabilities", name, "status"), f"status {item.status!r} is left out, {name!r} {meant}"
        seen: set[str] = set()
        for index, test in enumerate(item.tests):
            if test in seen:
                yield ("capabilities", name, "tests", index), f"test {test!r} is named twice, left out"
            seen.add(test)
        for index, test in enumerate(item.flagged):
            if test not in seen:
                path: Path = ("capabilities", name, "flagged", index)
                yield path, f"test {test!r} is flagged but not among the tests, left out"


def place(path: Path) -> Path:
    """Return where a file of 1.2 has what schema 2.0 has at ``path``: single tests have no place of their own."""
    path = one.place(path)
    return path[:3] if path[:1] == ("capabilities",) and path[2:3] == ("tests",) else path


DIALECT = Dialect(read, place, keys=one.KEYS, old=True)
