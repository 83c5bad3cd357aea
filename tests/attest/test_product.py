"""``product.json``: the template and reading it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as some

from defcore.attest import product as products
from defcore.errors import InputError
from defcore.score.product import Containment, Product

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import House


def template(house: House, **words: str) -> Product:
    """Return the template for the test guideline's program."""
    guideline = house.source.guideline
    program = guideline.program("cloud-storage")
    assert program is not None
    return products.template(guideline, program, **words)


def test_the_template_marks_every_gap(house: House) -> None:
    """Otherwise a vendor signs a description that nobody filled in."""
    gaps = template(house).placeholders()
    assert gaps == ("vendor", "product", "version", "release", "configuration.system", "declarations.swift")


def test_the_template_takes_what_is_known(house: House) -> None:
    """Otherwise a vendor has to write twice what the options said already."""
    made = template(house, vendor="Acme", product="Cloud", version="1", release="2026.1")
    assert (made.vendor, made.product, made.version, made.release) == ("Acme", "Cloud", "1", "2026.1")
    assert made.placeholders() == ("configuration.system", "declarations.swift")


def test_nothing_is_declared_in_the_vendors_name(house: House) -> None:
    """Otherwise a template left as it is would declare designated code that nobody looked at."""
    assert [(item.section, item.containment) for item in template(house).declarations] == [
        ("swift", Containment.ABSENT)
    ]


def test_a_product_survives_being_written(house: House, tmp_path: Path) -> None:
    """Otherwise the file that we write ourselves could not be signed."""
    (tmp_path / "product.json").write_bytes(products.dump(house.product))
    assert products.load(tmp_path / "product.json") == house.product


@pytest.mark.parametrize(
    ("content", "where", "what"),
    [
        (b'{\n "vendor": "a",\n "vendr": "b"}', "p:3", "unknown key"),
        (b"{}", "p:1", "required key is missing"),
        (b'{"vendor": 1}', "p:1", "$.vendor"),
        (b"[", "p:1", "not valid JSON"),
        (b"[]", "p:1", "$: "),
        (b'{"configuration":\n{" ": "a"}}', "p:", "$.configuration"),
    ],
)
def test_a_slip_is_named_with_its_place(content: bytes, where: str, what: str) -> None:
    """Otherwise the vendor has to search for a typo."""
    with pytest.raises(InputError) as caught:
        products.parse(content, "p")
    assert where in str(caught.value)
    assert what in str(caught.value) or "missing" in str(caught.value)


@given(some.binary(max_size=60))
def test_no_bytes_make_the_reader_crash(content: bytes) -> None:
    """Otherwise a damaged product.json ends in a traceback."""
    with pytest.raises(InputError):
        products.parse(content, "p")


def test_a_missing_file_is_one_clear_line(tmp_path: Path) -> None:
    """Otherwise a slip in a file name ends in a traceback."""
    with pytest.raises(InputError, match="defcore product init"):
        products.load(tmp_path / "no.json")
