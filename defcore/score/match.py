"""Which result of a run is that of a guideline's test: by its id first, then by its name, then by an alias."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from defcore.guideline.ids import nameless_id
from defcore.run.record import BY_VERDICT

if TYPE_CHECKING:
    from defcore.guideline.model import Test
    from defcore.run.record import RunRecord, TestResult

How = Literal["id", "name", "alias"]
BADNESS = {outcome: place for place, outcome in enumerate(BY_VERDICT)}


class Matcher:
    """Finds the results of one run."""

    def __init__(self, run: RunRecord) -> None:
        """Index a run; of two results under one id the worse one counts, or a second line could hide a failure."""
        self._results: dict[str, TestResult] = {}
        for item in sorted(run.results, key=lambda item: BADNESS[item.outcome], reverse=True):
            self._results.setdefault(item.id, item)

    def find(self, test: Test) -> tuple[TestResult, How] | None:
        """Return the result of a test and how it was found, or None.

        A result that carries another test's id is that other test, whatever its name says.
        """
        if found := self._results.get(test.id):
            return found, "id"
        names: tuple[tuple[str, How], ...] = ((test.name, "name"), *((alias, "alias") for alias in test.aliases))
        for name, how in names:
            found = self._results.get(nameless_id(name))
            if found is not None and found.name == name:
                return found, how
        return None
