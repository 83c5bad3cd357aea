"""Whether required capabilities earn their place: criteria, weights, cutoff."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defcore.guideline.build import PUBLISHED_AUTHORITY
from defcore.guideline.criteria import STICKY, score_of
from defcore.guideline.lint.model import Hit, Looks, Rule, Severity, Subject
from defcore.guideline.lint.rules import editions
from defcore.guideline.model import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defcore.guideline.lint.model import Check
    from defcore.guideline.model import Capability
    from defcore.strictjson import Json

FULL = 100
"""What the weights of a platform's criteria add up to (format 1.3 to 1.6); an add-on uses some of them only."""


def weights(subject: Subject) -> Iterator[Hit]:
    """The weights of a platform add up."""
    scoring = subject.guideline.scoring
    total = sum(item.weight for item in scoring.criteria)
    platform = any(item.kind is Kind.PLATFORM for item in subject.guideline.programs)
    if platform and total != FULL:
        path = ("metadata", "scoring", "criteria")
        yield Hit("criteria", f"the weights of the criteria add up to {total}, not to {FULL}", path)


def cutoff(subject: Subject) -> Iterator[Hit]:
    """There is a cutoff."""
    if subject.guideline.scoring.cutoff is None:
        yield Hit("cutoff", "there is no score that a capability must reach to be required", ("metadata", "scoring"))


def unscored(subject: Subject) -> Iterator[Hit]:
    """A required capability was scored."""
    for item in _below(subject):
        if not item.achievements:
            yield Hit(item.name, "is required and was never scored: it has no achievement", _path(item))


def stale(subject: Subject) -> Iterator[Hit]:
    """Only sticky is missing."""
    for item in _below(subject):
        if item.achievements and _stale(subject, item):
            message = (
                f"{_score(subject, item)}; {_with_sticky(subject, item)} with sticky, which it has earned: "
                f"it is required since {item.required_since}"
            )
            yield Hit(item.name, message, _path(item))


def below(subject: Subject) -> Iterator[Hit]:
    """It is truly below."""
    for item in _below(subject):
        if item.achievements and not _stale(subject, item):
            missing = [each.key for each in subject.guideline.scoring.criteria if each.key not in item.achievements]
            yield Hit(item.name, f"{_score(subject, item)}; it lacks {', '.join(missing)}", _path(item))


def misspelt(subject: Subject) -> Iterator[Hit]:
    """It reaches the cutoff only because a slip was read as meant."""
    limit = subject.guideline.scoring.cutoff
    for item in subject.required:
        stands, keys = as_it_stands(subject, item)
        meant = score_of(subject.guideline, item)
        if limit is not None and stands < limit <= meant:
            steps = [f"{stands} as the bytes stand"]
            if stands < keys < meant:
                steps.append(f"{keys} with the key read as meant")
            steps.append(f"{meant} with its words read as meant")
            key = "acheivements" if "acheivements" in _entry(subject, item) else "achievements"
            path = ("capabilities", item.name, key)
            yield Hit(item.name, f"reaches {limit} only by repair: {', '.join(steps)}", path)


def sourced(subject: Subject) -> Iterator[Hit]:
    """A score says where it comes from."""
    if subject.guideline.authority == PUBLISHED_AUTHORITY:
        return
    for item in subject.required:
        if not item.score_source:
            path = ("capabilities", item.name, "score_source")
            yield Hit(item.name, "is required, but nothing says where its achievements come from (score_source)", path)


def as_it_stands(subject: Subject, capability: Capability) -> tuple[int, int]:
    """Return a capability's score as the bytes stand, and with a misspelt key ``achievements`` alone read as meant."""
    entry = _entry(subject, capability)
    points = {item.key: item.weight for item in subject.guideline.scoring.criteria}

    def score(value: object) -> int:
        names = {item for item in value if isinstance(item, str)} if isinstance(value, list) else set()
        return sum(points.get(name, 0) for name in names)

    stands = score(entry.get("achievements"))
    return stands, score(entry.get("achievements", entry.get("acheivements")))


def _entry(subject: Subject, capability: Capability) -> dict[str, Json]:
    found = subject.raw
    for step in ("capabilities", capability.name):
        found = found.get(step) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else {}


def _below(subject: Subject) -> Iterator[Capability]:
    limit = subject.guideline.scoring.cutoff
    if limit is not None:
        for item in subject.required:
            if score_of(subject.guideline, item) < limit:
                yield item


def _stale(subject: Subject, item: Capability) -> bool:
    """Tell whether only sticky is missing, and is missing wrongly: an earlier guideline required it already."""
    earlier = item.required_since is not None and item.required_since < (subject.month or "9999")
    enough = _with_sticky(subject, item) >= (subject.guideline.scoring.cutoff or 0)
    return STICKY not in item.achievements and earlier and enough


def _with_sticky(subject: Subject, item: Capability) -> int:
    weights = {each.key: each.weight for each in subject.guideline.scoring.criteria}
    return score_of(subject.guideline, item) + weights.get(STICKY, 0)


def _score(subject: Subject, item: Capability) -> str:
    return f"is required with a score of {score_of(subject.guideline, item)}, below {subject.guideline.scoring.cutoff}"


def _path(item: Capability) -> tuple[str, ...]:
    return ("capabilities", item.name, "achievements")


RULES: tuple[tuple[Rule, Check], ...] = (
    (
        Rule(
            "weights-sum",
            "The weights of a platform's criteria add up to 100.",
            "criteria",
            editions.FORMAT_1_3 | editions.CRITERIA,
            Looks.FILE,
            note="An add-on uses nine of the twelve criteria, which add up to 75.",
        ),
        weights,
    ),
    (
        Rule(
            "cutoff-missing",
            "There is a cutoff: the score that makes a capability required.",
            "A4.4",
            editions.EVERY,
            Looks.FILE,
            since="2016.01",
            note="The format had no place for it before 2016.01.",
        ),
        cutoff,
    ),
    (
        Rule(
            "score-missing",
            "A required capability was scored.",
            "A4.1, A4.4",
            editions.EVERY,
            Looks.FILE,
            since="2016.01",
        ),
        unscored,
    ),
    (
        Rule(
            "score-stale",
            "A capability that was required before has sticky among its achievements.",
            "A4.4",
            editions.EVERY,
            Looks.FILE,
            approved=Severity.WARNING,
            review=Severity.WARNING,
            since="2016.01",
            note="With sticky it reaches the cutoff: the score is out of date, the choice is sound. What this "
            "guideline is the first to require has not earned sticky yet and is score-below.",
        ),
        stale,
    ),
    (
        Rule(
            "score-below",
            "A required capability reaches the cutoff on its own achievements.",
            "A4.4",
            editions.EVERY,
            Looks.FILE,
            since="2016.01",
        ),
        below,
    ),
    (
        Rule(
            "score-misspelt",
            "A score is written so that every reader gets it: the cutoff is not reached by repair alone.",
            "A4.4",
            editions.EVERY | editions.FORMAT,
            Looks.FILE,
            approved=Severity.WARNING,
            review=Severity.WARNING,
            since="2016.01",
        ),
        misspelt,
    ),
    (
        Rule(
            "score-source",
            "Each required capability says where its score comes from.",
            "score_source",
            editions.OURS,
            Looks.FILE,
            note="Asked of guidelines with an authority of their own; published ones have no place for it.",
        ),
        sourced,
    ),
)
