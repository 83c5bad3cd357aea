"""The user's own choices: read exactly, or refused in one line."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from defcore.errors import InputError
from defcore.kit.common import Common, get
from defcore.kit.outcomes import NotRunError
from defcore.kit.pins import PINS, chosen, pinned, read_pins

if TYPE_CHECKING:
    from pathlib import Path

    from defcore.kit.session import Session

SEEN = [{"id": "1", "name": "small"}, {"id": "2", "name": "big"}]


def test_what_is_pinned_is_read(tmp_path: Path) -> None:
    """A vendor whose smallest image does not boot could not run the tests at all."""
    path = tmp_path / "pins.toml"
    path.write_text('image = "cirros"\nvolume-type = "fast"\n', encoding="utf-8")
    assert read_pins(path) == {"image": "cirros", "volume-type": "fast"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("image = ", "is no TOML"),
        ("images = 'x'", "pins 'images', which is unknown"),
        ("image = 3", "image is no name or id"),
        ("image = ''", "image is no name or id"),
        ("[image]\nx = 1", "image is no name or id"),
        ("\x00", "is no TOML"),
    ],
)
def test_what_cannot_be_meant_is_refused(tmp_path: Path, text: str, words: str) -> None:
    """A misspelt pin that is passed over lets the tests run on what the user wanted to avoid."""
    path = tmp_path / "pins.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_pins(path)
    assert words in str(caught.value)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_no_file_is_refused(tmp_path: Path) -> None:
    """The run would go on without the pins."""
    with pytest.raises(InputError, match="cannot be read"):
        read_pins(tmp_path / "nothing.toml")


@given(st.binary(max_size=200))
def test_no_file_raises_anything_but_our_own_error(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    """A traceback tells nobody which line to mend."""
    path = tmp_path_factory.mktemp("pins") / "pins.toml"
    path.write_bytes(content)
    with contextlib.suppress(InputError):
        assert set(read_pins(path)) <= set(PINS)


def test_a_pin_is_found_by_name_or_id(session: Session) -> None:
    """Names are what people know, ids are what is exact."""
    assert pinned(session, "flavor", SEEN) is None
    session.pins = {"flavor": "big"}
    assert pinned(session, "flavor", SEEN) == SEEN[1]
    session.pins = {"flavor": "1"}
    assert pinned(session, "flavor", SEEN) == SEEN[0]
    session.pins = {"flavor": "huge"}
    with pytest.raises(NotRunError, match="flavor 'huge' is pinned, and the project sees none"):
        pinned(session, "flavor", SEEN)


def test_what_was_chosen_is_told(session: Session, tmp_path: Path) -> None:
    """Who repeats a run elsewhere must know what it was run with."""
    assert chosen(tmp_path) == []
    get(session, tmp_path, "image", Common(lambda _: {"id": "7", "name": "cirros"}))
    assert chosen(tmp_path) == ["what servers and volumes were made of: image cirros (7)"]
