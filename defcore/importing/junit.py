"""Reads JUnit XML, as pytest, Tempest (through ``subunit2junitxml``) and our own report write it.

Straight from expat, piece by piece: a file may be large, and of its tree nothing is needed. A document type is refused,
and with it every entity that could grow.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.parsers import expat

from defcore.errors import InputError
from defcore.importing.feed import MAX_BYTES, MAX_PIECES, too_large
from defcore.importing.told import MAX_TEXT, Told, moment
from defcore.run.record import Outcome, worst

if TYPE_CHECKING:
    import io
    from collections.abc import Iterator

VERDICT = "defcore.verdict"
"""The class of the test in our own report that stands for the verdict, and is none."""
PROBLEMS = {"failure": Outcome.FAILED, "error": Outcome.ERROR, "skipped": Outcome.SKIPPED}
TRIES = {
    "flakyFailure": Outcome.FAILED,
    "rerunFailure": Outcome.FAILED,
    "flakyError": Outcome.ERROR,
    "rerunError": Outcome.ERROR,
}
"""Earlier goes at the same test, as Surefire and its followers tell them."""
_RAN = {"run", "passed", "pass", "success", "successful", "completed", "complete", "ok"}
_OURS = {item.value: item for item in Outcome if item is not Outcome.PASSED}
_ID = re.compile(r"(?:id-)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})", re.IGNORECASE)
_CHUNK = 64 * 1024
_DEEPEST = 50
_SPLIT = "import it in parts"
_HINT = "give the JUnit XML that the test tool wrote"


class _Reader:
    """Takes the events of expat and keeps the test that is open."""

    def __init__(self, file: str) -> None:
        self.told: list[Told] = []
        self._file = file
        self._path: list[str] = []
        self._began: list[float | None] = [None]
        self._case: dict[str, str] | None = None
        self._id: str | None = None
        self._found: list[tuple[str, Outcome, str, str]] = []
        self._text: list[str] = []
        self._length = 0
        self._elements = 0

    def doctype(self, *_: object) -> None:
        raise InputError("xml-doctype", "declares a document type, which no test report needs", where=self._file)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if not self._path and tag not in ("testsuites", "testsuite"):
            raise InputError("not-junit", f"is XML, but no JUnit report: it begins with <{tag}>", where=self._file)
        self._path.append(tag)
        self._elements += 1
        if self._elements > MAX_PIECES:
            raise InputError("too-many", f"holds more than {MAX_PIECES} elements", where=self._file, hint=_SPLIT)
        if len(self._path) > _DEEPEST:
            raise InputError("not-junit", f"nests deeper than {_DEEPEST} elements", where=self._file, hint=_HINT)
        if tag == "testsuite":
            self._began.append(moment(attributes.get("timestamp", "")) or self._began[-1])
        elif tag == "testcase":
            self._case, self._found, self._id = attributes, [], None
        elif self._case is not None:
            self._child(tag, attributes)

    def _child(self, tag: str, attributes: dict[str, str]) -> None:
        if tag in PROBLEMS or tag in TRIES:
            outcome = _OURS.get(attributes.get("type", "")) or PROBLEMS.get(tag) or TRIES[tag]
            self._found.append((tag, outcome, attributes.get("message", ""), ""))
            self._text, self._length = [], 0
        elif tag == "property" and attributes.get("name") in ("id", "idempotent_id"):
            found = _ID.fullmatch(attributes.get("value", ""))
            self._id = found[1] if found else None

    def characters(self, text: str) -> None:
        if self._case is not None and self._path[-1] in (*PROBLEMS, *TRIES):
            self._text.append(text)
            self._length += len(text)
            if self._length > 4 * MAX_TEXT:
                self._text = ["".join(self._text)[-MAX_TEXT:]]
                self._length = MAX_TEXT

    def end(self, tag: str) -> None:
        self._path.pop()
        if tag == "testsuite":
            self._began.pop()
        elif tag == "testcase" and self._case is not None:
            self._close(self._case)
            self._case = None
        elif self._found and tag == self._found[-1][0]:
            kind, outcome, message, _ = self._found[-1]
            self._found[-1] = (kind, outcome, message, "".join(self._text)[-MAX_TEXT:].strip())

    def _close(self, case: dict[str, str]) -> None:
        """Tell of a test: each earlier go, then the last one, of which the worst thing found counts."""
        if case.get("classname") == VERDICT:
            return
        name, began = self._name(case), self._began[-1]
        self.told += [
            Told(name, outcome, began, None, *_words(outcome, message, text))
            for kind, outcome, message, text in self._found
            if kind in TRIES
        ]
        last = [item[1:] for item in self._found if item[0] in PROBLEMS]
        outcome = worst([item[0] for item in last]) if last else Outcome.PASSED
        message, text = next((item[1:] for item in last if item[0] is outcome), ("", ""))
        status = case.get("status") or case.get("result") or "run"
        if not last and status.lower() not in _RAN:
            outcome, message = Outcome.NOT_RUN, f"its status is {status!r}"
        self.told.append(Told(name, outcome, began, _seconds(case.get("time")), *_words(outcome, message, text)))

    def _name(self, case: dict[str, str]) -> str:
        name, group = case.get("name", ""), case.get("classname", "")
        whole = name if not group or "." in re.split(r"[\[(]", name)[0] else f"{group}.{name}"
        return f"{whole}[id-{self._id}]" if self._id else whole


def read(stream: io.BufferedIOBase, file: str, most: int = MAX_BYTES) -> Iterator[Told]:
    """Yield what became of each test of a report.

    Raises InputError for what is no well-formed JUnit XML, for a document type, and beyond ``most`` bytes.
    """
    reader = _Reader(file)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = reader.doctype
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.characters
    total = 0
    while True:
        chunk = stream.read(_CHUNK)
        total += len(chunk)
        if total > most:
            raise too_large(file, most)
        try:
            parser.Parse(chunk, not chunk)
        except expat.ExpatError as error:
            what = f"is no well-formed XML: {expat.errors.messages[error.code]}"
            raise InputError("bad-xml", what, where=f"{file}:{error.lineno}", hint=_HINT) from error
        yield from reader.told
        reader.told = []
        if not chunk:
            return


def _words(outcome: Outcome, message: str, text: str) -> tuple[str | None, str | None]:
    """Return reason and traceback: what did not fail has a reason only."""
    if outcome in (Outcome.FAILED, Outcome.ERROR):
        return message.strip() or None, text or None
    return message.strip() or text or None, None


def _seconds(text: str | None) -> float | None:
    try:
        found = float((text or "").replace(",", ""))
    except ValueError:
        return None
    return found if 0 <= found < 1e9 else None  # noqa: PLR2004 - thirty years; and neither infinite nor NaN
