"""TLS: is the certificate valid, why not, and for how long."""

from __future__ import annotations

import http.client
import socket
import ssl
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

import requests
from cryptography import x509
from requests.utils import DEFAULT_CA_BUNDLE_PATH, get_environ_proxies, select_proxy

from defcore.doctor.model import note, ok, problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from defcore.cloud.credential import Credential
    from defcore.doctor.model import Finding

SECONDS = 4
SOON = 14
"""Days: whoever renews by hand needs a warning, and automatic renewal has mostly happened by then."""


def hosts(urls: Iterable[str]) -> list[str]:
    """Return one URL for each https host and port among ``urls``."""
    found: dict[str, str] = {}
    for url in urls:
        parts = urlsplit(url)
        if parts.scheme == "https" and parts.hostname:
            found.setdefault(parts.netloc.rpartition("@")[2], url)
    return list(found.values())


def look(url: str, credential: Credential, now: float) -> list[Finding]:
    """Judge the certificate at ``url``; one that cannot be reached is told by others. ``now`` in UNIX seconds."""
    where = urlsplit(url).netloc.rpartition("@")[2]
    try:
        fault = _fault(url, credential)
        ends = _ends(url, credential)
    except (OSError, http.client.HTTPException, ValueError):
        return []
    if credential.verify is False:
        return [problem("tls-unverified", where, "its certificate is not looked at: verify: false")]
    days = (ends - now) / 86400
    if fault:
        return [problem("tls-invalid", where, f"its certificate is not valid: {fault}")]
    if days < SOON:
        return [note("tls-ends-soon", where, f"its certificate ends in {max(days, 0):.0f} days")]
    return [ok("tls", where, f"its certificate is valid for another {days:.0f} days")]


def _fault(url: str, credential: Credential) -> str | None:
    """Say what a client that verifies finds wrong."""
    if credential.verify is False:
        return None
    try:
        with _connected(url, _context(url, credential)):
            return None
    except ssl.SSLCertVerificationError as error:
        return error.verify_message


def _ends(url: str, credential: Credential) -> float:
    """Return when the certificate ends, in UNIX seconds, whether it is valid or not."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    _present(context, credential)
    with _connected(url, context) as found:
        raw = found.getpeercert(binary_form=True)
    return x509.load_der_x509_certificate(raw or b"").not_valid_after_utc.timestamp()


def _context(url: str, credential: Credential) -> ssl.SSLContext:
    # What requests would use: the environment's bundle has a say where clouds.yaml has none.
    session = requests.Session()
    settings = session.merge_environment_settings(url, {}, False, credential.verify, None)  # noqa: FBT003 - no names
    bundle = settings["verify"]
    path = bundle if isinstance(bundle, str) else DEFAULT_CA_BUNDLE_PATH
    context = ssl.create_default_context(cafile=path)
    _present(context, credential)
    return context


def _present(context: ssl.SSLContext, credential: Credential) -> None:
    """Show our own certificate where the cloud asks for one."""
    if credential.cert:
        pair = credential.cert if isinstance(credential.cert, tuple) else (credential.cert, None)
        context.load_cert_chain(*pair)


def _connected(url: str, context: ssl.SSLContext) -> ssl.SSLSocket:
    """Open a TLS connection to the host of ``url``, through the HTTP proxy of the environment where there is one."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or 443
    proxy = select_proxy(url, get_environ_proxies(url))
    if not proxy:
        plain = socket.create_connection((host, port), timeout=SECONDS)
    else:
        through = urlsplit(proxy if "//" in proxy else f"http://{proxy}")
        tunnel = http.client.HTTPConnection(through.hostname or "", through.port or 80, timeout=SECONDS)
        tunnel.set_tunnel(host, port, _authorization(through.username, through.password))
        tunnel.connect()
        plain = tunnel.sock
    try:
        return context.wrap_socket(plain, server_hostname=host)
    except BaseException:
        plain.close()
        raise


def _authorization(user: str | None, password: str | None) -> dict[str, str]:
    if not user:
        return {}
    return {"Proxy-Authorization": requests.auth._basic_auth_str(unquote(user), unquote(password or ""))}  # noqa: SLF001
