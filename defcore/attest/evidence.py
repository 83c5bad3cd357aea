"""A run's exchanges as a salted Merkle tree: the root goes into the report, everything else stays with the vendor.

The leaves stand in the order of the tests' ids, those of one test in the order of their lines. A leaf's hash is
H(0x00 ‖ salt ‖ record) (RFC 6962); the record is the RFC 8785 JSON of ``{exchange, number, of, test}``: the line of
``evidence/TEST.jsonl``, which exchange of how many it is, and of which test. So no exchange can pass for one of another
test, and one that is held back leaves a gap.

The salt keeps others from guessing what was not opened. It is the first 16 bytes of HMAC-SHA256(secret, ``TEST
NUMBER``), with a secret of 32 bytes made once a run, in ``evidence/salts``; whoever knows some salts learns nothing of
the others.
"""

from __future__ import annotations

import hmac
import os
import re
import secrets
import tempfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

from defcore.attest import merkle
from defcore.attest.statement import NO_EVIDENCE, Evidence
from defcore.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

FOLDER = "evidence"
SALTS = "salts"
SALT_BYTES = 16
_SECRET_BYTES = 32
_NAME = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


@dataclass(frozen=True, slots=True)
class Exchange:
    """One leaf before it is hashed. ``number`` counts from 1 to ``of`` within its test; ``line`` has no newline."""

    test: str
    number: int
    of: int
    line: bytes
    salt: bytes

    @property
    def hash(self) -> bytes:
        """The hash of the leaf."""
        return leaf_hash(self.salt, self.test, self.number, self.of, self.line)


def leaf_hash(salt: bytes, test: str, number: int, of: int, line: bytes) -> bytes:
    """Hash one exchange; ``line`` is its canonical JSON, so what is built around it is canonical too."""
    return merkle.leaf_hash(
        b'%b{"exchange":%b,"number":%d,"of":%d,"test":"%b"}' % (salt, line, number, of, test.encode())
    )


def commit(run: Path, tests: Collection[str]) -> Evidence:
    """Hash the exchanges of a run directory; ``tests`` are the ids that the run has results for.

    Makes ``evidence/salts`` (mode 0600) where there is none. Raises InputError for evidence that is damaged, or that is
    of a test which the run did not have.
    """
    lines = read_lines(run)
    if stray := sorted(lines.keys() - set(tests)):
        what = f"holds exchanges of test {stray[0]}, which this run did not have"
        raise InputError("evidence-stray", what, where=str(run / FOLDER), hint="is it the evidence of another run?")
    if not lines:
        return NO_EVIDENCE
    leaves = salted(lines, read_secret(run) or _make_secret(run))
    return Evidence(root=merkle.Tree([item.hash for item in leaves]).root.hex(), leaves=len(leaves))


def read_lines(run: Path) -> dict[str, list[bytes]]:
    """Return the exchanges of a run directory by test, in the order of the leaves; none where there is no evidence."""
    found = {}
    for path in sorted((run / FOLDER).glob("*.jsonl")):
        if not _NAME.fullmatch(path.stem):
            raise InputError("evidence-stray", "is not named for a test", where=str(path), hint="move it elsewhere")
        try:
            content = path.read_bytes()
        except OSError as error:
            what = f"cannot be read: {error.strerror}"
            raise InputError("evidence-unreadable", what, where=str(path), hint="nothing was signed") from error
        if not content:
            continue
        if not content.endswith(b"\n"):
            what = "ends in the middle of an exchange"
            raise InputError("evidence-cut", what, where=str(path), hint="the disk may have been full; run again")
        found[path.stem] = content[:-1].split(b"\n")
    return found


def salted(lines: dict[str, list[bytes]], secret: bytes) -> Sequence[Exchange]:
    """Give each exchange its salt."""
    return [
        Exchange(test, number, len(items), line, _salt(secret, test, number))
        for test, items in lines.items()
        for number, line in enumerate(items, start=1)
    ]


def read_secret(run: Path) -> bytes | None:
    """Return the secret of a run, or None where none was made yet. Raises InputError."""
    path = run / FOLDER / SALTS
    try:
        secret = bytes.fromhex(path.read_text("ascii"))
    except FileNotFoundError:
        return None
    except OSError as error:
        what = f"cannot be read: {error.strerror}"
        raise InputError("salts-unreadable", what, where=str(path), hint="it must be yours alone, mode 0600") from error
    except ValueError:
        secret = b""
    if len(secret) != _SECRET_BYTES:
        what = f"does not hold {_SECRET_BYTES} bytes in hex"
        raise InputError("bad-salts", what, where=str(path), hint="take it from your backup: a report may rest on it")
    return secret


def _make_secret(run: Path) -> bytes:
    folder = run / FOLDER
    secret = secrets.token_bytes(_SECRET_BYTES)
    try:
        with tempfile.NamedTemporaryFile(dir=folder, prefix=f".{SALTS}.") as stream:
            stream.write(secret.hex().encode() + b"\n")
            stream.flush()
            os.fsync(stream.fileno())
            # Unlike a rename, a link fails where another process was quicker: a secret is never replaced.
            os.link(stream.name, folder / SALTS)
    except FileExistsError:
        return read_secret(run) or secret
    except OSError as error:
        what = f"cannot be written: {error.strerror}"
        hint = "the salts of the evidence are kept beside it"
        raise InputError("salts-unwritable", what, where=str(folder / SALTS), hint=hint) from error
    return secret


def _salt(secret: bytes, test: str, number: int) -> bytes:
    return hmac.digest(secret, f"{test} {number}".encode(), "sha256")[:SALT_BYTES]
