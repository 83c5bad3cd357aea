"""Lists of servers in pages, by name, with all that there is to say of each.

https://docs.openstack.org/api-ref/compute/#list-servers
"""

from __future__ import annotations

from defcore.kit import Change, Compute, Session, api_test, with_list
from defcore.kit.compute.full import walk

REFERENCE = "https://docs.openstack.org/api-ref/compute/#list-servers"


@api_test(
    "1ea0933e-f586-4e75-b956-6d2fefafe13c",
    service="compute",
    reference=REFERENCE,
    fails_if=Change(on="GET /servers", body=with_list("servers", lambda items: items[::-1])),
    uses=("servers",),
    creates={},
    seconds=0.5,
)
def test_pages(session: Session, compute: Compute) -> None:
    """A list that is asked for page by page and in order has every server once, in order, and no more on a page."""
    ours = session.common("servers")
    walk(session, compute.servers, ours.values(), detail=False)


@api_test(
    "54b95632-bcfe-4a3b-9a8d-f1b7a395e47b",
    service="compute",
    reference=f"{REFERENCE}-detailed",
    fails_if=Change(on="GET /servers/detail", body=with_list("servers", lambda items: items[::-1])),
    uses=("servers",),
    creates={},
    seconds=0.5,
)
def test_pages_in_detail(session: Session, compute: Compute) -> None:
    """A detailed list that is asked for page by page has every server once, in order, as it was when it was made."""
    ours = session.common("servers")
    walk(session, compute.servers_detail, ours.values(), detail=True)
