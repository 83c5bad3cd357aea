"""The beginning of a test, or of a whole suite of one's own: correct where it can be, with the gaps marked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from defcore.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

CLIENTS = {
    "object-store": ("store", "ObjectStore"),
    "identity": ("identity", "Identity"),
    "compute": ("compute", "Compute"),
    "image": ("images", "Images"),
    "network": ("networks", "Networks"),
    "block-storage": ("volumes", "Volumes"),
}
"""For each service that the kit has a client for: the fixture that gives it, and its class."""

_CONFTEST = '''"""Registers defcore's plugin for ``pytest … --cloud NAME``; the runner does so itself."""

from defcore.kit.plugin import pytest_addoption, pytest_collection_modifyitems, pytest_configure

__all__ = ["pytest_addoption", "pytest_collection_modifyitems", "pytest_configure"]
'''
_HEAD = '''"""Say here what these tests are about.

{reference}
"""

from __future__ import annotations

from defcore.kit import Change, {kind}, api_test
{more}
OPERATION = "{operation}"
REFERENCE = "{reference}"
'''
_TEST = '''

@api_test(
    "{test_id}",
    service="{service}",
    creates={{}},
    reference={reference},
    fails_if=Change(on={operation}, status=500),
)
def {name}({fixture}: {kind}) -> None:
    """Say in one sentence what a cloud must do."""
{body}'''
_BODIES = {
    True: "    raise NotImplementedError  # Send the request, and say of the answer what it must be.\n",
    False: (
        '    actor = session.actor("main")\n'
        '    service = Service(actor, actor.service("{service}"))\n'
        '    answer = service.request({operation}, "/path")\n'
        "    raise NotImplementedError(answer)  # Say of the answer what it must be.\n"
    ),
}


@dataclass(frozen=True, slots=True)
class Wish:
    """What the test is to be called and about. ``operation`` is ``METHOD /path``, as the API reference writes it."""

    name: str
    service: str
    operation: str
    reference: str


def scaffold(folder: Path, file: str | None, wish: Wish, test_id: str) -> dict[Path, bytes]:
    """Return the files to write, whole, so that ``folder`` holds a new test with this id.

    A file that is there already gets one more function. Raises InputError for words that cannot be right.
    """
    _check(wish)
    path = folder / (file or f"{wish.service.replace('-', '_')}/{wish.name}.py")
    if folder.resolve() not in path.resolve().parents or not re.fullmatch(r"test_\w+\.py", path.name):
        hint = "such as dns/test_zones.py"
        raise InputError("bad-name", "is no file test_….py below the folder of the suite", where=str(path), hint=hint)
    old = path.read_text(encoding="utf-8") if path.exists() else ""
    if re.search(rf"^def {wish.name}\(", old, re.MULTILINE):
        raise InputError("exists", f"has a test {wish.name} already", where=str(path), hint="choose another name")
    files = {path: (_extended(old, wish, test_id) if old else _new(wish, test_id)).encode()}
    if not (folder / "conftest.py").exists():
        files[folder / "conftest.py"] = _CONFTEST.encode()
    return files


def _new(wish: Wish, test_id: str) -> str:
    known = wish.service in CLIENTS
    kind = CLIENTS[wish.service][1] if known else "Session"
    more = "" if known else "from defcore.kit.service import Service\n"
    head = _HEAD.format(reference=wish.reference, operation=wish.operation, kind=kind, more=more)
    return head + _test(wish, test_id, "OPERATION", "REFERENCE")


def _extended(old: str, wish: Wish, test_id: str) -> str:
    return old.rstrip("\n") + "\n" + _test(wish, test_id, f'"{wish.operation}"', f'"{wish.reference}"')


def _test(wish: Wish, test_id: str, operation: str, reference: str) -> str:
    fixture, kind = CLIENTS.get(wish.service, ("session", "Session"))
    body = _BODIES[wish.service in CLIENTS].format(service=wish.service, operation=operation)
    words = {"test_id": test_id, "service": wish.service, "reference": reference, "operation": operation}
    return _TEST.format(**words, name=wish.name, fixture=fixture, kind=kind, body=body)


def _check(wish: Wish) -> None:
    for option, value, pattern, example in (
        ("--name", wish.name, r"test_[a-z0-9_]+", "test_list_zones"),
        ("--service", wish.service, r"[a-z][a-z0-9-]*", "dns"),
        ("--operation", wish.operation, r"[A-Z]+ /[^\s\"\\]*", "GET /v2/zones"),
        ("--reference", wish.reference, r"https?://[^\s\"\\]+", "https://docs.openstack.org/api-ref/dns/"),
    ):
        if not re.fullmatch(pattern, value):
            raise InputError("bad-word", f"{option} {value!r} is not as it must be", hint=f"such as {example!r}")
