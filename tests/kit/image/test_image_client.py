"""The client of images: what it sends where, what it owes, and how it reads a list to its end."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from defcore.kit.answer import Answer, CheckFailedError
from defcore.kit.image import Images
from defcore.kit.image.client import following, next_marker
from defcore.kit.image.common import APART, samples
from defcore.kit.image.shapes import IMAGE, linked, whole

if TYPE_CHECKING:
    from collections.abc import Callable

    from defcore.cloud.http import Exchange
    from defcore.kit.session import Session

BASE = "https://x/pictures"


class Glance:
    """Stands in the place of who acts: it notes what is sent, and gives answers in their order, the last for ever."""

    role = "main"

    def __init__(self, session: Session, exchange: Callable[..., Exchange]) -> None:
        """Answer each request with an empty object."""
        self.session = session
        self.answers: list[tuple[int, Any]] = [(200, {})]
        self.asked: list[tuple[str, str, bytes, Any]] = []
        self._exchange = exchange
        self.image = Images(self, BASE)  # type: ignore[arg-type]

    def send(self, method: str, url: str, *, operation: str, body: bytes, **more: Any) -> Answer:  # noqa: ANN401
        """Note a request, and answer it."""
        self.asked.append((operation, f"{method} {url.removeprefix(BASE)}", body, more["params"]))
        status, told = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return Answer(self._exchange(status, body=json.dumps(told).encode(), operation=operation))


@pytest.fixture
def glance(session: Session, exchange: Callable[..., Exchange], monkeypatch: pytest.MonkeyPatch) -> Glance:
    """Give a Glance that the session takes for the cloud's."""
    made = Glance(session, exchange)
    monkeypatch.setattr(session, "actor", lambda _: made)
    return made


def page(*ids: str, after: str | None = None) -> tuple[int, Any]:
    """Give a page of a list of images; ``after`` is the marker of the next one."""
    told: dict[str, Any] = {"images": [{"id": item} for item in ids]}
    return 200, told | ({"next": f"/v2/images?limit=2&marker={after}"} if after else {})


@pytest.mark.parametrize(
    ("send", "operation", "request_", "body"),
    [
        (lambda i: i.images(limit="1"), "GET /v2/images", "GET /v2/images", b""),
        (lambda i: i.image("1"), "GET /v2/images/{image_id}", "GET /v2/images/1", b""),
        (lambda i: i.delete_image("1"), "DELETE /v2/images/{image_id}", "DELETE /v2/images/1", b""),
        (lambda i: i.upload("1", b"abc"), "PUT /v2/images/{image_id}/file", "PUT /v2/images/1/file", b"abc"),
        (lambda i: i.download("1"), "GET /v2/images/{image_id}/file", "GET /v2/images/1/file", b""),
        (lambda i: i.add_tag("1", "t"), "PUT /v2/images/{image_id}/tags/{tag}", "PUT /v2/images/1/tags/t", b""),
        (
            lambda i: i.delete_tag("1", "t"),
            "DELETE /v2/images/{image_id}/tags/{tag}",
            "DELETE /v2/images/1/tags/t",
            b"",
        ),
        (lambda i: i.schema("image"), "GET /v2/schemas/image", "GET /v2/schemas/image", b""),
        (
            lambda i: i.update_image("1", name="n"),
            "PATCH /v2/images/{image_id}",
            "PATCH /v2/images/1",
            b'[{"op": "replace", "path": "/name", "value": "n"}]',
        ),
    ],
)
def test_each_operation_goes_where_the_reference_says(
    glance: Glance, send: Callable[[Images], object], operation: str, request_: str, body: bytes
) -> None:
    """A request to another path would blame the cloud for our mistake."""
    send(glance.image)
    assert glance.asked[0][:3] == (operation, request_, body)


def test_an_image_is_owed_until_it_is_gone(glance: Glance, session: Session) -> None:
    """A run that is killed would leave it behind, and one that is not would look for what it deleted itself."""
    glance.answers = [(201, {"id": "1"}), (204, None), (404, {})]
    glance.image.new_image(b"abc")
    [entry] = session.ledger.open_entries()
    assert (entry.kind, entry.where["id"]) == ("image", "1")
    glance.image.gone("1")
    glance.image.gone("another")
    assert session.ledger.open_entries() == []


def test_the_list_is_read_until_all_are_found(glance: Glance) -> None:
    """In a project full of somebody else's images ours are on a later page."""
    glance.answers = [page("a", "b", after="b"), page("c", after="c"), page("d")]
    glance.image.listed({"a", "c"})
    assert [asked[3] for asked in glance.asked] == [{}, {"marker": "b"}]


@pytest.mark.parametrize("last", [page("c"), page("b", after="b")])
def test_what_is_on_no_page_is_told(glance: Glance, last: tuple[int, Any]) -> None:
    """A list without our images, or one that turns in a circle, is the cloud's failure."""
    glance.answers = [page("b", after="b"), last]
    with pytest.raises(CheckFailedError, match="one without z"):
        glance.image.listed({"b", "z"})
    assert len(glance.asked) == 2


@pytest.mark.parametrize("told", [{}, {"next": None}, {"next": "/v2/images"}, {"next": 5}])
def test_a_page_without_marker_is_the_last(exchange: Callable[..., Exchange], told: dict[str, object]) -> None:
    """A worker that asks for a page which is none would ask for ever."""
    assert next_marker(Answer(exchange(200, body=json.dumps(told).encode()))) == ""


def test_an_image_that_becomes_useless_is_not_waited_for(glance: Glance) -> None:
    """A snapshot that failed would keep a worker busy for minutes."""
    glance.answers = [(200, {"status": "saving"}), (200, {"status": "killed"})]
    with pytest.raises(CheckFailedError, match="expected active, got killed"):
        glance.image.ready("1")


def test_the_samples_can_be_told_apart(glance: Glance) -> None:
    """A filter by size, format or status would have nothing to leave out."""
    glance.answers = [(201, {"id": "1"}), (204, None), (201, {"id": "2"}), (204, None), (201, {"id": "3"})]
    found = samples(glance.session)
    assert found["large"]["size"] - found["small"]["size"] == APART
    contents = [len(asked[2]) for asked in glance.asked if asked[0].startswith("PUT")]
    assert contents == [found["small"]["size"], found["large"]["size"]]
    assert json.loads(glance.asked[-1][2]).keys() == {"name"}


def test_the_next_page_is_asked_for_as_told(exchange: Callable[..., Exchange]) -> None:
    """A page that forgets the filter must be noticed, and no token go to an address that somebody slips into a page."""
    told = {"next": "https://elsewhere/v2/images?id=in%3Aa%2Cb&limit=1&marker=a"}
    found = following(Answer(exchange(200, body=json.dumps(told).encode())))
    assert found == {"id": "in:a,b", "limit": "1", "marker": "a"}


def test_later_members_are_asked_of_a_schema_that_has_them(glance: Glance) -> None:
    """An older service, which has no multihash, would fail for what it never promised."""
    glance.answers = [(200, {"properties": {"os_hidden": {}, "vendor": {}}})]
    assert glance.image.base().keys() - IMAGE.keys() == {"os_hidden"}
    assert "virtual_size" in whole(["virtual_size"])


def test_images_are_prepared_as_they_are_shown(glance: Glance) -> None:
    """A list that is held against another image than its own would fail an honest cloud."""
    glance.answers = [(200, {"id": "1", "size": 1}), (200, {"id": "2"})]
    assert glance.image.shown("1", "2") == [{"id": "1", "size": 1}, {"id": "2"}]


@pytest.mark.parametrize(
    ("answer", "methods"),
    [((200, {"import-methods": {"value": ["web-download"]}}), {"web-download"}), ((404, {}), set())],
)
def test_ways_to_import(glance: Glance, answer: tuple[int, Any], methods: set[str]) -> None:
    """A service that is older than the import of images has no ways to tell in a header."""
    glance.answers = [answer]
    assert glance.image.import_methods() == methods


def test_the_links_of_an_image() -> None:
    """A link to another image would pass for the right one."""
    assert linked("1")["file"].holds("/pictures/v2/images/1/file")
    assert not linked("1")["self"].holds("/v2/images/12")
