"""Strict readers of the formats, on the standard library and a CommonMark parser."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from collections.abc import Iterator

VOID = {"meta", "link", "br", "input", "hr", "img"}
STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")


class Page(HTMLParser):
    """A page as a list of tags with attributes; a tag that is not closed in order is an error."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert not self._open, f"never closed: {self._open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag and that it is open."""
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag that closes itself (inside SVG)."""
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """Close the innermost tag, which has to be this one."""
        assert self._open, f"</{tag}> closes nothing"
        assert self._open.pop() == tag, f"</{tag}> closes another"

    def handle_data(self, data: str) -> None:
        """Note what a reader sees."""
        if not self._open or self._open[-1] not in ("style", "title"):
            self.text.append(data)

    def all(self, *names: str) -> Iterator[dict[str, str | None]]:
        """Give the attributes of every tag of these names."""
        return (attributes for tag, attributes in self.tags if tag in names)

    @property
    def names(self) -> list[str]:
        """The tags in order."""
        return [tag for tag, _ in self.tags]

    @property
    def words(self) -> str:
        """What a reader sees, on one line."""
        return " ".join("".join(self.text).split())


def markdown_tokens(text: str) -> list[str]:
    """Parse CommonMark with tables and raw HTML; give the kinds of all tokens, plain text apart."""
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    kinds = []
    for token in parser.parse(text):
        kinds.append(token.type)
        kinds += [child.type for child in token.children or ()]
    return [kind for kind in kinds if kind not in ("text", "softbreak", "text_special")]


def junit(text: str) -> ET.Element:
    """Parse JUnit XML and check it against the rules of the Ant/Windy Road schema."""
    root = ET.fromstring(text)  # noqa: S314 - our own output
    assert root.tag == "testsuites"
    assert not root.attrib
    for index, suite in enumerate(root):
        _suite(suite, index)
    return root


def _suite(suite: ET.Element, index: int) -> None:
    wanted = {"name", "package", "id", "timestamp", "hostname", "tests", "failures", "errors", "skipped", "time"}
    assert suite.tag == "testsuite"
    assert set(suite.attrib) == wanted
    assert suite.get("id") == str(index)
    assert STAMP.fullmatch(suite.get("timestamp", ""))
    assert all(suite.get(key) for key in ("name", "hostname", "time"))
    kinds = [child.tag for child in suite]
    cases = suite.findall("testcase")
    assert kinds == ["properties", *["testcase"] * len(cases), "system-out", "system-err"]
    for item in suite.find("properties") or ():
        assert item.tag == "property"
        assert set(item.attrib) == {"name", "value"}
    for case in cases:
        assert set(case.attrib) == {"name", "classname", "time"}
        assert len(case) <= 1
        assert float(case.get("time", "")) >= 0
        for child in case:
            assert child.tag in ("failure", "error", "skipped")
            assert child.tag == "skipped" or child.get("type")
    for tag, key in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
        assert suite.get(key) == str(len([case for case in cases if case.find(tag) is not None]))
    assert suite.get("tests") == str(len(cases))
