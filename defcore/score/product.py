"""``product.json``: what is being certified, and what its vendor declares about it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Text = Annotated[str, StringConstraints(min_length=1, max_length=2000, strip_whitespace=True)]
PLACEHOLDER = "CHANGE ME"


class Containment(StrEnum):
    """How much of a designated section a product really contains."""

    CONTAINED = "contained"
    MODIFIED = "modified"
    ABSENT = "absent"


class Declaration(BaseModel):
    """A vendor's word on one designated section: whether the product contains that upstream code."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    section: Text
    containment: Containment
    comment: str = ""


class Product(BaseModel):
    """A product version. ``release`` is the OpenStack release that it is built from (``2026.1``, ``ussuri``).

    ``configuration`` describes the system under test in the vendor's words (process C4.5): hypervisor, storage back
    end, network plugin and whatever else a reader needs to judge the result.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal["defcore-product/1"] = "defcore-product/1"
    vendor: Text
    product: Text
    version: Text
    release: Text
    regions: tuple[Text, ...] = ()
    configuration: dict[Text, Text] = Field(default_factory=dict)
    declarations: tuple[Declaration, ...] = ()

    def placeholders(self) -> tuple[str, ...]:
        """Name the fields that ``defcore product init`` left for the vendor to fill in."""
        fields = {"vendor": self.vendor, "product": self.product, "version": self.version, "release": self.release}
        fields |= {f"configuration.{key}": value for key, value in self.configuration.items()}
        fields |= {f"declarations.{item.section}": item.comment for item in self.declarations}
        return tuple(name for name, value in fields.items() if PLACEHOLDER in value)
