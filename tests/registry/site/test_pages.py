"""Every page: what it says, that it hangs together, and that nothing in it is somebody else's script."""

from __future__ import annotations

import datetime as dt
import posixpath
import re
import subprocess
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from urllib.parse import unquote, urldefrag

import pytest

from defcore.attest import chain
from defcore.attest.badge import badge
from defcore.registry.admission import PUBLIC
from tests.registry.conftest import NOW, Registry

from .conftest import Town

if TYPE_CHECKING:
    from pathlib import Path


class Links(HTMLParser):
    """Collects what a page refers to, its ids, and its tags."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.ids: list[str] = []
        self.tags: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take note of a tag."""
        self.tags.append(tag)
        for name, value in attrs:
            if name in ("href", "src") and value:
                self.found.append(value)
            if name == "id" and value:
                self.ids.append(value)
            assert not name.startswith("on"), (tag, name, value)


@pytest.fixture(scope="module")
def texts(town: Town) -> dict[str, str]:
    """Make every page, once."""
    return {path: page.make(page.basis()).decode() for path, page in town.pages().items()}


def test_every_link_leads_somewhere_on_this_site(texts: dict[str, str]) -> None:
    """If it fails, a reader ends at nothing, or the page asks another machine."""
    ids = {path: Links(text).ids for path, text in texts.items() if path.endswith(".html")}
    for path in ids:
        for link in Links(texts[path]).found:
            address, anchor = urldefrag(link)
            if link == "data:," or re.match(r"https://[a-z.]+/", address):
                assert "rel=" in texts[path] or link == "data:,"
                continue
            target = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(address))) if address else path
            assert target in texts, (path, link)
            if anchor and not target.startswith("compare/"):
                assert anchor in ids[target], (path, link)


def test_only_the_comparison_page_has_script(texts: dict[str, str]) -> None:
    """If it fails, somebody's words are run as script, or a page does what its policy forbids."""
    for path, text in texts.items():
        if not path.endswith(".html"):
            continue
        scripts = Links(text).tags.count("script")
        assert scripts == (2 if path == "compare/index.html" else 0), path
        assert ("script-src" in text) == (path == "compare/index.html")
        assert "<img src=x" not in text
        assert "default-src 'none'" in text


def test_script_in_every_field_is_shown_as_text(texts: dict[str, str]) -> None:
    """If it fails, a vendor's words act in the browser of whoever reads them."""
    hit = 0
    for path, text in texts.items():
        if path.endswith((".html", ".svg", ".xml", ".js")):
            assert "<script>alert" not in text, path
        assert ">49<" not in text
        hit += "&lt;script&gt;alert(1)" in text
    assert hit >= 3


def test_each_page_has_one_heading_and_a_language(texts: dict[str, str]) -> None:
    """If it fails, a screen reader's user is lost."""
    for path, text in texts.items():
        if path.endswith(".html"):
            assert text.count("<h1>") == 1, path
            assert '<html lang="en">' in text
            ids = Links(text).ids
            assert len(ids) == len(set(ids)), path


def test_the_front_page_says_where_each_product_stands(texts: dict[str, str]) -> None:
    """If it fails, the first page does not answer the first question."""
    text = texts["index.html"]
    for words in ("awarded", "self-tested", "not shown", "1 of 2 required tests", "until 2027-12-01", "not reviewed"):
        assert words in text
    assert "4 products, 5 reports" in text


def _page(texts: dict[str, str], start: str, end: str = "index.html") -> str:
    (found,) = (text for path, text in texts.items() if re.fullmatch(f"{start}{end}", path))
    return found


def test_a_products_page_tells_its_history(texts: dict[str, str]) -> None:
    """If it fails, nobody sees that a product got better or worse."""
    text = _page(texts, r"products/acme-\w+/cloud-\w+/")
    assert "now shown: <bdi>put</bdi>" in text
    assert "the first one" in text
    assert "swift on nine disks" in text
    assert "1 of 2 on 2026-11-20 09:30 to 2 of 2 on 2026-11-21 09:30" in text
    assert "badge.svg" in text


def test_a_reports_page_goes_down_to_its_public_tests(texts: dict[str, str], town: Town) -> None:
    """If it fails, only capability scores are published (process C4.4), or failures are told."""
    site = town.site()
    for report in site.reports:
        text = texts[f"{report.path}/index.html"]
        assert "put_two" in text or "Other" in report.facts.product
        assert report.facts.public_digest in text
        assert "Proved" in text
        assert "failed</" not in text
    (first,) = (item for item in site.reports if item.facts.version == "1.0" and item.facts.vendor == "Acme")
    text = texts[f"{first.path}/index.html"]
    assert "put_one" not in text
    assert "1 more is not shown" in text


def test_an_award_and_its_end_are_said(town: Town) -> None:
    """If it fails, an award is shown without saying by whom and until when."""
    (path,) = (item.path for item in town.site().reports if item.standing.award)
    assert "Awarded by Board from 2026-12-09 until 2027-12-01." in town.text(f"{path}/index.html")
    assert "Expired: it was awarded by Board" in town.text(f"{path}/index.html", NOW + dt.timedelta(days=500))


def test_a_revocation_is_said_with_its_reason(registry: Registry) -> None:
    """If it fails, nobody hears why an award is gone."""
    world = registry.world
    made = registry.submission()
    registry.put(made)
    award = world.issue(world.awarding(made.full), world.board[:1], NOW - dt.timedelta(days=5))
    registry.act(award)
    registry.act(world.issue(world.withdrawing(award), world.board[:1], NOW - dt.timedelta(days=2)))
    town = Town(registry)
    (report,) = town.site().reports
    text = town.text(f"{report.path}/index.html")
    assert "Revoked: Board took the award back from 2026-12-08 on. the cloud was changed" in text
    assert "award revoked" in town.text(f"{report.path}/badge.svg")


def test_a_self_test_grows_old(town: Town) -> None:
    """If it fails, results of years ago stand as if they were of today."""
    late = NOW + dt.timedelta(days=500)
    (other,) = (item for item in town.site(late).products if item.name == "Other Cloud")
    assert "out of date" in town.text("index.html", late)
    assert "It is out of date." in town.text(f"{other.reports[0].path}/index.html", late)


def test_guidelines_have_page_diff_and_impact(texts: dict[str, str]) -> None:
    """If it fails, a vendor cannot read by what it is judged, what changed, or whom that touches."""
    assert "2026.02" in texts["guidelines/index.html"]
    (old,) = (path for path in texts if re.fullmatch(r"guidelines/2026.02-\w+/index.html", path))
    assert "What to do" in texts[old]
    diffs = [text for path, text in texts.items() if path.endswith("/diff.html")]
    assert any("get" in text and "2026.02" in text for text in diffs)
    impact = texts[old.replace("index", "impact")]
    assert "By 4 public reports that count now" in impact
    assert "4 of 4 records pass" in impact or "3 of 4 records pass" in impact


def test_a_capabilitys_page_says_who_and_since_when(texts: dict[str, str]) -> None:
    """If it fails, somebody who needs a capability cannot find who has it."""
    text = texts["capabilities/put/index.html"]
    assert "Shown by 3 of 4 products that were asked for it." in text
    has, _, lacks = text.partition("Where it is not shown")
    assert "2026-11-21" in has
    assert "Other Cloud" in lacks
    assert "Other Cloud" not in has
    assert "No product here was asked for it." in texts["capabilities/rest/index.html"]


def test_the_lines_by_which_one_verifies_work(town: Town, texts: dict[str, str], tmp_path: Path) -> None:
    """If it fails, the page that says 'do not believe us' cannot be followed."""
    from defcore.registry.site.report import key_file
    from defcore.registry.site.static import APART, OPENSSL

    site = town.site()
    report = site.reports[0]
    page = town.pages()[f"{report.path}/{PUBLIC}"]
    (tmp_path / PUBLIC).write_bytes(page.make(page.basis()))
    (tmp_path / "vendor.pub").write_text(texts[f"keys/{key_file(report.facts.signers[0].keyid)}"])
    assert "openssl pkeyutl" in texts["verify/index.html"]
    done = subprocess.run(
        ["bash", "-ec", f"{APART}\n{OPENSSL}"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout.strip()) == (0, "Signature Verified Successfully"), done


def test_the_bundle_of_a_report_verifies(town: Town) -> None:
    """If it fails, the one file that should prove a page proves nothing."""
    from defcore.attest import bundle, judge

    (report,) = (item for item in town.site().reports if item.standing.award)
    page = town.pages()[f"{report.path}/bundle.json"]
    parts = bundle.parse(page.make(page.basis()), "bundle.json")
    trust = chain.read(parts.trust, "trust", town.registry.world.trust.pin)
    found = judge.judge(parts, trust, at=NOW, known=[])
    assert found.status is report.standing.status
    assert "awarded" in badge(found, "x").message


def test_an_empty_registry_has_all_its_pages(registry: Registry) -> None:
    """If it fails, a registry cannot begin."""
    town = Town(registry)
    assert "No report has been admitted yet." in town.text("index.html")
    for path, page in town.pages().items():
        assert page.make(page.basis()), path


def test_very_many_products_are_on_several_pages(town: Town) -> None:
    """If it fails, the first page of a large registry does not load on a phone."""
    from dataclasses import replace

    from defcore.registry.site.front import front

    site = town.site()
    many = replace(site, products=site.products * 200)
    made = front(many)
    assert [name for name, _ in made] == ["index.html", "products-2.html", "products-3.html", "products-4.html"]
    assert sum(len(view.rows) for _, view in made) == 800
