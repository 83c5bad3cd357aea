"""One thing as its client knows it: all that is told of it is held against what was sent and what was told before.

After a change "all subsequent API calls properly reflect the changed logical model", as the API guide has it:
https://docs.openstack.org/api-ref/network/v2/#synchronous-versus-asynchronous-plug-in-behavior
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from defcore.kit.checks import in_json
from defcore.kit.match import Each, Every, Match, anything, one_of, show
from defcore.kit.network.shapes import whole as promised

if TYPE_CHECKING:
    from defcore.kit.answer import Answer
    from defcore.kit.network.collection import Collection, Thing

MOVING = frozenset(["status", "updated_at", "revision_number", "availability_zones"])
"""Members that change by themselves."""
ROUNDED = "created_at"
"""The time in the answer to a creation may be the one before a database has rounded it."""
NOTHING = "nothing"
SETTLED = ("ACTIVE", "DOWN", "N/A")
"""States that last."""


class Witness:
    """Knows a thing from its creation on, and says of each answer about it whether that can be true.

    An answer has all members that the API reference promises; those that are known have the value that they had.
    """

    def __init__(self, things: Collection, **asked: Any) -> None:  # noqa: ANN401 - members of the thing
        """Take of which kind it is, and what was asked for."""
        client = things.client
        self._things = things
        self._shape = promised(things.one, client.announced())
        self._asked = asked.keys()
        self._known: Thing = {"tenant_id": client.project_id, "project_id": client.project_id, **asked}
        self._before: list[tuple[Answer, str, Thing]] = []

    @property
    def id(self) -> str:
        """What the cloud calls it."""
        return str(self._known["id"])

    def made(self, answer: Answer) -> Witness:
        """Require the answer to its creation."""
        return self._told(answer.status(201), ROUNDED)

    def told(self, answer: Answer, changes: Thing | None = None) -> Witness:
        """Require an answer that tells of it alone, after these changes."""
        self._known |= changes or {}
        return self._told(answer.status(200))

    def shown(self) -> Witness:
        """Require that it is shown, in a state that lasts."""
        if "status" not in self._shape:
            return self.told(self._things.show(self.id))
        wait = self._things.client.session.wait
        place = f"{self._things.one}.status"
        return self.told(wait.until(lambda: self._things.show(self.id), place, *SETTLED))

    def listed(self) -> Witness:
        """Require that it is listed, and nothing else is when it is asked for by its id."""
        listed(self._things.list(id=self.id), self._things, self)
        return self

    def gone(self) -> None:
        """Require that it is neither found nor listed any more."""
        refused(self._things.show(self.id), 404)
        listed(self._things.list(id=self.id), self._things)

    def _told(self, answer: Answer, unsure: str = "") -> Witness:
        one = self._things.one
        found = in_json(answer).shape({one: self._shape}).json()[one]
        self.held(answer, f"$.{one}", found)
        self._known |= {key: value for key, value in found.items() if key != unsure}
        return self

    def held(self, answer: Answer, place: str, found: Thing) -> None:
        """Require that what an answer tells at a place does not contradict what is known."""
        for key in (self._asked | found.keys()) & self._known.keys() - MOVING:
            answer.require(f"{place}.{key}", alike(self._known[key]), found.get(key, NOTHING))
        self._moved(found)
        self._before.append((answer, place, found))

    def _moved(self, found: Thing) -> None:
        """Require of the answer before this one what only a later one shows of members that move."""
        if not self._before:
            return
        answer, place, last = self._before[-1]
        if "revision_number" in found and "revision_number" in last:
            top = found["revision_number"]
            number = Match(f"a number not above {top}, which came later", lambda value: value <= top)
            answer.require(f"{place}.revision_number", number, last["revision_number"])
        if len(self._before) > 1 and "availability_zones" in last:
            zones = {*found.get("availability_zones", ()), *self._before[-2][2].get("availability_zones", ())}
            sure = Match("only what is told before or after, too", lambda value: set(value) <= zones)
            answer.require(f"{place}.availability_zones", sure, last["availability_zones"])


def listed(answer: Answer, things: Collection, *wanted: Witness, ordered: bool = False) -> Answer:
    """Require that a list, narrowed to things that a test made, holds these, each of them once and as it is known."""
    shape = promised(things.one, things.client.announced())
    if "status" in shape:
        shape["status"] = one_of(*SETTLED)
    in_json(answer.status(200)).shape({things.many: Each(shape)})
    items, ids = answer.json()[things.many], [one.id for one in wanted]
    found = [item["id"] for item in items]
    answer.require(f"$.{things.many}[*].id", ids if ordered else sorted(ids), found if ordered else sorted(found))
    for one in wanted:
        number = found.index(one.id)
        one.held(answer, f"$.{things.many}[{number}]", items[number])
    return answer


def refused(answer: Answer, *statuses: int) -> Answer:
    """Require a refusal that says something, and in JSON as all answers: of what form that is the reference is silent.

    https://docs.openstack.org/api-ref/network/v2/#response-format
    """
    return in_json(answer.status(*statuses)).shape(Every(anything, least=1))


def alike(known: Any) -> Match:  # noqa: ANN401 - a JSON value
    """Accept a value that does not contradict what is known; lists may be in any order."""
    return Match(f"{show(known)}, as is known", lambda found: _agree(known, found))


def _agree(known: Any, found: Any, *, whole: bool = True) -> bool:  # noqa: ANN401 - JSON values
    """Compare two values; what stands in a list is perhaps not told as a ``whole``, and then has gaps."""
    if not whole and None in (known, found):
        return True
    if isinstance(known, dict) and isinstance(found, dict):
        keys = known.keys() - MOVING - {ROUNDED}
        return (keys <= found.keys() or not whole) and all(
            _agree(known[key], found[key], whole=whole) for key in keys & found.keys()
        )
    if isinstance(known, list) and isinstance(found, list):
        left = list(found)
        for item in known:
            same = [other for other in left if _agree(item, other, whole=False)]
            if not same:
                return False
            left.remove(same[0])
        return not left
    if {type(known), type(found)} == {int, str}:
        # Lengths of prefixes are told as either.
        return str(known) == str(found)
    return type(known) is type(found) and bool(known == found)
