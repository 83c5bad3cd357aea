"""One process that serves a registry until it is told to end."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import uvicorn

from defcore.errors import InputError

if TYPE_CHECKING:
    from starlette.applications import Starlette


def listen(host: str, port: int) -> socket.socket:
    """Open the port; 0 takes any that is free. Raises InputError."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        opened = socket.create_server((host, port), family=family, backlog=512)
        # Head and body of an answer go out as they come: without this the body waits 40 ms for the visitor's system.
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except (OSError, OverflowError) as error:
        what = f"cannot be listened on: {getattr(error, 'strerror', None) or error}"
        raise InputError("no-port", what, where=f"{host}:{port}", hint="name another --host or --port") from error
    return opened


def address(opened: socket.socket) -> str:
    """Return the URL of an open port."""
    host, port = opened.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def server(app: Starlette, *, proxy: str | None = None) -> uvicorn.Server:
    """Return a server that runs until SIGINT or SIGTERM; requests that are under way are ended first.

    ``proxy`` is the address of a proxy whose X-Forwarded-For is believed; of nobody else it is.
    """
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        lifespan="off",
        ws="none",
        server_header=False,
        proxy_headers=proxy is not None,
        forwarded_allow_ips=proxy,
        timeout_keep_alive=10,
        timeout_graceful_shutdown=20,
    )
    return uvicorn.Server(config)
