"""Pages as they are asked for: made from what is shown now, and kept until that changes."""

from __future__ import annotations

import importlib.resources
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from defcore.attest.canonical import sha256_hex
from defcore.registry.serve.guard import MAX_BODY
from defcore.registry.site.html import WAYS, Frame
from defcore.registry.site.pages import page_at
from defcore.registry.site.rows import INDEX, Link
from defcore.registry.take import MAX_FILES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from defcore.registry.serve.desk import Desk
    from defcore.registry.site.model import Site
    from defcore.suite.collect import SuiteTest

KEPT_BYTES = 128_000_000
SUBMIT = f"submit/{INDEX}"
KEY = "keys/receipts.pub"
KINDS = {
    "html": "text/html; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "json": "application/json",
    "jsonl": "application/x-ndjson",
    "csv": "text/csv; charset=utf-8",
    "svg": "image/svg+xml",
    "xml": "application/atom+xml",
    "pub": "text/plain; charset=utf-8",
}
_WAYS = (*WAYS, ("Submit", SUBMIT, ("submit",)))


@dataclass(frozen=True, slots=True)
class SubmitView:
    """The page on which files are dropped."""

    title: str
    subtitle: str
    max_files: int
    max_body: int
    key: Link


@dataclass(frozen=True, slots=True)
class Served:
    """The bytes of a page, their kind and their ETag."""

    content: bytes
    kind: str
    etag: str


class Shelf:
    """All pages of an open registry."""

    def __init__(self, desk: Desk, suite: Mapping[str, SuiteTest]) -> None:
        """Take what the pages are made from."""
        self._desk, self._suite = desk, suite
        self._lock = threading.Lock()
        self._of: Site | None = None
        self._kept: OrderedDict[str, Served] = OrderedDict()
        self._bytes = 0

    def page(self, path: str) -> Served | None:
        """Return the page at an address below the root; None where there is none. No address ever names a file."""
        path = path + INDEX if path == "" or path.endswith("/") else path
        site = self._desk.site
        with self._lock:
            if self._of is not site:
                self._of, self._bytes = site, 0
                self._kept.clear()
            found = self._kept.get(path)
            if found is not None:
                self._kept.move_to_end(path)
                return found
        content = self._made(site, path)
        if content is None:
            return None
        found = Served(content, KINDS.get(path.rpartition(".")[2], "application/octet-stream"), etag(content))
        with self._lock:
            if self._of is site and path not in self._kept:
                self._kept[path] = found
                self._bytes += len(content)
                while self._bytes > KEPT_BYTES:
                    self._bytes -= len(self._kept.popitem(last=False)[1].content)
        return found

    def missing(self, path: str) -> bytes:
        """Return the page that says that there is none at an address."""
        view = SubmitView("There is no such page", "", 0, 0, Link("", ""))
        return self._frame(self._desk.site).page("missing", view, depth=path.count("/"))

    def _made(self, site: Site, path: str) -> bytes | None:
        if path == SUBMIT:
            return self._frame(site).page("submit", self._submit(), depth=1)
        if path == "submit/submit.js":
            return (importlib.resources.files("defcore.registry.site") / "templates" / "submit.js").read_bytes()
        if path == KEY:
            return f"{self._desk.key.public.line} receipts\n".encode()
        page = page_at(site, path, self._desk.read, self._suite, self._frame(site))
        return page.make(page.basis()) if page else None

    def _frame(self, site: Site) -> Frame:
        return Frame(site.known.settings.title, bool(site.products), _WAYS)

    def _submit(self) -> SubmitView:
        return SubmitView(
            title="Submit",
            subtitle="Drop what 'defcore sign' wrote. Every report is judged for itself; full reports stay private.",
            max_files=MAX_FILES,
            max_body=MAX_BODY,
            key=Link(self._desk.key.public.keyid, KEY),
        )


def etag(content: bytes) -> str:
    """Return the ETag of a body."""
    return f'"{sha256_hex(content)[:32]}"'
