"""Moments in UTC, as RFC 3339 text and back."""

from __future__ import annotations

import datetime as dt
import re

from defcore.errors import InputError


def write_stamp(moment: dt.datetime) -> str:
    """Return ``2026-11-20T09:30:00Z``. Raises InputError for a moment without a time zone: nobody would know when."""
    if moment.tzinfo is None:
        raise InputError("no-time-zone", f"the time {moment.isoformat()} has no time zone", hint="give it in UTC")
    return moment.astimezone(dt.UTC).replace(tzinfo=None).isoformat() + "Z"


def read_stamp(text: str) -> dt.datetime:
    """Return the moment that a stamp means. Raises InputError for one that the calendar or the clock does not have."""
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError as error:
        hint = "times look like 2026-11-20T09:30:00Z"
        raise InputError("bad-time", f"there is no time {text!r}", hint=hint) from error


def read_date(text: str) -> str:
    """Return the stamp that somebody means who types a day (its beginning in UTC) or a stamp. Raises InputError."""
    found = f"{text}T00:00:00Z" if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else text
    if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z", found):
        raise InputError("bad-time", f"{text!r} is no day and no time", hint="give 2026-11-20 or 2026-11-20T09:30:00Z")
    read_stamp(found)
    return found
