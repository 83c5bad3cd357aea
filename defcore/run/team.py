"""Threads that work side by side until their work or their time is done, and how a user ends them."""

from __future__ import annotations

import threading
import time


class Halt:
    """Ends teams that work in other threads than the main one, where no Ctrl-C is heard."""

    def __init__(self) -> None:
        """Begin with nobody to end."""
        self._lock = threading.Lock()
        self._teams: list[Team] = []
        self._times = 0

    def join(self, team: Team) -> None:
        """Let a team be ended with the others; one that comes late hears of it at once."""
        with self._lock:
            self._teams.append(team)
            for _ in range(self._times):
                team.interrupt()

    def interrupt(self) -> None:
        """Do what Ctrl-C does to a team, to each of them."""
        with self._lock:
            self._times += 1
            for team in self._teams:
                team.interrupt()


class Team:
    """Each of its threads carries out ``_feed``. ``notes`` is what is to be said of the run afterwards."""

    def __init__(self, limit: float) -> None:
        """Begin; after ``limit`` seconds no further work is taken."""
        self._limit = limit
        self._until = time.monotonic() + limit
        self._stop = threading.Event()
        self._interrupted = False
        self._lock = threading.Lock()
        self._broken: list[BaseException] = []
        self.notes: list[str] = []

    def carry_out(self, threads: int) -> bool:
        """Work; return whether the user ended it before its time."""
        # Not join(): a Ctrl-C in it makes Python 3.11 take a thread for ended that is at work (bpo-45274).
        ended = [threading.Event() for _ in range(threads)]
        for event in ended:
            threading.Thread(target=self._guarded, args=(event,), daemon=True).start()
        while True:
            try:
                for event in ended:
                    event.wait()
                break
            except KeyboardInterrupt:
                self.interrupt()
        if self._broken:
            raise self._broken[0]
        return self._interrupted

    def interrupt(self) -> None:
        """Start no further test; the second time, end those at work."""
        self._stop.set()
        if self._interrupted:
            self._kill()
        self._interrupted = True

    def _late(self) -> bool:
        """Say whether the time is up, and then see to it that nothing more is begun."""
        if time.monotonic() <= self._until:
            return False
        with self._lock:
            if not self._stop.is_set():
                self.notes.append(f"the run's time of {self._limit:.0f} s was up before its last test")
            self._stop.set()
        return True

    def _guarded(self, ended: threading.Event) -> None:
        try:
            self._feed()
        except BaseException as error:  # noqa: BLE001 - raised again in the main thread
            self._broken.append(error)
            self._stop.set()
        finally:
            ended.set()

    def _feed(self) -> None:
        """Take work and do it until there is none, or ``_stop`` is set."""
        raise NotImplementedError

    def _kill(self) -> None:
        """End at once what is at work."""
        raise NotImplementedError
