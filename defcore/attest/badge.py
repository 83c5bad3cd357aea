"""A badge that says no more than ``defcore verify`` does: guideline, level and expiry, and a link to the proof.

A self-test and an award differ in shape, colour and words, so that neither is taken for the other in black and white,
at a glance or by a screen reader: an award is filled, a self-test is a dashed outline and says that nobody reviewed
it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from defcore.attest.award import Status
from defcore.attest.canonical import printable
from defcore.errors import RefusedError
from defcore.score import Interop

if TYPE_CHECKING:
    from defcore.attest.judge import Judgement

HEIGHT = 24
GAP = 9
WIDTHS = {"narrow": "iljtfrI1.,:;'|()/ ", "wide": "mwMWABCDGHKNOQRUVXYZ%@—"}
COLOURS = {
    Status.AWARDED: ("#1a7f37", "brightgreen"),
    Status.SELF_TESTED: ("#57606a", "lightgrey"),
    Status.EXPIRED: ("#8a4600", "orange"),
    Status.REVOKED: ("#b42318", "red"),
}


@dataclass(frozen=True, slots=True)
class Badge:
    """``label`` is what a badge is about, ``message`` where the product stands, ``title`` the whole story."""

    label: str
    message: str
    title: str
    status: Status


def badge(judgement: Judgement, file: str) -> Badge:
    """Word a badge. Refuses one for a report that does not show a pass: only passes are published (process C4.3)."""
    report, day = judgement.report, f"{judgement.at:%F}"
    if not report.guideline_known:
        raise RefusedError("guideline-unknown", "rests on a guideline that nobody here knows", where=file)
    if judgement.award is None and report.card.interop is not Interop.PASS:
        what = f"shows interop {report.card.interop}, and a badge is for a pass"
        raise RefusedError("no-badge", what, where=file, hint="'defcore verify' says why")
    claim = report.statement.predicate
    level = claim.run.level
    terms = judgement.award.predicate.terms if judgement.award else None
    waived = " with waivers" if terms and terms.waivers else ""
    status = judgement.status
    if terms is None or status is Status.SELF_TESTED:
        message = f"self-tested {claim.issued_at[:10]}, not reviewed · {level}"
    elif status is Status.AWARDED:
        message = f"awarded{waived} · {level} · until {terms.until[:10]}"
    elif status is Status.EXPIRED:
        message = f"award expired {terms.until[:10]}"
    else:
        message = f"award revoked {judgement.revocations[0].predicate.terms.since[:10]}"
    title = f"{claim.target.name()}: {message}; {claim.program}, guideline {claim.guideline.id}, as of {day}"
    return Badge(
        printable(f"{report.card.program_name} {claim.guideline.id}"), printable(message), printable(title), status
    )


def svg(found: Badge, link: str) -> bytes:
    """Draw the badge; it needs nothing from anywhere, and links to the proof. Readable on light and on dark pages."""
    colour, _ = COLOURS[found.status]
    left, right = (_width(text) + 2 * GAP for text in (found.label, found.message))
    solid = found.status is not Status.SELF_TESTED
    paper, ink = (colour, "#fff") if solid else ("#fff", "#24292f")
    dashes = "" if solid else ' stroke-dasharray="4 2"'
    middle, total = HEIGHT / 2, left + right
    title = escape(found.title)
    frame = f'x=".5" y=".5" width="{total - 1}" height="{HEIGHT - 1}" rx="4"'
    font = 'font-family="Verdana,DejaVu Sans,sans-serif" font-size="11" text-anchor="middle"'
    opening, closing = (f'<a href="{escape(link)}">', "</a>") if link else ("<g>", "</g>")
    size = f'width="{total}" height="{HEIGHT}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" aria-label="{title}">',
        f"<title>{title}</title>",
        opening,
        f'<rect {frame} fill="{paper}"/>',
        f'<path d="M{left} .5H4.5a4 4 0 0 0-4 4v{HEIGHT - 9}a4 4 0 0 0 4 4H{left}z" fill="#24292f"/>',
        f'<rect {frame} fill="none" stroke="{colour}"{dashes}/>',
        f'<g {font} dominant-baseline="central">',
        _text(found.label, left / 2, middle, left - 2 * GAP, "#fff"),
        _text(found.message, left + right / 2, middle, right - 2 * GAP, ink),
        "</g>",
        closing,
        "</svg>",
    ]
    return "\n".join(lines).encode() + b"\n"


def _text(text: str, x: float, y: float, width: int, colour: str) -> str:
    return f'<text x="{x:g}" y="{y:g}" fill="{colour}" textLength="{width}">{escape(text)}</text>'


def shields(found: Badge) -> bytes:
    """Return the JSON that a shields.io endpoint badge reads."""
    value = {
        "schemaVersion": 1,
        "label": found.label,
        "message": found.message,
        "color": COLOURS[found.status][1],
        "isError": found.status in (Status.EXPIRED, Status.REVOKED),
    }
    return json.dumps(value, indent=2, ensure_ascii=False).encode() + b"\n"


def _width(text: str) -> int:
    """Estimate how wide a text is at 11 px; ``textLength`` makes it so, whatever font the reader has."""
    narrow, wide = (sum(char in chars for char in text) for chars in WIDTHS.values())
    return round(4.1 * narrow + 8.3 * wide + 6.6 * (len(text) - narrow - wide))
