"""Clouds to test on: each is started once, under a state folder of its own, and ended by pid.

Environments and templates come from the user's ordinary cache, so that they are built once for all runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from defcore import refcloud

from .samples import LIGHT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> refcloud.Home:
    """The ordinary cache, and a place of our own for the clouds."""
    return refcloud.Home(refcloud.Home.default().cache, tmp_path_factory.mktemp("clouds"))


@pytest.fixture(scope="session")
def plain(home: refcloud.Home) -> Iterator[refcloud.Cloud]:
    """A light cloud of the plain profile, for tests that leave it as it is."""
    with refcloud.running(home, "plain", services=LIGHT) as cloud:
        yield cloud


@pytest.fixture(scope="session")
def odd(home: refcloud.Home) -> Iterator[refcloud.Cloud]:
    """A light cloud of the odd profile, for tests that leave it as it is."""
    with refcloud.running(home, "odd", services=LIGHT, profile="odd") as cloud:
        yield cloud


@pytest.fixture(scope="session", params=["plain", "odd"])
def either(request: pytest.FixtureRequest) -> refcloud.Cloud:
    """Either light cloud: what holds for one must hold for the other."""
    cloud: refcloud.Cloud = request.getfixturevalue(request.param)
    return cloud


@pytest.fixture
def nowhere(tmp_path: Path) -> refcloud.Home:
    """A home in which nothing is installed and nothing runs."""
    return refcloud.Home(tmp_path / "cache", tmp_path / "state")


@pytest.fixture(scope="session")
def connect() -> Callable[[refcloud.Cloud, str], Any]:
    """Make connections as users do: from the file, by the name of an entry."""
    import openstack
    import openstack.config

    made: dict[tuple[str, str], Any] = {}

    def connection(cloud: refcloud.Cloud, suffix: str) -> Any:  # noqa: ANN401 - the SDK has no types
        key = (str(cloud.clouds_yaml), suffix)
        if key not in made:
            config = openstack.config.OpenStackConfig(config_files=[str(cloud.clouds_yaml)], load_envvars=False)
            made[key] = openstack.connection.Connection(config=config.get_one(f"{cloud.name}{suffix}"))
        return made[key]

    return connection
