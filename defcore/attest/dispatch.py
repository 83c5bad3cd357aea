"""What a file is, told by its content alone, so that one verb can check everything.

Nothing is checked here: the reader of the kind that is named refuses what is not in order.
"""

from __future__ import annotations

from enum import StrEnum

from defcore.attest.acts import ADMISSION_TYPE, APPROVAL_TYPE, SUMMARY_TYPE
from defcore.attest.canonical import decode
from defcore.attest.trust import TRUST_TYPE
from defcore.errors import InputError
from defcore.strictjson import Json, loads


class Kind(StrEnum):
    """What a file can be. Whatever is nothing else is taken for a report, whose reader says what is wrong with it."""

    BUNDLE = "bundle"
    TRUST = "trust policy"
    ACT = "decision"
    REPORT = "report"


_BY_TYPE = {
    TRUST_TYPE: Kind.TRUST,
    APPROVAL_TYPE: Kind.ACT,
    ADMISSION_TYPE: Kind.ACT,
    SUMMARY_TYPE: Kind.ACT,
}


def kind_of(data: bytes) -> Kind:
    """Tell what a file is by its first line."""
    value = _json(data.split(b"\n", 1)[0])
    if isinstance(value, dict) and isinstance(value.get("format"), str) and "trust" in value:
        return Kind.BUNDLE
    payload = value.get("payload") if isinstance(value, dict) else None
    statement = _json(decode(payload) or b"") if isinstance(payload, str) else None
    name = statement.get("predicateType") if isinstance(statement, dict) else None
    return _BY_TYPE.get(name, Kind.REPORT) if isinstance(name, str) else Kind.REPORT


def _json(data: bytes) -> Json:
    try:
        return loads(data, "")
    except InputError:
        return None
