"""Opening the exchanges of one test to a reviewer, and checking them against the root in the signed report.

A disclosure is RFC 8785 JSON and one newline: ``{exchanges: [{exchange, proof, salt}], first, format, root, test}``.
All exchanges of the test are in it, from its leaf ``first`` (from 0) on: each leaf says how many there are, so leaving
one out changes them all. Salts and hashes are lowercase hex.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal, NoReturn

from pydantic import Field, StringConstraints, ValidationError

from defcore.attest import evidence, merkle
from defcore.attest import statement as st
from defcore.attest.canonical import canonical, is_canonical
from defcore.attest.dsse import refused_shape
from defcore.errors import InputError, RefusedError
from defcore.run.record import Digest, TestId, Wire
from defcore.strictjson import loads

if TYPE_CHECKING:
    from pathlib import Path

    from defcore.attest.verify import Verification
    from defcore.run.record import Outcome

MAX_BYTES = 64_000_000
HINT = "ask the vendor for the file as 'defcore disclose' wrote it"
_Salt = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{32}$")]


class Opened(Wire):
    """One exchange, its salt, and the hashes that lead from it to the root, nearest first."""

    exchange: dict[str, Any]
    salt: _Salt
    proof: tuple[Digest, ...]


class Disclosure(Wire):
    """All exchanges of one test."""

    format: Literal["defcore-disclosure/1"]
    root: Digest
    test: TestId
    first: int = Field(ge=0)
    exchanges: tuple[Opened, ...] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Disclosed:
    """What a checked disclosure shows: so many exchanges of a test whose outcome the report gives."""

    test: str
    name: str
    outcome: Outcome
    exchanges: int


def disclose(run: Path, test: str) -> bytes:
    """Open the exchanges of one test of a run directory. Raises InputError when it has none, or was never signed."""
    where = str(run / evidence.FOLDER)
    lines = evidence.read_lines(run)
    secret = evidence.read_secret(run)
    if test not in lines:
        raise InputError("no-evidence", f"holds no exchange of test {test}", where=where, hint="is the id right?")
    if secret is None:
        raise InputError("no-salts", "has no salts yet", where=where, hint="sign the run first: 'defcore sign'")
    leaves = evidence.salted(lines, secret)
    tree = merkle.Tree([item.hash for item in leaves])
    opened = [(index, item) for index, item in enumerate(leaves) if item.test == test]
    value = {
        "format": "defcore-disclosure/1",
        "root": tree.root.hex(),
        "test": test,
        "first": opened[0][0],
        "exchanges": [
            {
                "exchange": _exchange(item, where),
                "salt": item.salt.hex(),
                "proof": [node.hex() for node in tree.proof(index)],
            }
            for index, item in opened
        ],
    }
    return canonical(value) + b"\n"


def check(data: bytes, report: Verification, file: str) -> Disclosed:
    """Check the bytes of a disclosure against a report that holds; ``file`` names the disclosure in errors.

    Raises RefusedError for an exchange that is not, exactly so, among those that the report's root stands for (attacks:
    edited evidence, swapped salts, a disclosure of another run or test), InputError for what is no disclosure.
    """
    predicate = report.statement.predicate
    if not isinstance(predicate, st.Predicate) or predicate.evidence.root is None:
        what = "cannot be checked: this report carries no evidence root"
        raise InputError("no-evidence-root", what, where=file, hint="give the full report of a run with evidence")
    found = parse(data, file)
    if found.root != predicate.evidence.root:
        _refuse("other-evidence", "is of other evidence than the report's: of another run, or changed since", file)
    result = next((item for item in predicate.results if item.id == found.test), None)
    if result is None:
        _refuse("other-test", f"is of test {found.test}, which the report does not have", file)
    root, count = bytes.fromhex(found.root), len(found.exchanges)
    for at, item in enumerate(found.exchanges):
        line = canonical(item.exchange)
        leaf = evidence.leaf_hash(bytes.fromhex(item.salt), found.test, at + 1, count, line)
        proof = [bytes.fromhex(node) for node in item.proof]
        if not merkle.verify_inclusion(leaf, found.first + at, predicate.evidence.leaves, proof, root):
            what = f"holds as exchange {at + 1} of {count} what is not in the evidence of the report"
            _refuse("not-in-evidence", what, file)
    return Disclosed(result.id, result.name, result.outcome, count)


def parse(data: bytes, file: str) -> Disclosure:
    """Read a disclosure; nothing of it is checked against any report yet."""
    value = loads(data, file)
    if not isinstance(value, dict) or value.get("format") != "defcore-disclosure/1":
        raise InputError("no-disclosure", "is not a disclosure", where=file, hint="'defcore disclose' makes one")
    try:
        found = Disclosure.model_validate(value)
    except ValidationError as error:
        raise refused_shape(error, "bad-disclosure", file) from error
    if not data.endswith(b"\n") or not is_canonical(value, data[:-1]):
        _refuse("not-canonical", "is not written as canonical JSON with one newline at its end", file)
    return found


def _exchange(item: evidence.Exchange, where: str) -> object:
    try:
        value = json.loads(item.line)
    except ValueError:
        value = None
    if not isinstance(value, dict) or not is_canonical(value, item.line):
        what = f"line {item.number} of {item.test}.jsonl is not an exchange as defcore wrote it"
        raise InputError("evidence-damaged", what, where=where, hint="take it from your backup")
    return value


def _refuse(code: str, what: str, file: str) -> NoReturn:
    raise RefusedError(code, what, where=file, hint=HINT)
