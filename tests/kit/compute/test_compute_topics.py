"""The parts of the compute client that stand beside it: actions, attachments, tags, security groups."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from defcore.kit import resources
from defcore.kit.answer import Answer
from defcore.kit.compute import actions
from defcore.kit.compute.attachments import ATTACHED_ALL, Attachments
from defcore.kit.compute.security_groups import GROUP, SecurityGroups
from defcore.kit.compute.tags import TAGS, Tags
from defcore.kit.match import mismatches
from defcore.kit.outcomes import NotRunError, UnsupportedError

if TYPE_CHECKING:
    from collections.abc import Callable

    from defcore.cloud.http import Exchange
    from defcore.kit.compute import Compute

    from .conftest import Nova

ONE = "/servers/{server_id}"
ATTACHMENTS = f"{ONE}/os-volume_attachments"
HISTORY = f"{ONE}/os-instance-actions"
GROUPS = "/os-security-groups"
OPERATIONS: list[tuple[Callable[[Compute], object], str, str, Any]] = [
    (lambda c: actions.recorded(c, "s"), f"GET {HISTORY}", "/servers/s/os-instance-actions", None),
    (
        lambda c: actions.recorded_one(c, "s", "r"),
        f"GET {HISTORY}/{{request_id}}",
        "/servers/s/os-instance-actions/r",
        None,
    ),
    (lambda c: Attachments(c, "s").all(), f"GET {ATTACHMENTS}", "/servers/s/os-volume_attachments", None),
    (
        lambda c: Attachments(c, "s").one("v"),
        f"GET {ATTACHMENTS}/{{volume_id}}",
        "/servers/s/os-volume_attachments/v",
        None,
    ),
    (
        lambda c: Attachments(c, "s").attach("v"),
        f"POST {ATTACHMENTS}",
        "/servers/s/os-volume_attachments",
        {"volumeAttachment": {"volumeId": "v"}},
    ),
    (
        lambda c: Attachments(c, "s").detach("v"),
        f"DELETE {ATTACHMENTS}/{{volume_id}}",
        "/servers/s/os-volume_attachments/v",
        None,
    ),
    (lambda c: Tags(c, "s").all(), f"GET {ONE}/tags", "/servers/s/tags", None),
    (lambda c: Tags(c, "s").replace(["a"]), f"PUT {ONE}/tags", "/servers/s/tags", {"tags": ["a"]}),
    (lambda c: Tags(c, "s").clear(), f"DELETE {ONE}/tags", "/servers/s/tags", None),
    (lambda c: Tags(c, "s").has("a"), f"GET {ONE}/tags/{{tag}}", "/servers/s/tags/a", None),
    (lambda c: Tags(c, "s").add("a"), f"PUT {ONE}/tags/{{tag}}", "/servers/s/tags/a", None),
    (lambda c: Tags(c, "s").delete("a"), f"DELETE {ONE}/tags/{{tag}}", "/servers/s/tags/a", None),
    (lambda c: SecurityGroups(c).all(), f"GET {GROUPS}", GROUPS, None),
    (lambda c: SecurityGroups(c).of("s"), f"GET {ONE}{GROUPS}", f"/servers/s{GROUPS}", None),
    (lambda c: SecurityGroups(c).one("g"), f"GET {GROUPS}/{{security_group_id}}", f"{GROUPS}/g", None),
    (lambda c: SecurityGroups(c).delete("g"), f"DELETE {GROUPS}/{{security_group_id}}", f"{GROUPS}/g", None),
    (
        lambda c: SecurityGroups(c).update("g", "n", "d"),
        f"PUT {GROUPS}/{{security_group_id}}",
        f"{GROUPS}/g",
        {"security_group": {"name": "n", "description": "d"}},
    ),
]


@pytest.mark.parametrize(("send", "operation", "path", "body"), OPERATIONS, ids=[item[1] for item in OPERATIONS])
def test_each_operation_goes_where_the_reference_says(
    nova: Nova, send: Callable[[Compute], object], operation: str, path: str, body: object
) -> None:
    """A request to another path would blame the cloud for our mistake."""
    nova.says[operation] = [(200, {})]
    send(nova.compute)
    assert nova.asked == [(operation, path, body)]


def test_an_image_of_a_server_is_owed_by_the_id_that_the_header_tells(
    nova: Nova, exchange: Callable[..., Exchange], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run that is killed would have to look through all images for it."""
    headers = {"Location": "http://cloud/images/i1"}
    monkeypatch.setattr(nova, "send", lambda *_, **__: Answer(exchange(202, headers)))
    _, made = actions.create_image(nova.compute, "s", {"name": "defcore-x"})
    [entry] = nova.session.ledger.open_entries()
    assert (made, entry.kind, entry.where) == ("i1", "image", {"name": "defcore-x", "id": "i1"})


def test_a_group_is_owed_with_its_spaces(nova: Nova) -> None:
    """A group whose name was changed in the ledger would never be found to be ended."""
    nova.says[f"POST {GROUPS}"] = [(200, {"security_group": {"id": "g"}})]
    SecurityGroups(nova.compute).create(" defcore-x ", "")
    [entry] = nova.session.ledger.open_entries()
    assert (entry.kind, entry.where) == ("security-group", {"name": " defcore-x ", "id": "g"})
    assert SecurityGroups(nova.compute).new() == {"id": "g"}
    nova.says[f"GET {GROUPS}/{{security_group_id}}"] = [(404, {})]
    SecurityGroups(nova.compute).gone("g")


@pytest.mark.parametrize(
    ("status", "text", "expected"),
    [(403, "Policy doesn't allow it", UnsupportedError), (403, "Quota exceeded for cores", NotRunError)],
)
def test_what_a_cloud_forbids_is_no_failure(
    exchange: Callable[..., Exchange], status: int, text: str, expected: type[Exception]
) -> None:
    """A cloud that lets nobody resize lacks that, and a full project is no fault of the cloud."""
    with pytest.raises(expected, match="resize a server"):
        actions.allowed(Answer(exchange(status, body=text.encode())), "resize a server")


@pytest.mark.parametrize(("status", "text"), [(202, ""), (403, "no"), (400, "policy")])
def test_any_other_refusal_is_left_to_the_test(exchange: Callable[..., Exchange], status: int, text: str) -> None:
    """A cloud that answers wrongly would pass for one that lacks something."""
    answer = Answer(exchange(status, body=text.encode()))
    assert actions.allowed(answer, "resize a server") is answer


def test_a_cloud_without_the_microversion_has_no_tags(nova: Nova) -> None:
    """An old cloud would fail four tests of what it never said it had."""
    nova.says[f"GET {ONE}/tags"] = [(406, {})]
    with pytest.raises(UnsupportedError, match=r"2\.26"):
        Tags(nova.compute, "s").all()


def test_a_server_at_rest_is_waited_for(nova: Nova) -> None:
    """The next test would be refused: the server is still being imaged."""
    nova.says[f"GET {ONE}"] = [(200, {"server": {actions.TASK: item}}) for item in ("image_uploading", "x", None)]
    actions.wait_idle(nova.compute, "s")
    assert len(nova.asked) == 3
    nova.says[f"GET {ONE}"] = [(200, {"server": {}})]
    actions.wait_idle(nova.compute, "s")
    assert len(nova.asked) == 4


GROUP_MADE = {"id": "g", "name": "n", "tenant_id": "t", "rules": [None, {"from_port": None}], "description": ""}


@pytest.mark.parametrize(
    ("shape", "value", "path"),
    [
        (GROUP, {"security_group": GROUP_MADE}, None),
        (GROUP, {"security_group": GROUP_MADE | {"shared": True}}, "$.security_group.shared"),
        (GROUP, {"security_group": GROUP_MADE | {"rules": [{"cidr": ""}]}}, "$.security_group.rules[0]"),
        (TAGS, {"tags": ["a", "\N{COLON SIGN}" * 60]}, None),
        (TAGS, {"tags": ["a,b"]}, "$.tags[0]"),
        (ATTACHED_ALL, {"volumeAttachments": [{"id": "1", "volumeId": "1", "serverId": "s", "device": None}]}, None),
        (
            ATTACHED_ALL,
            {"volumeAttachments": [{"id": "1", "volumeId": "1", "serverId": "s", "tag": "x"}]},
            "$.volumeAttachments[0].tag",
        ),
    ],
)
def test_shapes_are_closed_where_the_published_ones_are(shape: object, value: object, path: str | None) -> None:
    """A member that the API does not have at that version would go unnoticed, or one that it has be refused."""
    assert [item.path for item in mismatches(shape, value)] == ([path] if path else [])


def test_a_server_that_is_locked_is_unlocked_to_be_ended(nova: Nova, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lock that a failed test has left would keep the server for ever."""
    monkeypatch.setattr(resources, "PAUSES", (0, 0))
    monkeypatch.setattr(nova, "client", lambda _: nova.compute, raising=False)
    nova.says[f"DELETE {ONE}"] = [(409, {}), (204, {})]
    nova.says[f"POST {ONE}/action (unlock)"] = [(202, {})]
    resources.end("server", nova, {"id": "s"})  # type: ignore[arg-type]
    assert [asked[0] for asked in nova.asked] == [f"DELETE {ONE}", f"POST {ONE}/action (unlock)", f"DELETE {ONE}"]
