"""Schemas 1.3 to 1.6 (2015.07 to 2017.09): tests by name with ids, flags with reasons; each only added keys.

1.4 brought ``aliases`` and ``target_approval``, then a ``cutoff_score`` (a string), 1.6 ``informational`` sections, of
which older files hold some already. So one shape reads them all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from defcore.guideline import model
from defcore.guideline.dialects import one
from defcore.guideline.dialects.dialect import Dialect, Reading
from defcore.guideline.wire import Name, Test  # noqa: TC001 - pydantic reads them when it runs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defcore.strictjson import Json, Path


class Capability(one.Capability):
    """A capability and its tests. An empty ``required-since`` means that it is not required."""

    required_since: str | None = Field(alias="required-since", default=None)
    tests: dict[Name, Test]


class Document(one.Document):
    """A whole file of schema 1.3 to 1.6."""

    schema_: one.Schema = Field(alias="schema")
    capabilities: dict[Name, Capability]


def read(raw: Json) -> Reading:
    """Read a file of schema 1.3, 1.4, 1.5 or 1.6."""
    document = Document.model_validate(raw)
    capabilities = tuple(_capability(name, item) for name, item in document.capabilities.items())
    found = (*one.left_out(document, document.capabilities), *_left_out(document))
    return Reading(one.header(document, document.schema_, capabilities), found)


def _capability(name: str, item: Capability) -> model.Capability:
    return model.Capability(
        name,
        item.description,
        item.project,
        tuple(item.achievements),
        item.admin,
        item.required_since or None,
        tuple(
            model.Test(
                test.idempotent_id.removeprefix("id-"),
                key,
                tuple(test.aliases or ()),
                model.Flag(**test.flagged.model_dump()) if test.flagged else None,
            )
            for key, test in item.tests.items()
        ),
    )


def _left_out(document: Document) -> Iterator[tuple[Path, str]]:
    for name, item in document.capabilities.items():
        for index, test in enumerate(item.flagged):
            path: Path = ("capabilities", name, "flagged", index)
            yield path, f"test {test!r} is flagged in the way of 1.2, which 1.3 gave up: left out"


DIALECT = Dialect(read, one.place, keys=one.KEYS, old=True)
