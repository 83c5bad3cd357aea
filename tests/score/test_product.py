"""``product.json`` as a model: what it takes and what was left for the vendor to fill in."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from defcore.score.product import Containment, Declaration, Product

GOOD = {"vendor": "v", "product": "p", "version": "1", "release": "2026.1"}


def test_placeholders_are_named() -> None:
    """A product that still says CHANGE ME must not be signed; the vendor needs to know where it says so."""
    product = Product(
        vendor="CHANGE ME",
        product="p",
        version="1",
        release="CHANGE ME: which?",
        configuration={"hypervisor": "CHANGE ME", "storage": "ceph"},
        declarations=(
            Declaration(section="swift", containment=Containment.CONTAINED, comment="CHANGE ME"),
            Declaration(section="nova", containment=Containment.CONTAINED),
        ),
    )
    assert product.placeholders() == ("vendor", "release", "configuration.hypervisor", "declarations.swift")
    assert Product(**GOOD).placeholders() == ()


@pytest.mark.parametrize(
    "fields",
    [
        {"vendor": ""},
        {"vendor": "  "},
        {"vendor": "x" * 2001},
        {"vendor": None},
        {"realease": "2026.1"},
        {"format": "defcore-product/2"},
        {"declarations": [{"section": "swift", "containment": "partly"}]},
        {"declarations": [{"section": "swift"}]},
        {"configuration": {"": "x"}},
    ],
)
def test_a_wrong_product_is_refused(fields: dict[str, object]) -> None:
    """A product that is not what it says would carry the mark of another."""
    with pytest.raises(ValidationError):
        Product.model_validate(GOOD | fields)
