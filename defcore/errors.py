"""The one error that defcore raises: what happened, where, and what to do next."""

from __future__ import annotations

EXIT_OK = 0
EXIT_FAILED = 1
EXIT_INPUT = 2
EXIT_UNTESTED = 3


class DefcoreError(Exception):
    """Something the user must hear of, in one line.

    ``code`` is a stable kebab-case word for scripts, ``what`` says what happened, ``where`` names the
    file, JSON path or URL, ``hint`` says what to do next. ``exit_code`` is what the command line ends with.
    """

    def __init__(
        self,
        code: str,
        what: str,
        *,
        where: str | None = None,
        hint: str | None = None,
        exit_code: int = EXIT_INPUT,
    ) -> None:
        super().__init__(what)
        self.code = code
        self.what = what
        self.where = where
        self.hint = hint
        self.exit_code = exit_code

    def __str__(self) -> str:
        """Give the one line that people read."""
        place = f"{self.where}: " if self.where else ""
        advice = f" ({self.hint})" if self.hint else ""
        line = " ".join(f"{place}{self.what}{advice}".split())
        # What a file brought along must not move the cursor or break the encoding.
        return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in line)


class InputError(DefcoreError):
    """The user's words or files are wrong: exit code 2."""


class CloudError(DefcoreError):
    """The cloud, or the way to it, is broken: exit code 3, nothing is judged."""

    def __init__(self, code: str, what: str, *, where: str | None = None, hint: str | None = None) -> None:
        super().__init__(code, what, where=where, hint=hint, exit_code=EXIT_UNTESTED)


class RefusedError(DefcoreError):
    """A claim was checked and does not hold: exit code 1."""

    def __init__(self, code: str, what: str, *, where: str | None = None, hint: str | None = None) -> None:
        super().__init__(code, what, where=where, hint=hint, exit_code=EXIT_FAILED)
