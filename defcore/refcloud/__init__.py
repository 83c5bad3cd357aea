"""The reference cloud: a real OpenStack on this machine, unprivileged, in one command."""

from defcore.refcloud.clouds import Cloud, down, install, running, uninstall, up
from defcore.refcloud.paths import Home
from defcore.refcloud.state import names
from defcore.refcloud.status import CloudStatus, ServiceStatus, logs, status

__all__ = [
    "Cloud",
    "CloudStatus",
    "Home",
    "ServiceStatus",
    "down",
    "install",
    "logs",
    "names",
    "running",
    "status",
    "uninstall",
    "up",
]
