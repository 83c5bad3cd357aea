"""The page in a real browser: headless Chromium, as for the report."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

from defcore.compare import render
from tests.report.test_browser import CONTRASTS, _ask, _log, _open, browser

from .views import ALL

if TYPE_CHECKING:
    from pathlib import Path

    from selenium.webdriver import Chrome

__all__ = ["browser"]


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Write each comparison to a file of its own."""
    folder = tmp_path_factory.mktemp("pages")
    paths = {}
    for name, build in ALL.items():
        paths[name] = folder / f"{name}.html"
        paths[name].write_text(render("html", build()), encoding="utf-8")
    return paths


@pytest.mark.parametrize(("name", "width"), list(itertools.product(ALL, (320, 768, 1280))))
def test_no_page_scrolls_sideways(browser: Chrome, pages: dict[str, Path], name: str, width: int) -> None:
    """If it fails, a reader on a phone has to push the page to and fro."""
    _open(browser, pages[name], width=width)
    _ask(browser, "for (const item of document.querySelectorAll('details')) item.open = true")
    assert _ask(browser, "return document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize(("name", "scheme"), list(itertools.product(("engines", "products"), ("light", "dark"))))
def test_contrast_is_enough_in_both_schemes(
    browser: Chrome,
    pages: dict[str, Path],
    name: str,
    scheme: str,
) -> None:
    """If it fails, some text is too faint for many eyes (WCAG 2 AA: 4.5 to 1)."""
    _log(browser, "browser")
    _open(browser, pages[name], scheme=scheme)
    seen = _ask(browser, CONTRASTS)
    assert len(seen) >= 15
    assert {key: ratio for key, ratio in seen.items() if ratio < 4.5} == {}
    assert _log(browser, "browser") == []


def test_names_reach_the_accessibility_tree_and_headings_are_in_order(
    browser: Chrome,
    pages: dict[str, Path],
) -> None:
    """If it fails, a screen reader does not hear the pictures, or its outline of the page has gaps."""
    _open(browser, pages["engines"])
    levels = _ask(browser, "return [...document.querySelectorAll('h1,h2,h3,h4')].map(n => +n.tagName[1])")
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))
    nodes = browser.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    heard = {
        (n.get("role", {}).get("value"), n.get("name", {}).get("value", "")) for n in nodes if not n.get("ignored")
    }
    assert ("image", "A 2026-11-20 55/58; B 2026-11-21 56/58 *; *: another guideline or suite than before") in heard
    assert ("region", "Trend of cloud mine/north") in heard
    assert {"main", "navigation", "banner", "contentinfo", "table", "columnheader", "rowheader"} <= {
        role for role, _ in heard
    }


def test_a_difference_opens_and_the_filter_works_without_javascript(
    browser: Chrome,
    pages: dict[str, Path],
) -> None:
    """If it fails, a reader whose browser runs no script sees no reason for a difference."""
    from selenium.webdriver.common.by import By

    _open(browser, pages["engines"], script=False)
    row = browser.find_element(By.CSS_SELECTOR, ".tests > li")
    row.find_element(By.TAG_NAME, "summary").click()
    assert row.find_element(By.CSS_SELECTOR, ".each .value").is_displayed()
    same = browser.find_element(By.CSS_SELECTOR, "tr.same")
    assert same.is_displayed()
    browser.find_element(By.ID, "only-differing").click()
    assert not same.is_displayed()
    _open(browser, pages["engines"])
