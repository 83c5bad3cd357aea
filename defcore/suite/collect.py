"""The suite as data: which test stands under which id, what it needs, and the digest of it all."""

from __future__ import annotations

import hashlib
import importlib.util
import inspect
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from defcore.errors import InputError
from defcore.kit.meta import TestMeta, meta_of
from defcore.locate import data_dir

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import ModuleType


@dataclass(frozen=True, slots=True)
class SuiteTest:
    """One test of the suite. ``node`` is ``PATH::FUNCTION`` below the suite's folder, ``says`` its docstring."""

    meta: TestMeta
    node: str
    says: str


def suite_dir() -> Path:
    """Return the folder of the suite that ships with defcore."""
    return data_dir("capabilities")


def collect(folder: Path) -> dict[str, SuiteTest]:
    """Map test id to test for every test below ``folder``. Raises InputError for an id that stands twice."""
    found: dict[str, SuiteTest] = {}
    for path in sorted(folder.rglob("test_*.py")):
        for test in _tests(path, folder):
            if other := found.get(test.meta.id):
                message = f"id {test.meta.id} stands under {other.node} and {test.node}"
                raise InputError("bad-suite", message, hint="give one of them an id of its own")
            found[test.meta.id] = test
    return found


def digest(folder: Path) -> str:
    """Return the sha256 (hex) over the sorted lines ``PATH SHA256`` of the suite's files."""
    lines = []
    for path in sorted(folder.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            lines.append(f"{path.relative_to(folder).as_posix()} {content}\n")
    return hashlib.sha256("".join(sorted(lines)).encode()).hexdigest()


def _tests(path: Path, folder: Path) -> Iterator[SuiteTest]:
    relative = path.relative_to(folder).as_posix()
    module = _load(path, relative)
    for name, function in vars(module).items():
        meta = meta_of(function)
        if meta is not None and name.startswith("test_") and function.__module__ == module.__name__:
            yield SuiteTest(meta, f"{relative}::{name}", inspect.getdoc(function) or "")


def _load(path: Path, relative: str) -> ModuleType:
    name = "defcore_suite_" + relative.removesuffix(".py").replace("/", "_")
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise InputError("bad-suite", "cannot be imported", where=str(path))
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        del sys.modules[name]
        raise InputError("bad-suite", f"cannot be imported: {error}", where=str(path)) from error
    return module
