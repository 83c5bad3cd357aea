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

STRENGTH = "strength.json"
"""What a proof of the suite has shown, beside its tests (see ``suite.strength``)."""


@dataclass(frozen=True, slots=True)
class SuiteTest:
    """One test of the suite. ``says`` is its docstring, ``about`` that of its file.

    ``node`` is ``PATH::FUNCTION``: below the suite's folder, or absolute for a test that another folder adds.
    """

    meta: TestMeta
    node: str
    says: str
    about: str = ""

    @property
    def function(self) -> str:
        """The name of its function."""
        return self.node.partition("::")[2]


def suite_dir() -> Path:
    """Return the folder of the suite that ships with defcore."""
    return data_dir("capabilities")


def collect(folder: Path, *added: Path) -> dict[str, SuiteTest]:
    """Map test id to test for every test below ``folder``, and below the folders that are added to it.

    Raises InputError for an id that stands twice, a module that cannot be imported, and an added folder without tests.
    """
    found: dict[str, SuiteTest] = {}
    for root in (folder, *added):
        tests = list(_below(root, None if root is folder else root.absolute()))
        if not tests and root is not folder:
            what = "holds no test of a suite" if root.is_dir() else "is no folder"
            hint = "name the folder of a suite; 'defcore suite new' begins one"
            raise InputError("no-suite", what, where=str(root), hint=hint)
        for test in tests:
            if other := found.get(test.meta.id):
                message = f"id {test.meta.id} stands under {other.node} and {test.node}"
                raise InputError("bad-suite", message, hint="give one of them an id of its own")
            found[test.meta.id] = test
    return found


def digest(folder: Path, *added: Path) -> str:
    """Return the digest by which a run names its suite, in hex.

    Of one folder it is the sha256 over the sorted lines ``PATH SHA256`` of its files; hidden ones and ``__pycache__``
    do not count, nor does ``strength.json``: it tells what a proof of this very digest has shown. With added folders it
    is the sha256 over the sorted lines ``DIGEST`` of all of them.
    """
    each = [_digest(root) for root in (folder, *added)]
    return each[0] if not added else hashlib.sha256("".join(f"{item}\n" for item in sorted(each)).encode()).hexdigest()


def _digest(folder: Path) -> str:
    lines = []
    for path in _files(folder, "*"):
        if path == folder / STRENGTH:
            continue
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        lines.append(f"{path.relative_to(folder).as_posix()} {content}\n")
    return hashlib.sha256("".join(sorted(lines)).encode()).hexdigest()


def _files(folder: Path, pattern: str) -> Iterator[Path]:
    for path in sorted(folder.rglob(pattern)):
        parts = path.relative_to(folder).parts
        if path.is_file() and not any(part == "__pycache__" or part.startswith(".") for part in parts):
            yield path


def _below(folder: Path, outside: Path | None) -> Iterator[SuiteTest]:
    for path in _files(folder, "test_*.py"):
        relative = path.relative_to(folder).as_posix()
        # Two suites may have files of one name, and a module is known by its name.
        module = _load(path, relative, hashlib.sha256(str(outside).encode()).hexdigest()[:8] if outside else "")
        node = str(outside / relative) if outside else relative
        for name, function in vars(module).items():
            meta = meta_of(function)
            if meta is not None and name.startswith("test_") and function.__module__ == module.__name__:
                yield SuiteTest(meta, f"{node}::{name}", inspect.getdoc(function) or "", inspect.getdoc(module) or "")


def _load(path: Path, relative: str, tag: str) -> ModuleType:
    name = "_".join(filter(None, ("defcore_suite", tag, relative.removesuffix(".py").replace("/", "_"))))
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
