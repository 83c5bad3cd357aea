"""Who can do what in a light cloud, asked through openstacksdk."""

from __future__ import annotations

import hashlib
import hmac
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from defcore import refcloud

    Connect = Callable[[refcloud.Cloud, str], Any]

# The SDK warns of its own next major version.
pytestmark = pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")


@pytest.fixture
def member(either: refcloud.Cloud, connect: Connect) -> Any:  # noqa: ANN401 - the SDK has no types
    """The member of the first project."""
    return connect(either, "")


def test_a_member_is_no_administrator(member: Any) -> None:  # noqa: ANN401
    """If this fails, tests that run as an ordinary user have powers that ordinary users lack."""
    assert set(member.session.auth.get_access(member.session).role_names) == {"member", "reader"}


def test_the_reader_reads_and_does_not_write(either: refcloud.Cloud, member: Any, connect: Connect) -> None:  # noqa: ANN401
    """If this fails, a test that a reader cannot write proves nothing."""
    member.object_store.create_container(name="readable")
    reader = connect(either, "-reader")
    url = reader.object_store.get_endpoint()
    assert reader.session.get(f"{url}/readable").status_code == 204
    assert reader.session.put(f"{url}/written", raise_exc=False).status_code == 403


def test_projects_do_not_see_one_another(either: refcloud.Cloud, member: Any, connect: Connect) -> None:  # noqa: ANN401
    """If this fails, a test of isolation between projects proves nothing."""
    member.object_store.create_container(name="mine")
    url = f"{member.object_store.get_endpoint()}/mine"
    assert connect(either, "-alt").session.get(url, raise_exc=False).status_code == 403
    assert list(connect(either, "-empty").object_store.containers()) == []


def test_only_the_reseller_sets_account_quotas(either: refcloud.Cloud, member: Any, connect: Connect) -> None:  # noqa: ANN401
    """If this fails, tests of account quotas cannot run."""
    url, name = member.object_store.get_endpoint(), "X-Account-Meta-Quota-Bytes"
    assert member.session.post(url, headers={name: "5"}, raise_exc=False).status_code == 403
    reseller = connect(either, "-reseller").session
    assert reseller.post(url, headers={name: "1000000"}).status_code == 204
    assert member.session.head(url).headers[name] == "1000000"
    reseller.post(url, headers={name: ""})


def test_a_temporary_url_opens_one_object(member: Any) -> None:  # noqa: ANN401
    """If this fails, temporary URLs do not work below a path prefix, as the services themselves know of none."""
    url = member.object_store.get_endpoint()
    member.session.post(url, headers={"X-Account-Meta-Temp-URL-Key": "key"})
    member.session.put(f"{url}/temp")
    member.session.put(f"{url}/temp/object", data=b"content")
    path, until = f"/v1/{urlsplit(url).path.rpartition('/')[2]}/temp/object", int(time.time()) + 60
    signature = hmac.new(b"key", f"GET\n{until}\n{path}".encode(), hashlib.sha256).hexdigest()
    answer = member.session.get(
        f"{url}/temp/object?temp_url_sig={signature}&temp_url_expires={until}", authenticated=False
    )
    assert answer.content == b"content"


def test_an_object_expires(member: Any) -> None:  # noqa: ANN401
    """If this fails, tests of X-Delete-After wait for ever."""
    url = f"{member.object_store.get_endpoint()}/brief"
    member.session.put(url)
    member.session.put(f"{url}/object", data=b"x", headers={"X-Delete-After": "1"})
    time.sleep(2.1)
    assert member.session.get(f"{url}/object", raise_exc=False).status_code == 404


def test_the_object_store_tells_what_it_can(member: Any) -> None:  # noqa: ANN401
    """If this fails, tests that look for a feature first skip themselves."""
    answer = member.session.get(f"{member.object_store.get_endpoint().partition('/v1/')[0]}/info").json()
    wanted = {
        "account_quotas",
        "bulk_delete",
        "bulk_upload",
        "container_quotas",
        "formpost",
        "object_versioning",
        "slo",
        "staticweb",
        "symlink",
        "tempurl",
        "versioned_writes",
    }
    assert wanted <= answer.keys()


def test_links_lead_back_the_same_way(either: refcloud.Cloud, member: Any) -> None:  # noqa: ANN401
    """If this fails, clients that follow links leave the TLS port and its prefix."""
    url = either.entries[either.name]["auth"]["auth_url"]
    (link,) = member.session.get(url).json()["version"]["links"]
    assert link["href"] == f"{url}/"
