r"""Accounts for a Tempest that is tuned for speed, made on a reference cloud: nobody waits for users and networks then.

    python benchmarks/tempest_tuned.py CLOUD N > clouds.yaml
    OS_CLIENT_CONFIG_FILE=clouds.yaml defcore run --engine tempest --tempest-conf benchmarks/tempest-tuned.conf \
        --cloud CLOUD -n N --program P

CLOUD is an entry of `clouds.yaml` that has a CLOUD-admin. For each of N classes at once there is a project with a
member and a reader, and another member in a project of its own, each project with a network. The entries on stdout are
CLOUD, CLOUD-alt, CLOUD-tempest-1 and so on, CLOUD-reseller, and no admin: with one, Tempest would make users for each
class anew.
"""

from __future__ import annotations

import secrets
import sys
from typing import Any

import openstack

from defcore.refcloud.entries import to_yaml

SUBNET = "10.{number}.0.0/24"


def provide(cloud: str, workers: int) -> str:
    """Make the accounts and return the text of a clouds.yaml. Existing ones are not used again."""
    admin: Any = openstack.connect(cloud=f"{cloud}-admin")
    auth = admin.config.config["auth"]
    fixed = {"auth_url": auth["auth_url"], "user_domain_name": "Default", "project_domain_name": "Default"}
    made: list[dict[str, Any]] = []
    for number in range(2 * workers):
        project = _project(admin, number)
        roles = ["member", *(["reader"] if number < workers else [])]
        if number == 2 * workers - 1:
            roles.append("ResellerAdmin")
        for role in roles:
            name, password = f"{project.name}-{role}", secrets.token_urlsafe()
            user = admin.identity.create_user(name=name, password=password, domain_id=project.domain_id)
            admin.identity.assign_project_role_to_user(project, user, admin.identity.find_role(role))
            made.append(
                {
                    "auth": {**fixed, "username": name, "password": password, "project_name": project.name},
                    "region_name": admin.config.get_region_name(),
                    "identity_api_version": "3",
                }
            )
    names = [cloud, f"{cloud}-alt", *(f"{cloud}-tempest-{number}" for number in range(1, len(made) - 2))]
    names.append(f"{cloud}-reseller")
    return to_yaml(dict(zip(names, made, strict=True)))


def _project(admin: Any, number: int) -> Any:  # noqa: ANN401 - the SDK's objects
    project = admin.identity.create_project(name=f"tuned-{number}-{secrets.token_hex(3)}", domain_id="default")
    if admin.config.has_service("network") and admin.network.get_endpoint():
        network = admin.network.create_network(name=f"{project.name}-net", project_id=project.id)
        cidr = SUBNET.format(number=number + 1)
        admin.network.create_subnet(network_id=network.id, project_id=project.id, ip_version=4, cidr=cidr)
    return project


if __name__ == "__main__":
    sys.stdout.write(provide(sys.argv[1], int(sys.argv[2])))
