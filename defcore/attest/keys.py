"""Ed25519 keys in files that people already have: OpenSSH, or PEM (PKCS#8).

A key is called by its SSH fingerprint (``SHA256:…``), which is made from the key material alone: the same key
under two names is one key. P-256, ssh-agent and hardware keys will be further implementations of ``Signer``.
"""

from __future__ import annotations

import base64
import hashlib
import os
import stat
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, TypeAlias

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
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

_Load: TypeAlias = "Callable[[bytes, bytes | None], object]"

MAX_KEY_BYTES = 64_000
_OPENSSH = b"-----BEGIN OPENSSH PRIVATE KEY-----"
_PKCS8 = (b"-----BEGIN PRIVATE KEY-----", b"-----BEGIN ENCRYPTED PRIVATE KEY-----")
_PEM_PUBLIC = b"-----BEGIN PUBLIC KEY-----"
_PUBLIC = (b"ssh-", b"ecdsa-", b"sk-", _PEM_PUBLIC)
_ED25519 = b"ssh-ed25519"
_KINDS = "defcore signs with Ed25519 keys in OpenSSH or PEM (PKCS#8) files: 'defcore key new' makes one"
_PRIVATE_HINT = "give the private key: the file without .pub"
_PUBLIC_HINT = "give the .pub file beside it, and keep the private one to yourself"


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A key to verify with. ``keyid`` is the SSH fingerprint, ``line`` the OpenSSH public line without comment."""

    keyid: str
    line: str
    _key: Ed25519PublicKey = field(repr=False, compare=False)

    def verify(self, signature: bytes, data: bytes) -> bool:
        """Tell whether ``signature`` is this key's over exactly ``data`` (RFC 8032)."""
        try:
            self._key.verify(signature, data)
        except InvalidSignature:
            return False
        return True


class Signer(Protocol):
    """Whatever can sign: a key from a file today."""

    @property
    def public(self) -> PublicKey:
        """Return the key that verifies."""

    def sign(self, data: bytes) -> bytes:
        """Return the signature over ``data``."""


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """A key to sign with."""

    public: PublicKey
    _key: Ed25519PrivateKey = field(repr=False, compare=False)

    def sign(self, data: bytes) -> bytes:
        """Return the 64-byte Ed25519 signature over ``data`` (RFC 8032; the same each time)."""
        return self._key.sign(data)

    def openssh(self, passphrase: str | None = None) -> bytes:
        """Return the OpenSSH private key file, encrypted when there is a passphrase."""
        encryption: KeySerializationEncryption = NoEncryption()
        if passphrase:
            encryption = BestAvailableEncryption(_secret(passphrase))
        return self._key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, encryption)


def generate() -> PrivateKey:
    """Make a new key out of the system's randomness."""
    return _private(Ed25519PrivateKey.generate())


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
    """Read an Ed25519 private key, OpenSSH or PEM (PKCS#8); ``file`` names it in errors.

    ``passphrase`` is called, once, only when the key is encrypted. Raises InputError with one of the codes
    ``key-public``, ``key-encrypted``, ``key-passphrase``, ``key-unsupported``, ``key-garbage``.
    """
    load = _loader(content, file)
    text = content.strip() + b"\n"
    try:
        key = load(text, None)
    except TypeError:
        key = _decrypt(load, text, file, passphrase)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise InputError("key-garbage", "is not a private key that can be read", where=file, hint=_KINDS) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise InputError("key-unsupported", "is not an Ed25519 key", where=file, hint=_KINDS)
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
    """Read an Ed25519 public key: one OpenSSH line, or PEM. Raises InputError (``key-…``)."""
    text = content.strip()
    if b"PRIVATE KEY-----" in text:
        raise InputError("key-private", "is a private key", where=file, hint=_PUBLIC_HINT)
    if text.startswith(_PUBLIC[:-1]) and text.split()[0] != _ED25519:
        raise InputError("key-unsupported", "is not an Ed25519 key", where=file, hint=_KINDS)
    load = load_pem_public_key if text.startswith(_PEM_PUBLIC) else load_ssh_public_key
    try:
        key = load(text)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise InputError("key-garbage", "is not a public key", where=file, hint=_KINDS) from error
    if not isinstance(key, Ed25519PublicKey):
        raise InputError("key-unsupported", "is not an Ed25519 key", where=file, hint=_KINDS)
    return _public(key)


def _loader(content: bytes, file: str) -> _Load:
    text = content.strip()
    if text.startswith(_PUBLIC):
        raise InputError("key-public", "is a public key", where=file, hint=_PRIVATE_HINT)
    if text.startswith(_OPENSSH):
        return load_ssh_private_key
    if text.startswith(_PKCS8):
        return load_pem_private_key
    if text.startswith(b"-----BEGIN ") and b"PRIVATE KEY-----" in text:
        raise InputError("key-unsupported", "is not an Ed25519 key", where=file, hint=_KINDS)
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


def _private(key: Ed25519PrivateKey) -> PrivateKey:
    return PrivateKey(_public(key.public_key()), key)


def _public(key: Ed25519PublicKey) -> PublicKey:
    line = key.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode("ascii")
    digest = hashlib.sha256(base64.b64decode(line.split()[1])).digest()
    return PublicKey("SHA256:" + base64.b64encode(digest).decode("ascii").rstrip("="), line, key)
