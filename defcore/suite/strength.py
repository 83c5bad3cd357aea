"""How much the tests notice: what a proof has shown, in the small form that ships beside the suite.

``defcore suite prove`` writes it, and nobody's hand. A fault is one kind on one operation, ``KIND OPERATION``; it is
noticed by a test whose own check of an answer that it altered has failed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Self

from pydantic import Field, ValidationError, model_validator

from defcore.errors import InputError
from defcore.files import read_bytes
from defcore.run.record import Digest, TestId, Wire
from defcore.strictjson import first_wrong, loads
from defcore.suite.collect import STRENGTH

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_LIMIT = 16_000_000
_HINT = "'defcore suite prove' writes one"


class Notice(Wire):
    """The faults that one test met: places in ``Strength.faults`` of those that it noticed, and of the others."""

    noticed: tuple[int, ...] = ()
    missed: tuple[int, ...] = ()


class Strength(Wire):
    """What each proven test notices. ``suite_digest`` names the tests as they were, ``cloud`` where they ran."""

    format: Literal["defcore-strength/1"] = "defcore-strength/1"
    suite_digest: Digest
    cloud: str
    faults: tuple[str, ...] = ()
    tests: dict[TestId, Notice] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _placed(self) -> Self:
        for item in self.tests.values():
            if any(not 0 <= place < len(self.faults) for place in (*item.noticed, *item.missed)):
                message = "names a fault that is not listed"
                raise ValueError(message)
        return self

    def counts(self) -> dict[str, tuple[int, int]]:
        """Return for each proven test how many faults it noticed, of how many that it met."""
        return {key: (len(item.noticed), len(item.noticed) + len(item.missed)) for key, item in self.tests.items()}

    def together(self, tests: Iterable[str]) -> Rate:
        """Return what some tests notice together: a fault counts once, and one of them is enough to notice it."""
        found = [self.tests[test] for test in tests if test in self.tests]
        noticed = {place for item in found for place in item.noticed}
        return Rate(len(noticed), len(noticed.union(*(item.missed for item in found))), len(found))


@dataclass(frozen=True, slots=True)
class Rate:
    """``noticed`` faults of ``faults`` that apply, by ``tests`` that are proven."""

    noticed: int
    faults: int
    tests: int

    def __str__(self) -> str:
        """Say it with its denominator; of nothing there is no rate."""
        if not self.faults:
            return "not proven"
        return f"{self.noticed} of {self.faults} faults noticed ({100 * self.noticed / self.faults:.0f} %)"


def load(path: Path) -> Strength:
    """Read the file of a proof. Raises InputError."""
    value = loads(read_bytes(path, _LIMIT, "bad-strength", _HINT), str(path))
    try:
        return Strength.model_validate(value)
    except ValidationError as error:
        what = f"does not tell what tests notice: {first_wrong(error)}"
        raise InputError("bad-strength", what, where=str(path), hint=_HINT) from error


def beside(folder: Path) -> Strength | None:
    """Read what ships beside a suite, if anything. Raises InputError."""
    path = folder / STRENGTH
    return load(path) if path.exists() else None


def dump(found: Strength) -> bytes:
    """Return the bytes of the file, which depend on nothing but what is in it."""
    value = found.model_dump(mode="json")
    tests = ",\n".join(f"  {json.dumps(key)}: {json.dumps(value['tests'][key])}" for key in sorted(value["tests"]))
    head = json.dumps({**value, "tests": None}, indent=1, ensure_ascii=False)
    return head.replace('"tests": null', f'"tests": {{\n{tests}\n }}').encode() + b"\n"
