"""Images that servers are made from. https://docs.openstack.org/api-ref/compute/#show-server-details"""

from __future__ import annotations

from defcore.kit import Change, Compute, Either, Images, Session, api_test, with_json
from defcore.kit.checks import in_json, leading_to
from defcore.kit.image.shapes import IMAGE
from defcore.kit.match import count


@api_test(
    "05eda2cb-641f-4c9e-9b5b-1d2de258c70f",
    service="compute",
    reference="https://docs.openstack.org/api-ref/compute/#show-server-details",
    uses=("server", "image"),
    creates={},
    seconds=0.3,
    fails_if=Change(on="GET /v2/images/{image_id}", body=with_json("status", "deactivated")),
)
def test_made_from(compute: Compute, images: Images, session: Session) -> None:
    """The image that a server says it is made from is the one that was asked for, which can still be used."""
    with session.setting_up():
        asked, server = session.common("image"), session.common("server")["id"]
    shown = compute.server(server).status(200)
    shown.require("$.server.image.id", asked["id"], shown.json()["server"]["image"]["id"])
    path = f"/images/{asked['id']}"
    links = {"self": leading_to(path), "file": leading_to(f"{path}/file"), "schema": leading_to("/schemas/image")}
    due = asked | links | {"status": "active", "virtual_size": Either(count, None)}
    in_json(images.image(asked["id"]).status(200)).shape(IMAGE | due)
