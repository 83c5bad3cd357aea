"""Reads every guideline into one model, and writes it back.

``load_file`` and ``load_bytes`` give a ``GuidelineFile``: the model and the exact bytes that it was read from.
"""

from defcore.guideline.find import find_program, known_guidelines, resolve
from defcore.guideline.load import load_bytes, load_file
from defcore.guideline.model import Guideline, GuidelineFile
from defcore.guideline.write import dump

__all__ = [
    "Guideline",
    "GuidelineFile",
    "dump",
    "find_program",
    "known_guidelines",
    "load_bytes",
    "load_file",
    "resolve",
]
