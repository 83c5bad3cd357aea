"""Several targets in one go: each has a run of its own, and what befalls one is nothing to the others."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from defcore.cloud.credential import read_regions
from defcore.errors import EXIT_FAILED, EXIT_INPUT, EXIT_OK, EXIT_UNTESTED, DefcoreError
from defcore.run.certify import label
from defcore.run.team import Halt

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from defcore.run.certify import Done, Request

WORST = (EXIT_OK, EXIT_UNTESTED, EXIT_FAILED, EXIT_INPUT)
"""Exit codes, the worst last: what was found wrong outweighs what could not be judged."""


def targets(request: Request, clouds: Sequence[str], regions: Sequence[str]) -> list[Request]:
    """Return a request for each cloud and region: of the ``regions`` given, else of those that the entry lists.

    Of several, each has a directory of its own below the one that the user named.
    """
    found = [
        replace(request, cloud=cloud, region=region)
        for cloud in dict.fromkeys(clouds)
        for region in (tuple(dict.fromkeys(regions)) or read_regions(cloud))
    ]
    if len(found) > 1 and request.out:
        return [replace(item, out=request.out / label(item, "-")) for item in found]
    return found


def at_once(
    legs: Sequence[Callable[[Halt], Done]], failed: Callable[[int, DefcoreError], None]
) -> list[Done | DefcoreError]:
    """Carry out all of ``legs``, each in a thread of its own, and return what came of each.

    ``failed`` hears at once, from its thread, which one could not be carried out. Ctrl-C ends them all as it ends one
    run. What is our own fault is raised when all have ended.
    """
    halt = Halt()
    came: list[Done | DefcoreError | None] = [None] * len(legs)
    broken: list[BaseException] = []
    ended = [threading.Event() for _ in legs]

    def go(number: int) -> None:
        try:
            came[number] = legs[number](halt)
        except DefcoreError as error:
            came[number] = error
            failed(number, error)
        except BaseException as error:  # noqa: BLE001 - raised again in the main thread
            broken.append(error)
        finally:
            ended[number].set()

    for number in range(len(legs)):
        threading.Thread(target=go, args=(number,), daemon=True).start()
    # Not join(), for the reason that Crew.work gives.
    while not all(event.is_set() for event in ended):
        try:
            for event in ended:
                event.wait()
        except KeyboardInterrupt:
            halt.interrupt()
    if broken:
        raise broken[0]
    return [item for item in came if item is not None]


def worst(codes: Sequence[int]) -> int:
    """Return the worst of exit codes."""
    return max(codes, key=WORST.index, default=EXIT_OK)
