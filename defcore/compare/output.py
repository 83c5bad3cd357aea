"""A comparison in the form that was asked for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from defcore.compare import jsonout, text
from defcore.compare.view import build_view
from defcore.errors import InputError

if TYPE_CHECKING:
    from defcore.compare.model import Comparison

FORMATS = ("text", "json", "html")


def render(form: str, found: Comparison) -> str:
    """Return the comparison as ``text``, ``json`` or ``html``; the same comparison gives the same characters.

    Raises InputError for any other form.
    """
    if form == "json":
        return json.dumps(jsonout.comparison_json(found), indent=2, ensure_ascii=False) + "\n"
    if form == "html":
        from defcore.compare import html  # noqa: PLC0415 - only a page needs the template engine

        return html.render(build_view(found))
    if form != "text":
        raise InputError(
            "unknown-format", f"there is no comparison format {form!r}", hint=f"one of: {', '.join(FORMATS)}"
        )
    return text.render(build_view(found))
