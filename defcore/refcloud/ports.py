"""Listening sockets for a new cloud, opened here and handed down, so that no port can be lost in between."""

from __future__ import annotations

import contextlib
import random
import socket
from typing import TYPE_CHECKING

from defcore.errors import CloudError, InputError
from defcore.refcloud.paths import HOST

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# Below the range that Linux gives to outgoing connections, which starts at 32768.
LOWEST, HIGHEST = 20000, 32000
TRIES = 100
BACKLOG = 256


def open_at(ports: Mapping[str, int]) -> dict[str, socket.socket]:
    """Listen on exactly these ports, all or none; raises OSError when one is taken."""
    with contextlib.ExitStack() as undo:
        sockets = {}
        for name, port in ports.items():
            sock = undo.enter_context(socket.socket())
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind((HOST, port))
            sock.listen(BACKLOG)
            sockets[name] = sock
        undo.pop_all()
    return sockets


def open_block(listeners: Sequence[str], base: int) -> dict[str, socket.socket]:
    """Listen on consecutive ports from ``base`` on; raises InputError when one is taken or out of range."""
    try:
        return open_at({name: base + step for step, name in enumerate(listeners)})
    except (OSError, OverflowError) as error:
        reason = error.strerror if isinstance(error, OSError) else "out of range"
        raise InputError(
            "cloud-port",
            f"ports {base} to {base + len(listeners) - 1} are not all free: {reason}",
            hint="choose another --port, or leave it out",
        ) from error


def open_anywhere(listeners: Sequence[str], remembered: Mapping[str, int]) -> dict[str, socket.socket]:
    """Listen on the ports of last time where they are free, else on a free block somewhere."""
    if set(remembered) == set(listeners):
        with contextlib.suppress(OSError):
            return open_at(remembered)
    for _ in range(TRIES):
        base = random.randrange(LOWEST, HIGHEST - len(listeners))  # noqa: S311 - no secret
        with contextlib.suppress(OSError):
            return open_at({name: base + step for step, name in enumerate(listeners)})
    raise CloudError("cloud-port", f"no {len(listeners)} free ports between {LOWEST} and {HIGHEST}")
