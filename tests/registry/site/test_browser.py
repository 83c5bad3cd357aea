"""The site in a real browser, from a folder on a disk and from a web server: read it, compare, by mouse and by key."""

from __future__ import annotations

import functools
import importlib.resources
import importlib.util
import itertools
import os
import threading
import time
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from tests.report.test_browser import CONTRASTS, SCHEMES, _ask, _log, _open, browser

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from selenium.webdriver import Chrome

    from .conftest import Town

__all__ = ["browser"]
READ = ("front", "product", "hostile", "report", "capabilities", "capability")
PAGES = (*READ, "guidelines", "guideline", "impact", "diff", "verify", "data", "compare")
NOT = "\u2013 not shown"


@pytest.fixture(scope="module")
def site(town: Town, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the site, once."""
    target = tmp_path_factory.mktemp("site")
    town.render(target)
    return target


@pytest.fixture(scope="module")
def places(town: Town, site: Path) -> dict[str, Path]:
    """Name one page of each kind."""
    found = town.site()
    products = {item.name: item for item in found.products}
    evil = next(item for name, item in products.items() if "script" in name)
    acme = products["Cloud"]
    guideline = next((site / "guidelines").glob("2026.11-*/diff.html")).parent
    return {
        "front": site / "index.html",
        "product": site / acme.path / "index.html",
        "hostile": site / evil.path / "index.html",
        "report": site / acme.reports[1].path / "index.html",
        "capabilities": site / "capabilities" / "index.html",
        "capability": site / "capabilities" / "put" / "index.html",
        "guidelines": site / "guidelines" / "index.html",
        "guideline": guideline / "index.html",
        "impact": guideline / "impact.html",
        "diff": guideline / "diff.html",
        "verify": site / "verify" / "index.html",
        "data": site / "data" / "index.html",
        "compare": site / "compare" / "index.html",
    }


@pytest.fixture(scope="module")
def axe() -> str:
    """Return the script of axe, from the package that brings it."""
    if importlib.util.find_spec("axe_core_python") is None:
        missing = "axe needs the package axe-core-python (of the 'dev' extra)"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    return (importlib.resources.files("axe_core_python") / "axe.min.js").read_text(encoding="utf-8")


def pick(browser: Chrome, words: str) -> None:
    """Tick the report whose line holds these words, as a reader does."""
    script = """
    const box = [...document.querySelectorAll('#choices label')].find(n => n.textContent.includes(arguments[0]));
    box.querySelector('input').click();
    """
    browser.execute_script(script, words)


def wait(browser: Chrome, words: str, where: str = "#result") -> str:
    """Wait until a part of the page says something; return all of it."""
    end = time.monotonic() + 10
    text = ""
    while time.monotonic() < end:
        text = str(_ask(browser, f"return document.querySelector('{where}').innerText"))
        if words in text:
            return text
        time.sleep(0.05)
    pytest.fail(f"{words!r} does not come: {text}")


def shown(browser: Chrome) -> list[list[str]]:
    """Return the rows of the table of capabilities."""
    script = """
    const table = [...document.querySelectorAll('#result table')].find(n => n.tHead.innerText.includes('Capability'));
    return [...table.tBodies[0].rows].map(row => [...row.cells].map(cell => cell.innerText.split('\\n')[0]));
    """
    found: list[list[str]] = _ask(browser, script)
    return found


@pytest.mark.parametrize("name", PAGES)
def test_nothing_complains_and_nothing_pops_up(browser: Chrome, places: dict[str, Path], name: str) -> None:
    """If it fails, the browser finds fault with a page, or somebody's script ran."""
    _log(browser, "browser")
    _open(browser, places[name])
    assert _log(browser, "browser") == []
    assert _ask(browser, "return document.title").endswith(" · Small world")


@pytest.mark.parametrize(("name", "width"), list(itertools.product(PAGES, (320, 1280))))
def test_no_page_scrolls_sideways(browser: Chrome, places: dict[str, Path], name: str, width: int) -> None:
    """If it fails, a reader on a phone has to push the page to and fro."""
    _open(browser, places[name], width=width)
    _ask(browser, "for (const item of document.querySelectorAll('details')) item.open = true")
    assert _ask(browser, "return document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize(("name", "scheme"), list(itertools.product(PAGES, SCHEMES)))
def test_contrast_is_enough_in_both_schemes(browser: Chrome, places: dict[str, Path], name: str, scheme: str) -> None:
    """If it fails, some text is too faint for many eyes (WCAG 2 AA: 4.5 to 1)."""
    _open(browser, places[name], scheme=scheme)
    seen: dict[str, float] = _ask(browser, CONTRASTS)
    assert len(seen) >= 8
    assert {key: ratio for key, ratio in seen.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_no_serious_fault(browser: Chrome, places: dict[str, Path], axe: str, name: str) -> None:
    """If it fails, people with a screen reader or without a mouse meet an obstacle."""
    _open(browser, places[name])
    if name == "compare":
        pick(browser, "Acme Cloud")
        pick(browser, "Rival Other Cloud")
        wait(browser, "Capabilities")
    _ask(browser, "for (const item of document.querySelectorAll('details')) item.open = true")
    browser.execute_script(axe)
    script = "const done = arguments[arguments.length - 1]; axe.run(document).then(done)"
    found: dict[str, Any] = browser.execute_async_script(script)
    bad = [item for item in found["violations"] if item["impact"] in ("serious", "critical")]
    assert [(item["id"], item["help"], [node["html"][:120] for node in item["nodes"][:3]]) for item in bad] == []
    assert len(found["passes"]) > 10


@pytest.fixture(scope="module")
def served(site: Path) -> Iterator[str]:
    """Serve the site from a plain web server."""

    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, *words: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(site)))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()


@pytest.mark.parametrize("how", ["folder", "server"])
def test_two_products_are_put_side_by_side(browser: Chrome, places: dict[str, Path], served: str, how: str) -> None:
    """If it fails, nobody can compare two clouds without installing anything."""
    _open(browser, places["compare"])
    if how == "server":
        browser.get(f"{served}compare/index.html")
    pick(browser, "Acme Cloud")
    wait(browser, "Pick one more.")
    pick(browser, "Rival Other Cloud")
    text = wait(browser, "rely on")
    assert shown(browser) == [["put", "✓ shown", NOT], ["get", "✓ shown", "✓ shown"]]
    assert "1 of 2 capabilities are alike." in text
    assert "1 capability that every one of them shows." in text
    assert "shows 0 more, 1 fewer, 1 alike" in text
    assert "swift on nine disks" in text
    assert _ask(browser, "return [...document.querySelectorAll('#result .rely li')].map(n => n.innerText)") == ["get"]
    assert _ask(browser, "return document.querySelectorAll('#result tr.differs').length") >= 2
    browser.refresh()
    assert "1 of 2 capabilities are alike." in wait(browser, "rely on")


def test_what_is_not_aligned_does_not_stand_side_by_side(browser: Chrome, places: dict[str, Path]) -> None:
    """If it fails, results by two guidelines are compared as if they were of one."""
    _open(browser, places["compare"])
    for words in ("Acme Cloud", "Rival Other Cloud", "Rival Old Cloud"):
        pick(browser, words)
    text = wait(browser, "stands alone")
    assert "the guidelines differ" in text
    assert "Rival Old Cloud 1.0 (2026-11-20 09:30) stands alone" in text
    assert [len(row) for row in shown(browser)] == [3, 3]


def test_runs_of_one_product_are_compared_from_its_page(browser: Chrome, places: dict[str, Path]) -> None:
    """If it fails, nobody sees what changed from one report to the next."""
    _open(browser, places["product"])
    _ask(browser, "[...document.links].find(n => n.innerText.startsWith('Compare the two')).click()")
    text = wait(browser, "rely on")
    assert shown(browser) == [["put", "✓ shown", NOT], ["get", "✓ shown", "✓ shown"]]
    assert "swift on four disks" in text
    assert "swift on nine disks" in text


def test_older_reports_and_words_narrow_the_choice(browser: Chrome, places: dict[str, Path]) -> None:
    """If it fails, one report among thousands cannot be found."""
    _open(browser, places["compare"])
    wait(browser, "of 4 shown", "#count")
    _ask(browser, "document.getElementById('all').click()")
    wait(browser, "of 5 shown", "#count")
    _ask(browser, "document.getElementById('find').value = 'ACME cloud'")
    _ask(browser, "document.getElementById('find').dispatchEvent(new Event('input'))")
    wait(browser, "2 reports of 2 shown", "#count")


def test_a_hostile_name_is_text_in_the_comparison(browser: Chrome, places: dict[str, Path]) -> None:
    """If it fails, a vendor's name acts on the page on which it is compared."""
    _open(browser, places["compare"])
    pick(browser, "<script>alert(1)")
    pick(browser, "Acme Cloud")
    assert "<script>alert(1)</script><img src=x" in wait(browser, "rely on")
    assert _ask(browser, "return document.querySelectorAll('#result img, #result script, #choices img').length") == 0
    assert _log(browser, "browser") == []


def test_an_address_with_nonsense_is_passed_over(browser: Chrome, places: dict[str, Path]) -> None:
    """If it fails, a broken link ends in a broken page."""
    _log(browser, "browser")
    browser.get(f"{places['compare'].as_uri()}#../../x,<script>,%E0%A4%A")
    wait(browser, "Nothing is picked yet.")
    browser.get("about:blank")
    browser.get(f"{places['compare'].as_uri()}#nowhere,../../x")
    wait(browser, "Nothing is picked yet.")
    assert [item for item in _log(browser, "browser") if "Refused" in item["message"]] == []


def test_comparing_takes_no_mouse(browser: Chrome, places: dict[str, Path]) -> None:
    """If it fails, people who use the keyboard cannot compare."""
    from selenium.webdriver import ActionChains, Keys

    _open(browser, places["compare"])
    wait(browser, "picked", "#count")
    _ask(browser, "document.getElementById('all').focus()")
    keys = ActionChains(browser)
    keys.send_keys(Keys.TAB, Keys.SPACE, Keys.TAB, Keys.SPACE).perform()
    assert "At a glance" in wait(browser, "At a glance")
    outline = _ask(browser, "return getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none"


def test_without_script_the_page_says_what_else_there_is(browser: Chrome, places: dict[str, Path]) -> None:
    """If it fails, a reader without JavaScript finds an empty page."""
    _open(browser, places["compare"], script=False)
    assert "This page needs JavaScript" in browser.page_source
    _open(browser, places["compare"])


def test_the_way_through_the_site(browser: Chrome, places: dict[str, Path]) -> None:
    """If it fails, a reader cannot get from the first page to a single test and back."""
    _open(browser, places["front"])

    def follow(words: str) -> str:
        script = (
            "[...document.querySelectorAll('main a, header a')].find(n => n.innerText.includes(arguments[0])).click()"
        )
        browser.execute_script(script, words)
        return str(_ask(browser, "return document.querySelector('h1').innerText"))

    assert follow("Cloud") == "Cloud"
    assert follow("The report of") == "Cloud 1.1"
    _ask(browser, "document.querySelector('details.capability').open = true")
    assert follow("Who else has it") == "put"
    assert follow("2026.11") == "Guideline 2026.11"
    assert follow("Products") == "Small world"
