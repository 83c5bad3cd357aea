"""Describes the reference cloud as a product: what its lock file pins, and which upstream code it contains."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

from defcore.refcloud.paths import lock_file

UNCHANGED = "installed from PyPI, its code unchanged"
SECTIONS = {
    "keystone": UNCHANGED,
    "glance": UNCHANGED,
    "nova": "from PyPI, the code of its services unchanged; the hypervisor is nova's own fake driver",
    "neutron": "from PyPI, the code of its API unchanged; the driver below it binds ports and carries no packets",
    "cinder": "from PyPI, the code of its services unchanged; the back end is cinder's own fake driver",
    "swift": UNCHANGED,
}
pins = dict(re.findall(r"^(\w[\w.-]*)==(\S+)", lock_file("full").read_text(encoding="utf-8"), re.MULTILINE))
packages = [*SECTIONS, "openstack-placement"]
product = {
    "format": "defcore-product/1",
    "vendor": "defcore",
    "product": "reference-cloud",
    "version": "2026.2",
    "release": "2026.2",
    "regions": ["RegionOne"],
    "configuration": {
        "packages": ", ".join(f"{name} {pins[name]}" for name in packages) + ", from PyPI",
        "system": "one machine, SQLite, one storage node, one replica; made to try defcore on, not to keep data",
    },
    "declarations": [
        {"section": name, "containment": "contained", "comment": comment} for name, comment in SECTIONS.items()
    ],
}
Path(sys.argv[1]).write_text(json.dumps(product, indent=2) + "\n", encoding="utf-8")
