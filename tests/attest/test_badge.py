"""A badge says no more than the bundle proves, and a self-test never looks like an award."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from defcore.attest.award import Status
from defcore.attest.badge import badge, shields, svg
from defcore.errors import RefusedError
from defcore.run.record import Outcome

from .test_award import waived
from .world import TODAY

if TYPE_CHECKING:
    from defcore.attest.badge import Badge

    from .world import World

NAMES = {"s": "http://www.w3.org/2000/svg"}


def drawn(found: Badge, link: str = "") -> ET.Element:
    """Draw a badge and read it back."""
    return ET.fromstring(svg(found, link))  # noqa: S314 - our own


def test_an_award_shows_guideline_level_and_expiry(world: World) -> None:
    """Otherwise a badge could be shown for ever, for any guideline."""
    found = badge(world.judge(world.bundle), "bundle.json")
    assert (found.label, found.message) == ("Cloud Storage 2026.11", "awarded · L0 · until 2027-12-01")
    image = drawn(found, "https://example.org/?a=1&b=2")
    assert [item.text for item in image.iterfind(".//s:text", NAMES)] == [found.label, found.message]
    link = image.find("s:a", NAMES)
    assert link is not None
    assert link.get("href") == "https://example.org/?a=1&b=2"
    assert image.get("aria-label") == found.title
    assert "as of 2027-01-15" in found.title


def test_a_self_test_looks_like_none(world: World) -> None:
    """Attack: a vendor shows the badge of a self-test as if it were an award."""
    judged = world.judge(world.pack(), known=world.house.known)
    found = badge(judged, "bundle.json")
    assert found.message == "self-tested 2026-11-20, not reviewed · L0"
    image, award = drawn(found), drawn(badge(world.judge(world.bundle), "bundle.json"))
    assert b"stroke-dasharray" in svg(found, "")
    assert b"stroke-dasharray" not in svg(badge(world.judge(world.bundle), "x"), "")
    papers = [item.findall(".//s:rect", NAMES)[0].get("fill") for item in (image, award)]
    assert papers[0] != papers[1]
    assert image.find("s:a", NAMES) is None
    later = world.judge(
        world.pack(
            world.approval,
            world.admission,
            world.issue(world.awarding(since="2027-06-01T00:00:00Z"), world.board[:1]),
        )
    )
    assert badge(later, "bundle.json").status is Status.SELF_TESTED


def test_an_award_that_ended_says_so(world: World) -> None:
    """Otherwise drawing the badge again would not show that the award is over."""
    over = badge(world.judge(world.bundle, at=TODAY.replace(year=2037)), "bundle.json")
    assert over.message == "award expired 2027-12-01"
    taken = world.judge(world.pack(world.approval, world.admission, world.award, world.revocation))
    assert badge(taken, "bundle.json").message == "award revoked 2026-12-15"


def test_waivers_show(world: World) -> None:
    """Otherwise an award with exceptions would look like one without."""
    full, _, made = waived(world)
    found = world.judge(world.pack(world.approval, world.admission, made, report=full))
    assert badge(found, "bundle.json").message == "awarded with waivers · L0 · until 2027-12-01"


def test_there_is_no_badge_for_a_failure(world: World) -> None:
    """Otherwise somebody would publish what is not a pass (process C4.3), or a pass by a guideline of its own."""
    broken = world.house.run_record(dict.fromkeys(world.house.ids, Outcome.FAILED))
    failing = world.judge(world.pack(report=world.house.report(run=broken)), known=world.house.known)
    with pytest.raises(RefusedError) as caught:
        badge(failing, "bundle.json")
    assert caught.value.code == "no-badge"
    with pytest.raises(RefusedError) as caught:
        badge(world.judge(world.pack()), "bundle.json")
    assert caught.value.code == "guideline-unknown"


def test_names_cannot_break_out(world: World) -> None:
    """Attack: a product's name, or a link, holds markup that runs in the reader's browser."""
    product = world.house.described(product='"><script>alert(1)</script>')
    report = world.house.report(product=product)
    found = badge(world.judge(world.pack(report=report), known=world.house.known), "bundle.json")
    content = svg(found, '"><script>alert(2)</script>')
    assert b"<script" not in content
    assert ET.fromstring(content) is not None  # noqa: S314 - our own


@pytest.mark.parametrize(("status", "colour"), [("awarded", "brightgreen"), ("revoked", "red")])
def test_the_endpoint_of_shields(world: World, status: str, colour: str) -> None:
    """Otherwise those who use shields.io badges could show none."""
    more = (world.revocation,) if status == "revoked" else ()
    found = badge(world.judge(world.pack(world.approval, world.admission, world.award, *more)), "bundle.json")
    value = json.loads(shields(found))
    assert (value["schemaVersion"], value["label"], value["message"]) == (1, found.label, found.message)
    assert (value["color"], value["isError"]) == (colour, status == "revoked")
