"""What the model answers when it is asked."""

from __future__ import annotations

import pytest

from defcore.guideline.model import Component, Kind, State, slug

from .builders import document, load, put


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("OpenStack Powered Storage", "openstack-powered-storage"),
        ("  DNS (v2)! ", "dns-v2"),
        ("os_powered_dns", "os-powered-dns"),
        ("…", ""),
    ],
)
def test_slug(name: str, key: str) -> None:
    """The key is what scripts write; another one for the same name would break them."""
    assert slug(name) == key


@pytest.mark.parametrize("word", ["small-cloud", "Small Cloud"])
def test_a_program_by_key_or_display_name(word: str) -> None:
    """Both are printed somewhere, so both get typed."""
    program = load(document()).guideline.program(word)
    assert program is not None
    assert (program.key, program.kind) == ("small-cloud", Kind.PLATFORM)


def test_a_component_is_a_program_of_its_own() -> None:
    """A vendor may ask about one component alone."""
    program = load(document()).guideline.program("store")
    assert program is not None
    assert (program.key, program.name, program.kind) == ("store", "store", Kind.COMPONENT)
    assert [ref.name for ref in program.components] == ["store"]


def test_a_program_goes_before_a_component_of_the_same_word() -> None:
    """Else the word of a program would silently mean a part of it."""
    doc = put(document(), ("components", "names"), {"capabilities": {}})
    program = load(doc).guideline.program("names")
    assert program is not None
    assert program.kind is Kind.ADD_ON


@pytest.mark.parametrize("word", ["", "Small", "SMALL-CLOUD", "put"])
def test_no_program_by_a_guess(word: str) -> None:
    """A verdict for something like what was asked would be a verdict for something else."""
    assert load(document()).guideline.program(word) is None


def test_capability_and_component_by_name() -> None:
    """Reports look them up by name; the wrong one would show another's tests."""
    guideline = load(document()).guideline
    found = guideline.capability("get")
    assert found is not None
    assert found.description == "A user can get."
    assert guideline.capability("gone") is None
    assert guideline.component("gone") is None


def test_the_strictest_state_of_a_component() -> None:
    """Should a model name a capability twice, the milder state must not win."""
    component = Component("c", ((State.REMOVED, ("a",)), (State.ADVISORY, ("a", "b")), (State.REQUIRED, ("a",))), ())
    assert component.state_of("a") is State.REQUIRED
    assert component.state_of("b") is State.ADVISORY
    assert component.state_of("c") is None
