"""in-toto Statement v1: the shape around every predicate of ours, one way to write it, one way to read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypeVar

from pydantic import Field, ValidationError

from defcore.attest.canonical import canonical, is_canonical, printable
from defcore.attest.dsse import HINT, refused_shape
from defcore.errors import InputError, RefusedError
from defcore.run.record import Digest, Wire
from defcore.strictjson import loads

if TYPE_CHECKING:
    from collections.abc import Mapping

STATEMENT_TYPE = "https://in-toto.io/Statement/v1"


class SubjectDigest(Wire):
    """The digests of a subject."""

    sha256: Digest


class Subject(Wire):
    """What the statement is about. The name is for people; the digest decides."""

    name: str
    digest: SubjectDigest


class InToto(Wire):
    """A statement about one subject; ``predicateType`` and ``predicate`` are for subclasses to add."""

    type: Literal["https://in-toto.io/Statement/v1"] = Field(alias="_type")
    subject: tuple[Subject, ...] = Field(min_length=1, max_length=1)


_Model = TypeVar("_Model", bound=InToto)


def wrap(name: str, digest: str, predicate_type: str, predicate: Wire) -> dict[str, Any]:
    """Return the fields of a statement about one subject, from which its model is made."""
    return {
        "_type": STATEMENT_TYPE,
        "subject": (Subject(name=name, digest=SubjectDigest(sha256=digest)),),
        "predicateType": predicate_type,
        "predicate": predicate,
    }


def write(statement: InToto) -> bytes:
    """Return the payload: the statement's RFC 8785 bytes. Raises InputError for text that is no Unicode."""
    return canonical(_value(statement))


def read_payload(payload: bytes, file: str, models: Mapping[str, type[_Model]]) -> _Model:
    """Read a payload exactly as ``write`` writes it, by the model that its ``predicateType`` names.

    Raises RefusedError (attack: parser tricks). Doubled keys, unknown or missing fields, ``12.0`` for ``12``, blanks
    that a reader would strip, a payload of another kind: all refused.
    """
    try:
        value = loads(payload, f"{file}, payload")
    except InputError as error:
        raise RefusedError(error.code, f"holds a payload that {error.what}", where=file, hint=HINT) from error
    kind = value.get("predicateType") if isinstance(value, dict) else None
    model = models.get(kind) if isinstance(kind, str) else None
    if model is None:
        named = f"of type {printable(kind)}" if isinstance(kind, str) else "without a type"
        what = f"holds a statement {named}; wanted is {' or '.join(models)}"
        raise RefusedError("statement-type", what, where=file, hint=HINT)
    try:
        statement = model.model_validate(value)
    except ValidationError as error:
        raise refused_shape(error, "bad-statement", file) from error
    if not is_canonical(_value(statement), payload):
        raise RefusedError("not-canonical", "holds a payload that is not canonical JSON", where=file, hint=HINT)
    return statement


def _value(statement: InToto) -> dict[str, Any]:
    return statement.model_dump(mode="json", by_alias=True)
