"""One run through the library, for what no command line sets: evidence off, other patience."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from defcore.cloud.http import Policy
from defcore.run.certify import Request, carry_out, exit_code


def main() -> int:
    """Run the storage program as the words say."""
    words = argparse.ArgumentParser()
    words.add_argument("cloud")
    words.add_argument("out", type=Path)
    words.add_argument("--capability", action="append", default=[])
    words.add_argument("--no-evidence", action="store_true")
    words.add_argument("--policy", type=json.loads, default={})
    given = words.parse_args()
    request = Request(
        cloud=given.cloud,
        out=given.out,
        capabilities=tuple(given.capability),
        evidence=not given.no_evidence,
        policy=Policy(**given.policy),
    )
    done = carry_out(request, started=lambda *_: None, progress=lambda _: None)
    return exit_code(done)


if __name__ == "__main__":
    raise SystemExit(main())
