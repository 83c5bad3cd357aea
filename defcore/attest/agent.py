"""Keys that an ssh-agent holds: the private key never leaves it, and it may ask its owner each time.

A client of the two requests that we need; the protocol is that of draft-ietf-sshm-ssh-agent. The caller gives the place
of the agent's socket (``SSH_AUTH_SOCK``).
"""

from __future__ import annotations

import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING

from defcore.attest.canonical import encode, printable
from defcore.attest.keys import fingerprint, read_public
from defcore.attest.sshwire import read_signature, string, take_string, take_strings
from defcore.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

    from defcore.attest.keys import PublicKey

MAX_MESSAGE = 256 * 1024
"""OpenSSH's agent drops the connection over a longer message (AGENT_MAX_LEN)."""
PATIENCE = 120.0
"""Seconds: an agent may have to ask its owner first."""
_FAILURE, _LIST, _LISTED, _SIGN, _SIGNED = 5, 11, 12, 13, 14
_HINT = "'ssh-add -l' shows what the agent holds"


@dataclass(frozen=True, slots=True)
class Identity:
    """A key in the agent. ``public`` is None for a kind that defcore does not sign with; ``kind`` is SSH's word."""

    keyid: str
    kind: str
    comment: str
    public: PublicKey | None


@dataclass(frozen=True, slots=True)
class AgentKey:
    """Signs by asking the agent at ``path``."""

    public: PublicKey
    path: Path

    def sign(self, data: bytes) -> bytes:
        """Return the agent's signature. Raises InputError when it refuses, or returns one that is not good."""
        request = string(self.public.material) + string(data) + bytes(4)
        if len(request) >= MAX_MESSAGE:
            what = f"signs at most {MAX_MESSAGE} bytes at once, and the report has {len(data)}"
            raise InputError("agent-too-large", what, where=str(self.path), hint="sign with a key file")
        answer = _ask(self.path, _SIGN, request, _SIGNED)
        try:
            signature = read_signature(self.public, take_strings(answer, 1)[0])
        except ValueError as error:
            raise _nonsense(self.path) from error
        if not self.public.verify(signature, data):
            raise _nonsense(self.path)
        return signature


def identities(path: Path) -> tuple[Identity, ...]:
    """List the keys of the agent at ``path``, in its order. Raises InputError when there is no agent."""
    answer = _ask(path, _LIST, b"", _LISTED)
    try:
        count, rest = int.from_bytes(answer[:4], "big"), answer[4:]
        found = []
        for _ in range(count):
            material, rest = take_string(rest)
            comment, rest = take_string(rest)
            found.append(_identity(material, comment))
    except ValueError as error:
        raise _nonsense(path) from error
    return tuple(found)


def find(path: Path, keyid: str) -> AgentKey:
    """Return the key of that fingerprint. Raises InputError when the agent lacks it, or defcore cannot use it."""
    for item in identities(path):
        if item.keyid == keyid and item.public is not None:
            return AgentKey(item.public, path)
        if item.keyid == keyid:
            what = f"holds {keyid} as {item.kind}, which defcore does not sign with"
            raise InputError("key-unsupported", what, where=str(path), hint="Ed25519 and P-256 keys will do")
    raise InputError("agent-without-key", f"does not hold the key {keyid}", where=str(path), hint=_HINT)


def _identity(material: bytes, comment: bytes) -> Identity:
    kind = take_string(material)[0].decode("ascii", "replace")
    try:
        public = read_public(f"{kind} {encode(material)}".encode(), "agent")
    except InputError:
        public = None
    words = printable(comment.decode("utf-8", "replace"))
    return Identity(fingerprint(material), printable(kind), words, public)


def _ask(path: Path, request: int, body: bytes, wanted: int) -> bytes:
    message = bytes([request]) + body
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
            line.settimeout(PATIENCE)
            line.connect(str(path))
            line.sendall(string(message))
            size = int.from_bytes(_read(line, 4), "big")
            answer = _read(line, min(size, MAX_MESSAGE))
    except OSError as error:
        what = f"no ssh-agent answers: {error.strerror or error}"
        raise InputError("no-agent", what, where=str(path), hint="is SSH_AUTH_SOCK that of a running agent?") from error
    if answer[:1] == bytes([_FAILURE]):
        what = "the ssh-agent refused, or its owner did"
        raise InputError("agent-refused", what, where=str(path), hint=_HINT)
    if answer[:1] != bytes([wanted]):
        raise _nonsense(path)
    return answer[1:]


def _read(line: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        more = line.recv(size - len(data))
        if not more:
            raise ConnectionError("it hung up")
        data += more
    return data


def _nonsense(path: Path) -> InputError:
    hint = "is this an ssh-agent, and is it sound?"
    return InputError("agent-nonsense", "gave an answer that makes no sense", where=str(path), hint=hint)
