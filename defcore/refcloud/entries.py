"""The clouds.yaml entries of a cloud."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from defcore.refcloud.profiles import PEOPLE

if TYPE_CHECKING:
    from defcore.refcloud.config import Layout

PROJECT_OF = {"": "first", "alt": "second", "empty": "empty", "reader": "first", "reseller": "first", "spare": "first"}


def entries(layout: Layout) -> dict[str, dict[str, Any]]:
    """Map the name of each entry to its content, as openstacksdk reads it."""
    profile = layout.profile
    found = {}
    for person in PEOPLE:
        admin = person == "admin"
        domain = "Default" if admin else profile.domain
        entry: dict[str, Any] = {
            "auth": {
                "auth_url": layout.public_url("identity", "/v3"),
                "username": profile.users[person],
                "password": layout.secrets[person],
                "project_name": "admin" if admin else profile.projects[PROJECT_OF[person]],
                "user_domain_name": domain,
                "project_domain_name": domain,
            },
            "region_name": profile.region,
            "identity_api_version": "3",
        }
        if layout.ca:
            entry["cacert"] = str(layout.ca)
        found[f"{layout.name}-{person}" if person else layout.name] = entry
    return found


def to_yaml(found: dict[str, dict[str, Any]]) -> str:
    """Write entries as a clouds.yaml file."""
    lines = ["clouds:"]
    for name, entry in found.items():
        lines.append(f"  {json.dumps(name)}:")
        for key, value in entry.items():
            if isinstance(value, dict):
                lines.append(f"    {key}:")
                lines += [f"      {inner}: {json.dumps(text)}" for inner, text in value.items()]
            else:
                lines.append(f"    {key}: {json.dumps(value)}")
    return "\n".join(lines) + "\n"
