"""Finds and reads what a user asks to be checked: files, and the guidelines of folders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defcore.errors import InputError
from defcore.guideline.find import in_folder
from defcore.guideline.lint.model import Finding, Severity
from defcore.guideline.lint.rules.linter import UNREADABLE
from defcore.guideline.load import load_file

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from defcore.guideline.model import GuidelineFile


def gather(paths: Iterable[Path]) -> tuple[tuple[GuidelineFile, ...], tuple[Finding, ...]]:
    """Read files and the guidelines of folders, each once.

    A file that was named and cannot be read raises InputError; in a folder that is a finding.
    """
    found: dict[Path, GuidelineFile] = {}
    unreadable: list[Finding] = []
    for path in paths:
        if not path.is_dir():
            found.setdefault(path, load_file(path))
            continue
        inside = in_folder(path)
        if not inside:
            hint = "guidelines are called 2026.11.json, dns.2026.11.json or next.json"
            raise InputError("no-guideline", "holds no guideline", where=str(path), hint=hint)
        for file in inside:
            try:
                found.setdefault(file, load_file(file))
            except InputError as error:
                line = (error.where or "").rpartition(":")[2]
                number = int(line) if line.isdigit() else 0
                unreadable.append(Finding(UNREADABLE.id, Severity.ERROR, file.name, error.what, str(file), "$", number))
    return tuple(found.values()), tuple(unreadable)
