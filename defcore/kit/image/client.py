"""The image service (Glance API v2), one method an operation, and the preparations that its tests share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

from defcore.kit.image.shapes import IMAGE as SHOWN
from defcore.kit.image.shapes import whole
from defcore.kit.match import Each, nonempty
from defcore.kit.owing import told
from defcore.kit.service import Service

if TYPE_CHECKING:
    from defcore.kit.answer import Answer

IMAGES = "/v2/images"
IMAGE = "/v2/images/{image_id}"
PATCH = {"Content-Type": "application/openstack-images-v2.1-json-patch"}
BINARY = {"Content-Type": "application/octet-stream"}
PAGE = {"images": Each({"id": nonempty})}
Image = dict[str, Any]


class Images(Service):
    """Image API v2, https://docs.openstack.org/api-ref/image/v2/."""

    version = "/v2"

    def images(self, **params: str) -> Answer:
        """GET /v2/images."""
        return self.request(f"GET {IMAGES}", "/images", params=params)

    def image(self, image: str) -> Answer:
        """GET /v2/images/{image_id}."""
        return self.request(f"GET {IMAGE}", f"/images/{image}")

    def create_image(self, image: Image) -> Answer:
        """POST /v2/images. Its name, which must be one of ours, is entered in the ledger first."""
        return self.create(
            "image",
            [{"name": image["name"]}],
            lambda: self.request(f"POST {IMAGES}", "/images", image),
            lambda answer: [told(answer, "id")],
        )

    def update_image(self, image: str, **members: Any) -> Answer:  # noqa: ANN401 - JSON values
        """PATCH /v2/images/{image_id}: give members that it has another value."""
        patch = [{"op": "replace", "path": f"/{key}", "value": value} for key, value in members.items()]
        return self.request(f"PATCH {IMAGE}", f"/images/{image}", patch, headers=PATCH, idempotent=True)

    def delete_image(self, image: str) -> Answer:
        """DELETE /v2/images/{image_id}."""
        return self.delete(f"DELETE {IMAGE}", f"/images/{image}", image)

    def upload(self, image: str, content: bytes) -> Answer:
        """PUT /v2/images/{image_id}/file."""
        return self.request(f"PUT {IMAGE}/file", f"/images/{image}/file", content=content, headers=BINARY)

    def download(self, image: str) -> Answer:
        """GET /v2/images/{image_id}/file."""
        return self.request(f"GET {IMAGE}/file", f"/images/{image}/file")

    def add_tag(self, image: str, tag: str) -> Answer:
        """PUT /v2/images/{image_id}/tags/{tag}."""
        return self.request(f"PUT {IMAGE}/tags/{{tag}}", f"/images/{image}/tags/{tag}")

    def delete_tag(self, image: str, tag: str) -> Answer:
        """DELETE /v2/images/{image_id}/tags/{tag}."""
        return self.request(f"DELETE {IMAGE}/tags/{{tag}}", f"/images/{image}/tags/{tag}")

    def schema(self, name: str) -> Answer:
        """GET /v2/schemas/{name}; each is an operation of its own in the reference."""
        return self.request(f"GET /v2/schemas/{name}", f"/schemas/{name}")

    # -- what follows from the operations --------------------------------------------------------------------------

    def listed(self, wanted: set[str]) -> Answer:
        """List the images that the user sees until all ``wanted`` ids were there; return the page that ends it.

        A page is followed by the next one as the reference says: by the marker of its member ``next``.
        """
        left, marker = set(wanted), ""
        while True:
            answer = self.images(**({"marker": marker} if marker else {})).status(200).shape(PAGE)
            left -= {item["id"] for item in answer.json()["images"]}
            after = next_marker(answer)
            if not left:
                return answer
            if after in ("", marker):
                missing = ", ".join(sorted(left))
                raise answer.wrong("$.images", "a list that holds our images", f"one without {missing}")
            marker = after

    # -- preparations ----------------------------------------------------------------------------------------------

    def new_image(self, content: bytes = b"", **more: Any) -> Image:  # noqa: ANN401 - members of an image
        """Prepare an image of raw format that is ours alone, with that content if any; return it as it was made."""
        with self.session.setting_up():
            usual = {"container_format": "bare", "disk_format": "raw", "visibility": "private"}
            made: Image = self.create_image({"name": self.session.name()} | usual | more).status(201).json()
            if content:
                self.upload(made["id"], content).status(204)
            return made

    def base(self) -> dict[str, Any]:
        """Prepare to judge images: return the shape of one, with the base members that the service's schema names."""
        with self.session.setting_up():
            schema = self.schema("image").status(200).shape({"properties": dict}).json()
        return whole(schema["properties"])

    def shown(self, *images: str) -> list[Image]:
        """Prepare to judge by what is known: return images as they are shown."""
        with self.session.setting_up():
            return [self.image(item).status(200).shape({"id": item}).json() for item in images]

    def import_methods(self) -> set[str]:
        """Prepare to judge by what the service has: return its ways to import an image, none in an older version."""
        with self.session.setting_up():
            answer = self.request("GET /v2/info/import", "/info/import").status(200, 404)
            found = {"import-methods": {"value": Each(nonempty)}}
            told = answer.exchange.status == 200  # noqa: PLR2004 - HTTP
            return set(answer.shape(found).json()["import-methods"]["value"]) if told else set()

    def ready(self, image: str) -> Image:
        """Wait until an image is ``active``; return it as it is shown then."""
        over = ("killed", "deleted", "deactivated")
        answer = self.session.wait.until(lambda: self.image(image), "status", "active", over=over)
        found: Image = self.session.judged(answer, SHOWN).json()
        return found

    def gone(self, image: str) -> Answer:
        """Wait until an image that was deleted is there no more."""
        answer = self.session.wait.gone(lambda: self.image(image))
        self.session.over(image)
        return answer


def following(page: Answer) -> dict[str, str]:
    """Return the parameters of the address of the next page, as a page tells it.

    They are all that is taken of it: our token goes to no other address than that of the service.
    """
    return dict(parse_qsl(urlsplit(str(page.json().get("next"))).query))


def next_marker(page: Answer) -> str:
    """Return the marker of the page after this one; empty where it is the last."""
    found = parse_qs(urlsplit(str(page.json().get("next", ""))).query).get("marker", [])
    return found[0] if found else ""
