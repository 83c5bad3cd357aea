"""Profiles are data that differ everywhere a client could have taken something for granted."""

from __future__ import annotations

import pytest

from defcore.errors import InputError
from defcore.refcloud import profiles
from defcore.refcloud.services import SERVICES


def test_the_odd_cloud_shares_no_name_with_the_plain_one() -> None:
    """If this fails, a test suite that has a name of the plain cloud built in passes on the odd one unnoticed."""

    def words(profile: profiles.Profile) -> set[str]:
        named = {profile.region, profile.domain, profile.image, profile.network, profile.subnet, profile.cidr}
        flavors = {flavor.name for flavor in profile.flavors}
        return named | flavors | set(profile.projects.values()) | set(profile.users.values())

    assert not words(profiles.PLAIN) & words(profiles.ODD)


def test_the_odd_cloud_has_small_quotas_and_no_volumes() -> None:
    """If this fails, nobody notices a suite that needs fifty servers, or block storage, of every cloud."""
    quotas = profiles.ODD.quotas
    assert (quotas.servers, quotas.volumes, quotas.networks) == (10, 10, 5)
    assert set(SERVICES) - set(profiles.ODD.services) == {"block-storage"}


@pytest.mark.parametrize("profile", profiles.PROFILES.values(), ids=lambda profile: profile.name)
def test_each_entry_is_a_user_of_its_own(profile: profiles.Profile) -> None:
    """If this fails, two entries of clouds.yaml are one user, and a test of isolation tests nothing."""
    assert set(profile.users) == set(profiles.PEOPLE)
    assert len(set(profile.users.values())) == len(profiles.PEOPLE)
    assert len(set(profile.projects.values())) == len(profile.projects) == 3


def test_every_service_of_the_odd_cloud_has_a_prefix_of_its_own() -> None:
    """If this fails, two services answer below one path, and one of them never."""
    assert set(profiles.ODD.prefixes) == set(SERVICES)
    places = profiles.ODD.prefixes.values()
    assert len({place for place in places if place.startswith("/cloud/") and place.count("/") == 2}) == len(SERVICES)


def test_an_unknown_profile_is_one_clear_line() -> None:
    """If this fails, a typing error in --profile ends in a traceback."""
    with pytest.raises(InputError, match="no such profile: 'strange'"):
        profiles.find("strange")
