"""What stands between a client and a cloud: an HTTP proxy, a forwarder with or without TLS, certificates."""

from __future__ import annotations

import base64
import contextlib
import datetime
import ipaddress
import socket
import ssl
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

if TYPE_CHECKING:
    from pathlib import Path


class Gate:
    """Listens on this machine and serves each connection in a thread of its own, until it is closed."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = socket.create_server((host, 0), family=family)
        self.port: int = self._listener.getsockname()[1]
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                self._open.append(near)
                threading.Thread(target=self._guarded, args=(near,), daemon=True).start()

    def _guarded(self, near: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError):
            self.serve(near)

    def serve(self, near: socket.socket) -> None:
        """Do what this gate does."""
        raise NotImplementedError

    def pump(self, near: socket.socket, far: socket.socket) -> None:
        """Carry bytes in both directions until one side ends."""
        self._open.append(far)
        back = threading.Thread(target=_carry, args=(far, near), daemon=True)
        back.start()
        _carry(near, far)
        back.join()

    def close(self) -> None:
        """End it all."""
        for item in (self._listener, *self._open):
            with contextlib.suppress(OSError):
                item.shutdown(socket.SHUT_RDWR)
            item.close()


def _carry(one: socket.socket, other: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := one.recv(65536):
            other.sendall(data)
    with contextlib.suppress(OSError):
        other.shutdown(socket.SHUT_WR)


class Forwarder(Gate):
    """Carries bytes to a port of 127.0.0.1; with a context it speaks TLS to those who come."""

    def __init__(self, target: int, host: str = "127.0.0.1", context: ssl.SSLContext | None = None) -> None:
        self._target, self._context = target, context
        super().__init__(host)

    def serve(self, near: socket.socket) -> None:
        """Carry one connection."""
        if self._context:
            near = self._context.wrap_socket(near, server_side=True)
        self.pump(near, socket.create_connection(("127.0.0.1", self._target)))


class HttpProxy(Gate):
    """A forward proxy: ``CONNECT`` and requests for whole URLs; ``seen`` keeps the method and URL of each.

    With ``user`` (``name:password``) it asks for it.
    """

    def __init__(self, user: str | None = None) -> None:
        self.seen: list[tuple[str, str]] = []
        self._user = base64.b64encode(user.encode()).decode() if user else None
        super().__init__()

    @property
    def url(self) -> str:
        """Its address, as HTTP_PROXY names it."""
        return f"http://127.0.0.1:{self.port}"

    def serve(self, near: socket.socket) -> None:
        """Carry one request, or one tunnel."""
        head = b""
        while b"\r\n\r\n" not in head:
            more = near.recv(65536)
            if not more:
                return
            head += more
        head, _, rest = head.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        method, url, _ = first.split(" ")
        self.seen.append((method, url))
        if self._user and f"Proxy-Authorization: Basic {self._user}" not in lines:
            near.sendall(b"HTTP/1.1 407 Who\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            near.close()
            return
        if method == "CONNECT":
            host, _, port = url.rpartition(":")
            far = socket.create_connection((host.strip("[]"), int(port)))
            near.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
            self.pump(near, far)
            return
        parts = urlsplit(url)
        far = socket.create_connection((parts.hostname or "", parts.port or 80))
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        kept = [line for line in lines if not line.lower().startswith(("proxy-", "connection:"))]
        sent = "\r\n".join([f"{method} {path} HTTP/1.1", *kept, "Connection: close", "", ""])
        far.sendall(sent.encode("latin-1") + rest)
        self.pump(near, far)
        near.close()


@dataclass
class Authority:
    """A certificate authority in a folder: ``path`` is its certificate."""

    folder: Path
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    issued: int = 0

    def __post_init__(self) -> None:
        """Sign itself."""
        self.name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "gates")])
        self.certificate = self._sign(self.name, self.key, 30, [], ca=True)
        self.path = self.folder / "ca.pem"
        self.path.write_bytes(self.certificate.public_bytes(serialization.Encoding.PEM))

    def issue(self, *hosts: str, days: float = 30) -> tuple[Path, Path]:
        """Issue a certificate for hosts and addresses that ends in ``days``; return the files of it and its key."""
        self.issued += 1
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"number {self.issued}")])
        certificate = self._sign(name, key, days, list(hosts), ca=False)
        paths = self.folder / f"{self.issued}.pem", self.folder / f"{self.issued}.key"
        paths[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
        paths[1].write_bytes(key.private_bytes(encoding, form, serialization.NoEncryption()))
        return paths

    def context(self, *hosts: str, days: float = 30, clients: bool = False) -> ssl.SSLContext:
        """Make a server's TLS context with a certificate; with ``clients`` it asks for one of ours."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*self.issue(*hosts, days=days))
        if clients:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(self.path)
        return context

    def _sign(self, name: x509.Name, key: Any, days: float, hosts: list[str], *, ca: bool) -> x509.Certificate:  # noqa: ANN401
        now = datetime.datetime.now(datetime.UTC)
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(self.name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=60))
            .not_valid_after(now + datetime.timedelta(days=days))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        )
        if hosts:
            names: list[x509.GeneralName] = []
            for host in hosts:
                try:
                    names.append(x509.IPAddress(ipaddress.ip_address(host)))
                except ValueError:
                    names.append(x509.DNSName(host))
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return builder.sign(self.key, hashes.SHA256())
