"""Which services run, and what they need."""

from __future__ import annotations

import pytest

from defcore.errors import InputError
from defcore.refcloud.services import SERVICES, choose, listeners, tier


def test_a_service_brings_what_it_needs() -> None:
    """If this fails, somebody who asks for compute alone gets a cloud that cannot boot a server."""
    assert choose(["compute"]) == ("identity", "image", "placement", "network", "compute")


def test_the_order_of_words_does_not_matter() -> None:
    """If this fails, the same choice in another order builds a second template, or is refused as another cloud."""
    assert choose([" object-store", "identity "]) == choose(["identity", "object-store"])


@pytest.mark.parametrize("words", [["swift"], ["identity", "telepathy"], [], [""]])
def test_an_unknown_service_is_one_clear_line(words: list[str]) -> None:
    """If this fails, a typing error in --services ends in a traceback or in a cloud without that service."""
    with pytest.raises(InputError) as caught:
        choose(words)
    assert "known: identity" in str(caught.value)


def test_only_identity_and_objects_are_light() -> None:
    """If this fails, a quick start installs seven services, or a full cloud lacks its packages."""
    assert tier(choose(["object-store"])) == "light"
    assert {name for name in SERVICES if tier([name]) == "light"} == {"identity", "object-store"}


def test_every_inner_server_has_a_listener() -> None:
    """If this fails, swift's inner servers have no socket and object storage never starts."""
    assert listeners(("identity", "object-store")) == (
        "identity",
        "object-store",
        "object-store-account",
        "object-store-container",
        "object-store-object",
    )
