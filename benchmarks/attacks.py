"""Takes each check of ``docs/attacks.md`` out of the code, one a row, and runs the row's test, which must then fail.

A check is ``module:code``: the statements of that module which name the code (``raise RefusedError("code", …)``,
``_refuse("code", …)``), or raise the exception of that name, become ``pass``. ``python benchmarks/attacks.py [WORD]``
runs all rows, or those that hold the word. Each row has a process of its own, forked before anything of ours is loaded.
"""

from __future__ import annotations

import ast
import contextlib
import importlib
import importlib.machinery
import io
import multiprocessing
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import CodeType

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "attacks.md"
ROW = re.compile(r"^\| (?P<attack>.+?) \| `(?P<module>[\w.]+):(?P<code>[\w-]+)` \| `(?P<test>.+?)` \|$", re.MULTILINE)
HEAVY = ("click", "cryptography.hazmat.primitives.serialization", "hypothesis.strategies", "pydantic", "rfc8785")
"""Loaded once, before the forks. Nothing of defcore may be among it."""
QUIET = ["-q", "--no-header", "--tb=no", "-p", "no:cacheprovider"]


class Row(NamedTuple):
    """One row of the table."""

    attack: str
    module: str
    code: str
    test: str


class TakeOut(ast.NodeTransformer):
    """Replaces the statements of a check by ``pass``; counts them."""

    def __init__(self, code: str) -> None:
        self.code, self.count = code, 0

    def _of_the_check(self, call: ast.expr | None) -> bool:
        if isinstance(call, ast.Name):
            return call.id == self.code
        if not isinstance(call, ast.Call):
            return False
        named = [item.value for item in call.args if isinstance(item, ast.Constant)]
        return self.code in named or self._of_the_check(call.func)

    def _replaced(self, node: ast.stmt, call: ast.expr | None) -> ast.stmt:
        if not self._of_the_check(call):
            return node
        self.count += 1
        return ast.copy_location(ast.Pass(), node)

    def visit_Raise(self, node: ast.Raise) -> ast.stmt:
        """Take out ``raise Error("code", …)``."""
        return self._replaced(node, node.exc)

    def visit_Expr(self, node: ast.Expr) -> ast.stmt:
        """Take out ``_refuse("code", …)``."""
        return self._replaced(node, node.value)


class Finder:
    """Loads one module without one check, everything else as it is."""

    def __init__(self, module: str, code: str) -> None:
        self.module, self.code = module, code

    def find_spec(self, name: str, path: Sequence[str] | None, target: object = None) -> object:
        """Find the module as Python would, but with our loader."""
        del target
        if name != self.module:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        assert spec  # noqa: S101 - a row that names no module is a mistake in the table
        assert spec.origin  # noqa: S101
        spec.loader = Loader(name, spec.origin, self.code)
        return spec


class Loader(importlib.machinery.SourceFileLoader):
    """Compiles a module without a check, from its source and never from a cache."""

    def __init__(self, name: str, path: str, check: str) -> None:
        super().__init__(name, path)
        self.check = check

    def get_code(self, fullname: str) -> CodeType:
        """Return the module's code with the check gone. Raises ImportError when there is no such check."""
        place = self.get_filename(fullname)
        taken = TakeOut(self.check)
        tree = taken.visit(ast.parse(self.get_data(place), place))
        if not taken.count:
            raise ImportError(f"{fullname} has no check {self.check}")
        return compile(ast.fix_missing_locations(tree), place, "exec")


def rows(word: str = "") -> list[Row]:
    """Read the table."""
    return [Row(**found.groupdict()) for found in ROW.finditer(PAGE.read_text("utf-8")) if word in found[0]]


def without(row: Row) -> str:
    """Run a row's test without its check, in this process; return what is wrong with the row, or nothing."""
    sys.meta_path.insert(0, Finder(row.module, row.code))  # type: ignore[arg-type]
    with contextlib.redirect_stdout(io.StringIO()):
        code = pytest.main([*QUIET, "--assert=plain", row.test])
    if code is pytest.ExitCode.TESTS_FAILED:
        return ""
    what = "its test passes without it" if code is pytest.ExitCode.OK else f"pytest ends with {code}: nothing is shown"
    return f"{row.attack}: {row.module}:{row.code}: {what}"


def main() -> None:
    """Run every row; print what was shown, with counts; end with 1 when a row shows nothing."""
    os.chdir(ROOT)
    found = rows(*sys.argv[1:])
    whole = subprocess.run(
        [sys.executable, "-m", "pytest", *QUIET, *dict.fromkeys(row.test for row in found)], check=False
    )
    for name in HEAVY:
        importlib.import_module(name)
    with multiprocessing.get_context("fork").Pool(os.cpu_count(), maxtasksperchild=1) as pool:
        wrong = [line for line in pool.map(without, found, chunksize=1) if line]
    for line in wrong:
        print(line)
    checks = len({(row.module, row.code) for row in found})
    print(f"{len(found) - len(wrong)} of {len(found)} rows: the test fails without its check ({checks} checks)")
    sys.exit(1 if wrong or whole.returncode or not found else 0)


if __name__ == "__main__":
    main()
