"""Keys in an ssh-agent: a real one, and what a broken one could answer."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from defcore.attest import agent, keys
from defcore.attest.sshwire import string, write_signature
from defcore.errors import InputError

from .agents import add_key, running_agent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif(shutil.which("ssh-agent") is None, reason="needs OpenSSH")
KINDS = {"ed25519": ("ed25519",), "p256": ("ecdsa", "-b", "256")}


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """Return the socket of a real ssh-agent that holds a key of each kind."""
    with running_agent() as path:
        for kind in (*KINDS.values(), ("rsa", "-b", "2048")):
            add_key(path, *kind)
        yield path


@pytest.mark.parametrize("kind", KINDS)
def test_a_real_agent_signs(place: Path, kind: str) -> None:
    """Otherwise a vendor whose key never lies in a file cannot sign."""
    known = next(item for item in agent.identities(place) if item.public and item.public.kind == kind)
    key = agent.find(place, known.keyid)
    for size in (0, 1, 100_000):
        data = os.urandom(size)
        assert key.public.verify(key.sign(data), data)
        assert not key.public.verify(key.sign(data), data + b"x")


def test_what_a_real_agent_holds_is_listed(place: Path) -> None:
    """Otherwise a vendor cannot find the fingerprint to sign with."""
    listed = subprocess.run(
        ["ssh-add", "-l"], env=os.environ | {"SSH_AUTH_SOCK": str(place)}, capture_output=True, text=True, check=True
    )
    found = agent.identities(place)
    assert [item.keyid for item in found] == [line.split()[1] for line in listed.stdout.splitlines()]
    assert [item.public.kind if item.public else item.kind for item in found] == ["ed25519", "p256", "ssh-rsa"]
    assert {item.comment for item in found} == {"from ssh-keygen"}


def test_a_key_that_we_do_not_sign_with_is_said(place: Path) -> None:
    """Otherwise a vendor with an RSA key gets a report that nobody can verify."""
    rsa = agent.identities(place)[-1]
    with pytest.raises(InputError, match="as ssh-rsa, which defcore does not sign with"):
        agent.find(place, rsa.keyid)


def test_a_key_that_is_not_there_is_said(place: Path) -> None:
    """Otherwise a slip in a fingerprint ends in a traceback, or in another key's signature."""
    with pytest.raises(InputError, match=r"does not hold the key SHA256:x.*ssh-add -l"):
        agent.find(place, "SHA256:x")


def test_a_removed_key_is_refused(place: Path) -> None:
    """Otherwise an agent that says no ends in a traceback."""
    public = add_key(place, "ed25519", "-C", "short-lived")
    key = agent.find(place, keys.load_public(public).keyid)
    subprocess.run(["ssh-add", "-d", public], env=os.environ | {"SSH_AUTH_SOCK": str(place)}, check=True)
    with pytest.raises(InputError, match="refused") as caught:
        key.sign(b"data")
    assert caught.value.code == "agent-refused"


def test_the_limit_of_a_real_agent_is_ours(place: Path) -> None:
    """Otherwise a large report ends in a dropped connection that nobody understands."""
    key = agent.find(place, agent.identities(place)[0].keyid)
    most = agent.MAX_MESSAGE - len(string(key.public.material)) - 4 - 4 - 1
    assert key.public.verify(key.sign(bytes(most)), bytes(most))
    with pytest.raises(InputError, match="sign with a key file") as caught:
        key.sign(bytes(most + 1))
    assert caught.value.code == "agent-too-large"


def test_no_agent_is_one_clear_line(tmp_path: Path) -> None:
    """Otherwise a stale SSH_AUTH_SOCK ends in a traceback."""
    with pytest.raises(InputError, match=r"no ssh-agent answers.*SSH_AUTH_SOCK"):
        agent.identities(tmp_path / "gone")


@contextmanager
def answering(folder: Path, answer: bytes) -> Iterator[Path]:
    """Stand for a broken agent, which no real one can be made to be: it reads a request and gives these bytes."""
    place = folder / "s"
    place.unlink(missing_ok=True)
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listener:
        listener.bind(str(place))
        listener.listen()

        def serve() -> None:
            line, _ = listener.accept()
            with line:
                line.recv(1_000_000)
                line.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield place
        thread.join()


KEY = keys.generate()
P256 = keys.generate("p256")
GOOD = write_signature(KEY.public, KEY.sign(b"data"))
NONSENSE = {
    "nothing": b"",
    "half a length": b"\0\0",
    "an empty message": string(b""),
    "half a message": string(b"\x0e" + string(GOOD))[:-1],
    "another answer": string(b"\x0c" + string(GOOD)),
    "no signature": string(b"\x0e"),
    "half a signature": string(b"\x0e" + string(GOOD[:-1])),
    "two signatures": string(b"\x0e" + string(GOOD) * 2),
    "a signature over something else": string(b"\x0e" + string(write_signature(KEY.public, KEY.sign(b"datum")))),
    "a signature of another kind": string(b"\x0e" + string(write_signature(P256.public, P256.sign(b"data")))),
    "an endless message": b"\xff\xff\xff\xff\x0e",
}


@pytest.mark.parametrize("what", NONSENSE)
def test_a_broken_agent_is_one_clear_line(tmp_path: Path, what: str) -> None:
    """Otherwise a broken agent ends in a traceback, or in a report whose signature is not good."""
    with answering(tmp_path, NONSENSE[what]) as place, pytest.raises(InputError) as caught:
        agent.AgentKey(KEY.public, place).sign(b"data")
    assert caught.value.code in {"agent-nonsense", "no-agent"}


def test_a_sound_answer_is_taken(tmp_path: Path) -> None:
    """Otherwise the test above would hold for a client that takes nothing at all."""
    with answering(tmp_path, string(b"\x0e" + string(GOOD))) as place:
        assert agent.AgentKey(KEY.public, place).sign(b"data") == KEY.sign(b"data")


@settings(max_examples=100, deadline=None)
@given(
    body=some.binary(max_size=60) | some.binary(max_size=30).map(lambda data: b"\0\0\0\1" + string(string(data)) * 2)
)
def test_no_list_of_keys_ends_in_a_traceback(tmp_path_factory: pytest.TempPathFactory, body: bytes) -> None:
    """Otherwise 'defcore key list' crashes on an agent with keys of tomorrow."""
    with answering(tmp_path_factory.getbasetemp(), string(b"\x0c" + body)) as place:
        try:
            agent.identities(place)
        except InputError as error:
            assert error.code == "agent-nonsense"  # noqa: PT017
