"""The data set: what the pages show, for programs."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from defcore.registry.site import data

from .conftest import EVIL

if TYPE_CHECKING:
    from .conftest import Town

ATOM = "{http://www.w3.org/2005/Atom}"


def test_the_json_holds_every_report(town: Town) -> None:
    """If it fails, whoever counts with our data counts wrong."""
    value = json.loads(data.registry_json(town.site()))
    assert (value["format"], len(value["reports"]), len(value["guidelines"])) == (data.FORMAT, 5, 4)
    (first,) = (item for item in value["reports"] if item["vendor"] == "Acme" and item["version"] == "1.0")
    assert (first["current"], first["interop_shown"], first["capabilities"]) == (False, False, ["get"])
    (guideline,) = (item for item in value["guidelines"] if item["sha256"] == first["guideline_digest"])
    passed = [
        test for test, bit in zip(guideline["tests"], f"{int(first['tests'], 16):04b}", strict=True) if bit == "1"
    ]
    assert [test[0] for test in passed] == ["2", "3", "4"]


def test_the_csv_is_safe_in_a_spreadsheet(town: Town) -> None:
    """If it fails, opening our table runs somebody's formula."""
    lines = list(csv.DictReader(io.StringIO(data.reports_csv(town.site()).decode())))
    assert len(lines) == 5
    assert {line["status"] for line in lines} == {"awarded", "self-tested"}
    assert EVIL in {line["product"] for line in lines}
    assert data._cell("=cmd|x") == "'=cmd|x"
    assert data._cell("a\nb") == "a\\u000ab"


def test_the_csv_of_capabilities_says_since_when(town: Town) -> None:
    """If it fails, a table of who has what is wrong."""
    lines = list(csv.DictReader(io.StringIO(data.capabilities_csv(town.site()).decode())))
    found = {(line["product"], line["capability"]): line for line in lines}
    assert found["Cloud", "put"]["since"] == "2026-11-21"
    assert found["Cloud", "get"]["since"] == "2026-11-20"
    assert (found["Other Cloud", "put"]["shown"], found["Other Cloud", "put"]["since"]) == ("no", "")


def test_the_feed_is_xml_that_readers_take(town: Town) -> None:
    """If it fails, nobody hears of new reports."""
    root = ET.fromstring(data.feed(town.site()))  # noqa: S314 - our own
    entries = root.findall(f"{ATOM}entry")
    assert len(entries) == 5
    for item in (root, *entries):
        assert all(item.findtext(f"{ATOM}{name}") for name in ("id", "title", "updated"))
    assert root.findtext(f"{ATOM}updated") == entries[0].findtext(f"{ATOM}updated")
    assert any(EVIL in (item.findtext(f"{ATOM}title") or "") for item in entries)


def test_scripts_hold_data_only(town: Town) -> None:
    """If it fails, a name ends the script that it stands in, and begins another."""
    site = town.site()
    texts = [data.choices_js(site), *(data.report_js(item, each) for item in site.products for each in item.reports)]
    for text in texts:
        call, _, rest = text.decode("ascii").partition("(")
        assert call in ("defcore.choices", "defcore.report")
        assert "<" not in rest
        assert json.loads(rest.removesuffix(");\n"))
