"""A cloud that is nowhere, to render files from, and a process that would rather stay."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from defcore.refcloud.config import Layout
from defcore.refcloud.template import wanted_listeners

if TYPE_CHECKING:
    from defcore.refcloud import profiles

LIGHT = ("identity", "object-store")
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"


def stubborn(*words: str, python: str = sys.executable) -> subprocess.Popen[str]:
    """Start a process that ignores SIGTERM, with these words on its command line."""
    process = subprocess.Popen([python, "-c", STUBBORN, *words], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    process.stdout.readline()
    return process


def layout(profile: profiles.Profile, services: tuple[str, ...] | None = None) -> Layout:
    """A cloud that is nowhere."""
    chosen = services or profile.services
    ports = {name: 20000 + step for step, name in enumerate(wanted_listeners(profile, chosen))}
    secrets = {name: f"secret of {name}" for name in ("service", *profile.users)}
    return Layout("x", Path("/data"), Path("/venv"), profile, chosen, ports, secrets)
