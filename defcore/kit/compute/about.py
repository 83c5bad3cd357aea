"""The part of the compute client that tells of the cloud: versions, zones, flavors, quotas, key pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defcore.kit.compute.base import Nova

if TYPE_CHECKING:
    from defcore.kit.answer import Answer

FLAVORS = "/flavors"
KEYPAIRS = "/os-keypairs"
QUOTAS = "/os-quota-sets/{project_id}"


class About(Nova):
    """What a user is told before there is any server, https://docs.openstack.org/api-ref/compute/."""

    def versions(self) -> Answer:
        """GET / above the version, which needs no token."""
        return self.request("GET /", self.root(), token=None)

    def extensions(self) -> Answer:
        """GET /extensions, which tells what the service has beside its core."""
        return self.request("GET /extensions", "/extensions")

    def shown_version(self, link: str) -> Answer:
        """GET /v2.1, at the whole URL to which the list of versions leads; it needs no token either."""
        return self.request("GET /v2.1", link, token=None)

    def limits(self) -> Answer:
        """GET /limits."""
        return self.request("GET /limits", "/limits", headers=self.at(None))

    def zones(self) -> Answer:
        """GET /os-availability-zone."""
        return self.request("GET /os-availability-zone", "/os-availability-zone")

    def flavors(self, **params: str) -> Answer:
        """GET /flavors."""
        return self.request(f"GET {FLAVORS}", FLAVORS, params=params)

    def flavors_detail(self, **params: str) -> Answer:
        """GET /flavors/detail."""
        return self.request(f"GET {FLAVORS}/detail", f"{FLAVORS}/detail", params=params)

    def flavor(self, flavor: str) -> Answer:
        """GET /flavors/{flavor_id}."""
        return self.request("GET /flavors/{flavor_id}", f"{FLAVORS}/{flavor}")

    def quotas(self, project: str, **params: str) -> Answer:
        """GET /os-quota-sets/{project_id}."""
        return self.request(f"GET {QUOTAS}", f"/os-quota-sets/{project}", params=params)

    def default_quotas(self, project: str) -> Answer:
        """GET /os-quota-sets/{project_id}/defaults."""
        return self.request(f"GET {QUOTAS}/defaults", f"/os-quota-sets/{project}/defaults")

    # -- key pairs -------------------------------------------------------------------------------------------------

    def create_keypair(self, keypair: dict[str, str], *, version: str | None = None) -> Answer:
        """POST /os-keypairs. Its name, which must be one of ours, is entered in the ledger first."""
        return self.create(
            "keypair",
            [{"name": keypair["name"]}],
            lambda: self.request(f"POST {KEYPAIRS}", KEYPAIRS, {"keypair": keypair}, headers=self.at(version)),
            lambda _: (),
        )

    def keypairs(self, *, version: str | None = None, **params: str) -> Answer:
        """GET /os-keypairs."""
        return self.request(f"GET {KEYPAIRS}", KEYPAIRS, params=params, headers=self.at(version))

    def keypair(self, name: str, *, version: str | None = None) -> Answer:
        """GET /os-keypairs/{keypair_name}."""
        return self.request(f"GET {KEYPAIRS}/{{keypair_name}}", f"{KEYPAIRS}/{name}", headers=self.at(version))

    def delete_keypair(self, name: str, *, version: str | None = None) -> Answer:
        """DELETE /os-keypairs/{keypair_name}."""
        return self.request(f"DELETE {KEYPAIRS}/{{keypair_name}}", f"{KEYPAIRS}/{name}", headers=self.at(version))
