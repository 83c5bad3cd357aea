"""Which test is to start next, so that the services of a cloud are tested side by side and none is crowded.

A service that four tests ask at once answers each of them four times as slowly, while the others have nothing to do.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from defcore.run.crew import Task


class Lanes:
    """One queue a service. Not to be used by two threads at once."""

    def __init__(self, tasks: Sequence[Task]) -> None:
        """Take all tasks of the run, in the order in which those of each service are to be started."""
        self._queues: dict[str, list[Task]] = {}
        for task in tasks:
            self._queues.setdefault(task.test.meta.service, []).append(task)
        self._at_work: Counter[str] = Counter()

    def __len__(self) -> int:
        """Return how many wait."""
        return sum(map(len, self._queues.values()))

    def __iter__(self) -> Iterator[Task]:
        """Yield those that wait, service by service, first of the one with the most work left for each of its tests.

        A second test at work counts fourfold: it has a share of the service, and slows the first one down.
        """
        for service in sorted(self._queues, key=self._due, reverse=True):
            yield from self._queues[service]

    def _due(self, service: str) -> float:
        left = sum(task.test.meta.seconds for task in self._queues[service])
        return left / (1 + self._at_work[service]) ** 2

    def started(self, task: Task) -> None:
        """Hear that a task is at work; it waits no more."""
        self._queues[task.test.meta.service].remove(task)
        self._at_work[task.test.meta.service] += 1

    def ended(self, task: Task) -> None:
        """Hear that a task has ended."""
        self._at_work[task.test.meta.service] -= 1
