"""Which of Tempest's tests stand for what a guideline asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from defcore.errors import CloudError
from defcore.guideline.model import Test
from defcore.run.journal import PlannedTest
from defcore.tempest.events import Listing
from defcore.tempest.listing import choose, read, suite

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from defcore.tempest.environment import Environment

ONE, TWO, GONE, DNS = (f"{number}0000000-0000-4000-8000-000000000000" for number in range(1, 5))
LISTED = (
    ("tempest.api.servers.VolumeTest.test_a", (ONE,), "tempest.api.servers.VolumeTest"),
    ("tempest.api.servers.Test.test_a", (ONE,), "tempest.api.servers.Test"),
    ("tempest.api.servers.Test.test_b", (TWO,), "tempest.api.servers.Test"),
)
KNOWN = suite("47.0.0", Listing(event="listing", tests=LISTED, broken=(("x.y", "no"),), packages={}))


@pytest.mark.parametrize(
    ("test", "found"),
    [
        (Test(ONE, "tempest.api.servers.Test.test_a"), "tempest.api.servers.Test.test_a"),
        (Test(ONE, "tempest.api.servers.VolumeTest.test_a"), "tempest.api.servers.VolumeTest.test_a"),
        (Test(ONE, "old", ("tempest.api.servers.VolumeTest.test_a",)), "tempest.api.servers.VolumeTest.test_a"),
        (Test(ONE, "old"), "tempest.api.servers.Test.test_a"),
        (Test(TWO, "tempest.api.servers.Test.test_a"), "tempest.api.servers.Test.test_b"),
        (Test(GONE, "old", ("tempest.api.servers.Test.test_b",)), "tempest.api.servers.Test.test_b"),
    ],
)
def test_the_id_is_asked_first_then_name_then_alias(test: Test, found: str) -> None:
    """A test that was renamed is still the same; one that bears another's old name is not."""
    named = KNOWN.find(test)
    assert named
    assert named.name == found


def test_a_plan_bears_tempests_names_and_says_what_is_missing() -> None:
    """Who reads the record must see which test it was, and what to install for the rest."""
    asked = [
        Test(ONE, "old"),
        Test(GONE, "tempest.api.gone.Test.test_c"),
        Test(DNS, "designate_tempest_plugin.tests.Test.test_d"),
        Test("50000000-0000-4000-8000-000000000000", "neutron_tempest_plugin.Test.test_e"),
    ]
    found = choose([PlannedTest(id=test.id, name=test.name) for test in asked], asked, KNOWN)
    assert [(item.name, item.missing) for item in found] == [
        ("tempest.api.servers.Test.test_a", None),
        (asked[1].name, "Tempest 47.0.0 has no test with this id"),
        (
            asked[2].name,
            "Tempest's plugin designate_tempest_plugin is not installed: defcore tempest install dns",
        ),
        (
            asked[3].name,
            "Tempest's plugin neutron_tempest_plugin is not installed: see docs/tempest.md for how to add it",
        ),
    ]
    with_dns = suite(
        "47.0.0",
        Listing(
            event="listing",
            tests=(("designate_tempest_plugin.tests.Other.test_z", (TWO,), "g"),),
            broken=(),
            packages={},
        ),
    )
    assert with_dns.missing(asked[2]) == "Tempest 47.0.0 has no test with this id"
    assert KNOWN.broken == ("Tempest cannot import x.y: no",)


def test_the_real_tempest_names_its_tests(tempest: Environment) -> None:
    """Ids that were published years ago must be found in the pinned Tempest."""
    found = read(tempest)
    assert len(found.by_id) > 1400
    assert found.broken == ()
    named = found.find(
        Test(
            "7e2d5a5e-0a5e-4b0a-8a5c-0b0a5c0b0a5c", "tempest.api.identity.v3.test_tokens.TokensV3Test.test_create_token"
        )
    )
    assert named
    assert named.group == "tempest.api.identity.v3.test_tokens.TokensV3Test"
    assert len(found.digest) == 64
    assert read(tempest).digest == found.digest


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("raise ImportError('no such module')", "ImportError: no such module"),
        ("", "it says nothing"),
        ("print('hello')", "nobody understands: hello"),
        ("""print('{"event": "ready", "tests": 1}')""", "it did not name its tests"),
    ],
)
def test_a_tempest_that_does_not_start_is_one_line(
    pretend: Callable[[str], Environment], script: str, told: str
) -> None:
    """Whose environment is damaged must be told so, and what to do."""
    with pytest.raises(CloudError, match=told) as caught:
        read(pretend(script))
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 3


def test_an_environment_that_is_gone_is_one_line(tmp_path: Path) -> None:
    """A cache that was cleared while we looked is told in the same way."""
    from defcore.tempest.environment import Environment

    with pytest.raises(CloudError, match="does not start"):
        read(Environment(tmp_path, "47.0.0"))
