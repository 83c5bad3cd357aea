"""The event stream of ``defcore run --events``: JSON lines on stdout, or into a file."""

from __future__ import annotations

import json
import os
import threading
from typing import TYPE_CHECKING, Any, Self

import click

from defcore.cli import options
from defcore.errors import DefcoreError

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

STDOUT = 1


class Stream:
    """Where the lines go; several runs may share it. A reader that has gone costs its lines, and not the run."""

    def __init__(self, place: str) -> None:
        """Take ``-`` for stdout, or a file that can be written. Raises InputError."""
        self._place = place
        self._file: int | None = STDOUT if place == "-" else None
        self._lock = threading.Lock()
        self._problem = ""
        if place != "-":
            options.writable(place, "--events")

    def add(self, value: dict[str, Any]) -> None:
        """Write one line; the file is begun afresh with the first."""
        data = memoryview(json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n")
        with self._lock:
            if self._problem:
                return
            try:
                if self._file is None:
                    self._file = os.open(self._place, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
                while data:
                    data = data[os.write(self._file, data) :]
            except OSError as error:
                self._problem = f"the event stream ended early: {error.strerror}"

    def close(self) -> None:
        """Close the file, and say what went wrong."""
        if self._file not in (None, STDOUT):
            os.close(self._file)
        if self._problem:
            click.echo(f"note: {self._problem}", err=True)


class Events:
    """Sends on what the journal of one run says, as it says it."""

    def __init__(self, stream: Stream | None) -> None:
        """Take the stream; without one nothing is done."""
        self._stream = stream
        self._over = threading.Event()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Send what is left."""
        self._over.set()
        if self._thread:
            self._thread.join()

    def started(self, out: Path) -> None:
        """Follow the run in ``out``, from its beginning or from where it goes on."""
        from defcore.run.journal import JOURNAL, Resumed, read

        if self._stream is None:
            return
        first = 0
        # A run directory that was just made has a journal in which nothing stands yet.
        if (out / JOURNAL).exists() and (out / JOURNAL).stat().st_size:
            first = max(number for number, event in enumerate(read(out)) if number == 0 or isinstance(event, Resumed))
        self._thread = threading.Thread(target=self._follow, args=(self._stream, out, first), daemon=True)
        self._thread.start()

    def _follow(self, stream: Stream, out: Path, first: int) -> None:
        from defcore.run.follow import Tracker, follow, line_of, line_of_step

        tracker = Tracker()
        try:
            for number, event in enumerate(follow(out, self._over.is_set)):
                step = tracker.take(event)
                if number >= first:
                    stream.add(line_of(out, event))
                    if step:
                        stream.add(line_of_step(out, step))
        except DefcoreError as error:
            click.echo(f"note: the event stream ended early: {error}", err=True)
