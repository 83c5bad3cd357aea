"""Bytes of a file or pipe, in the pieces that a parser asks for, up to a limit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defcore.errors import InputError

if TYPE_CHECKING:
    import io

MAX_BYTES = 256 * 1024 * 1024
"""The largest stream or XML file that is read. Tempest's whole suite with all its logs stays below a tenth of it."""
MAX_LINE = 1024 * 1024
MAX_PIECES = 2_000_000
"""Packets or lines of one file: a stream of 10,000 tests has about 30,000."""
_CHUNK = 64 * 1024


class Feed:
    """Reads ahead by chunks and never holds more than one and what was asked for."""

    def __init__(self, stream: io.BufferedIOBase, file: str, most: int = MAX_BYTES) -> None:
        """Take an open stream; ``file`` names it in errors, ``most`` bounds how much is read of it."""
        self.file = file
        self.offset = 0
        self._stream = stream
        self._most = most
        self._data = b""
        self._at = 0
        self._pieces = 0

    def take(self, count: int) -> bytes:
        """Return the next ``count`` bytes; fewer at the end."""
        found = self.peek(count)
        self.skip(len(found))
        return found

    def skip(self, count: int) -> None:
        """Pass over bytes that were looked at."""
        self._at += count
        self.offset += count
        self._pieces += 1
        if self._pieces > MAX_PIECES:
            raise self.bad("too-many", f"holds more than {MAX_PIECES} packets or lines", "import it in parts")

    def peek(self, count: int) -> bytes:
        """Return the next ``count`` bytes and leave them where they are."""
        data, at = self.ahead(count)
        return data[at : at + count]

    def ahead(self, count: int) -> tuple[bytes, int]:
        """Return what was read ahead, and where in it the next ``count`` bytes begin; fewer follow at the end."""
        if len(self._data) - self._at < count:
            self._fill(count)
        return self._data, self._at

    def peek_line(self) -> bytes:
        """Return the next line with its end, and leave it; without an end at the end of the stream, empty beyond."""
        searched = self._at
        while (end := self._data.find(b"\n", searched)) < 0:
            held = len(self._data) - self._at
            if held > MAX_LINE:
                raise self.bad("long-line", f"has a line of more than {MAX_LINE} bytes", "give a file of test results")
            self._fill(held + 1)
            searched = held
            if len(self._data) == held:
                return self._data
        return self._data[self._at : end + 1]

    def line(self) -> bytes:
        """Return the next line with its end; without one at the end of the stream, and empty beyond."""
        return self.take(len(self.peek_line()))

    def bad(self, code: str, what: str, hint: str) -> InputError:
        """Make the error for what stands at this place."""
        return InputError(code, f"{what}, at byte {self.offset}", where=self.file, hint=hint)

    def _fill(self, count: int) -> None:
        parts = [self._data[self._at :]]
        held = len(parts[0])
        while held < count:
            chunk = self._stream.read1(max(_CHUNK, count - held))
            if not chunk:
                break
            parts.append(chunk)
            held += len(chunk)
        self._data = b"".join(parts)
        self._at = 0
        if self.offset + held > self._most:
            raise too_large(self.file, self._most)


def too_large(file: str, most: int) -> InputError:
    """Make the error for a file beyond the limit of its kind, in bytes."""
    hint = "leave the logs out of it, or import it in parts"
    return InputError("too-large", f"is larger than {most // 1024 // 1024} MiB", where=file, hint=hint)
