"""What every answer of block storage is held to: its version, the same as the others, and links that lead back."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from defcore.kit.answer import Answer, CheckFailedError
from defcore.kit.match import mismatches
from defcore.kit.volume.told import again, changed, fixed, leads, linked, told

if TYPE_CHECKING:
    from collections.abc import Callable

    from defcore.cloud.http import Exchange

HEADERS = {"Content-Type": "application/json", "OpenStack-API-Version": "volume 3.0"}
VOLUME: dict[str, Any] = {
    "id": "v1",
    "name": "plum",
    "metadata": {"tree": "plum"},
    "status": "available",
    "updated_at": "2026-11-20T12:00:00",
    "os-vol-tenant-attr:tenant_id": "p",
}
MOVED = VOLUME | {"updated_at": "2026-11-20T13:00:00"}


def differs(shape: object, value: object) -> bool:
    """Say whether a value is not of a shape."""
    return any(True for _ in mismatches(shape, value))


@pytest.fixture
def answer(exchange: Callable[..., Exchange]) -> Callable[..., Answer]:
    """Make answers."""
    return lambda *words, **more: Answer(exchange(*words, **more))


@pytest.mark.parametrize("without", [None, *HEADERS])
def test_an_answer_tells_its_version(answer: Callable[..., Answer], without: str | None) -> None:
    """An answer of another version may mean something else by the same words."""
    found = answer(200, {key: value for key, value in HEADERS.items() if key != without})
    if without is None:
        assert told(found, 200) is found
    else:
        with pytest.raises(CheckFailedError, match=f"header {without}"):
            told(found, 200)


def test_told_again_all_but_the_time_is_the_same() -> None:
    """A member that is lost, new or other would go unnoticed; a change of the time alone would be a failure."""
    assert not differs(again(VOLUME), MOVED)
    assert not differs(again(VOLUME, name="pear"), MOVED | {"name": "pear"})
    wrongs: list[dict[str, Any]] = [{"name": "pear"}, {"metadata": {}}, {"metadata": {"tree": "plum", "a": "b"}}]
    for wrong in (*wrongs, {"surplus": 1}):
        assert differs(again(VOLUME), MOVED | wrong)
    assert differs(again(VOLUME), {key: value for key, value in VOLUME.items() if key != "status"})


def test_the_time_of_a_change_is_never_forgotten() -> None:
    """What has been changed once has been changed; what never was may have been since."""
    assert differs(again(VOLUME), VOLUME | {"updated_at": None})
    assert not differs(again(VOLUME | {"updated_at": None}), VOLUME)


def test_a_change_is_answered_without_what_is_only_shown() -> None:
    """The answer to a change has fewer members than the one that shows the thing."""
    brief = {key: value for key, value in MOVED.items() if not key.startswith("os-")}
    assert not differs(changed("volume", VOLUME), brief)
    assert differs(changed("volume", VOLUME), MOVED)


def test_what_is_fixed_stays_while_states_pass() -> None:
    """A volume that is being created changes its state, and nothing of what was asked for."""
    assert not differs(fixed(VOLUME), MOVED | {"status": "creating"})
    assert differs(fixed(VOLUME), MOVED | {"metadata": {"tree": "plum", "a": "b"}})


@pytest.mark.parametrize(
    "link",
    [
        None,
        "volumes/v1",
        "http://x/v3/volumes/v1",
        "https://y/v3/volumes/v1",
        "https://x/v3/volumes/v2",
        "https://x/v1",
    ],
)
def test_a_link_elsewhere_is_not_followed(answer: Callable[..., Answer], link: str | None) -> None:
    """Our token would go to whoever is there."""
    links = [{"rel": "bookmark", "href": "https://x/volumes/v1"}]
    found = answer(200, HEADERS, url="https://x/v3/p/volumes/v1")
    with pytest.raises(CheckFailedError, match="link self"):
        linked(found, VOLUME | {"links": links + ([{"rel": "self", "href": link}] if link else [])})


def test_a_link_leads_back(answer: Callable[..., Answer]) -> None:
    """A link that leads nowhere is the fault of the answer that has it."""
    link = "https://x/v3/volumes/v1"
    volume = VOLUME | {"links": [{"rel": "self", "href": link}]}
    found = answer(200, HEADERS, url="https://x/v3/p/volumes/v1")
    there = {link: answer(200, HEADERS, json.dumps({"volume": volume}).encode())}
    client: Any = SimpleNamespace(volume=there.__getitem__)
    leads(client, found, volume)
    there[link] = answer(404, HEADERS)
    with pytest.raises(CheckFailedError) as caught:
        leads(client, found, volume)
    assert caught.value.exchange is found.exchange
