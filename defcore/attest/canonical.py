"""One way to write a JSON value (RFC 8785), one way to write bytes in it (base64), and words that cannot act."""

from __future__ import annotations

import base64
import binascii
import hashlib
import unicodedata

import rfc8785

from defcore.errors import InputError


def canonical(value: object) -> bytes:
    """Return the RFC 8785 bytes of a JSON value. Raises InputError for what RFC 8785 cannot write.

    That is: integers beyond 2^53 - 1, NaN, infinities, lone surrogates and anything that is not JSON.
    """
    try:
        return rfc8785.dumps(value)  # type: ignore[arg-type]
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as error:
        raise InputError("not-canonical", f"cannot be written as canonical JSON: {error}") from error


def is_canonical(value: object, data: bytes) -> bool:
    """Tell whether ``data`` is exactly how RFC 8785 writes ``value``."""
    try:
        return canonical(value) == data
    except InputError:
        return False


def sha256_hex(data: bytes) -> str:
    """Return the sha256 in lowercase hex, as ``sha256sum`` prints it."""
    return hashlib.sha256(data).hexdigest()


def encode(data: bytes) -> str:
    """Return standard base64 with padding (RFC 4648, section 4)."""
    return base64.b64encode(data).decode("ascii")


def decode(text: str) -> bytes | None:
    """Return the bytes of canonical base64, or None.

    Python's own decoder ignores the unused bits of the last character, so two texts would mean the same bytes.
    """
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if encode(data) == text else None


def printable(text: str) -> str:
    """Return ``text`` on one line, with control and invisible formatting characters written out.

    A report is written by somebody else: its words must not be able to move the cursor, colour the screen
    or turn the direction of reading.
    """
    return "".join(
        char if char == " " or unicodedata.category(char)[0] not in "CZ" else f"\\u{ord(char):04x}" for char in text
    )
