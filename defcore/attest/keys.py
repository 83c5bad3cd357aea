"""Ed25519 and P-256 keys in files that people already have: OpenSSH or PEM.

A key is called by its SSH fingerprint (``SHA256:…``), which is made from the key material alone: the same key
under two names is one key. ``Signer`` is the seam: keys in an ssh-agent are another implementation of it
(``defcore.attest.agent``), hardware keys will be further ones.

P-256 signatures are ECDSA with SHA-256 (FIPS 186-5) in DER, as OpenSSL writes and reads them, with that s of the two
good ones which is at most half of the group's order: otherwise anybody could turn one good signature into another.
"""

from __future__ import annotations

import base64
import hashlib
import os
import stat
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as generate_ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
    load_ssh_private_key,
    load_ssh_public_key,
)

from defcore.attest.canonical import printable
from defcore.errors import InputError
from defcore.files import read_bytes, read_with_mode

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Kind: TypeAlias = Literal["ed25519", "p256"]
_Load: TypeAlias = "Callable[[bytes, bytes | None], object]"
_Private: TypeAlias = Ed25519PrivateKey | EllipticCurvePrivateKey
_Public: TypeAlias = Ed25519PublicKey | EllipticCurvePublicKey

MAX_KEY_BYTES = 64_000
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""The order of the group of P-256 (NIST SP 800-186, section 3.2.1.3)."""
_OPENSSH = b"-----BEGIN OPENSSH PRIVATE KEY-----"
_SEC1 = b"-----BEGIN EC PRIVATE KEY-----"
_PEM = (b"-----BEGIN PRIVATE KEY-----", b"-----BEGIN ENCRYPTED PRIVATE KEY-----", _SEC1)
_PARAMETERS = b"-----END EC PARAMETERS-----"
_PEM_PUBLIC = b"-----BEGIN PUBLIC KEY-----"
_LINES: dict[bytes, Kind] = {b"ssh-ed25519": "ed25519", b"ecdsa-sha2-nistp256": "p256"}
_PUBLIC = (b"ssh-", b"ecdsa-", b"sk-", _PEM_PUBLIC)
_WRONG_KIND = "is neither an Ed25519 nor a P-256 key"
_KINDS = "defcore signs with Ed25519 and P-256 keys in OpenSSH or PEM files: 'defcore key new' makes one"
_PRIVATE_HINT = "give the private key: the file without .pub"
_PUBLIC_HINT = "give the .pub file beside it, and keep the private one to yourself"


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key to verify with. ``keyid`` is the SSH fingerprint, ``line`` the OpenSSH public line without comment.

    ``material`` is the key as SSH writes it on the wire (RFC 4253, RFC 5656): one key, one material.
    """

    keyid: str
    kind: Kind
    line: str
    material: bytes = field(repr=False)
    _key: _Public = field(repr=False, compare=False)

    def verify(self, signature: bytes, data: bytes) -> bool:
        """Tell whether ``signature`` is this key's over exactly ``data``: 64 bytes (RFC 8032), or DER with a low s."""
        try:
            if isinstance(self._key, Ed25519PublicKey):
                self._key.verify(signature, data)
            else:
                self._key.verify(signature, data, ECDSA(SHA256()))
                if low_s(signature) != signature:
                    raise InvalidSignature("twin")  # noqa: TRY301 - one way out for all that does not hold
        except InvalidSignature:
            return False
        return True


class Signer(Protocol):
    """Whatever can sign: a key from a file, or one that an ssh-agent holds."""

    @property
    def public(self) -> PublicKey:
        """Return the key that verifies."""

    def sign(self, data: bytes) -> bytes:
        """Return the signature over ``data``, as ``PublicKey.verify`` takes it."""


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """A key to sign with."""

    public: PublicKey
    _key: _Private = field(repr=False, compare=False)

    def sign(self, data: bytes) -> bytes:
        """Return the signature over ``data``: Ed25519 gives the same each time, P-256 another one each time."""
        if isinstance(self._key, Ed25519PrivateKey):
            return self._key.sign(data)
        return low_s(self._key.sign(data, ECDSA(SHA256())))

    def openssh(self, passphrase: str | None = None) -> bytes:
        """Return the OpenSSH private key file, encrypted when there is a passphrase."""
        encryption: KeySerializationEncryption = NoEncryption()
        if passphrase:
            encryption = BestAvailableEncryption(_secret(passphrase))
        return self._key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, encryption)


def low_s(signature: bytes) -> bytes:
    """Return the one of the two ECDSA signatures with this r whose s is at most half of P-256's order, in DER."""
    r, s = decode_dss_signature(signature)
    return encode_dss_signature(r, min(s, P256_ORDER - s))


def generate(kind: Kind = "ed25519") -> PrivateKey:
    """Make a new key out of the system's randomness."""
    return _private(Ed25519PrivateKey.generate() if kind == "ed25519" else generate_ec(SECP256R1()))


def public_file(key: PublicKey, comment: str) -> bytes:
    """Return the OpenSSH public line with its comment and a newline."""
    return f"{key.line} {printable(comment)}".strip().encode() + b"\n"


def write_pair(path: Path, key: PrivateKey, *, passphrase: str | None = None, comment: str = "") -> Path:
    """Write the private key to ``path`` (mode 0600) and the public one to ``path``.pub; return the latter.

    Never overwrites: both files are new, or neither is left behind. Raises InputError.
    """
    public = path.with_name(path.name + ".pub")
    written: list[Path] = []
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        for target, content, mode in (
            (path, key.openssh(passphrase), 0o600),
            (public, public_file(key.public, comment), 0o644),
        ):
            descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
            written.append(target)
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
    except OSError as error:
        for target in written:
            target.unlink()
        exists = isinstance(error, FileExistsError)
        raise InputError(
            "key-exists" if exists else "key-unwritable",
            "is there already, and a key is never overwritten" if exists else f"cannot be written: {error.strerror}",
            where=str(error.filename or path),
            hint="give another path: defcore key new PATH",
        ) from error
    return public


def load_private(path: Path, passphrase: Callable[[], str] | None = None) -> PrivateKey:
    """Read a private key file that only its owner can read. Raises InputError; see ``read_private``."""
    content, mode = read_with_mode(path, MAX_KEY_BYTES, "key-unreadable", _KINDS)
    _loader(content, str(path))
    if stat.S_IMODE(mode) & 0o077:
        raise InputError(
            "key-exposed",
            f"can be read or written by others (mode {stat.S_IMODE(mode):04o})",
            where=str(path),
            hint=f"chmod 600 {path}, or make a new key if somebody may have read it",
        )
    return read_private(content, str(path), passphrase)


def read_private(content: bytes, file: str, passphrase: Callable[[], str] | None = None) -> PrivateKey:
    """Read a private key, OpenSSH or PEM (PKCS#8; for P-256 also SEC 1); ``file`` names it in errors.

    ``passphrase`` is called, once, only when the key is encrypted. Raises InputError with one of the codes
    ``key-public``, ``key-encrypted``, ``key-passphrase``, ``key-unsupported``, ``key-garbage``.
    """
    load = _loader(content, file)
    text = _text(content) + b"\n"
    try:
        key = load(text, None)
    except TypeError:
        key = _decrypt(load, text, file, passphrase)
    except UnsupportedAlgorithm as error:
        raise InputError("key-unsupported", _WRONG_KIND, where=file, hint=_KINDS) from error
    except ValueError as error:
        raise InputError("key-garbage", "is not a private key that can be read", where=file, hint=_KINDS) from error
    if not isinstance(key, Ed25519PrivateKey) and not (
        isinstance(key, EllipticCurvePrivateKey) and isinstance(key.curve, SECP256R1)
    ):
        raise InputError("key-unsupported", _WRONG_KIND, where=file, hint=_KINDS)
    return _private(key)


def load_public(path: Path) -> PublicKey:
    """Read a public key file. Raises InputError; see ``read_public``."""
    return read_public(read_bytes(path, MAX_KEY_BYTES, "key-unreadable", _PUBLIC_HINT), str(path))


def load_either(path: Path, passphrase: Callable[[], str] | None = None) -> PublicKey:
    """Return the public key of a file that holds either. Raises InputError."""
    try:
        return load_public(path)
    except InputError as error:
        if error.code != "key-private":
            raise
    return load_private(path, passphrase).public


def read_public(content: bytes, file: str) -> PublicKey:
    """Read a public key: one OpenSSH line, or PEM. Raises InputError (``key-…``)."""
    text = content.strip()
    if b"PRIVATE KEY-----" in text:
        raise InputError("key-private", "is a private key", where=file, hint=_PUBLIC_HINT)
    if text.startswith(_PUBLIC[:-1]) and text.split()[0] not in _LINES:
        raise InputError("key-unsupported", _WRONG_KIND, where=file, hint=_KINDS)
    load = load_pem_public_key if text.startswith(_PEM_PUBLIC) else load_ssh_public_key
    try:
        key = load(text)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise InputError("key-garbage", "is not a public key", where=file, hint=_KINDS) from error
    if not isinstance(key, Ed25519PublicKey) and not (
        isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1)
    ):
        raise InputError("key-unsupported", _WRONG_KIND, where=file, hint=_KINDS)
    return _public(key)


def _text(content: bytes) -> bytes:
    # 'openssl ecparam -genkey' writes the name of the curve before the key.
    _, found, tail = content.strip().partition(_PARAMETERS)
    return tail.strip() if found and tail.strip().startswith(_SEC1) else content.strip()


def _loader(content: bytes, file: str) -> _Load:
    text = _text(content)
    if text.startswith(_PUBLIC):
        raise InputError("key-public", "is a public key", where=file, hint=_PRIVATE_HINT)
    if text.startswith(_OPENSSH):
        return load_ssh_private_key
    if text.startswith(_PEM):
        return load_pem_private_key
    if text.startswith(b"-----BEGIN ") and b"PRIVATE KEY-----" in text:
        raise InputError("key-unsupported", _WRONG_KIND, where=file, hint=_KINDS)
    raise InputError("key-garbage", "is not a private key", where=file, hint=_KINDS)


def _decrypt(load: _Load, text: bytes, file: str, passphrase: Callable[[], str] | None) -> object:
    if passphrase is None:
        hint = "run this in a terminal that can ask for it"
        raise InputError("key-encrypted", "needs its passphrase", where=file, hint=hint)
    try:
        return load(text, _secret(passphrase()))
    except (TypeError, ValueError) as error:
        what = "does not open with this passphrase"
        raise InputError("key-passphrase", what, where=file, hint="try again") from error
    except UnsupportedAlgorithm as error:
        what = f"is encrypted in a way that cannot be read here: {error}"
        raise InputError("key-unsupported", what, where=file, hint=_KINDS) from error


def _secret(passphrase: str) -> bytes:
    return passphrase.encode("utf-8", "surrogateescape")


def fingerprint(material: bytes) -> str:
    """Return how ssh-keygen names a key: ``SHA256:`` and the base64 of its digest, without padding."""
    return "SHA256:" + base64.b64encode(hashlib.sha256(material).digest()).decode("ascii").rstrip("=")


def _private(key: _Private) -> PrivateKey:
    return PrivateKey(_public(key.public_key()), key)


def _public(key: _Public) -> PublicKey:
    line = key.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    name, text = line.split()
    material = base64.b64decode(text)
    return PublicKey(fingerprint(material), _LINES[name], line.decode("ascii"), material, key)
