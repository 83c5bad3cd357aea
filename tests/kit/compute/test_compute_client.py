"""The compute client: pages, several servers at once, and what it owes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from defcore.kit.answer import Answer, CheckFailedError

if TYPE_CHECKING:
    from .conftest import Nova

LINKS = [{"href": "http://cloud/servers?marker=x", "rel": "next"}]


def listed(*names: str) -> list[dict[str, object]]:
    """Give servers as they are listed."""
    return [{"id": name, "name": name, "links": []} for name in names]


def test_a_list_is_read_to_its_last_page(nova: Nova) -> None:
    """In a project full of somebody else's servers ours would not be found, and the cloud be blamed for it."""
    nova.says["GET /servers"] = [
        (200, {"servers": listed("a", "b"), "servers_links": LINKS}),
        (200, {"servers": listed("c")}),
    ]
    _, found = nova.compute.every_server(name="x")
    assert [item["id"] for item in found] == ["a", "b", "c"]
    assert [asked[2] for asked in nova.asked] == [{"name": "x"}, {"name": "x", "marker": "b"}]


def test_a_list_that_turns_in_a_circle_ends(nova: Nova) -> None:
    """A cloud that does not know the marker would keep the worker busy until its deadline."""
    nova.says["GET /flavors/detail"] = [(200, {"flavors": [], "flavors_links": LINKS})]
    assert nova.compute.every_flavor_detail()[1] == []
    nova.says["GET /servers"] = [(200, {"servers": listed("a"), "servers_links": LINKS})]
    assert len(nova.compute.every_server()[1]) == 2


def test_every_page_has_the_closed_shape(nova: Nova) -> None:
    """A member that the API does not have at that version would go unnoticed."""
    nova.says["GET /servers/detail"] = [(200, {"servers": [], "extra": 1})]
    with pytest.raises(CheckFailedError, match=r"\$\.extra: expected no such member"):
        nova.compute.every_server_detail()


def test_each_of_several_servers_is_entered(nova: Nova) -> None:
    """A run that is killed would leave all but the first behind."""
    nova.says["POST /servers"] = [(202, {"server": {"id": "1"}})]
    nova.compute.create_servers({"name": "defcore-x"}, 2)
    owed = [entry.where for entry in nova.session.ledger.open_entries()]
    assert owed == [{"name": "defcore-x-1"}, {"name": "defcore-x-2"}]
    assert nova.asked[-1][2] == {"server": {"name": "defcore-x", "min_count": 2}}
    nova.says["GET /servers"] = [(200, {"servers": []})]
    listed = nova.compute.servers()
    nova.session.found("server", "defcore-x-2", "7", listed)
    nova.session.found("server", "another", "8", listed)
    nova.session.found("server", "defcore-x-1", "9", Answer(replace(listed.exchange, altered=True)))
    assert [entry.where.get("id") for entry in nova.session.ledger.open_entries()] == [None, "7"]


def test_what_is_gone_is_owed_no_more(nova: Nova) -> None:
    """The cleanup would ask for each deleted server once more."""
    nova.says["POST /servers"] = [(202, {"server": {"id": "1"}})]
    nova.says["GET /servers/{server_id}"] = [(404, {})]
    nova.compute.create_server({"name": "defcore-x"}, beside="0")
    assert nova.session.ledger.open_entries()[0].where == {"name": "defcore-x", "beside": "0", "id": "1"}
    nova.compute.gone("1")
    nova.compute.gone("another")
    assert nova.session.ledger.open_entries() == []
