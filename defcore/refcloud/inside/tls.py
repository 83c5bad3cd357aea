"""A certificate authority of the cloud's own, and the certificate of its one TLS port."""

from __future__ import annotations

import datetime as dt
import ipaddress
import os
import ssl
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from .spec import HOST

if TYPE_CHECKING:
    from pathlib import Path

LIFETIME = dt.timedelta(days=3650)


def _certificate(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: str,
    signer: ec.EllipticCurvePrivateKey,
    *more: tuple[x509.ExtensionType, bool],
) -> x509.Certificate:
    """Sign a certificate for ``name``; ``more`` are its own extensions, each with whether it is critical."""
    now = dt.datetime.now(dt.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + LIFETIME)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
    )
    for extension, critical in more:
        builder = builder.add_extension(extension, critical=critical)
    return builder.sign(signer, hashes.SHA256())


def _usage(*, authority: bool) -> x509.KeyUsage:
    """Say what a key may do: sign certificates, or sign handshakes."""
    return x509.KeyUsage(
        digital_signature=not authority,
        key_cert_sign=authority,
        crl_sign=authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def make(folder: Path) -> None:
    """Write ``ca.pem`` and ``server.pem`` (key and certificate); the authority's key is thrown away."""
    authority, server = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    name = "reference cloud test CA"
    root = _certificate(
        name,
        authority,
        name,
        authority,
        (x509.BasicConstraints(ca=True, path_length=0), True),
        (_usage(authority=True), True),
    )
    names = [x509.IPAddress(ipaddress.ip_address(HOST)), x509.DNSName("localhost")]
    leaf = _certificate(
        "reference cloud",
        server,
        name,
        authority,
        (x509.BasicConstraints(ca=False, path_length=None), True),
        (_usage(authority=False), True),
        (x509.SubjectAlternativeName(names), False),
        (x509.ExtendedKeyUsage([x509.oid.ExtendedKeyUsageOID.SERVER_AUTH]), False),
    )
    private = server.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    descriptor = os.open(folder / "server.pem", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(private + leaf.public_bytes(serialization.Encoding.PEM))
    (folder / "ca.pem").write_bytes(root.public_bytes(serialization.Encoding.PEM))


def context(folder: Path) -> ssl.SSLContext:
    """Give what the server's end of TLS needs; the certificates are made when missing."""
    if not (folder / "ca.pem").exists():
        make(folder)
    found = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    found.load_cert_chain(folder / "server.pem")
    return found
