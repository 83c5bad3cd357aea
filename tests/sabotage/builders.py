"""Exchanges made by hand: what a cloud answered, and what was asked."""

from __future__ import annotations

import json
from typing import Any

from requests.structures import CaseInsensitiveDict

from defcore.cloud.http import Exchange

SERVER = {"id": "5f", "name": "größe", "status": "ACTIVE", "metadata": {"key": "value"}, "tenant_id": "p", "size": 1}
COUNT = iter(range(1_000_000))


def exchange(operation: str, path: str, status: int = 200, body: Any = None, **headers: str) -> Exchange:  # noqa: ANN401
    """Make an exchange; a body that is no bytes is written as JSON."""
    content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
    kind = "text/plain" if isinstance(body, bytes) else "application/json"
    told = {"Content-Type": kind, "Content-Length": str(len(content)), "X-Container-Object-Count": "1"}
    told |= {name.replace("_", "-"): value for name, value in headers.items()}
    return Exchange(
        request_id=f"req-{next(COUNT)}",
        operation=operation,
        method=operation.partition(" ")[0],
        url=f"http://cloud{path}",
        request_headers={"OpenStack-API-Version": "compute 2.90"},
        request_body=b"",
        started=1.0,
        seconds=0.1,
        attempt=1,
        status=status,
        headers=CaseInsensitiveDict(told),
        body=content,
    )


def server(**members: Any) -> Exchange:  # noqa: ANN401
    """Make an answer to a read of a server."""
    return exchange("GET /servers/{server_id}", "/v2.1/servers/5f", 200, {"server": SERVER | members})


def servers(*items: Any, query: str = "") -> Exchange:  # noqa: ANN401
    """Make an answer to a list of servers."""
    return exchange("GET /servers", f"/v2.1/servers{query}", 200, {"servers": list(items)})


def plain(*names: str, query: str = "") -> Exchange:
    """Make a plain listing of a container."""
    return exchange("GET /v1/{account}/{container}", f"/v1/a/c{query}", 200, "".join(f"{n}\n" for n in names).encode())
