"""Start the processes of a cloud on open sockets, and wait until each service answers."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import ssl
import subprocess
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from defcore.errors import CloudError
from defcore.refcloud.config.layout import FRONT
from defcore.refcloud.files import remove_tree, wait_for
from defcore.refcloud.paths import INSIDE
from defcore.refcloud.services import SERVICES

if TYPE_CHECKING:
    import socket
    from pathlib import Path

    from defcore.refcloud.config import Layout

READY_SECONDS = 180.0
ANSWER_SECONDS = 30.0
LOG_LINES = 3
KEPT_VARIABLES = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "USER", "LOGNAME")


def environment() -> dict[str, str]:
    """Give the variables that a cloud's processes see: none that would point them at another cloud or proxy."""
    return {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}


def command(layout: Layout, part: str) -> list[str]:
    """Give the command line that runs one part of the code inside the cloud's environment."""
    return [str(layout.venv / "bin" / "python"), "-W", "ignore", str(INSIDE), part, str(layout.data)]


def parts(layout: Layout) -> list[str]:
    """Name every process of a cloud: its services, and the proxy in front of them where there is one."""
    return [*layout.services, *([FRONT] if FRONT in layout.ports else [])]


def run_part(layout: Layout, part: str, lock: int) -> None:
    """Run one part to its end, holding our lock; raises CloudError with its last lines."""
    done = subprocess.run(  # noqa: S603 - our own words
        command(layout, part),
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        pass_fds=[lock],
    )
    if done.returncode:
        log = layout.data / "log" / f"{part}.out"
        log.write_text(done.stdout + done.stderr, encoding="utf-8")
        raise CloudError("cloud-template", f"{part} failed: {last_lines(log)}", where=str(log))


def start(layout: Layout, sockets: dict[str, socket.socket]) -> int:
    """Start the supervisor in a session of its own and hand it the sockets; gives its pid."""
    run = layout.data / "run"
    remove_tree(run)
    run.mkdir(mode=0o700)
    # duplicates that exist in the child alone: no other process started meanwhile can inherit one
    first = max(sock.fileno() for sock in sockets.values()) + 1
    numbers = {name: first + step for step, name in enumerate(sockets)}
    words = [*command(layout, "supervise"), json.dumps(numbers)]
    log = str(layout.data / "log" / "supervisor.out")
    pid = os.posix_spawn(
        words[0],
        words,
        environment(),
        file_actions=[
            (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
            (os.POSIX_SPAWN_OPEN, 1, log, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600),
            (os.POSIX_SPAWN_DUP2, 1, 2),
            *((os.POSIX_SPAWN_DUP2, sock.fileno(), numbers[name]) for name, sock in sockets.items()),
        ],
        setsid=True,
        setsigmask=(),
        setsigdef=(signal.SIGINT, signal.SIGTERM, signal.SIGCHLD, signal.SIGHUP),
    )
    (run / "supervisor.pid").write_text(str(pid), encoding="ascii")
    for sock in sockets.values():
        sock.close()
    return pid


def await_ready(layout: Layout, pid: int) -> None:
    """Wait until every service answers; raises CloudError for one that ends or stays silent."""
    run = layout.data / "run"
    names = parts(layout)

    def settled() -> bool:
        _raise_if_ended(layout, pid)
        return all((run / f"{name}.ready").exists() for name in names)

    if not wait_for(settled, READY_SECONDS):
        silent = [name for name in names if not (run / f"{name}.ready").exists()]
        raise _broken(layout, silent[0], f"did not start within {READY_SECONDS:.0f} s")
    for name in layout.services:

        def answers(name: str = name) -> bool:
            _raise_if_ended(layout, pid)
            return healthy(layout, name, ANSWER_SECONDS)

        if not wait_for(answers, ANSWER_SECONDS):
            raise _broken(layout, name, "does not answer")


def _raise_if_ended(layout: Layout, pid: int) -> None:
    """Raise CloudError when a service, or the parent of all, has ended."""
    ended = layout.data / "run" / "ended.json"
    if ended.exists():
        name, code = next(iter(json.loads(ended.read_text(encoding="utf-8")).items()))
        raise _broken(layout, name, f"ended while starting (exit code {code})")
    with contextlib.suppress(ChildProcessError):
        if os.waitpid(pid, os.WNOHANG)[0]:
            raise _broken(layout, "supervisor", "ended while starting")


def _broken(layout: Layout, name: str, what: str) -> CloudError:
    """Say what is wrong with a service, with the end of its log."""
    log = log_file(layout.data, name)
    return CloudError("cloud-service", f"{name} {what}: {last_lines(log)}", where=str(log))


def log_file(data: Path, name: str) -> Path:
    """Give the log that tells most of a service: what it printed last, else what it logged."""
    printed, logged = data / "log" / f"{name}.out", data / "log" / f"{name}.log"
    return printed if (printed.exists() and printed.stat().st_size) or not logged.exists() else logged


def last_lines(log: Path, count: int = LOG_LINES) -> str:
    """Give the end of a log in one line."""
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return "(no log)"
    # the marks under the lines of a traceback say nothing without the line above
    told = [line.strip() for line in lines if line.strip(" ^~")]
    return " | ".join(told[-count:]) or "(its log is empty)"


def healthy(layout: Layout, name: str, seconds: float) -> bool:
    """Tell whether a service answers where its users meet it."""
    service = SERVICES[name]
    url = urlsplit(layout.public_url(name, service.health))
    if url.hostname is None:
        return False
    try:
        connection: http.client.HTTPConnection
        if layout.ca:
            context = ssl.create_default_context(cafile=str(layout.ca))
            connection = http.client.HTTPSConnection(url.hostname, url.port, timeout=seconds, context=context)
        else:
            connection = http.client.HTTPConnection(url.hostname, url.port, timeout=seconds)
        with contextlib.closing(connection):
            connection.request("GET", url.path, headers={"Connection": "close"})
            return connection.getresponse().status < http.HTTPStatus.INTERNAL_SERVER_ERROR
    except (OSError, http.client.HTTPException):
        return False
