"""Which tests a proof is about."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from defcore.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from defcore.guideline import Guideline
    from defcore.suite import SuiteTest

LIGHT = frozenset({"identity", "object-store"})


@dataclass(frozen=True, slots=True)
class Wish:
    """What a user named: capabilities, tests by id or function, services. Nothing means everything."""

    capabilities: Sequence[str] = ()
    tests: Sequence[str] = ()
    services: Sequence[str] = ()


def chosen(guideline: Guideline, suite: Mapping[str, SuiteTest], wish: Wish) -> tuple[list[SuiteTest], str]:
    """Return the tests that are wished for, and words for the choice.

    Raises InputError for a word that nothing is known by.
    """
    if wish == Wish():
        return list(suite.values()), "the whole suite"
    of_capability = {item.name: [test.id for test in item.tests] for item in guideline.capabilities}
    wanted: dict[str, None] = {}
    for word in wish.capabilities:
        if word not in of_capability:
            near = [name for name in of_capability if word.lower() in name]
            hint = f"it has {', '.join(near[:4] or list(of_capability)[:4])} …"
            raise InputError("unknown-capability", f"guideline {guideline.id} has no capability {word!r}", hint=hint)
        wanted |= dict.fromkeys(of_capability[word])
    for word in wish.tests:
        bare = word.lower().removeprefix("id-")
        found = [key for key, test in suite.items() if bare == key or word == test.function]
        if not found:
            hint = "'defcore suite list' shows them all"
            raise InputError("unknown-test", f"the suite has no test {word!r}", hint=hint)
        wanted |= dict.fromkeys(found)
    for word in wish.services:
        found = [key for key, test in suite.items() if test.meta.service == word]
        if not found:
            hint = f"it has tests of {', '.join(sorted({test.meta.service for test in suite.values()}))}"
            raise InputError("unknown-service", f"the suite has no test of a service {word!r}", hint=hint)
        wanted |= dict.fromkeys(found)
    here = [suite[key] for key in wanted if key in suite]
    if not here:
        hint = "'defcore suite coverage' shows what has one"
        raise InputError("no-tests", "the suite has no test of it", hint=hint)
    said = (("capability", wish.capabilities), ("test", wish.tests), ("service", wish.services))
    return here, ", ".join(f"{kind} {word}" for kind, words in said for word in words)


def light(tests: Sequence[SuiteTest]) -> bool:
    """Say whether a cloud of identity and object store alone is enough for these tests."""
    return {test.meta.service for test in tests} <= LIGHT
