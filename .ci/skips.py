"""Fails when a test was skipped that is not in the short, named list ``.ci/allowed-skips``."""

from __future__ import annotations

import sys
from pathlib import Path
from xml.etree import ElementTree as ET

here = Path(__file__).parent
lines = (line.partition("#")[0].strip() for line in (here / "allowed-skips").read_text(encoding="utf-8").splitlines())
allowed = {line for line in lines if line}
skipped = {
    f"{case.get('classname')}.{case.get('name')}"
    for results in here.parent.glob(".test-results-*.xml")
    for case in ET.parse(results).getroot().iter("testcase")  # noqa: S314 - our own file
    if case.find("skipped") is not None
}
for name in sorted(skipped - allowed):
    sys.stderr.write(f"skipped, but not in .ci/allowed-skips: {name}\n")
sys.exit(1 if skipped - allowed else 0)
