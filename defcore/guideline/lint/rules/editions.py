"""Which documents the rules come from, and from when on guidelines are held to them.

The day on which an edition of the process was approved is recorded nowhere that we know of, only its name, which gives
the year: the second edition of a year is held against guidelines from July on. HACKING had its codes by July 2015. The
other documents were there when the first guideline appeared, 2015.03. Nothing says that a rule ended but for C3.4.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Edition:
    """A document, and the month from which guidelines are held to it."""

    name: str
    since: str

    def __or__(self, other: Edition) -> Edition:
        """Return both; the older one says since when."""
        return Edition(f"{self.name}; {other.name}", min(self.since, other.since))


EVERY = Edition("process 2015A, 2015B, 2016A, 2017A (draft)", "2015.01")
FROM_2015B = Edition("process 2015B, 2016A, 2017A (draft)", "2015.07")
UNTIL_2015B = Edition("process 2015A, 2015B", "2015.01")
HACKING = Edition("HACKING", "2015.07")
CRITERIA = Edition("Core Criteria", "2015.03")
SPEC = Edition("test specification", "2015.03")
FORMAT = Edition("format 1.2 to 2.0", "2015.03")
FORMAT_1_3 = Edition("format 1.3 to 2.0", "2015.07")
FORMAT_2_0 = Edition("format 2.0", "2018.02")
OURS = Edition("defcore", "2026.11")
