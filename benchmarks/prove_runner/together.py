"""Two runs at once on one project: neither may see the other."""

from __future__ import annotations

from benchmarks.prove_runner.bystander import Bystander, left, touched
from benchmarks.prove_runner.stage import Figure, Stage, outcomes
from defcore.run.store import load_run


def prove(stage: Stage, count: int, seed: int) -> list[Figure]:
    """Start two runs at once, ``count`` times, and compare both with a run that was alone."""
    del seed
    expected = stage.undisturbed()
    bystander = Bystander(stage)
    before = bystander.picture()
    same = tests = clean = 0
    for number in range(count):
        pair = [stage.new(), stage.new()]
        started = [stage.start(*stage.words(out)) for out in pair]
        for process in started:
            stage.end(process)
        for out in pair:
            found = outcomes(load_run(out))
            tests += len(expected)
            same += sum(found.get(test) == outcome for test, outcome in expected.items())
            for test, outcome in expected.items():
                if found.get(test) != outcome:
                    print(f"  {out.name}: {test} {found.get(test)}, alone {outcome}")
        after = bystander.picture_like(before)
        wrong = [*left(before, after), *touched(before, after)]
        clean += not wrong
        for line in wrong:
            print(f"  not as before: {line}")
        stage.tell(f"{number + 1}/{count}")
    return [
        Figure(f"outcomes as in a run that is alone (2 runs at once, {count} rounds)", same, tests),
        Figure("rounds after which the projects are as before", clean, count),
    ]
