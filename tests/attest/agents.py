"""A real ssh-agent for the tests, with keys that ssh-keygen made."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def running_agent() -> Iterator[Path]:
    """Start an ssh-agent in the foreground; yield its socket, in a folder where keys can lie; end it."""
    # A socket's path may have 107 bytes; pytest's own folders can be longer.
    folder = Path(tempfile.mkdtemp(prefix="agent-"))
    place = folder / "socket"
    with subprocess.Popen(["ssh-agent", "-D", "-a", place], stdout=subprocess.PIPE) as agent:
        assert agent.stdout
        agent.stdout.readline()
        try:
            yield place
        finally:
            agent.terminate()
            shutil.rmtree(folder)


def add_key(place: Path, *kind: str) -> Path:
    """Make a key with ssh-keygen and add it to the agent; return its file. The private key is removed from the disk."""
    path = place.parent / "-".join(("key", *kind)).replace(" ", "")
    subprocess.run(
        ["ssh-keygen", "-q", "-N", "", "-C", "from ssh-keygen", "-t", *kind, "-f", path],
        check=True,
        capture_output=True,
    )
    environment = os.environ | {"SSH_AUTH_SOCK": str(place)}
    subprocess.run(["ssh-add", path], check=True, capture_output=True, env=environment)
    path.unlink()
    return path.with_name(path.name + ".pub")
