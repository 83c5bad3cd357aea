"""What is known of a thing, and what may be told of it after that."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from defcore.kit.answer import Answer, CheckFailedError
from defcore.kit.network import common
from defcore.kit.network.witness import Witness, alike, listed, refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from defcore.cloud.http import Exchange
    from defcore.kit.session import Session

    from .conftest import Neutron

ROUTER = "/v2.0/routers/{router_id}"
GONE = {"NeutronError": {"type": "RouterNotFound", "message": "not found", "detail": ""}}
PLAIN: dict[str, Any] = {
    "id": "r",
    "name": "pear",
    "tenant_id": "p",
    "project_id": "p",
    "status": "ACTIVE",
    "admin_state_up": True,
    "external_gateway_info": None,
}
"""A router of a cloud that announces no extension."""
LATER = {"revision_number": 1, "availability_zones": [], "created_at": "2026-11-20T15:58:30Z"}


@pytest.fixture
def router(neutron: Neutron) -> Witness:
    """Know a router from its creation on."""
    found = Witness(neutron.network.router, name="pear")
    return found.made(said(neutron, "POST /v2.0/routers", 201, {"router": PLAIN | LATER}))


def said(neutron: Neutron, operation: str, status: int, body: object) -> Answer:
    """Have an answer given."""
    neutron.says[operation] = [(status, body)]
    return neutron.network.request(operation, "/x")


def routers(neutron: Neutron, *items: object) -> Answer:
    """Have a list given."""
    return said(neutron, "GET /v2.0/routers", 200, {"routers": list(items)})


def test_what_is_told_alike_is_believed(neutron: Neutron, router: Witness) -> None:
    """A cloud that answers well must pass, whatever else it tells."""
    neutron.says[f"GET {ROUTER}"] = [(200, {"router": PLAIN | {"created_at": "2026-11-20T15:58:31Z", "more": 1}})]
    assert router.shown().id == "r"
    after = PLAIN | {"name": "plum", "created_at": "2026-11-20T15:58:31Z", "revision_number": 2}
    router.told(said(neutron, f"PUT {ROUTER}", 200, {"router": after}), {"name": "plum"})
    listed(routers(neutron, after), neutron.network.router, router)


@pytest.mark.parametrize(
    ("wrong", "place"),
    [
        ({"name": "pea"}, "$.router.name"),
        ({"name": None}, "$.router.name"),
        ({"project_id": "q"}, "$.router.project_id"),
        ({"external_gateway_info": {"network_id": "n"}}, "$.router.external_gateway_info"),
        ({"admin_state_up": "yes"}, "$.router.admin_state_up"),
    ],
)
def test_what_is_told_otherwise_is_noticed(
    neutron: Neutron, router: Witness, wrong: dict[str, Any], place: str
) -> None:
    """A member that changes by itself is what a client cannot rely on."""
    with pytest.raises(CheckFailedError) as caught:
        router.told(said(neutron, f"GET {ROUTER}", 200, {"router": PLAIN | wrong}))
    assert caught.value.place == place


def test_a_member_that_was_asked_for_is_told(neutron: Neutron) -> None:
    """What a cloud leaves out of its answer it may have left out of the thing."""
    told = said(neutron, "POST /v2.0/routers", 201, {"router": PLAIN})
    with pytest.raises(CheckFailedError, match=r"\$\.router\.description"):
        Witness(neutron.network.router, description="red").made(told)


def test_an_announced_extension_is_held_to_its_members(neutron: Neutron) -> None:
    """Whoever announces timestamps gives them; who does not need not."""
    neutron.says["GET /v2.0/extensions"] = [(200, {"extensions": [{"alias": "standard-attr-timestamp"}]})]
    told = said(neutron, "POST /v2.0/routers", 201, {"router": PLAIN})
    with pytest.raises(CheckFailedError, match=r"\$\.router\.created_at"):
        Witness(neutron.network.router).made(told)


def test_members_that_move_are_seen_in_the_answer_after_them(neutron: Neutron, router: Witness) -> None:
    """A wrong revision shows only in the next one, and it is the earlier answer that was wrong."""
    lie = said(neutron, f"GET {ROUTER}", 200, {"router": PLAIN | {"revision_number": 9}})
    router.told(lie)
    with pytest.raises(CheckFailedError, match="revision_number") as caught:
        router.told(said(neutron, f"PUT {ROUTER}", 200, {"router": PLAIN | {"revision_number": 2}}))
    assert caught.value.exchange is lie.exchange


@pytest.mark.parametrize(("after", "good"), [([], False), (["east"], True), (["west"], False)])
def test_a_zone_is_told_more_than_once(neutron: Neutron, router: Witness, after: list[str], *, good: bool) -> None:
    """A router may be put into a zone at any moment, but not for a moment."""
    router.told(said(neutron, f"PUT {ROUTER}", 200, {"router": PLAIN | {"availability_zones": ["east"]}}))
    last = said(neutron, f"GET {ROUTER}", 200, {"router": PLAIN | {"availability_zones": after}})
    if good:
        router.told(last)
        return
    with pytest.raises(CheckFailedError, match="availability_zones") as caught:
        router.told(last)
    assert caught.value.exchange.operation.startswith("PUT")  # type: ignore[union-attr]


@pytest.mark.parametrize("items", [[], [PLAIN, PLAIN], [PLAIN, PLAIN | {"id": "s"}], [PLAIN | {"status": "BUILD"}]])
def test_a_list_has_ours_once_and_nothing_else(neutron: Neutron, router: Witness, items: list[object]) -> None:
    """Something missing, repeated, foreign or unfinished in a list misleads its reader."""
    with pytest.raises(CheckFailedError):
        listed(routers(neutron, *items), neutron.network.router, router)


def test_an_order_is_kept_where_it_was_asked_for(neutron: Neutron, router: Witness) -> None:
    """Pages in another order skip and repeat."""
    things, other = neutron.network.router, Witness(neutron.network.router, id="s")
    turned = routers(neutron, PLAIN | {"id": "s"}, PLAIN)
    listed(turned, things, router, other)
    with pytest.raises(CheckFailedError):
        listed(turned, things, router, other, ordered=True)


def test_what_is_gone_is_neither_found_nor_listed(neutron: Neutron, router: Witness) -> None:
    """A deletion that leaves something behind is paid for by the project."""
    neutron.says[f"GET {ROUTER}"] = [(404, GONE)]
    neutron.says["GET /v2.0/routers"] = [(200, {"routers": []}), (200, {"routers": [PLAIN]})]
    router.gone()
    with pytest.raises(CheckFailedError):
        router.gone()


@pytest.mark.parametrize("body", [b"", b"{}", b"gone", b'"gone"'])
def test_a_refusal_says_something_in_json(exchange: Callable[..., Exchange], body: bytes) -> None:
    """Whoever is refused without a word cannot do better."""
    headers = {"Content-Type": "application/json"}
    with pytest.raises(CheckFailedError):
        refused(Answer(exchange(404, headers, body)), 404)


@pytest.mark.parametrize(
    ("known", "found", "good"),
    [
        ([1, 2], [2, 1], True),
        ([1, 1], [1], False),
        ([1], [1, 1], False),
        ({"a": 1}, {"a": 1, "b": 2}, True),
        ({"a": 1, "status": "x"}, {"a": 1}, True),
        ({"a": 1}, {}, False),
        ([{"id": 1, "a": None}], [{"id": 1, "a": False}], True),
        ([{"id": 1, "a": True}], [{"id": 1, "a": False}], False),
        ("8", 8, True),
        (True, 1, False),
        (None, "x", False),
    ],
)
def test_values_agree_where_they_do_not_contradict_each_other(known: object, found: object, *, good: bool) -> None:
    """A cloud may tell of more, and list in any order; it may not tell otherwise."""
    assert alike(known).holds(found) is good


def test_a_special_name_is_ours(neutron: Neutron, session: Session) -> None:
    """What is called otherwise is found by nobody who tidies up, and what is plain shows no character lost."""
    name = common.special(session)
    assert not name.isascii()
    assert not name[-1].isascii()
    neutron.says["POST /v2.0/routers"] = [(500, {})]
    neutron.network.router.create(name=name)
    assert neutron.told[0][2] == {"name": name}
    assert common.described(neutron.network, "red") == {}


def test_a_page_leads_to_the_next_one(neutron: Neutron) -> None:
    """Whoever follows a link to nowhere takes the first page for all there is."""
    link = {"rel": "next", "href": "http://elsewhere/v2.0/routers?marker=a"}
    page = {"routers": [], "routers_links": [link]}
    neutron.says["GET /v2.0/routers"] = [(200, page), (200, {"routers": []}), (404, GONE)]
    first = neutron.network.router.list()
    assert neutron.network.router.follow(first, "next").json() == {"routers": []}
    assert neutron.asked[-1][1] == "/routers?marker=a"
    for name in ("next", "previous"):
        with pytest.raises(CheckFailedError) as caught:
            neutron.network.router.follow(first, name)
        assert caught.value.exchange is first.exchange
