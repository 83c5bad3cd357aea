"""List snapshots: narrowed by what they are, page by page, in order.

https://docs.openstack.org/api-ref/block-storage/v3/#list-accessible-snapshots
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from defcore.kit import Answer, Change, Each, Session, Volumes, api_test, with_item, with_json, with_list
from defcore.kit.volume.client import SNAPSHOTS as ALL
from defcore.kit.volume.shapes import SNAPSHOTS, SNAPSHOTS_DETAIL

if TYPE_CHECKING:
    from collections.abc import Callable

LIST, DETAIL = f"GET {ALL}", f"GET {ALL}/detail"
REFERENCE = "https://docs.openstack.org/api-ref/block-storage/v3/#list-accessible-snapshots"
REFERENCE_DETAIL = "https://docs.openstack.org/api-ref/block-storage/v3/#list-snapshots-and-details"
backwards = with_list("snapshots", lambda items: items[::-1])


def listed(volumes: Volumes, session: Session, **params: str) -> Answer:
    """List the snapshots of the volume of which the shared ones are, so that nobody else's come between."""
    source = session.common("snapshots")[0]["volume_id"]
    return volumes.snapshots(volume_id=source, **params).status(200).shape(SNAPSHOTS)


def ours(session: Session, answer: Answer) -> list[dict[str, Any]]:
    """Return those of the shared snapshots that are listed, in their order."""
    known = {item["id"] for item in session.common("snapshots")}
    return [item for item in answer.json()["snapshots"] if item["id"] in known]


def in_order(volumes: Volumes, session: Session) -> list[str]:
    """Prepare: return the ids of the shared snapshots in the order in which they are listed."""
    with session.setting_up():
        answer = listed(volumes, session)
        found = ours(session, answer)
        answer.require("number of ours in $.snapshots", len(session.common("snapshots")), len(found))
        return [item["id"] for item in found]


def narrows(session: Session, read: Callable[..., Answer], shape: Any) -> None:  # noqa: ANN401 - any shape
    """Require that all that is listed has the name, the status, or both, that were asked for."""
    shared = session.common("snapshots")
    one = {"name": shared[1]["name"]}
    for params, expected in (
        (one, 1),
        ({"status": "available"}, len(shared)),
        (one | {"status": "available"}, 1),
    ):
        answer = read(**params).status(200).shape(shape).shape({"snapshots": Each(params)})
        session.advise(partial(answer.require, "number of ours in $.snapshots", expected, len(ours(session, answer))))


def sorts(volumes: Volumes, session: Session, key: str, direction: str, member: str) -> None:
    """Require that the shared snapshots are listed in the order of a member."""
    expected = sorted((item[member] for item in session.common("snapshots")), reverse=direction == "desc")
    answer = listed(volumes, session, sort_key=key, sort_dir=direction)
    answer.require(f"{member} of ours in $.snapshots", expected, [item[member] for item in ours(session, answer)])


@api_test(
    "59f41f43-aebf-48a9-ab5d-d76340fab32b",
    service="block-storage",
    uses=("snapshots",),
    reference=REFERENCE,
    fails_if=Change(on=LIST, body=with_item("snapshots", name="plum")),
)
def test_filters(volumes: Volumes, session: Session) -> None:
    """A listing of snapshots by name, by status, or by both, has only such as are so."""
    narrows(session, volumes.snapshots, SNAPSHOTS)


@api_test(
    "220a1022-1fcd-4a74-a7bd-6b859156cda2",
    service="block-storage",
    uses=("snapshots",),
    reference=REFERENCE_DETAIL,
    fails_if=Change(on=DETAIL, nth=2, body=with_item("snapshots", status="error")),
)
def test_filters_with_details(volumes: Volumes, session: Session) -> None:
    """A detailed listing of snapshots by name, by status, or by both, has only such as are so."""
    narrows(session, volumes.snapshots_detail, SNAPSHOTS_DETAIL)


@api_test(
    "db4d8e0a-7a2e-41cc-a712-961f6844e896",
    service="block-storage",
    uses=("snapshots",),
    reference=REFERENCE,
    fails_if=Change(on=LIST, body=with_item("snapshots")),
)
def test_limit(volumes: Volumes, session: Session) -> None:
    """A listing of several snapshots with a limit of one has exactly one."""
    answer = listed(volumes, session, limit="1")
    answer.require("number of $.snapshots", 1, len(answer.json()["snapshots"]))


@api_test(
    "a1427f61-420e-48a5-b6e3-0b394fa95400",
    service="block-storage",
    uses=("snapshots",),
    reference=REFERENCE,
    fails_if=Change(on=LIST, body=with_json("snapshots", [])),
)
def test_limit_beyond_all(volumes: Volumes, session: Session) -> None:
    """A listing of snapshots with a limit beyond their number has as many as one without a limit."""
    expected = len(in_order(volumes, session))
    answer = listed(volumes, session, limit="100000")
    answer.require("number of ours in $.snapshots", expected, len(ours(session, answer)))


@api_test(
    "e3b44b7f-ae87-45b5-8a8c-66110eb24d0a",
    service="block-storage",
    uses=("snapshots",),
    reference=REFERENCE,
    fails_if=Change(on=LIST, body=with_json("snapshots", [{}])),
)
def test_limit_zero(volumes: Volumes, session: Session) -> None:
    """A listing of snapshots with a limit of zero is empty."""
    session.common("snapshots")
    volumes.snapshots(limit="0").status(200).shape({"snapshots": []}).shape(SNAPSHOTS)


@api_test(
    "05489dde-44bc-4961-a1f5-3ce7ee7824f7",
    service="block-storage",
    uses=("snapshots",),
    reference=REFERENCE,
    fails_if=Change(on=LIST, body=with_json("snapshots", [])),
)
def test_marker(volumes: Volumes, session: Session) -> None:
    """A listing of snapshots with a marker has what comes after the marker in the listing without one."""
    *_, marker, last = in_order(volumes, session)
    answer = listed(volumes, session, marker=marker)
    answer.require("ids of ours in $.snapshots", [last], [item["id"] for item in ours(session, answer)])


@api_test(
    "ca96d551-17c6-4e11-b0e8-52d3bb8a63c7",
    service="block-storage",
    uses=("snapshots",),
    reference=REFERENCE,
    fails_if=Change(on=LIST, body=with_item("snapshots")),
)
def test_offset(volumes: Volumes, session: Session) -> None:
    """A listing of three snapshots with an offset of two has one."""
    last = in_order(volumes, session)[2:]
    answer = listed(volumes, session, offset="2", limit="3")
    answer.require("number of $.snapshots", len(last), len(answer.json()["snapshots"]))
    session.advise(lambda: answer.require("ids of $.snapshots", last, [item["id"] for item in ours(session, answer)]))


@api_test(
    "c5513ada-64c1-4d28-83b9-af3307ec1388",
    service="block-storage",
    uses=("snapshots",),
    reference=REFERENCE,
    fails_if=Change(on=LIST, body=backwards),
)
def test_sorted_by_id(volumes: Volumes, session: Session) -> None:
    """A listing of snapshots can be sorted by id, the smallest first."""
    sorts(volumes, session, "id", "asc", "id")


@api_test(
    "8a7fe058-0b41-402a-8afd-2dbc5a4a718b",
    service="block-storage",
    uses=("snapshots",),
    reference=REFERENCE,
    fails_if=Change(on=LIST, body=backwards),
)
def test_sorted_by_id_backwards(volumes: Volumes, session: Session) -> None:
    """A listing of snapshots can be sorted by id, the largest first."""
    sorts(volumes, session, "id", "desc", "id")


@api_test(
    "4052c3a0-2415-440a-a8cc-305a875331b0",
    service="block-storage",
    uses=("snapshots",),
    reference=REFERENCE,
    fails_if=Change(on=LIST, body=backwards),
)
def test_sorted_by_time(volumes: Volumes, session: Session) -> None:
    """A listing of snapshots can be sorted by the time at which they were created, the oldest first."""
    sorts(volumes, session, "created_at", "asc", "created_at")


@api_test(
    "dcbbe24a-f3c0-4ec8-9274-55d48db8d1cf",
    service="block-storage",
    uses=("snapshots",),
    reference=REFERENCE,
    fails_if=Change(on=LIST, body=backwards),
)
def test_sorted_by_time_backwards(volumes: Volumes, session: Session) -> None:
    """A listing of snapshots can be sorted by the time at which they were created, the newest first."""
    sorts(volumes, session, "created_at", "desc", "created_at")


@api_test(
    "d58b5fed-0c37-42d3-8c5d-39014ac13c00",
    service="block-storage",
    uses=("snapshots",),
    reference=REFERENCE,
    fails_if=Change(on=LIST, body=backwards),
)
def test_sorted_by_name(volumes: Volumes, session: Session) -> None:
    """A listing of snapshots can be sorted by name, which is called display_name there, from the beginning."""
    sorts(volumes, session, "display_name", "asc", "name")


@api_test(
    "96ba6f4d-1f18-47e1-b4bc-76edc6c21250",
    service="block-storage",
    uses=("snapshots",),
    reference=REFERENCE,
    fails_if=Change(on=LIST, body=backwards),
)
def test_sorted_by_name_backwards(volumes: Volumes, session: Session) -> None:
    """A listing of snapshots can be sorted by name, which is called display_name there, from the end."""
    sorts(volumes, session, "display_name", "desc", "name")
