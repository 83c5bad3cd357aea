"""Describes the reference cloud as a product: what its lock file pins, and that it contains the upstream code."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

from defcore.refcloud.paths import lock_file

pins = dict(re.findall(r"^(\w[\w.-]*)==(\S+)", lock_file("light").read_text(encoding="utf-8"), re.MULTILINE))
product = {
    "format": "defcore-product/1",
    "vendor": "defcore",
    "product": "reference-cloud",
    "version": "2026.2",
    "release": "2026.2",
    "regions": ["RegionOne"],
    "configuration": {
        "packages": f"keystone {pins['keystone']} and swift {pins['swift']} from PyPI",
        "system": "one machine, SQLite, one storage node, one replica; made to try defcore on, not to keep data",
    },
    "declarations": [
        {"section": "keystone", "containment": "contained", "comment": "installed from PyPI, its code unchanged"},
        {"section": "swift", "containment": "contained", "comment": "installed from PyPI, its code unchanged"},
    ],
}
Path(sys.argv[1]).write_text(json.dumps(product, indent=2) + "\n", encoding="utf-8")
