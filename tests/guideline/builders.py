"""A small guideline of every kind of thing, ways to spoil it, and a strategy for guidelines at random."""

from __future__ import annotations

import copy
import json
import uuid
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from hypothesis import strategies as st

from defcore.guideline import load_bytes
from defcore.guideline import model as m
from defcore.guideline.build import PUBLISHED_AUTHORITY

if TYPE_CHECKING:
    from defcore.guideline import GuidelineFile
    from defcore.strictjson import Path

Doc: TypeAlias = dict[str, Any]
"""A guideline as JSON, to spoil: what stands in it is the point of the tests."""

ID1, ID2, ID3 = (f"{digit * 8}-0000-4000-8000-000000000000" for digit in "123")
OLD_SOURCE = "https://opendev.org/openstack/interop/raw/branch/master/2020.06.json"


def document() -> Doc:
    """Return a good guideline that holds every kind of thing once."""
    flag = {"reason": "D401: slow", "action": "wait", "date": "2026-01-01"}
    ref = {"name": "other", "source": "https://example.org/other.json"}
    return {
        "metadata": {
            "id": "2026.11",
            "schema": "2.0",
            "reference": "docs",
            "source": "here",
            "authority": {"name": "us", "mark": "none", "label": "unread", "process": "2016A"},
            "scoring": {
                "cutoff_score": 74,
                "criteria": {"atomic": {"name": "Atomic", "description": "stands alone", "weight": 6}},
            },
            "os_trademark_approval": {
                "target_approval": "2026.11",
                "replaces": "2020.06",
                "releases": ["2026.1"],
                "status": "draft",
            },
        },
        "platforms": {"Small Cloud": {"description": "all", "components": [{"name": "store"}]}},
        "add-ons": {
            "Names": {
                "description": "more",
                "components": [{"name": "store"}],
                "required_platform_components": [ref],
                "optional_platform_components": [{"name": "store"}],
            }
        },
        "verticals": {"Far Away": {"description": "", "components": [dict(ref)]}},
        "components": {
            "store": {
                "capabilities": {"required": ["put", "get"], "advisory": [], "deprecated": [], "removed": ["gone"]},
                "designated_sections": {"required": ["swift"], "advisory": [], "deprecated": [], "removed": []},
            }
        },
        "capabilities": {
            "put": {
                "achievements": ["atomic"],
                "admin": False,
                "description": "A user can put.",
                "project": "swift",
                "required_since": "2014.07",
                "tests": {
                    "put one": {"idempotent_id": f"id-{ID1}", "aliases": ["old.put"]},
                    "put.two": {"idempotent_id": f"id-{ID2}", "flagged": flag},
                },
            },
            "get": {
                "achievements": [],
                "admin": True,
                "description": "A user can get.",
                "project": "swift",
                "tests": {"get": {"idempotent_id": f"id-{ID3}"}},
            },
        },
        "designated_sections": {
            "swift": {
                "required": {
                    "guidance": "contain it",
                    "comment": "all",
                    "sections": {"proxy": {"description": "front", "designated": True, "comment": "yes"}},
                },
                "informational": {"guidance": "", "sections": {}},
            }
        },
        "test_repositories": {"tempest": {"repository": "https://t", "reference": "47", "description": "old"}},
    }


def text_of(doc: object) -> str:
    """Return the JSON that the tests read."""
    return json.dumps(doc, indent=1, ensure_ascii=False)


def load(doc: object) -> GuidelineFile:
    """Read a JSON value as if it stood in ``g.json``."""
    return load_bytes(text_of(doc).encode(), "g.json")


def at(doc: Any, path: Path) -> Any:  # noqa: ANN401 - whatever stands there
    """Return the value at ``path``."""
    for step in path:
        doc = doc[step]
    return doc


def put(doc: Doc, path: Path, value: object) -> Doc:
    """Return a copy with ``value`` at ``path``."""
    if not path:
        return cast("Doc", value)
    result = copy.deepcopy(doc)
    at(result, path[:-1])[path[-1]] = value
    return result


def drop(doc: Doc, path: Path) -> Doc:
    """Return a copy without the value at ``path``."""
    result = copy.deepcopy(doc)
    del at(result, path[:-1])[path[-1]]
    return result


def paths_of(value: object, path: Path = ()) -> list[Path]:
    """Return the path of every value inside ``value``."""
    members: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        members = list(value.items())
    elif isinstance(value, list):
        members = list(enumerate(value))
    return [path, *(found for step, item in members for found in paths_of(item, (*path, step)))]


WORDS = st.text("abcxyzABC-._é 0", max_size=8).map(lambda word: f"x{word}x")
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
IDS = st.uuids(version=4).map(str)


def _some(names: list[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(names), unique=True) if names else st.just([])


@st.composite
def _states(draw: st.DrawFn, names: list[str]) -> tuple[tuple[m.State, tuple[str, ...]], ...]:
    held: dict[m.State, list[str]] = {state: [] for state in m.State}
    for name in draw(_some(names)):
        held[draw(st.sampled_from(m.State))].append(name)
    return tuple((state, tuple(found)) for state, found in held.items())


@st.composite
def _refs(draw: st.DrawFn, names: list[str]) -> tuple[m.ComponentRef, ...]:
    here = [m.ComponentRef(name) for name in draw(_some(names))]
    there = draw(st.lists(st.builds(m.ComponentRef, WORDS, TEXTS), max_size=1))
    return tuple(here + there)


@st.composite
def _capabilities(draw: st.DrawFn, criteria: list[str]) -> tuple[m.Capability, ...]:
    flags = st.none() | st.builds(m.Flag, TEXTS, TEXTS, TEXTS)
    tests = {}
    for name in draw(st.lists(WORDS, unique=True, max_size=5)):
        test_id = str(uuid.uuid5(uuid.NAMESPACE_URL, name))
        tests[name] = m.Test(test_id, name, tuple(draw(st.lists(WORDS, max_size=2))), draw(flags))
    return tuple(
        m.Capability(
            name,
            draw(TEXTS),
            draw(WORDS),
            tuple(draw(_some(criteria))),
            draw(st.booleans()),
            draw(st.none() | TEXTS),
            tuple(tests[key] for key in draw(_some(list(tests)))),
            draw(st.none() | WORDS),
        )
        for name in draw(st.lists(WORDS, unique=True, max_size=4))
    )


@st.composite
def _programs(draw: st.DrawFn, components: list[str]) -> tuple[m.Program, ...]:
    names = draw(st.lists(WORDS, unique_by=m.slug, max_size=3))
    kinds = sorted(draw(st.integers(0, 2)) for _ in names)
    order = (m.Kind.PLATFORM, m.Kind.ADD_ON, m.Kind.VERTICAL)
    return tuple(
        m.Program(m.slug(name), name, order[kind], draw(TEXTS), *(draw(_refs(components)) for _ in range(3)))
        for name, kind in zip(names, kinds, strict=True)
    )


@st.composite
def guidelines(draw: st.DrawFn) -> m.Guideline:
    """Draw a guideline that holds together."""
    criteria = draw(st.lists(WORDS, unique=True, max_size=3))
    capabilities = draw(_capabilities(criteria))
    projects = draw(st.lists(WORDS, unique=True, max_size=2))
    parts = st.builds(m.Part, WORDS, TEXTS, st.booleans(), st.none() | TEXTS)
    unique_parts = st.lists(parts, unique_by=lambda part: part.name, max_size=2).map(tuple)
    sections = [
        m.DesignatedSection(project, status, draw(TEXTS), draw(st.none() | TEXTS), draw(unique_parts))
        for project in projects
        for status in draw(st.lists(WORDS, unique=True, min_size=1, max_size=2))
    ]
    components = tuple(
        m.Component(name, draw(_states([item.name for item in capabilities])), draw(_states(projects)))
        for name in draw(st.lists(WORDS, unique=True, max_size=3))
    )
    weights = st.integers(0, 100)
    return m.Guideline(
        id=draw(WORDS),
        schema="2.0",
        status=draw(st.sampled_from(m.Status)),
        source=draw(TEXTS | st.just(OLD_SOURCE)),
        reference=draw(TEXTS),
        replaces=draw(st.none() | TEXTS),
        releases=tuple(draw(st.lists(WORDS, max_size=2))),
        target_approval=draw(st.none() | TEXTS),
        authority=draw(st.builds(m.Authority, WORDS, WORDS, WORDS, WORDS) | st.just(PUBLISHED_AUTHORITY)),
        scoring=m.Scoring(
            draw(st.none() | weights),
            tuple(m.Criterion(key, draw(TEXTS), draw(TEXTS), draw(weights)) for key in criteria),
        ),
        programs=draw(_programs([item.name for item in components])),
        components=components,
        capabilities=capabilities,
        designated_sections=tuple(sections),
        test_repositories=tuple(
            m.TestRepository(name, draw(TEXTS), draw(TEXTS), draw(TEXTS))
            for name in draw(st.lists(WORDS, unique=True, max_size=2))
        ),
    )
