"""The application: pages, ``/api/v1``, and what holds for every answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from anyio import to_thread
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from defcore.registry.serve.api import Api, send
from defcore.registry.serve.guard import Rate, address_of
from defcore.registry.serve.problem import ProblemError, answer
from defcore.registry.serve.shelf import Shelf

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from defcore.registry.serve.desk import Desk
    from defcore.suite.collect import SuiteTest

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
}
READS_PER_SECOND, READS_AT_ONCE = 20.0, 400
"""Of one address: pages and answers, not submissions. A page that nobody asked for before takes some 25 ms to make."""


def application(
    desk: Desk,
    suite: Mapping[str, SuiteTest],
    tick: Callable[[], float],
    *,
    submissions_per_minute: int = 60,
    reads_per_second: float = READS_PER_SECOND,
) -> Starlette:
    """Return the application. ``tick`` counts seconds; ``suite`` says in words what the tests check."""
    shelf = Shelf(desk, suite)
    reads = Rate(reads_per_second, max(READS_AT_ONCE, int(reads_per_second)), tick)
    api = Api(desk, Rate(submissions_per_minute / 60, max(1, submissions_per_minute), tick))

    async def page(request: Request) -> Response:
        path = request.path_params["path"]
        found = await to_thread.run_sync(shelf.page, path)
        if found is None:
            content = await to_thread.run_sync(shelf.missing, path)
            return Response(content, 404, media_type="text/html; charset=utf-8")
        return send(request, found.content, found.kind, found.etag)

    def route(path: str, endpoint: Callable[[Request], Awaitable[Response]], method: str = "GET") -> Route:
        async def guarded(request: Request) -> Response:
            try:
                if method == "GET":
                    # Each report of a comparison is judged, so it counts as one.
                    reads.check(address_of(request), 1 + len(request.query_params.getlist("report")))
                return _dressed(await endpoint(request))
            except ProblemError as error:
                return _dressed(answer(error))
            except ClientDisconnect:
                return Response(status_code=400)

        return Route(path, guarded, methods=[method])

    return Starlette(
        routes=[
            route("/api/v1", api.info),
            route("/api/v1/health", api.health),
            route("/api/v1/openapi.json", api.openapi),
            route("/api/v1/reports", api.reports),
            route("/api/v1/reports/{digest}", api.report),
            route("/api/v1/compare", api.compare),
            route("/api/v1/submissions", api.submit, "POST"),
            route("/api/v1/submissions/{digest}", api.status),
            route("/api/{path:path}", _nothing),
            route("/{path:path}", page),
        ],
        exception_handlers={HTTPException: _refused, Exception: _fault},
    )


async def _nothing(request: Request) -> Response:
    detail = f"there is nothing at {request.url.path[:200]}; see /api/v1/openapi.json"
    raise ProblemError(404, "unknown", detail)


async def _refused(_: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 400
    headers = error.headers if isinstance(error, HTTPException) else None
    detail = error.detail if isinstance(error, HTTPException) else str(error)
    return _dressed(answer(ProblemError(status, "refused", detail, headers)))


async def _fault(_: Request, __: Exception) -> Response:
    # Our own fault: whoever keeps the registry reads all about it on the terminal, the visitor need not know more.
    return _dressed(answer(ProblemError(500, "fault", "this is the registry's own fault; its keeper is told")))


def _dressed(response: Response) -> Response:
    response.headers.update(HEADERS)
    return response
