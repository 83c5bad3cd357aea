"""What is wrong with a request, as RFC 9457 has it: ``application/problem+json``."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from starlette.responses import Response

from defcore.registry.serve.wire import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from defcore.registry.serve.wire import Item


class ProblemError(Exception):
    """A request that cannot be answered as it was meant. ``kind`` is a stable word for scripts."""

    def __init__(
        self,
        status: int,
        kind: str,
        detail: str,
        headers: Mapping[str, str] | None = None,
        items: Sequence[Item] = (),
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.kind = kind
        self.detail = detail
        self.headers = headers or {}
        self.items = tuple(items)


def answer(error: ProblemError) -> Response:
    """Write the answer."""
    body = Problem(
        type=f"urn:defcore:problem:{error.kind}",
        title=HTTPStatus(error.status).phrase,
        status=error.status,
        detail=error.detail,
        items=error.items,
    )
    return Response(
        body.model_dump_json(),
        status_code=error.status,
        headers=dict(error.headers),
        media_type="application/problem+json",
    )
