"""Nova's answers in full: what is demanded of them, of whom, and what is not."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from defcore.kit.answer import Answer, CheckFailedError
from defcore.kit.compute import shapes
from defcore.kit.compute.full import PAGE, many, one, usual, walk

if TYPE_CHECKING:
    from collections.abc import Callable

    from defcore.cloud.http import Exchange
    from defcore.kit.session import Session

HEADERS = {
    "OpenStack-API-Version": "compute 2.1",
    "X-OpenStack-Nova-API-Version": "2.1",
    "Content-Type": "application/json",
}


@pytest.fixture
def told(exchange: Callable[..., Exchange], session: Session, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Answer]:
    """Make answers of a Nova that announces one extension, to a user of project ``p``."""
    main = SimpleNamespace(compute=SimpleNamespace(project_id="p"))
    monkeypatch.setattr(session, "actor", lambda _: main)
    monkeypatch.setattr(session, "common", lambda _: ["OS-DCF", "OS-EXT-SRV-ATTR", "os-keypairs"])
    return lambda value, **headers: Answer(exchange(200, HEADERS | headers, json.dumps(value).encode()))


def links(*way: str) -> list[dict[str, str]]:
    """Give the links of a thing."""
    path = "/".join(way)
    return [{"rel": "self", "href": f"http://c/v2.1/{path}"}, {"rel": "bookmark", "href": f"http://c/{path}"}]


def server(number: str = "1", **more: Any) -> dict[str, Any]:  # noqa: ANN401 - members
    """Give a server as it is shown."""
    made = {
        "id": number,
        "name": f"n-{number}",
        "status": "ACTIVE",
        "image": "",
        "flavor": {"id": "f", "links": links("flavors", "f")[1:]},
        "user_id": "u",
        "tenant_id": "p",
        "created": "2026-01-01T00:00:00Z",
        "updated": "2026-01-01T00:00:00Z",
        "metadata": {},
        "links": links("servers", number),
        "hostId": "",
        "progress": 0,
        "addresses": {},
        "OS-DCF:diskConfig": "AUTO",
        "key_name": None,
    }
    return made | more


def test_a_server_in_full_is_taken(told: Callable[..., Answer], session: Session) -> None:
    """An honest cloud must pass: without extensions that it does not announce, and those that only admins see."""
    assert one(session, told({"server": server()}))["id"] == "1"
    assert one(session, told({"server": server(image={"id": "i", "links": links("images", "i")[1:]})}))


@pytest.mark.parametrize(
    ("spoilt", "place"),
    [
        ({"links": links("servers", "1")[:1]}, "links"),
        ({"links": links("servers", "1-nowhere")}, "links"),
        ({"links": [*links("servers", "1"), {"rel": "self", "href": "http://c/x"}]}, "links"),
        ({"image": {"id": "i", "links": links("images", "j")[1:]}}, "image.links"),
        ({"flavor": {"id": "f"}}, "flavor.links"),
        ({"surplus": 1}, "surplus"),
    ],
)
def test_what_is_wrong_is_named(
    told: Callable[..., Answer], session: Session, spoilt: dict[str, Any], place: str
) -> None:
    """A link that leads elsewhere, or a member that nobody knows, would pass for an answer in full."""
    with pytest.raises(CheckFailedError) as caught:
        one(session, told({"server": server(**spoilt)}))
    assert caught.value.place == f"$.server.{place}"


@pytest.mark.parametrize("member", ["OS-DCF:diskConfig", "key_name", "progress", "metadata"])
def test_what_is_missing_is_named(told: Callable[..., Answer], session: Session, member: str) -> None:
    """A member of an extension that is announced, or of a state that has it, could be left out."""
    whole = server()
    del whole[member]
    with pytest.raises(CheckFailedError, match="got nothing"):
        one(session, told({"server": whole}))


def test_progress_is_not_of_every_state(told: Callable[..., Answer], session: Session) -> None:
    """A server that is shut off has none, and its cloud would be blamed for it."""
    whole = server(status="SHUTOFF")
    del whole["progress"]
    assert one(session, told({"server": whole}))


def test_the_version_is_told_twice(told: Callable[..., Answer]) -> None:
    """Clients of either age read one of both headers."""
    for name in ("OpenStack-API-Version", "X-OpenStack-Nova-API-Version"):
        with pytest.raises(CheckFailedError, match=name):
            usual(told({}, **{name: "2.2"}))
    with pytest.raises(CheckFailedError, match="Content-Type"):
        usual(told({}, **{"Content-Type": "text/html"}))


def test_a_list_is_of_one_project(told: Callable[..., Answer], session: Session) -> None:
    """A user would see, and take for theirs, what belongs to others."""
    with pytest.raises(CheckFailedError, match="tenant_id"):
        many(session, told({"servers": [server(), server("2", tenant_id="q")]}), detail=True)


class Pages:
    """A list in pages; ``spoil`` changes the page of a number."""

    def __init__(self, told: Callable[..., Answer], *names: str) -> None:
        self.items = [server(name) for name in names]
        self.spoil: dict[int, Callable[[list[dict[str, Any]]], list[dict[str, Any]]]] = {}
        self.path = "/servers/detail"
        self.asked: list[dict[str, str]] = []
        self._told = told

    def __call__(self, **query: str) -> Answer:
        """Give the page after a marker."""
        self.asked.append({key: value for key, value in query.items() if key in {"name", "marker"}})
        at = next((n + 1 for n, item in enumerate(self.items) if item["id"] == query.get("marker")), 0)
        page = self.items[at : at + PAGE]
        found: dict[str, Any] = {"servers": self.spoil.get(at // PAGE, list)(page)}
        if at + PAGE < len(self.items):
            found["servers_links"] = [{"rel": "next", "href": f"http://c{self.path}?marker={page[-1]['id']}"}]
        return self._told(found)


def test_pages_are_walked(told: Callable[..., Answer], session: Session) -> None:
    """Others may have a name of ours, and be created just now; and the last page may be short."""
    pages = Pages(told, "a", "b", "c")
    walk(session, pages, pages.items, detail=True)
    assert pages.asked == [{"name": "n-a|n-b|n-c"}, {"name": "n-a|n-b|n-c", "marker": "b"}]
    ours = list(pages.items)
    pages.items[:0] = [server("x", name="n-c")]
    walk(session, pages, ours, detail=True)


@pytest.mark.parametrize(
    ("page", "spoil", "place"),
    [
        (0, lambda items: items[::-1], "the names of our servers listed[0]"),
        (0, lambda items: items[1:], "those of ours that are missing"),
        (1, lambda items: items[1:], "those of ours that are missing"),
        (0, lambda _: [], "the number of servers on the page"),
        (1, lambda items: [server("b"), *items], "those listed that were listed before"),
        (0, lambda items: [*items, server("x")], "the number of servers on the page"),
        (1, lambda items: [*items, server("x", name="other")], "those listed that the filter excludes"),
        (1, lambda items: [item | {"metadata": {"x": "y"}} for item in items], "server c.metadata.x"),
    ],
)
def test_a_wrong_page_is_named(
    told: Callable[..., Answer],
    session: Session,
    page: int,
    spoil: Callable[[list[dict[str, Any]]], list[dict[str, Any]]],
    place: str,
) -> None:
    """Each way in which pages go wrong would be overlooked, or another page blamed for it."""
    pages = Pages(told, "a", "b", "c")
    pages.spoil[page] = spoil
    with pytest.raises(CheckFailedError) as caught:
        walk(session, pages, pages.items, detail=True)
    assert caught.value.place == place


def test_the_next_page_is_where_the_link_says(told: Callable[..., Answer], session: Session) -> None:
    """A link to another list, or to the same page, would be followed by clients."""
    pages = Pages(told, "a", "b", "c")
    pages.path = "/servers"
    with pytest.raises(CheckFailedError, match="/servers/detail"):
        walk(session, pages, pages.items, detail=True)


def test_a_created_server_is_taken(told: Callable[..., Answer], session: Session) -> None:
    """What creating answers has fewer members, and no image or flavor to look for."""
    made = {"id": "1", "links": links("servers", "1"), "adminPass": "x", "OS-DCF:diskConfig": "AUTO"}
    assert one(session, told({"server": made}), shapes.CREATED) == made
