"""Listening sockets that nobody can take away."""

from __future__ import annotations

import contextlib
import socket
from typing import TYPE_CHECKING

import pytest

from defcore.errors import InputError
from defcore.refcloud import ports
from defcore.refcloud.paths import HOST

if TYPE_CHECKING:
    from collections.abc import Iterator

NAMES = ("identity", "object-store", "object-store-account")


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that somebody else listens on."""
    with socket.socket() as sock:
        sock.bind((HOST, 0))
        sock.listen()
        yield int(sock.getsockname()[1])


def numbers(sockets: dict[str, socket.socket]) -> dict[str, int]:
    """Note the ports and let them go."""
    with contextlib.ExitStack() as stack:
        return {name: int(stack.enter_context(sock).getsockname()[1]) for name, sock in sockets.items()}


def test_a_busy_port_is_one_clear_line(taken: int) -> None:
    """If this fails, ``up --port`` on a busy port starts half a cloud, or ends in a traceback."""
    with pytest.raises(InputError, match="not all free"):
        ports.open_block(NAMES, taken - 1)


def test_after_a_busy_port_none_is_held(taken: int) -> None:
    """If this fails, a refused ``up`` keeps ports busy for the one that follows."""
    with contextlib.suppress(InputError):
        ports.open_block(NAMES, taken - 1)
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((HOST, taken - 1))


def test_a_port_beyond_all_ports_is_one_clear_line() -> None:
    """If this fails, ``up --port 65535`` ends in a traceback."""
    with pytest.raises(InputError, match="out of range"):
        ports.open_block(NAMES, 65534)


def test_the_ports_of_last_time_are_taken_again() -> None:
    """If this fails, a cloud whose data was kept comes back at other URLs, and old clouds.yaml files are stale."""
    before = numbers(ports.open_anywhere(NAMES, {}))
    assert numbers(ports.open_anywhere(NAMES, before)) == before


def test_a_lost_port_is_replaced(taken: int) -> None:
    """If this fails, a kept cloud never starts again once somebody else has one of its ports."""
    remembered = {"identity": taken, "object-store": taken + 1, "object-store-account": taken + 2}
    assert taken not in numbers(ports.open_anywhere(NAMES, remembered)).values()


def test_two_clouds_at_once_get_different_ports() -> None:
    """If this fails, two ``up`` at the same time clash."""
    first = ports.open_anywhere(NAMES, {})
    second = ports.open_anywhere(NAMES, {})
    assert not set(numbers(first).values()) & set(numbers(second).values())


def test_only_this_machine_is_listened_to() -> None:
    """If this fails, a cloud with well-known users is open to the network."""
    sockets = ports.open_anywhere(NAMES, {})
    hosts = {sock.getsockname()[0] for sock in sockets.values()}
    numbers(sockets)
    assert hosts == {HOST}
