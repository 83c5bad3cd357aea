"""Canonical JSON, canonical base64, harmless words."""

from __future__ import annotations

import base64
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as some

from defcore.attest.canonical import canonical, decode, encode, is_canonical, printable, sha256_hex
from defcore.errors import InputError

VALUES = some.recursive(
    some.none() | some.booleans() | some.integers(-(2**53) + 1, 2**53 - 1) | some.text(some.characters(codec="utf-8")),
    lambda inner: some.lists(inner) | some.dictionaries(some.text(some.characters(codec="utf-8")), inner),
)


@given(VALUES)
def test_what_was_written_is_read_back_and_is_canonical(value: object) -> None:
    """Otherwise a signer's own report would be refused."""
    written = canonical(value)
    assert json.loads(written) == value
    assert is_canonical(value, written)


@given(VALUES)
def test_white_space_is_never_canonical(value: object) -> None:
    """Otherwise a report could be changed without anybody noticing."""
    assert not is_canonical(value, canonical(value) + b" ")


@pytest.mark.parametrize("value", [2**53, math.nan, math.inf, "\ud800", {"\ud800": 1}, {1: 2}, {"a": object()}])
def test_what_has_no_canonical_form_is_an_input_error(value: object) -> None:
    """Otherwise odd input ends in a traceback."""
    with pytest.raises(InputError, match="canonical JSON"):
        canonical(value)
    assert not is_canonical(value, b"null")


@given(some.binary())
def test_base64_has_one_text_for_one_value(data: bytes) -> None:
    """Otherwise the vendor's bytes and the verifier's would differ."""
    assert decode(encode(data)) == data


@given(some.text(some.sampled_from("AQZaz09+/=-_ \n\u00e9"), max_size=12))
def test_any_other_base64_is_refused(text: str) -> None:
    """Otherwise unused bits, missing padding or line breaks could be changed in a signed file."""
    data = decode(text)
    assert data is None or base64.b64encode(data).decode() == text


def test_the_digest_is_that_of_sha256sum() -> None:
    """Otherwise a stranger cannot check a guideline's digest with ordinary tools."""
    assert sha256_hex(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@given(some.text())
def test_printable_words_cannot_act(text: str) -> None:
    """Otherwise a hostile report could forge lines on the reader's terminal."""
    shown = printable(text)
    assert shown.isprintable()
    assert len(shown.splitlines()) <= 1


def test_printable_keeps_ordinary_words() -> None:
    """Otherwise vendors with an accent in their name could not read their own reports."""
    assert printable("Müller & Söhne 雲\x1b[2J\u202e") == "Müller & Söhne 雲\\u001b[2J\\u202e"
