"""The HTML report in a real browser: headless Chromium through selenium.

Without a browser these tests are skipped, saying so; where ``CI=true`` they fail instead.
"""

from __future__ import annotations

import base64
import itertools
import json
import os
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from defcore.report import render

from .builders import VIEWS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from selenium.webdriver import Chrome

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
NAMES = ("green", "mixed", "dead", "empty", "huge")
SCHEMES = ("light", "dark")

CONTRASTS = """
const parse = text => (text.match(/[\\d.]+/g) || []).map(Number);
const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
  .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
const ground = node => {
  for (; node; node = node.parentElement) {
    const colour = parse(getComputedStyle(node).backgroundColor);
    if (colour.length === 3 || colour[3] === 1) return colour;
  }
  return [255, 255, 255];
};
const seen = {};
for (const details of document.querySelectorAll('details')) details.open = true;
for (const node of document.querySelectorAll('body *')) {
  const own = [...node.childNodes].some(child => child.nodeType === 3 && child.data.trim());
  if (!own || node.closest('svg') || !node.getClientRects().length) continue;
  const style = getComputedStyle(node), a = light(parse(style.color)), b = light(ground(node));
  const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
  const key = node.tagName.toLowerCase() + (node.className ? '.' + node.className : '');
  seen[key] = Math.min(seen[key] ?? 99, ratio);
}
return seen;
"""

SIGNS = """
const parse = text => (text.match(/[\\d.]+/g) || []).map(Number);
const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
  .reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
const root = getComputedStyle(document.documentElement), probe = document.createElement('i');
document.body.append(probe);
const value = name => {
  probe.style.color = root.getPropertyValue(name);
  return light(parse(getComputedStyle(probe).color));
};
const card = value('--card'), ratio = (a, b) => (Math.max(a, b) + .05) / (Math.min(a, b) + .05), found = {};
for (const name of ['--good-fill', '--bad-fill', '--open-fill', '--still']) found[name] = ratio(value(name), card);
probe.remove();
return found;
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """Start one Chromium with an empty profile."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    driver = shutil.which("chromedriver")
    if not found or not driver:
        missing = "the report's browser tests need chromium and chromedriver (Debian: chromium, chromium-driver)"
        if os.environ.get("CI") == "true":
            pytest.fail(missing)
        pytest.skip(missing)
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = found
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    chrome = webdriver.Chrome(options, Service(driver))
    yield chrome
    chrome.quit()


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Write each report to a file of its own."""
    folder = tmp_path_factory.mktemp("pages")
    paths = {}
    for name in NAMES:
        paths[name] = folder / f"{name}.html"
        paths[name].write_text(render("html", VIEWS[name]()), encoding="utf-8")
    return paths


def _open(browser: Chrome, path: Path, *, scheme: str = "light", width: int = 1280, script: bool = True) -> None:
    media = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": media})
    size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 600}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not script})
    browser.get(path.as_uri())


def _ask(browser: Chrome, script: str) -> Any:  # noqa: ANN401 - whatever the page answers
    return browser.execute_script(script)


def _log(browser: Chrome, kind: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = browser.get_log(kind)  # type: ignore[no-untyped-call]
    return found


@pytest.mark.parametrize("name", NAMES)
def test_nothing_is_requested_and_nothing_complains(browser: Chrome, pages: dict[str, Path], name: str) -> None:
    """If it fails, a report calls out when it is opened, or the browser finds fault with it."""
    _log(browser, "performance")
    _log(browser, "browser")
    _open(browser, pages[name])
    address = pages[name].as_uri()
    sent = [json.loads(entry["message"])["message"] for entry in _log(browser, "performance")]
    # Chromium's own start page may still be loading beside ours.
    requested = {
        item["params"]["request"]["url"]
        for item in sent
        if item["method"] == "Network.requestWillBeSent" and item["params"]["documentURL"] == address
    }
    assert requested - {"data:,"} == {address}
    assert _log(browser, "browser") == []


@pytest.mark.parametrize(("name", "width"), list(itertools.product(NAMES, (320, 360, 768, 1280))))
def test_no_page_scrolls_sideways(browser: Chrome, pages: dict[str, Path], name: str, width: int) -> None:
    """If it fails, a reader on a phone has to push the page to and fro."""
    _open(browser, pages[name], width=width)
    _ask(browser, "for (const item of document.querySelectorAll('details')) item.open = true")
    assert _ask(browser, "return document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    wide = (
        "return [...document.querySelectorAll('body *')].filter(n => n.getBoundingClientRect().right > innerWidth + 1 \
        && !n.closest('svg, .unseen, thead')).map(n => n.outerHTML.slice(0, 120))"
    )
    assert _ask(browser, wide) == []


@pytest.mark.parametrize(("name", "scheme"), list(itertools.product(("green", "mixed", "dead", "empty"), SCHEMES)))
def test_contrast_is_enough_in_both_schemes(browser: Chrome, pages: dict[str, Path], name: str, scheme: str) -> None:
    """If it fails, some text is too faint for many eyes (WCAG 2 AA: 4.5 to 1, 3 to 1 for signs)."""
    _open(browser, pages[name], scheme=scheme)
    seen = _ask(browser, CONTRASTS)
    assert len(seen) >= 15
    assert {key: ratio for key, ratio in seen.items() if ratio < 4.5} == {}
    assert {key: ratio for key, ratio in _ask(browser, SIGNS).items() if ratio < 3} == {}


def test_the_schemes_differ(browser: Chrome, pages: dict[str, Path]) -> None:
    """If it fails, a reader in the dark gets a white page."""
    colours = []
    for scheme in SCHEMES:
        _open(browser, pages["mixed"], scheme=scheme)
        colours.append(_ask(browser, "return getComputedStyle(document.body).backgroundColor"))
    assert colours == ["rgb(250, 250, 248)", "rgb(20, 23, 26)"]


def test_headings_are_in_order_as_rendered(browser: Chrome, pages: dict[str, Path]) -> None:
    """If it fails, a screen reader's outline of the page has gaps."""
    _open(browser, pages["mixed"])
    levels = _ask(browser, "return [...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(n => +n.tagName[1])")
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_names_reach_the_accessibility_tree(browser: Chrome, pages: dict[str, Path]) -> None:
    """If it fails, a screen reader does not hear the picture, the verdicts or the table."""
    _open(browser, pages["mixed"])
    nodes = browser.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    heard = {
        (n.get("role", {}).get("value"), n.get("name", {}).get("value", "")) for n in nodes if not n.get("ignored")
    }
    assert ("heading", "Interoperability Fail") in heard
    assert ("heading", "Mark Undetermined") in heard
    assert ("image", "objectstore-object-get: 2 of 4 tests passed (2 failed)") in heard
    assert {"main", "navigation", "banner", "contentinfo", "table", "columnheader", "rowheader"} <= {
        role for role, _ in heard
    }


def test_a_link_from_what_to_fix_opens_the_test(browser: Chrome, pages: dict[str, Path]) -> None:
    """If it fails, the link to a failed test ends at a closed line."""
    _open(browser, pages["mixed"])
    target = _ask(browser, "return document.querySelector('.group .more a').hash")
    browser.get("about:blank")
    browser.get(pages["mixed"].as_uri() + target)
    assert _ask(browser, f"return document.querySelector('{target}').closest('details').open")


def test_the_filter_and_details_work_without_javascript(browser: Chrome, pages: dict[str, Path]) -> None:
    """If it fails, a reader whose browser runs no script cannot open or filter the tests."""
    from selenium.webdriver.common.by import By

    _open(browser, pages["mixed"], script=False)
    passed = browser.find_element(By.CSS_SELECTOR, ".tests > .t-passed")
    assert passed.is_displayed()
    browser.find_element(By.ID, "show-open").click()
    assert not passed.is_displayed()
    failed = browser.find_element(By.CSS_SELECTOR, ".tests > .t-failed")
    failed.find_element(By.TAG_NAME, "summary").click()
    assert failed.find_element(By.CSS_SELECTOR, ".pair").is_displayed()
    browser.find_element(By.ID, "show-deciding").click()
    assert not browser.find_element(By.CSS_SELECTOR, ".tests > .t-beside").is_displayed()
    _open(browser, pages["mixed"])


def test_the_skip_link_is_first_and_shows_when_focused(browser: Chrome, pages: dict[str, Path]) -> None:
    """If it fails, somebody with a keyboard has to walk through the navigation each time."""
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys

    _open(browser, pages["green"])
    browser.find_element(By.TAG_NAME, "body").send_keys(Keys.TAB)
    assert _ask(browser, "return document.activeElement.className") == "skip"
    assert _ask(browser, "return document.activeElement.getBoundingClientRect().top >= 0")


def test_print_opens_the_details_and_drops_the_controls(browser: Chrome, pages: dict[str, Path]) -> None:
    """If it fails, a printed report lacks what was expected and what came, or shows buttons."""
    from selenium.webdriver.support.wait import WebDriverWait

    _open(browser, pages["mixed"], scheme="dark")
    seen = "return document.querySelector('.tests .pair').checkVisibility({contentVisibilityAuto: true})"
    assert not _ask(browser, seen)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        # What is skipped in layout shows up with the next frame only.
        WebDriverWait(browser, 10).until(lambda shown: _ask(shown, seen))
        assert _ask(browser, "return getComputedStyle(document.querySelector('.filter')).display") == "none"
        assert _ask(browser, "return getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
        pdf = base64.b64decode(browser.execute_cdp_cmd("Page.printToPDF", {})["data"])
    finally:
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    assert pdf.startswith(b"%PDF-")
