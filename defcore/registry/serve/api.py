"""``/api/v1``: requests in, one call each, shapes of ``wire`` out."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import anyio
from anyio import to_thread
from pydantic import ValidationError
from starlette.responses import Response

from defcore import __version__
from defcore.compare import compare as compared
from defcore.compare import render
from defcore.compare.columns import of_judgement
from defcore.errors import InputError
from defcore.registry.serve import openapi, wire
from defcore.registry.serve.batch import sort
from defcore.registry.serve.guard import A_SUBMISSION, MAX_BODY, Queue, address_of, body_of
from defcore.registry.serve.problem import ProblemError
from defcore.registry.serve.shelf import etag
from defcore.registry.site.report import judgement_of
from defcore.registry.take import MAX_FILES
from defcore.strictjson import first_wrong, loads

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.requests import Request

    from defcore.registry.serve.batch import Item
    from defcore.registry.serve.desk import Desk, Outcome
    from defcore.registry.serve.guard import Rate
    from defcore.registry.site.model import Product, Report, Site
    from defcore.run.record import Wire

COMPARED = 8
PLACES = 16
_DIGEST = re.compile(r"[0-9a-f]{64}")
_FLAGS = {"true": True, "1": True, "false": False, "0": False}


@dataclass
class Api:
    """The endpoints. ``writes`` is the rate of submissions; ``turn`` lets one be judged at a time, first come first."""

    desk: Desk
    writes: Rate
    queue: Queue = field(default_factory=Queue)
    turn: anyio.Lock = field(default_factory=anyio.Lock)
    # Whoever submits takes memory: so many do at a time.
    places: anyio.Semaphore = field(default_factory=lambda: anyio.Semaphore(PLACES))

    async def info(self, request: Request) -> Response:
        """Say what this registry is."""
        known, site = self.desk.known, self.desk.site
        found = wire.Info(
            title=known.settings.title,
            about=known.settings.about,
            trust=known.trust.pin,
            receipts=self.desk.key.public.line,
            reports=len(site.reports),
            fresh_days=known.settings.fresh_days,
            max_body=MAX_BODY,
            max_files=MAX_FILES,
        )
        return reply(request, found)

    async def health(self, request: Request) -> Response:
        """Say that the server is well; the folder is looked at too."""
        reports = await to_thread.run_sync(self.desk.count)
        return reply(request, wire.Health(status="ok", reports=reports, version=__version__))

    async def openapi(self, request: Request) -> Response:
        """Return the OpenAPI document."""
        return send(request, openapi.dump(), "application/json")

    async def reports(self, request: Request) -> Response:
        """List the reports that are shown, a page at a time."""
        return reply(request, await to_thread.run_sync(_reports, self.desk.site, dict(request.query_params)))

    async def report(self, request: Request) -> Response:
        """Return one report."""
        product, report = _find(self.desk.site, _digest(request.path_params["digest"]))
        return reply(request, wire.detail_of(product, report))

    async def compare(self, request: Request) -> Response:
        """Put reports side by side, as ``defcore compare -f json`` does."""
        digests = request.query_params.getlist("report")
        if not 2 <= len(digests) <= COMPARED:  # noqa: PLR2004 - it takes two
            raise ProblemError(422, "bad-count", f"a comparison takes from 2 to {COMPARED} reports: report=SHA256")
        content = await to_thread.run_sync(self._compare, [_digest(item) for item in digests])
        return send(request, content, "application/json")

    async def status(self, request: Request) -> Response:
        """Say where a submitted report stands. Whoever knows the sha256 of a full report was given it."""
        digest = _digest(request.path_params["digest"])
        found = await to_thread.run_sync(self.desk.look_up, digest)
        if found is None:
            raise _unknown(digest)
        entry, receipt, shown = found
        made = wire.Status(
            digest=digest,
            standing="admitted" if shown else "held back",
            place=entry.place,
            page=f"products/{entry.place}/index.html" if shown else None,
            receipt=receipt.decode() if receipt else None,
        )
        return reply(request, made)

    async def submit(self, request: Request) -> Response:
        """Judge each item of a submission, and store what is in order."""
        address = address_of(request)
        self.writes.check(address)
        with self.queue.place(address):
            async with self.places:
                body = await body_of(request)
                self.writes.charge(address, len(body) // A_SUBMISSION)
                asked = await to_thread.run_sync(_asked, body)
                items = await to_thread.run_sync(_sorted, asked)
                outcomes: list[Outcome] = []
                for item in items:
                    # The next in line comes between two items of a long batch.
                    async with self.turn:
                        outcomes.append(await to_thread.run_sync(self._judge, item, asked))
        return self._result(outcomes, asked)

    def _judge(self, item: Item, asked: wire.Submission) -> Outcome:
        try:
            return self.desk.submit(item, dry_run=asked.dry_run, publish_full=asked.publish_full)
        except (InputError, OSError) as error:
            raise ProblemError(507, "not-stored", f"it could not be stored: {error}") from error

    def _result(self, outcomes: list[Outcome], asked: wire.Submission) -> Response:
        days = self.desk.known.settings.fresh_days
        items = tuple(wire.item_of(item, days) for item in outcomes)
        good = [item for item in items if item.standing != "refused"]
        if not good:
            detail = "; ".join(f"{found.where}: {found.what}" for item in items for found in item.findings[:1])
            raise ProblemError(422, "refused", f"nothing is in order: {detail[:2000]}", items=items)
        new = not asked.dry_run and any(not item.there for item in good)
        found = wire.Result(dry_run=asked.dry_run, stored=0 if asked.dry_run else len(good), items=items)
        return Response(found.model_dump_json(), 201 if new else 200, media_type="application/json")

    def _compare(self, digests: list[str]) -> bytes:
        site = self.desk.site
        found = [_find(site, digest)[1] for digest in digests]
        columns = [of_judgement(judgement_of(site, self.desk.read(item.facts.place))) for item in found]
        return render("json", compared(columns)).encode()


def reply(request: Request, value: Wire) -> Response:
    """Answer with a shape."""
    return send(request, value.model_dump_json().encode(), "application/json")


def send(request: Request, content: bytes, kind: str, tag: str = "") -> Response:
    """Answer with bytes and their ETag, or with 304 if the visitor has them already."""
    headers = {"ETag": tag or etag(content), "Cache-Control": "no-cache"}
    asked = request.headers.get("if-none-match", "")
    if asked == "*" or headers["ETag"] in [item.strip().removeprefix("W/") for item in asked.split(",")]:
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers, media_type=kind)


def _asked(body: bytes) -> wire.Submission:
    try:
        value = loads(body, "body")
    except InputError as error:
        raise ProblemError(400, "bad-json", f"{error.where}: {error.what}") from error
    try:
        return wire.Submission.model_validate(value)
    except ValidationError as error:
        raise ProblemError(422, "bad-shape", first_wrong(error)) from error


def _sorted(asked: wire.Submission) -> tuple[Item, ...]:
    try:
        return sort((item.name, item.content.encode()) for item in asked.files)
    except InputError as error:
        raise ProblemError(422, error.code, error.what) from error


def _reports(site: Site, asked: dict[str, str]) -> wire.Reports:
    limit = _limit(asked.get("limit"))
    only_current = _FLAGS.get(asked.get("current", "false").lower())
    if only_current is None:
        raise ProblemError(422, "bad-query", "current is true or false")
    found = list(_matching(site, asked, only_current=only_current))
    begin = 0
    if after := asked.get("after"):
        places = [number for number, (_, item) in enumerate(found, start=1) if item.facts.digest == after]
        if not places:
            raise ProblemError(422, "bad-query", "after names no report of this list")
        begin = places[0]
    shown = found[begin : begin + limit]
    more = begin + limit < len(found)
    words = {name: value for name, value in asked.items() if name != "after"}
    return wire.Reports(
        total=len(found),
        items=tuple(wire.report_of(*pair) for pair in shown),
        next=f"/api/v1/reports?{urlencode(words | {'after': shown[-1][1].facts.digest})}" if more else None,
    )


def _limit(text: str | None) -> int:
    if text is None:
        return wire.USUAL
    if not re.fullmatch(r"[0-9]{1,6}", text) or not 1 <= int(text) <= wire.MOST:
        raise ProblemError(422, "bad-query", f"limit is a number from 1 to {wire.MOST}")
    return int(text)


def _matching(site: Site, asked: dict[str, str], *, only_current: bool) -> Iterator[tuple[Product, Report]]:
    for report in site.reports:
        facts = report.facts
        if any(name in asked and asked[name] != getattr(facts, name) for name in ("vendor", "product", "guideline")):
            continue
        if "capability" in asked and asked["capability"] not in report.shown:
            continue
        product = site.product_of(report)
        if not only_current or report in product.current:
            yield product, report


def _find(site: Site, digest: str) -> tuple[Product, Report]:
    report = site.by_digest.get(digest)
    if report is None:
        raise _unknown(digest)
    return site.product_of(report), report


def _digest(text: str) -> str:
    if not _DIGEST.fullmatch(text):
        raise ProblemError(404, "unknown", "a report is named by the sha256 of its full form: 64 digits from 0 to f")
    return text


def _unknown(digest: str) -> ProblemError:
    return ProblemError(404, "unknown", f"there is no report {digest} here")
