"""Fixtures for all tests: reference clouds, the real command, and servers that are broken on purpose."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from defcore import refcloud as reference
from defcore.cloud.credential import Credential, read_credentials
from defcore.refcloud.entries import to_yaml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LIGHT = ("identity", "object-store")
COMMAND = Path(sys.executable).with_name("defcore")


REWRITE = "DEFCORE_WRITE_SNAPSHOTS"


@pytest.fixture
def snapshot(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with the one stored in ``snapshots`` beside the test; with DEFCORE_WRITE_SNAPSHOTS=1 store it."""
    folder = request.path.parent / "snapshots"

    def check(name: str, text: str) -> None:
        path = folder / name
        if os.environ.get(REWRITE) == "1":
            path.write_text(text, encoding="utf-8")
        stored = path.read_text(encoding="utf-8")
        assert text == stored, f"{name} changed; look at it, then store it with {REWRITE}=1 pytest {folder.parent}"

    return check


@pytest.fixture(scope="session", autouse=True)
def _own_data(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep what the tests import out of the user's data, and the user's guidelines out of the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
        yield


# -- reference clouds -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def cloud_home(tmp_path_factory: pytest.TempPathFactory) -> reference.Home:
    """Give the clouds of this test session a folder of their own, and let them use what is installed."""
    return reference.Home(cache=reference.Home.default().cache, state=tmp_path_factory.mktemp("clouds"))


@pytest.fixture(scope="session")
def refcloud(cloud_home: reference.Home) -> Iterator[reference.Cloud]:
    """Start the light plain reference cloud, once."""
    with reference.running(cloud_home, "plain", services=LIGHT, profile="plain") as cloud:
        yield cloud


@pytest.fixture(scope="session")
def refcloud_odd(cloud_home: reference.Home) -> Iterator[reference.Cloud]:
    """Start the light odd reference cloud, once."""
    with reference.running(cloud_home, "odd", services=LIGHT, profile="odd") as cloud:
        yield cloud


@pytest.fixture
def clouds_yaml(refcloud: reference.Cloud, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Point openstacksdk to the plain cloud's entries: ``plain``, ``plain-alt`` and so on."""
    monkeypatch.setenv("OS_CLIENT_CONFIG_FILE", str(refcloud.clouds_yaml))
    return refcloud.clouds_yaml


@pytest.fixture
def credentials(clouds_yaml: Path) -> dict[str, Credential]:
    """Read the plain cloud's credentials, by role."""
    assert clouds_yaml
    return read_credentials("plain")


# -- the real command -------------------------------------------------------------------------------------------------


@dataclass
class Desk:
    """A folder in which a user works, and the ``defcore`` command as the user has it."""

    folder: Path
    environment: dict[str, str]

    def start(self, *words: str | Path, **environment: str) -> subprocess.Popen[str]:
        """Start the command; it hears Ctrl-C even where our own caller does not."""
        return subprocess.Popen(
            [str(COMMAND), *map(str, words)],
            cwd=self.folder,
            env=self.environment | environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            preexec_fn=_hear_interrupts,  # noqa: PLW1509 - it only sets a signal's default
        )

    def run(self, *words: str | Path, timeout: float = 120, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run the command to its end."""
        process = self.start(*words, **environment)
        try:
            out, err = process.communicate(timeout=timeout)
        except BaseException:
            process.kill()
            process.communicate()
            raise
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)


def _hear_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _desk(place: Path) -> Desk:
    folder, home = place / "desk", place / "home"
    folder.mkdir()
    home.mkdir()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("OS_", "PYTEST_", "XDG_"))}
    return Desk(folder, kept | {"HOME": str(home)})


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Give a user's desk: an empty folder, a home of its own, no cloud in the environment."""
    return _desk(tmp_path)


@pytest.fixture(scope="module")
def module_desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Give a desk that the tests of a module share."""
    return _desk(tmp_path_factory.mktemp("user"))


@pytest.fixture
def cloud_desk(desk: Desk, refcloud: reference.Cloud) -> Desk:
    """Give a desk whose ``clouds.yaml`` names the plain reference cloud."""
    desk.environment["OS_CLIENT_CONFIG_FILE"] = str(refcloud.clouds_yaml)
    return desk


# -- servers that are broken on purpose -------------------------------------------------------------------------------


def reply(status: str = "200 OK", body: bytes = b"", *headers: str, length: bool = True, keep: bool = True) -> bytes:
    """Write an HTTP response by hand, so that it can be wrong."""
    lines = [f"HTTP/1.1 {status}", *headers]
    if length:
        lines.append(f"Content-Length: {len(body)}")
    if not keep:
        lines.append("Connection: close")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


@dataclass
class Server:
    """A server on this machine that answers each request with the next step of its script, the last one for ever.

    A step is the bytes of a response, or a function that does something with the connection, which is then closed.
    """

    script: list[bytes | Callable[[socket.socket], object]]
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0
    over: threading.Event = field(default_factory=threading.Event)
    _open: list[socket.socket] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Listen."""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self.connections += 1
                self._open.append(connection)
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError), connection:
            while request := _request(connection):
                self.requests.append(request)
                step = self.script[min(len(self.requests), len(self.script)) - 1]
                if callable(step):
                    step(connection)
                    return
                connection.sendall(step)
                if b"Connection: close" in step:
                    return

    def close(self) -> None:
        """End it all at once."""
        self.over.set()
        for item in (self._listener, *self._open):
            with contextlib.suppress(OSError):
                item.shutdown(socket.SHUT_RDWR)
            item.close()


def _request(connection: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        more = connection.recv(65536)
        if not more:
            return b""
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            while len(body) < int(value):
                body += connection.recv(65536)
    return head + b"\r\n\r\n" + body


@pytest.fixture
def server() -> Iterator[Callable[..., Server]]:
    """Start servers with scripts of their own; they end with the test."""
    started: list[Server] = []

    def start(*script: bytes | Callable[[socket.socket], object]) -> Server:
        started.append(Server(list(script)))
        return started[-1]

    yield start
    for item in started:
        item.close()


@pytest.fixture
def respond() -> Callable[..., bytes]:
    """Give the function that writes responses by hand."""
    return reply


@pytest.fixture
def dead_port() -> int:
    """Give a port on which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


@dataclass
class Proxy:
    """Forwards bytes to a port of this machine until it is stopped or made to hang."""

    target: int
    hanging: bool = False
    connections: int = 0
    _open: set[socket.socket] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Listen."""
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                self.connections += 1
                self._open.add(near)
                if self.hanging:
                    continue
                far = socket.create_connection(("127.0.0.1", self.target))
                self._open.add(far)
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._pump, args=(one, other), daemon=True).start()

    def _pump(self, one: socket.socket, other: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(65536):
                while self.hanging:
                    threading.Event().wait(0.1)
                other.sendall(data)
        for item in (one, other):
            with contextlib.suppress(OSError):
                item.shutdown(socket.SHUT_RDWR)

    def stop(self) -> None:
        """Refuse new connections and break those that are open, as a machine that dies."""
        self.hanging = False
        for item in (self._listener, *self._open):
            with contextlib.suppress(OSError):
                item.shutdown(socket.SHUT_RDWR)
            item.close()


@pytest.fixture
def proxy() -> Iterator[Callable[[int], Proxy]]:
    """Start proxies in front of ports; they end with the test."""
    started: list[Proxy] = []

    def start(target: int) -> Proxy:
        started.append(Proxy(target))
        return started[-1]

    yield start
    for item in started:
        item.stop()


@pytest.fixture
def write_clouds(tmp_path: Path) -> Callable[[dict[str, Any]], Path]:
    """Write entries as a ``clouds.yaml``."""

    def write(entries: dict[str, Any]) -> Path:
        path = tmp_path / "clouds.yaml"
        path.write_text(to_yaml(entries), encoding="utf-8")
        return path

    return write
