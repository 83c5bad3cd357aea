"""The client of the network service: what it sends where, and what it enters in the ledger."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from defcore.cloud.http import TroubleError
from defcore.kit import resources
from defcore.kit.answer import CheckFailedError
from defcore.kit.names import parse
from defcore.kit.network.addresses import blocks

if TYPE_CHECKING:
    from collections.abc import Callable

    from defcore.kit.network import Networks
    from defcore.kit.session import Session

    from .conftest import Neutron

PORTS, PORT = "/v2.0/ports", "/v2.0/ports/{port_id}"
OPERATIONS: list[tuple[Callable[[Networks], object], str, str]] = [
    (lambda n: n.versions(), "GET /", "http://cloud/"),
    (lambda n: n.port.list(), f"GET {PORTS}", "/ports"),
    (lambda n: n.port.list("id", "name", status="x y"), f"GET {PORTS}", "/ports?fields=id&fields=name&status=x+y"),
    (lambda n: n.port.list(id=["1", "2"]), f"GET {PORTS}", "/ports?id=1&id=2"),
    (lambda n: n.port.show("1", "id"), f"GET {PORT}", "/ports/1?fields=id"),
    (lambda n: n.port.show("a/b"), f"GET {PORT}", "/ports/a%2Fb"),
    (lambda n: n.port.update("1", name="x"), f"PUT {PORT}", "/ports/1"),
    (
        lambda n: n.rule.delete("1"),
        "DELETE /v2.0/security-group-rules/{security_group_rule_id}",
        "/security-group-rules/1",
    ),
    (lambda n: n.subnet_pool.show("1"), "GET /v2.0/subnetpools/{subnetpool_id}", "/subnetpools/1"),
    (lambda n: n.floating_ip.show("1"), "GET /v2.0/floatingips/{floatingip_id}", "/floatingips/1"),
    (
        lambda n: n.add_interface("1", subnet_id="2"),
        "PUT /v2.0/routers/{router_id}/add_router_interface",
        "/routers/1/add_router_interface",
    ),
]


@pytest.mark.parametrize(("call", "operation", "path"), OPERATIONS)
def test_an_operation_goes_where_it_is_documented(
    neutron: Neutron, call: Callable[[Networks], object], operation: str, path: str
) -> None:
    """A cloud would be judged by what it answers to something else, and the report name what was not asked."""
    neutron.says[operation] = [(200, {})]
    call(neutron.network)
    assert [item[:2] for item in neutron.asked if item[0] == operation] == [(operation, path)]


def test_what_is_created_is_in_the_ledger_until_it_is_gone(neutron: Neutron) -> None:
    """A router that nobody knows of is paid for by the vendor for ever."""
    neutron.says |= {
        "POST /v2.0/routers": [(201, {"router": {"id": "r"}})],
        "DELETE /v2.0/routers/{router_id}": [(204, {})],
    }
    neutron.network.router.new()
    (_, _, where), learned = neutron.told
    assert parse(where["name"])
    assert neutron.asked[-1][2] == {"router": {"name": where["name"]}}
    assert learned == ("learned", "", {"id": "r"})
    neutron.network.router.delete("r").status(204)
    neutron.network.router.delete("r").status(204)
    assert [op for op, _, _ in neutron.told] == ["owes", "learned", "settled"]


def test_several_things_at_once_are_all_in_the_ledger(neutron: Neutron) -> None:
    """Of two ports that one request makes, the second must not be forgotten."""
    neutron.says[f"POST {PORTS}"] = [(201, {"ports": [{"id": "1"}, {"id": "2"}]})]
    neutron.network.port.create_all({"network_id": "n"}, {"network_id": "m"})
    assert [op for op, _, _ in neutron.told] == ["owes", "owes", "learned", "learned"]
    assert [where["id"] for op, _, where in neutron.told if op == "learned"] == ["1", "2"]


@pytest.mark.parametrize(("status", "ops"), [(400, ["owes", "settled"]), (409, ["owes", "settled"]), (500, ["owes"])])
def test_what_is_refused_is_not_owed(neutron: Neutron, status: int, ops: list[str]) -> None:
    """Cleaning up would list all that a full project has, to find what never was; after a 5xx nobody knows."""
    neutron.says[f"POST {PORTS}"] = [(status, {"NeutronError": {"type": "InvalidInput"}})]
    neutron.network.port.create(network_id="n")
    assert [op for op, _, _ in neutron.told] == ops


def test_an_altered_answer_is_not_believed(neutron: Neutron) -> None:
    """What the cloud really made, and a test was told otherwise of, would stay for ever."""
    neutron.altered = True
    for status, told in ((400, {}), (201, {"port": {"id": "wrong"}})):
        neutron.says[f"POST {PORTS}"] = [(status, told)]
        neutron.network.port.create(network_id="n")
    neutron.says[f"DELETE {PORT}"] = [(204, {})]
    neutron.network.port.delete("wrong")
    assert [op for op, _, _ in neutron.told] == ["owes", "owes"]


@pytest.mark.parametrize("told", [[], {"port": []}, {"port": {}}])
def test_an_answer_without_an_id_is_for_the_test_to_judge(neutron: Neutron, told: object) -> None:
    """It would end as a fault of ours."""
    neutron.says[f"POST {PORTS}"] = [(201, told)]
    assert neutron.network.port.create(network_id="n").json() == told
    with pytest.raises(CheckFailedError):
        neutron.network.port.new(network_id="n")


def test_a_name_that_is_not_ours_is_not_owed(neutron: Neutron) -> None:
    """Whoever ends what is called default ends the security group that belongs to the project."""
    neutron.says["POST /v2.0/security-groups"] = [(500, {})]
    neutron.network.security_group.create(name="default")
    (_, kind, where), *_ = neutron.told
    assert kind == "security-group"
    assert parse(where["name"])


def test_what_belongs_to_something_else_is_in_no_ledger(neutron: Neutron) -> None:
    """A subnet goes with its network and a rule with its group; to end them apart costs a request each."""
    neutron.says |= {
        "POST /v2.0/networks": [(201, {"network": {"id": "n"}})],
        "POST /v2.0/subnets": [(201, {"subnet": {"id": "s"}})],
        "POST /v2.0/security-group-rules": [(201, {"security_group_rule": {"id": "r"}})],
    }
    made = neutron.network.new_network()
    assert (made["id"], made["subnets"], made["subnet"]["id"]) == ("n", ["s"], "s")
    neutron.network.rule.new(direction="ingress")
    assert [(op, kind) for op, kind, _ in neutron.told] == [("owes", "network"), ("learned", "")]
    rule, subnet = neutron.asked[-1][2]["security_group_rule"], neutron.asked[-2][2]["subnet"]
    assert rule == {"direction": "ingress"}
    assert (subnet["network_id"], subnet["ip_version"]) == ("n", 4)


def test_an_interface_takes_its_port_along(neutron: Neutron) -> None:
    """The port would be owed for ever though it is gone."""
    remove = "PUT /v2.0/routers/{router_id}/remove_router_interface"
    neutron.says |= {f"POST {PORTS}": [(201, {"port": {"id": "p"}})], remove: [(409, {}), (200, {"port_id": "p"})]}
    neutron.network.port.new(network_id="n")
    neutron.network.remove_interface("r", port_id="p")
    assert [op for op, _, _ in neutron.told] == ["owes", "learned"]
    neutron.network.remove_interface("r", port_id="p")
    assert [op for op, _, _ in neutron.told] == ["owes", "learned", "settled"]


@pytest.mark.parametrize(("alias", "member"), [("standard-attr-description", True), ("router", False)])
def test_a_floating_ip_is_described_where_that_is_possible(neutron: Neutron, alias: str, *, member: bool) -> None:
    """It has no name: without ours in the description a reap could not find it; older clouds refuse the member."""
    neutron.says["GET /v2.0/extensions"] = [(200, {"extensions": [{"alias": alias}]})]
    neutron.says["POST /v2.0/floatingips"] = [(201, {"floatingip": {"id": "f"}})]
    neutron.network.floating_ip.new(floating_network_id="n")
    sent = neutron.asked[-1][2]["floatingip"]
    assert ("description" in sent) is member
    assert [op for op, _, _ in neutron.told] == ["owes", "learned"]


def test_a_quota_that_counts_twice_is_waited_for(neutron: Neutron) -> None:
    """What another worker is just creating counts as reserved and as there, and the test would fail."""
    full = (409, {"NeutronError": {"type": "OverQuota"}})
    neutron.says["POST /v2.0/routers"] = [full, (201, {"router": {"id": "r"}})]
    assert neutron.network.router.new() == {"id": "r"}
    neutron.says["POST /v2.0/routers"] = [full]
    with pytest.raises(CheckFailedError, match="the quota is full"):
        neutron.network.router.new()


def test_a_list_is_read_to_the_page_that_has_what_is_wanted(neutron: Neutron) -> None:
    """In a full project ours may stand on the third page."""
    pages = [{"ports": [{"id": name}], "ports_links": []} for name in "abc"]
    neutron.says[f"GET {PORTS}"] = [(200, page) for page in [*pages, {"ports": []}]]
    listed = neutron.network.port.listing("b")
    assert neutron.network.port.found(listed) == ["b"]
    assert [path for _, path, _ in neutron.asked] == ["/ports", "/ports?marker=a"]
    assert neutron.network.port.listing("z").json() == {"ports": []}


@pytest.mark.parametrize("told", [{"ports": [{"id": "a"}]}, {"ports": [{"id": "a"}], "ports_links": []}])
def test_a_list_without_pages_is_read_once_or_twice(neutron: Neutron, told: object) -> None:
    """A cloud that gives the same page again must not keep us for ever."""
    neutron.says[f"GET {PORTS}"] = [(200, told)]
    assert neutron.network.port.found(neutron.network.port.listing("z")) == ["a"]
    assert len(neutron.asked) <= 2


def test_extensions_are_read_once_a_run(neutron: Neutron, session: Session) -> None:
    """Each worker asking for each test would be hundreds of requests."""
    neutron.says["GET /v2.0/extensions"] = [(200, {"extensions": [{"alias": "router"}]})]
    assert [neutron.network.lacks(name) for name in ("router", "qos", "router")] == [False, True, False]
    assert len(neutron.asked) == 1
    assert session.common("network-extensions") == ["router"]


def test_without_a_list_of_extensions_nothing_is_told_to_be_missing(neutron: Neutron) -> None:
    """A cloud that hides the list is tested all the same."""
    neutron.says["GET /v2.0/extensions"] = [(403, {})]
    assert not neutron.network.lacks("router")


def test_what_keeps_a_router_is_taken_away(neutron: Neutron) -> None:
    """A run that was killed leaves routers with interfaces and routes, and none of them would ever go."""
    neutron.says |= {
        "DELETE /routers/{router_id}": [(409, {}), (204, {})],
        "PUT /routers/{router_id}": [(200, {})],
        "GET /ports": [(200, {"ports": [{"id": "p"}]})],
        "PUT /routers/{router_id}/remove_router_interface": [(409, {}), (200, {})],
    }
    resources.end("router", neutron, {"name": "x", "id": "r"})  # type: ignore[arg-type]
    remove = ("PUT /routers/{router_id}/remove_router_interface", "/routers/r/remove_router_interface")
    assert neutron.asked[1:5] == [
        ("GET /ports", "/ports", {"device_id": "r"}),
        (*remove, {"port_id": "p"}),
        ("PUT /routers/{router_id}", "/routers/r", {"router": {"routes": []}}),
        (*remove, {"port_id": "p"}),
    ]


def test_an_interface_that_is_known_is_taken_away_first(neutron: Neutron) -> None:
    """The end of each run would ask in vain, and then look for what it has made itself."""
    neutron.says |= {
        "DELETE /routers/{router_id}": [(204, {})],
        "PUT /routers/{router_id}/remove_router_interface": [(200, {})],
    }
    resources.end("router", neutron, {"name": "x", "id": "r", "port": "p"})  # type: ignore[arg-type]
    assert neutron.operations == ["PUT /routers/{router_id}/remove_router_interface", "DELETE /routers/{router_id}"]


def test_what_keeps_a_network_is_taken_away(neutron: Neutron) -> None:
    """A cloud that does not delete subnets with their network would keep both."""
    neutron.says |= {
        "DELETE /networks/{network_id}": [(409, {}), (404, {})],
        "GET /subnets": [(200, {"subnets": [{"id": "s"}]})],
        "DELETE /subnets/{subnet_id}": [(204, {})],
    }
    resources.end("network", neutron, {"name": "x", "id": "n"})  # type: ignore[arg-type]
    assert neutron.operations[1:3] == ["GET /subnets", "DELETE /subnets/{subnet_id}"]
    neutron.says["DELETE /networks/{network_id}"] = [(403, {})]
    with pytest.raises(TroubleError, match="ends with status 403"):
        resources.end("network", neutron, {"name": "x", "id": "n"})  # type: ignore[arg-type]


def test_a_subnet_is_of_the_version_of_its_range(neutron: Neutron) -> None:
    """An IPv6 range in an IPv4 subnet is refused."""
    neutron.says["POST /v2.0/subnets"] = [(201, {"subnet": {"id": "s"}})]
    neutron.network.create_subnet("n", blocks(1, 6)[0]).status(201)
    assert neutron.asked[-1][2]["subnet"]["ip_version"] == 6
