"""The page for submitting in a real browser: drop or choose files, see what became of them, compare, verify."""

from __future__ import annotations

import itertools
import json
import time
from typing import TYPE_CHECKING

import pytest

from tests.registry.site.conftest import EVIL, admit
from tests.registry.site.test_browser import axe, pick
from tests.registry.site.test_browser import wait as wait_for
from tests.report.test_browser import CONTRASTS, SCHEMES, _ask, _log, browser

if TYPE_CHECKING:
    from pathlib import Path

    from selenium.webdriver import Chrome

    from defcore.registry.model import Submission

    from .conftest import Open

__all__ = ["axe", "browser"]
DROP = """
const files = new DataTransfer();
for (const item of arguments[0]) files.items.add(new File([item.content], item.name, { type: "application/json" }));
const event = new DragEvent("drop", { dataTransfer: files, bubbles: true, cancelable: true });
document.getElementById("drop").dispatchEvent(event);
"""


def visit(browser: Chrome, served: Open, path: str = "submit/", width: int = 1280, scheme: str = "light") -> None:
    """Open a page of the server."""
    media = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": media})
    size = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": width < 600}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
    browser.get(f"{served.url}{path}")


def drop(browser: Chrome, served: Open, *submissions: Submission) -> None:
    """Drop files on the page, all at once."""
    browser.execute_script(DROP, served.files(*submissions))


def press(browser: Chrome, name: str) -> None:
    """Press a button by its words."""
    script = "[...document.querySelectorAll('button')].find(n => n.innerText === arguments[0]).click()"
    browser.execute_script(script, name)


def two(served: Open) -> tuple[Submission, Submission]:
    """Sign reports of two products; one of them is new in the other's place."""
    house = served.registry.house
    other = house.described(product="Other", configuration={"system": "ceph on nine disks"})
    return served.registry.submission(), served.registry.submission(run=house.run_record(id="run-2"), product=other)


def test_dropped_files_are_submitted_seen_and_compared(browser: Chrome, served: Open) -> None:
    """If it fails, a vendor without a command line cannot submit, or cannot see what it submitted."""
    _log(browser, "browser")
    visit(browser, served)
    drop(browser, served, *two(served))
    assert "4 files chosen." in wait_for(browser, "chosen", "#status")
    press(browser, "Submit")
    text = wait_for(browser, "See the report")
    assert (text.count("Admitted"), text.count("Keep the receipt")) == (2, 2)
    assert "Acme Other 1.0" in text
    assert _ask(browser, "return document.activeElement.id") == "h-result"
    assert _ask(browser, "return document.querySelector('#result a[download]').download").startswith("receipt-")
    _ask(browser, "[...document.links].find(n => n.innerText === 'See the report').click()")
    assert "Cloud 1.0" in str(_ask(browser, "return document.querySelector('h1').innerText"))
    assert "defcore verify" in browser.page_source
    visit(browser, served, "compare/")
    pick(browser, "Acme Cloud")
    pick(browser, "Acme Other")
    assert "ceph on nine disks" in wait_for(browser, "rely on")
    visit(browser, served, "verify/")
    assert served.registry.world.trust.pin in browser.page_source
    assert _log(browser, "browser") == []


def test_chosen_files_can_be_looked_at_first(browser: Chrome, served: Open, tmp_path: Path) -> None:
    """If it fails, files cannot be chosen by key, or a look stores something."""
    from selenium.webdriver.common.by import By

    made = served.registry.files(served.registry.submission(), tmp_path / "run")
    visit(browser, served)
    names = "\n".join(str(item) for item in sorted(made.iterdir()))
    browser.find_element(By.ID, "files").send_keys(names)
    wait_for(browser, "2 files chosen.", "#status")
    _ask(browser, "document.getElementById('dry').click()")
    press(browser, "Submit")
    text = wait_for(browser, "In order")
    assert "receipt" not in text
    assert served.stored() == []
    _ask(browser, "document.getElementById('dry').click()")
    press(browser, "Submit")
    wait_for(browser, "Admitted")
    assert len(served.stored()) == 4


def test_what_stands_in_the_way_is_listed(browser: Chrome, served: Open) -> None:
    """If it fails, a vendor is turned away without a word on what to do, or its words act on the page."""
    admit(served.registry, "Rival")
    product = served.registry.house.described(vendor=EVIL, configuration={EVIL: "tbd"})
    visit(browser, served)
    drop(browser, served, served.registry.submission(product=product))
    browser.execute_script(DROP, [{"name": EVIL, "content": "\ufeffnothing of ours"}])
    press(browser, "Submit")
    text = wait_for(browser, "Refused")
    assert "placeholder" in text
    assert "Ask the authority to enter the key" in text
    assert EVIL.splitlines()[0] in text
    assert _ask(browser, "return document.querySelectorAll('main img, #result script').length") == 0
    assert served.stored() == []


def test_what_cannot_be_sent_is_told(browser: Chrome, served: Open) -> None:
    """If it fails, a picture, far too many files, or a server that has gone, leave the visitor waiting."""
    visit(browser, served)
    script = DROP.replace("[item.content]", "[new Uint8Array([255, 254])]")
    browser.execute_script(script, [{"name": "photo.jpg", "content": ""}])
    press(browser, "Submit")
    assert "photo.jpg is not a text file" in wait_for(browser, "Not submitted")
    press(browser, "Take away")
    browser.execute_script(DROP, [{"name": str(number), "content": "x"} for number in range(101)])
    assert "More than 100 files." in wait_for(browser, "More", "#status")
    assert _ask(browser, "return document.getElementById('send').disabled")
    press(browser, "Take all away")
    drop(browser, served, served.registry.submission())
    served.stop()
    press(browser, "Submit")
    assert "cannot be reached" in wait_for(browser, "cannot be reached")
    served.start()


@pytest.mark.parametrize("width", [320, 1280])
def test_the_page_does_not_scroll_sideways(browser: Chrome, served: Open, width: int) -> None:
    """If it fails, a visitor on a phone has to push the page to and fro."""
    visit(browser, served, width=width)
    drop(browser, served, served.registry.submission(key=served.registry.world.stranger))
    browser.execute_script(DROP, [{"name": "n" * 190, "content": "x"}])
    press(browser, "Submit")
    wait_for(browser, "Refused")
    assert _ask(browser, "return document.documentElement.scrollWidth <= document.documentElement.clientWidth")


@pytest.mark.parametrize(("full", "scheme"), list(itertools.product((False, True), SCHEMES)))
def test_everybody_can_use_the_page(browser: Chrome, served: Open, axe: str, full: bool, scheme: str) -> None:  # noqa: FBT001
    """If it fails, people with a screen reader, or weak eyes, meet an obstacle (WCAG 2 AA)."""
    visit(browser, served, scheme=scheme)
    if full:
        drop(browser, served, *two(served))
        drop(browser, served, served.registry.submission(key=served.registry.world.stranger))
        press(browser, "Submit")
        wait_for(browser, "Refused")
        drop(browser, served, served.registry.submission())
    faint = {key: ratio for key, ratio in _ask(browser, CONTRASTS).items() if ratio < 4.5}
    assert {key: ratio for key, ratio in faint.items() if "button" not in key} == {}
    browser.execute_script(axe)
    found = browser.execute_async_script("const done = arguments[arguments.length - 1]; axe.run(document).then(done)")
    bad = [item for item in found["violations"] if item["impact"] in ("serious", "critical")]
    assert [(item["id"], [node["html"][:120] for node in item["nodes"][:3]]) for item in bad] == []


def test_the_page_takes_no_mouse(browser: Chrome, served: Open) -> None:
    """If it fails, people who use the keyboard cannot submit."""
    from selenium.webdriver import ActionChains, Keys

    visit(browser, served)
    drop(browser, served, served.registry.submission())
    _ask(browser, "document.getElementById('full').focus()")
    ActionChains(browser).send_keys(Keys.TAB, Keys.ENTER).perform()
    wait_for(browser, "Admitted")


def test_nothing_is_asked_of_anybody_else(browser: Chrome, served: Open) -> None:
    """If it fails, visiting the page tells somebody else of it."""
    _log(browser, "performance")
    visit(browser, served)
    time.sleep(0.2)
    sent = [json.loads(entry["message"])["message"] for entry in _log(browser, "performance")]
    asked = {item["params"]["request"]["url"] for item in sent if item["method"] == "Network.requestWillBeSent"}
    assert {item for item in asked if not item.startswith((served.url, "data:", "chrome", "blob:"))} == set()
