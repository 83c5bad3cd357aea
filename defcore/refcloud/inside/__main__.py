"""Run one part of the cloud: ``python path/to/inside PART DATA [ARGUMENT]``.

The folder becomes the package ``refcloud_inside``, so that its modules can import one another and OpenStack
can name them, while defcore itself stays out of the cloud's environment.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
import warnings
from pathlib import Path

PACKAGE = "refcloud_inside"


def main() -> None:
    """Make the package known and call ``main(data, argument)`` of the part named on the command line."""
    warnings.simplefilter("ignore")
    here = Path(__file__).parent
    sys.path[:] = [place for place in sys.path if Path(place) != here]
    spec = importlib.util.spec_from_file_location(PACKAGE, here / "__init__.py", submodule_search_locations=[str(here)])
    if spec is None or spec.loader is None:
        raise SystemExit(f"{here} cannot be loaded")
    package = importlib.util.module_from_spec(spec)
    sys.modules[PACKAGE] = package
    spec.loader.exec_module(package)
    part = importlib.import_module(f"{PACKAGE}.{sys.argv[1]}")
    part.main(Path(sys.argv[2]), *sys.argv[3:])


main()
