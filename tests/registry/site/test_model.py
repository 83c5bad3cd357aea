"""Where products, reports and capabilities stand on a day."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from defcore.attest.award import Status
from defcore.registry.site.model import build
from tests.registry.conftest import NOW

if TYPE_CHECKING:
    from tests.registry.conftest import Registry

    from .conftest import Town


def test_products_have_their_reports_newest_first(town: Town) -> None:
    """If it fails, an old result stands where the new one should."""
    site = town.site()
    (acme,) = (item for item in site.products if item.vendor == "Acme")
    assert [item.facts.version for item in acme.reports] == ["1.1", "1.0"]
    assert [item.facts.version for item in acme.current] == ["1.1"]
    assert acme.before(acme.reports[0]) is acme.reports[1]
    assert acme.before(acme.reports[1]) is None
    assert len(site.reports) == 5
    assert site.left_out == ()


def test_since_when_counts_the_unbroken_row(town: Town) -> None:
    """If it fails, a capability that was lost in between is said to have been there all along."""
    (acme,) = (item for item in town.site().products if item.vendor == "Acme")
    newest, oldest = acme.reports
    assert acme.since(newest, "get") is oldest
    assert acme.since(newest, "put") is newest


def test_an_award_in_force_counts_before_a_newer_self_test(registry: Registry) -> None:
    """If it fails, an awarded product loses its award's line by testing again."""
    from .conftest import Town

    world, house = registry.world, registry.house
    made = registry.submission()
    registry.put(made)
    registry.act(world.issue(world.awarding(made.full), world.board[:1], NOW - dt.timedelta(days=1)))
    newer = house.issued_at + dt.timedelta(days=2)
    registry.put(registry.submission(run=house.run_record(id="run-2"), issued_at=newer))
    (product,) = Town(registry).site().products
    assert product.reports[0].standing.word == "self-tested"
    assert [item.standing.word for item in product.current] == ["awarded"]


def test_a_standing_changes_with_the_day(town: Town) -> None:
    """If it fails, an award or a self-test is shown as good for ever."""
    words = {}
    for days in (0, 300, 500):
        site = town.site(NOW + dt.timedelta(days=days))
        words[days] = {item.name: item.current[0].standing.word for item in site.products if item.vendor != "Evil"}
    assert words[0]["Cloud"] == "awarded"
    assert words[0]["Other Cloud"] == "self-tested"
    assert words[500]["Cloud"] == "award expired"
    assert words[500]["Other Cloud"] == "out of date"


def test_a_revoked_award_is_said(registry: Registry) -> None:
    """If it fails, a product goes on with an award that was taken back."""
    from .conftest import Town

    world = registry.world
    made = registry.submission()
    registry.put(made)
    award = world.issue(world.awarding(made.full), world.board[:1], NOW - dt.timedelta(days=5))
    registry.act(award)
    registry.act(world.issue(world.withdrawing(award), world.board[:1], NOW - dt.timedelta(days=2)))
    (product,) = Town(registry).site().products
    standing = product.reports[0].standing
    assert (standing.status, standing.word, standing.over) == (Status.REVOKED, "award revoked", True)


def test_capabilities_say_who_has_them(town: Town) -> None:
    """If it fails, somebody chooses a cloud for what it does not show."""
    found = {item.name: item for item in town.site().capabilities}
    assert {held.product.name for held in found["put"].lacks} == {"Other Cloud"}
    assert {"Cloud", "Old Cloud"} <= {held.product.name for held in found["put"].has}
    assert [home.guideline.id for home, _ in found["put"].homes][-1] == "2026.02"
    # Under the older guideline nobody was asked for it.
    assert "Old Cloud" not in {held.product.name for held in (*found["get"].has, *found["get"].lacks)}


def test_a_report_on_a_guideline_that_is_gone_is_left_out(town: Town) -> None:
    """If it fails, one guideline that was taken away breaks every page."""
    site = town.site()
    facts = [item.facts.model_copy(update={"guideline_digest": "0" * 64}) for item in site.reports]
    empty = build(site.known, facts, NOW)
    assert (empty.products, len(empty.left_out)) == ((), 5)


def test_history_is_not_compared_across_guidelines_and_suites(registry: Registry) -> None:
    """If it fails, a product seems to get worse because it was asked for more."""
    from defcore.registry.site.product import product_view
    from defcore.registry.store import GUIDELINES

    from .conftest import Town

    house = registry.house
    other = house.guideline_file(house.guideline_value("draft", "2026.08"))
    (registry.root / GUIDELINES / "2026.08.json").write_bytes(other.provenance.content)
    engine = house.run.engine.model_copy(update={"suite_digest": "b" * 64})
    hour = dt.timedelta(hours=1)
    registry.put(registry.submission(source=other))
    registry.put(registry.submission(run=house.run_record(id="run-2"), issued_at=house.issued_at + hour))
    third = house.run_record(id="run-3", engine=engine)
    registry.put(registry.submission(run=third, issued_at=house.issued_at + 2 * hour))
    fourth = house.run_record(id="run-4", engine=engine)
    registry.put(registry.submission(run=fourth, issued_at=house.issued_at + 3 * hour))
    (product,) = Town(registry).site().products
    view = product_view(product)
    assert [step.note for step in view.steps] == [
        "shows the same capabilities as before",
        "another set of tests than before: not compared",
        "another guideline than before: not compared",
        "the first one",
    ]
    assert len(view.trends[0].breaks) == 2
