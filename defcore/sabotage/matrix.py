"""What a proof has shown, as one plain value: pure, made from its trials and the names of the tests."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from defcore.run.record import Outcome
from defcore.sabotage.kinds import KINDS, Fault
from defcore.sabotage.trials import done
from defcore.suite.strength import Notice, Strength

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from defcore.sabotage.trials import Event, Head, Trial
    from defcore.suite import SuiteTest

NOTICED, UNNOTICED, LEFT = "noticed", "unnoticed", "left"


@dataclass(frozen=True, slots=True)
class Rate:
    """How many of how many, over tests or faults: ``trials`` are (test, operation, kind), ``faults`` without the test.

    ``killed`` trials of ``trials``; ``noticed`` faults of ``faults``. ``left`` trials have come to no verdict yet.
    """

    name: str
    tests: int
    trials: int
    killed: int
    faults: int
    noticed: int
    left: int


@dataclass(frozen=True, slots=True)
class Row:
    """One operation in the picture: for each kind that applies, whether some test notices it."""

    operation: str
    service: str
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Found:
    """A fault that no test notices, with the names of those that met it, and why nobody notices it, if that is told."""

    service: str
    operation: str
    kind: str
    says: str
    tests: tuple[str, ...]
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Judge:
    """A test, and how many of the faults that it met it noticed."""

    id: str
    name: str
    service: str
    trials: int
    killed: int
    left: int
    clean: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class Alarm:
    """A test that did not pass under an allowed variation."""

    test: str
    variation: str
    outcome: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class Matrix:
    """A proof. What nobody notices and who notices nothing come first."""

    cloud: str
    selection: str
    suite_digest: str
    total: Rate
    services: tuple[Rate, ...]
    unnoticed: tuple[Found, ...]
    idle: tuple[Judge, ...]
    unproven: tuple[Judge, ...]
    alarms: tuple[Alarm, ...]
    varied: Mapping[str, tuple[int, int]]
    verdicts: Mapping[str, int]
    kinds: Mapping[str, tuple[int, int]]
    rows: tuple[Row, ...]
    judges: tuple[Judge, ...]
    trials: tuple[Trial, ...]
    left: int


def matrix(
    head: Head, events: Sequence[Event], suite: Mapping[str, SuiteTest], why: Mapping[str, str] = MappingProxyType({})
) -> Matrix:
    """Put the trials of a proof together; tests that the suite has lost are passed over. ``why`` explains faults."""
    cleans, tried, varied = done(events)
    tests = [suite[test_id] for test_id in head.tests if test_id in suite]
    met = {
        (test.meta.id, operation, kind): tried.get((test.meta.id, operation, kind))
        for test in tests
        if (clean := cleans.get(test.meta.id)) and clean.outcome is Outcome.PASSED
        for operation, kind in clean.applicable
        if kind in head.kinds
    }
    home = {test.meta.id: test.meta.service for test in tests}
    faults = _faults(met, home)
    judges = tuple(_judge(test, cleans, met) for test in tests)
    services = sorted(set(home.values()))
    of_variation = {word: [item for item in varied.values() if item.variation == word] for word in head.variations}
    return Matrix(
        cloud=head.cloud,
        selection=head.selection,
        suite_digest=head.suite_digest,
        total=_rate("all", met, faults, len(tests)),
        services=tuple(
            _rate(
                service,
                {key: item for key, item in met.items() if home[key[0]] == service},
                {key: item for key, item in faults.items() if key[0] == service},
                sum(one == service for one in home.values()),
            )
            for service in services
        ),
        unnoticed=_unnoticed(faults, met, suite, why),
        idle=tuple(item for item in judges if item.trials and not item.killed and not item.left),
        unproven=tuple(item for item in judges if item.clean != Outcome.PASSED.value),
        alarms=tuple(
            Alarm(suite[item.test].function, item.variation, item.outcome.value, item.reason)
            for item in varied.values()
            if item.outcome is not Outcome.PASSED and item.test in suite
        ),
        varied={
            word: (sum(item.outcome is Outcome.PASSED for item in items), len(items))
            for word, items in of_variation.items()
        },
        verdicts=dict(Counter(item.verdict if item else LEFT for item in met.values())),
        kinds={
            kind: (
                sum(word == NOTICED for (_, fault), word in faults.items() if fault.kind == kind),
                sum(fault.kind == kind for _, fault in faults),
            )
            for kind in head.kinds
        },
        rows=_rows(faults),
        judges=judges,
        trials=tuple(item for item in met.values() if item),
        left=sum(item is None for item in met.values()) + sum(item.clean == LEFT for item in judges),
    )


Met = dict[tuple[str, str, str], "Trial | None"]
Faults = dict[tuple[str, Fault], str]


def _faults(met: Met, home: Mapping[str, str]) -> Faults:
    """Say of each fault, by the service whose tests met it, whether one of them noticed it."""
    found: Faults = {}
    for (test, operation, kind), trial in met.items():
        key = (home[test], Fault(operation, kind))
        word = LEFT if trial is None else NOTICED if trial.verdict == "killed" else UNNOTICED
        held = found.get(key)
        if held is None or word == NOTICED or (held == UNNOTICED and word == LEFT):
            found[key] = word
    return dict(sorted(found.items()))


def _rate(name: str, met: Met, faults: Faults, tests: int) -> Rate:
    return Rate(
        name=name,
        tests=tests,
        trials=len(met),
        killed=sum(item is not None and item.verdict == "killed" for item in met.values()),
        faults=len(faults),
        noticed=sum(word == NOTICED for word in faults.values()),
        left=sum(item is None for item in met.values()),
    )


def _unnoticed(faults: Faults, met: Met, suite: Mapping[str, SuiteTest], why: Mapping[str, str]) -> tuple[Found, ...]:
    who: dict[tuple[str, Fault], list[str]] = {}
    for test, operation, kind in met:
        who.setdefault((suite[test].meta.service, Fault(operation, kind)), []).append(suite[test].function)
    found = [
        Found(service, fault.operation, fault.kind, KINDS[fault.kind].says, tuple(sorted(names)), why.get(str(fault)))
        for (service, fault), names in who.items()
        if faults[service, fault] == UNNOTICED
    ]
    return tuple(sorted(found, key=lambda item: (item.why is not None, item.service, item.operation, item.kind)))


def _judge(test: SuiteTest, cleans: Mapping[str, Any], met: Met) -> Judge:
    clean = cleans.get(test.meta.id)
    trials = [item for key, item in met.items() if key[0] == test.meta.id]
    return Judge(
        id=test.meta.id,
        name=test.function,
        service=test.meta.service,
        trials=len(trials),
        killed=sum(item is not None and item.verdict == "killed" for item in trials),
        left=sum(item is None for item in trials),
        clean=clean.outcome.value if clean else LEFT,
        reason=clean.reason if clean else None,
    )


def _rows(faults: Faults) -> tuple[Row, ...]:
    cells: dict[tuple[str, str], dict[str, str]] = {}
    for (service, fault), word in faults.items():
        cells.setdefault((service, fault.operation), {})[fault.kind] = word
    return tuple(Row(operation, service, found) for (service, operation), found in sorted(cells.items()))


def strength(found: Matrix) -> Strength:
    """Return the small form of a finished or unfinished proof, which ships beside the suite."""
    faults = sorted({Fault(item.operation, item.kind) for item in found.trials})
    places = {fault: place for place, fault in enumerate(faults)}
    tests: dict[str, dict[bool, list[int]]] = {}
    for item in found.trials:
        held = tests.setdefault(item.test, {True: [], False: []})
        held[item.verdict == "killed"].append(places[Fault(item.operation, item.kind)])
    return Strength(
        suite_digest=found.suite_digest,
        cloud=found.cloud,
        faults=tuple(map(str, faults)),
        tests={
            key: Notice(noticed=tuple(sorted(held[True])), missed=tuple(sorted(held[False])))
            for key, held in sorted(tests.items())
        },
    )


def matrix_json(found: Matrix) -> dict[str, Any]:
    """Give the JSON value: what nobody notices first, every trial last."""
    value = {key: item for key, item in asdict_shallow(found).items() if key not in {"trials", "judges", "rows"}}
    return {
        "format": "defcore-matrix/1",
        **value,
        "tests": [asdict(item) for item in found.judges],
        "trials": [item.model_dump(mode="json", exclude={"event"}) for item in found.trials],
    }


def asdict_shallow(found: Matrix) -> dict[str, Any]:
    """Turn the parts into JSON values."""
    value: dict[str, Any] = {}
    for key in found.__slots__:
        item = getattr(found, key)
        if isinstance(item, tuple) and item and hasattr(item[0], "__slots__") and key != "trials":
            value[key] = [asdict(one) for one in item]
        else:
            value[key] = asdict(item) if isinstance(item, Rate) else item
    return value
