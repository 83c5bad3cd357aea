"""The reverse proxy of a cloud that shows all its services below one TLS port, each under a prefix.

Bodies stream in both directions. Each request has a connection of its own to the service, so none is ever
sent into a connection that the service has just given up.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

import h11

from . import tls
from .spec import HOST, Spec, say

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

CHUNK = 1 << 18
# swift allows an account 90 metadata headers, each with a name of 128 and a value of 256 bytes and more
HEAD_BYTES = 1 << 20
IDLE_SECONDS = 300.0
LINGER_SECONDS = 2.0
NOT_FOUND, BAD_REQUEST, BAD_GATEWAY = 404, 400, 502
# of one connection, not of the message; Expect is answered here, and lengths are framed anew by h11
HOP_BY_HOP = frozenset({b"connection", b"keep-alive", b"proxy-connection", b"te", b"trailer", b"upgrade", b"expect"})
FORWARDED = frozenset({b"x-forwarded-proto", b"x-forwarded-host", b"x-forwarded-prefix", b"x-forwarded-for"})

Headers = list[tuple[bytes, bytes]]


class Peer:
    """One end of an HTTP/1.1 conversation; ``read`` gives some bytes, or none at the end, ``write`` sends all."""

    def __init__(
        self,
        role: type[h11.CLIENT | h11.SERVER],
        read: Callable[[], Awaitable[bytes]],
        write: Callable[[bytes], Awaitable[None]],
    ) -> None:
        self.state = h11.Connection(role, max_incomplete_event_size=HEAD_BYTES)
        self.read = read
        self.write = write

    async def receive(self) -> h11.Event | type[h11.NEED_DATA | h11.PAUSED]:
        """Give the next event; a client that waits for leave to send its body gets it."""
        while True:
            event = self.state.next_event()
            if event is not h11.NEED_DATA:
                return event
            if self.state.they_are_waiting_for_100_continue:
                await self.send(h11.InformationalResponse(status_code=100, reason=b"Continue", headers=[]))
            self.state.receive_data(await self.read())

    async def send(self, event: h11.Event) -> None:
        """Send an event, and wait while the other side is slow to read."""
        data = self.state.send(event)
        if data:
            await self.write(data)


class Front:
    """Routes requests by the prefix of their path."""

    def __init__(self, spec: Spec) -> None:
        ports: dict[str, int] = spec.values["ports"]
        prefixes: dict[str, str] = spec.values["prefixes"]
        self.routes = {prefix.encode("ascii"): ports[name] for prefix, name in prefixes.items()}
        self.public = f"{HOST}:{ports['front']}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection until either side ends it."""

        async def write(data: bytes) -> None:
            writer.write(data)
            await writer.drain()

        client = Peer(h11.SERVER, lambda: reader.read(CHUNK), write)
        try:
            while await self._one(client) and client.state.our_state is client.state.their_state is h11.DONE:
                client.state.start_next_cycle()
            if client.state.their_state is h11.SEND_BODY:
                await linger(client)
        except h11.RemoteProtocolError as error:
            with contextlib.suppress(h11.LocalProtocolError, OSError):
                await answer(client, BAD_REQUEST, str(error))
        except (OSError, TimeoutError, h11.LocalProtocolError):
            # a client that goes away, and a service that breaks off half-way: the connection just ends
            pass
        finally:
            with contextlib.suppress(OSError):
                writer.close()
                await writer.wait_closed()

    async def _one(self, client: Peer) -> bool:
        """Answer one request; gives False when there was none."""
        request = await asyncio.wait_for(client.receive(), IDLE_SECONDS)
        if not isinstance(request, h11.Request):
            return False
        path = request.target.partition(b"?")[0]
        for prefix, port in self.routes.items():
            if path == prefix or path.startswith(prefix + b"/"):
                await self._forward(client, request, prefix, port)
                return True
        await answer(client, NOT_FOUND, "no service answers below this path", request.method)
        return True

    async def _forward(self, client: Peer, request: h11.Request, prefix: bytes, port: int) -> None:
        """Hand a request to its service, and the answer back, both as they come in."""
        loop = asyncio.get_running_loop()
        # Not a stream: that would lose an answer already received when sending the rest of a body fails.
        with socket.socket() as sock:
            sock.setblocking(False)  # noqa: FBT003 - its only parameter, by position alone
            try:
                await loop.sock_connect(sock, (HOST, port))
            except OSError as error:
                await answer(client, BAD_GATEWAY, f"the service does not answer: {error}", request.method)
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            service = Peer(h11.CLIENT, lambda: loop.sock_recv(sock, CHUNK), lambda data: loop.sock_sendall(sock, data))
            target = request.target[len(prefix) :]
            await service.send(
                h11.Request(
                    method=request.method,
                    target=target if target.startswith(b"/") else b"/" + target,
                    headers=self._request_headers(request, prefix),
                )
            )

            async def send_body() -> None:
                if not await copy_body(client, service):
                    # the service must not wait for the rest of a body whose sender has gone
                    with contextlib.suppress(OSError):
                        sock.shutdown(socket.SHUT_WR)

            upload = asyncio.create_task(send_body())
            try:
                # a quick answer must not be taken for one that came before the end of a request without body
                await asyncio.sleep(0)
                await self._answer(client, service, request, prefix)
            finally:
                upload.cancel()
                await asyncio.gather(upload, return_exceptions=True)

    async def _answer(self, client: Peer, service: Peer, request: h11.Request, prefix: bytes) -> None:
        """Pass the answer of a service on; one that breaks off before it began is a 502."""
        try:
            event = await service.receive()
            while isinstance(event, h11.InformationalResponse):
                event = await service.receive()
        except (OSError, h11.RemoteProtocolError) as error:
            await answer(client, BAD_GATEWAY, f"the service broke off: {error}", request.method)
            return
        if not isinstance(event, h11.Response):
            await answer(client, BAD_GATEWAY, "the service broke off", request.method)
            return
        headers = self._response_headers(event, self._host(request), prefix)
        if client.state.their_state is h11.SEND_BODY:
            # answered before the body was read: where it ends, and the next request begins, is lost
            headers.append((b"Connection", b"close"))
        await client.send(h11.Response(status_code=event.status_code, reason=event.reason, headers=headers))
        while isinstance(part := await service.receive(), h11.Data):
            await client.send(h11.Data(data=part.data))
        if isinstance(part, h11.EndOfMessage):
            await client.send(h11.EndOfMessage())

    def _request_headers(self, request: h11.Request, prefix: bytes) -> Headers:
        """Give the headers that the service sees: where it is met, instead of what concerns our connection."""
        kept = [
            (name, value) for name, value in request.headers.raw_items() if name.lower() not in HOP_BY_HOP | FORWARDED
        ]
        return [
            *kept,
            (b"X-Forwarded-Proto", b"https"),
            (b"X-Forwarded-Host", self._host(request)),
            (b"X-Forwarded-Prefix", prefix),
            (b"Connection", b"close"),
        ]

    def _host(self, request: h11.Request) -> bytes:
        """Give the host and port by which the client knows this cloud."""
        host: bytes = dict(request.headers).get(b"host", self.public.encode("ascii"))
        return host

    def _response_headers(self, response: h11.Response, host: bytes, prefix: bytes) -> Headers:
        """Give the headers that the client sees, with places that it can reach."""
        return [
            (name, public_place(value, host, prefix) if name.lower() == b"location" else value)
            for name, value in response.headers.raw_items()
            if name.lower() not in HOP_BY_HOP
        ]


def public_place(value: bytes, host: bytes, prefix: bytes) -> bytes:
    """Put the prefix before a place that a service names without it: swift knows of no prefix."""
    place = urlsplit(value.decode("latin-1"))
    root = prefix.decode("ascii")
    if place.netloc not in ("", host.decode("latin-1")) or not place.path.startswith("/"):
        return value
    path = place.path if f"{place.path}/".startswith(f"{root}/") else root + place.path
    scheme = "https" if place.netloc else ""
    return urlunsplit((scheme, place.netloc, path, place.query, place.fragment)).encode("latin-1")


async def linger(client: Peer) -> None:
    """Let a client finish sending what nobody wants: a reset would cost it the answer it was given."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(LINGER_SECONDS):
            while await client.read():
                pass


async def copy_body(client: Peer, service: Peer) -> bool:
    """Send the body of a request on, and tell whether all of it went; either side may break off."""
    with contextlib.suppress(OSError, h11.ProtocolError):
        while isinstance(event := await client.receive(), h11.Data):
            await service.send(h11.Data(data=event.data))
        if isinstance(event, h11.EndOfMessage):
            await service.send(h11.EndOfMessage())
            return True
    return False


async def answer(client: Peer, status: int, text: str, method: bytes = b"GET") -> None:
    """Answer a request ourselves."""
    body = f"{text}\n".encode()
    headers = [
        (b"Content-Type", b"text/plain; charset=utf-8"),
        (b"Content-Length", str(len(body)).encode("ascii")),
        (b"Connection", b"close"),
    ]
    await client.send(h11.Response(status_code=status, headers=headers))
    if method != b"HEAD":
        await client.send(h11.Data(data=body))
    await client.send(h11.EndOfMessage())


def run(spec: Spec, sock: socket.socket, ready: Callable[[], None]) -> None:
    """Serve on a listening socket until the process ends."""
    front = Front(spec)
    context = tls.context(spec.data / "tls")

    async def main() -> None:
        server = await asyncio.start_server(front.serve, sock=sock, ssl=context, limit=CHUNK)
        say(f"serving {len(front.routes)} services at https://{front.public}")
        ready()
        await server.serve_forever()

    asyncio.run(main())
