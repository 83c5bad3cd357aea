"""What a test in ``capabilities/`` is written with.

A test is a function with one sentence of docstring, declared by ``api_test``; it asks for fixtures (``store``, ``alt``,
``identity``, ``session`` …), sends requests through a service client, and says of each ``Answer`` what it must be.
"""

from defcore.kit.answer import Answer
from defcore.kit.change import (
    Change,
    flipped,
    replaced,
    with_item,
    with_json,
    with_line,
    with_list,
    without,
    without_first_line,
    without_items,
    without_last_line,
    without_lines,
)
from defcore.kit.compute import Compute
from defcore.kit.identity import Identity
from defcore.kit.image import Images
from defcore.kit.match import Each, Either, Every, Match, Maybe, Only
from defcore.kit.meta import api_test
from defcore.kit.network import Networks
from defcore.kit.objectstore import ObjectStore
from defcore.kit.outcomes import NotRunError, UnsupportedError
from defcore.kit.session import Session
from defcore.kit.volume import Volumes

__all__ = [
    "Answer",
    "Change",
    "Compute",
    "Each",
    "Either",
    "Every",
    "Identity",
    "Images",
    "Match",
    "Maybe",
    "Networks",
    "NotRunError",
    "ObjectStore",
    "Only",
    "Session",
    "UnsupportedError",
    "Volumes",
    "api_test",
    "flipped",
    "replaced",
    "with_item",
    "with_json",
    "with_line",
    "with_list",
    "without",
    "without_first_line",
    "without_items",
    "without_last_line",
    "without_lines",
]
