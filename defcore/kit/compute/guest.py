"""What a server says of itself from inside: its host name and processors, told by its guest on the console.

That needs no network, no address and no key: the guest runs the user data that the server was created with.
"""

from __future__ import annotations

import base64
import re
import secrets
import time
from typing import TYPE_CHECKING, Any

from defcore.kit.outcomes import UnsupportedError

if TYPE_CHECKING:
    from defcore.kit.answer import Answer
    from defcore.kit.session import Session

SMALLEST = 2**20
"""Bytes below which an image holds no operating system."""
PATIENCE = 300.0
"""Seconds within which a guest has run its user data."""
PAUSE = 2.0
LINES = 200
SHOWS = (200, 409)
"""What a cloud answers that shows console output; 409: there is none yet."""
_REPORT = re.compile(r"defcore-guest (?P<word>[0-9a-f]+) hostname=(?P<hostname>\S+) vcpus=(?P<vcpus>\d+) over")


def user_data(word: str) -> str:
    """Give the user data, in base64, with which a guest reports; ``word`` is that server's alone."""
    # The dollar keeps the command from being its own output, should the guest print what it runs.
    text = f"""#!/bin/sh
report() {{
  echo "defcore-guest {word} hostname=$(cat /proc/sys/kernel/hostname) vcpus=$(grep -c ^processor /proc/cpuinfo) over"
}}
report
report > /dev/console
"""
    return base64.b64encode(text.encode()).decode()


def report(output: str, word: str) -> dict[str, str] | None:
    """Find what a guest reported in the output of its console, or None."""
    return next((found.groupdict() for found in _REPORT.finditer(output) if found["word"] == word), None)


def guest(session: Session) -> dict[str, Any]:
    """Make a server whose guest reports; without any, ``why`` says what keeps a guest from being asked.

    What can be known is found out before a server is created.
    """
    image, size = session.common("image"), session.common("flavor")
    if (image["size"] or 0) < SMALLEST:
        why = f"the image {image['name']} has {image['size']} bytes: no operating system that could be asked is in it"
        return {"why": f"{why}; one that runs user data can be pinned (see docs/choices.md)"}
    compute = session.actor("main").compute
    status = compute.console(session.common("server")["id"], LINES).exchange.status
    if status not in SHOWS:
        return {"why": f"the cloud does not show the console output of servers (status {status})"}
    word = secrets.token_hex(8)
    made = compute.new_server(user_data=user_data(word), config_drive=True)
    end = time.monotonic() + PATIENCE
    while report(_output(compute.console(made["id"], LINES)), word) is None:
        if time.monotonic() >= end:
            why = f"the guest of image {image['name']} has not run its user data within {PATIENCE:.0f} s"
            return {"why": f"{why}; another image can be pinned (see docs/choices.md)"}
        time.sleep(PAUSE)
    return {"id": made["id"], "name": made["name"], "flavor": size["id"], "word": word}


def _output(answer: Answer) -> str:
    if answer.exchange.status != 200:  # noqa: PLR2004 - HTTP
        return ""
    return str(answer.json().get("output"))


def asked(session: Session) -> tuple[dict[str, Any], Answer, dict[str, str]]:
    """Ask the guest that the tests share: give its server, the console's output, and the report in it.

    Raises UnsupportedError where there is none to be asked.
    """
    found: dict[str, Any] = session.common("guest")
    if why := found.get("why"):
        raise UnsupportedError(why)
    answer = session.actor("main").compute.console(found["id"], LINES).status(200)
    said = report(_output(answer), found["word"])
    if said is None:
        raise answer.wrong("$.output", "the report of the guest", "none")
    return found, answer, said
