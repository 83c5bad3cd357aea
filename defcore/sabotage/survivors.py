"""Why some faults are noticed by no test: one sentence each, in ``survivors.json`` of a service's folder of tests.

They stay in the denominator: an explanation makes nothing noticed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import TypeAdapter, ValidationError

from defcore.errors import InputError
from defcore.files import read_bytes
from defcore.run.record import Wire
from defcore.sabotage.kinds import KINDS
from defcore.strictjson import first_wrong, loads

if TYPE_CHECKING:
    from pathlib import Path

FILE = "survivors.json"
_LIMIT = 1_000_000
_HINT = 'it is a list of {"fault": "KIND OPERATION", "why": "…"}'


class Survivor(Wire):
    """A fault as the command line takes it, and why nobody can notice it, or need not."""

    fault: str
    why: str


_ALL = TypeAdapter(tuple[Survivor, ...])


def explained(folder: Path) -> dict[str, str]:
    """Return the explanations of a suite by their faults. Raises InputError, also for a kind that there is not."""
    found: dict[str, str] = {}
    for path in sorted(folder.glob(f"*/{FILE}")):
        value = loads(read_bytes(path, _LIMIT, "bad-survivors", _HINT), str(path))
        try:
            items = _ALL.validate_python(value)
        except ValidationError as error:
            what = first_wrong(error)
            raise InputError("bad-survivors", what, where=str(path), hint=_HINT) from error
        for item in items:
            if item.fault.partition(" ")[0] not in KINDS:
                hint = "'defcore sabotage kinds' lists them"
                raise InputError("unknown-fault", f"{item.fault!r} is of no kind", where=str(path), hint=hint)
            found[item.fault] = item.why
    return found
