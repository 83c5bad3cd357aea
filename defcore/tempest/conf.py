"""``tempest.conf`` and the accounts file, from what is known of the cloud. Nothing is sent."""

from __future__ import annotations

import configparser
import json
from typing import TYPE_CHECKING

from defcore.errors import InputError
from defcore.files import read_bytes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from defcore.cloud.credential import Credential
    from defcore.tempest.facts import Account, Facts, Flavor, Image

Settings = dict[str, dict[str, str]]
"""Section to option to value."""
SERVICES = {
    "cinder": "volume",
    "neutron": "network",
    "glance": "image",
    "swift": "object-store",
    "nova": "compute",
    "designate": "dns",
    "heat": "orchestration",
}
"""Options of ``[service_available]``, and what the service is called in ``Facts.services``."""
SECTIONS = ("compute", "image", "network", "volume", "object-store", "placement")
LARGEST = 1024 * 1024
"""Bytes that a user's own configuration may have."""
MEMBER, READER = "member", "reader"
RESELLER = "-reseller"
"""How the entry ends whose user may set the quotas of others."""
PER_TEST = 2
"""Accounts that a class of tests may need at once, readers not counted."""


def settings(facts: Facts, credential: Credential, ordinary: Sequence[Account], admin: Account | None) -> Settings:
    """Return the options that follow from the cloud; all others keep Tempest's own defaults.

    With an ``admin`` each class of tests gets users and projects of its own, else the ``ordinary`` accounts are shared
    out, the first of which is the user's main one. What is not known to be lacking is on: a test that fails says more
    than one that is skipped.
    """
    found: Settings = {
        "DEFAULT": {"use_stderr": "false", "log_file": "tempest.log"},
        "oslo_concurrency": {"lock_path": "locks"},
        "auth": _auth(ordinary, admin),
        "identity": {
            "uri_v3": facts.auth_url,
            "region": facts.region,
            "v3_endpoint_type": facts.interface,
            **_tls(credential),
        },
        "service_available": {
            option: _word(name in facts.services) for option, name in [*SERVICES.items(), ("horizon", "")]
        },
        "compute": {"max_microversion": "latest", **_servers(facts)},
        "compute-feature-enabled": {"resize": "true"},
        "validation": {"run_validation": "false"},
        "image": {"http_image": ""},
        "image-feature-enabled": {"image_format_enforcement": "false"},
        "volume": {"max_microversion": "latest"},
        "network": {},
        "object-storage": _roles(ordinary),
    }
    for name in SECTIONS:
        if kind := facts.services.get(name):
            section = found.setdefault(name if name != "object-store" else "object-storage", {})
            suffix = "" if name == "placement" else "URL"
            section |= {"catalog_type": kind, "endpoint_type": f"{facts.interface}{suffix}"}
    if admin is None and ordinary[0].network:
        found["compute"]["fixed_network_name"] = ordinary[0].network
    if facts.external:
        number, name = facts.external
        found["network"] |= {"public_network_id": number, "floating_network_name": name}
    if facts.extensions is not None:
        found["network-feature-enabled"] = {"api_extensions": ",".join(facts.extensions)}
    if facts.announced is not None:
        found["object-storage-feature-enabled"] = {
            "discoverable_apis": ",".join(facts.announced),
            "container_sync": _word("container_sync" in facts.announced),
        }
    return found


def _word(value: bool) -> str:  # noqa: FBT001 - a value to be written
    return "true" if value else "false"


def _auth(ordinary: Sequence[Account], admin: Account | None) -> dict[str, str]:
    if admin is None:
        return {"use_dynamic_credentials": "false", "test_accounts_file": "accounts.yaml"}
    main = ordinary[0] if ordinary else admin
    roles = [] if MEMBER in main.roles else [name for name in main.roles if name != READER]
    return {
        "use_dynamic_credentials": "true",
        "admin_username": admin.user,
        "admin_password": admin.password,
        "admin_project_name": admin.project,
        "admin_user_domain_name": admin.user_domain,
        "admin_project_domain_name": admin.project_domain,
        "default_credentials_domain_name": main.user_domain,
        "tempest_roles": ",".join(roles if main is not admin else []),
    }


def _roles(ordinary: Sequence[Account]) -> dict[str, str]:
    """Name the roles of the object store: who may write, and who may set the quotas of others."""
    main = set(ordinary[0].roles) if ordinary else {MEMBER}
    operator = MEMBER if MEMBER in main else min(main - {READER}, default=MEMBER)
    found = {"operator_role": operator}
    for item in ordinary[1:]:
        if item.entry.endswith(RESELLER) and (own := set(item.roles) - main):
            found["reseller_admin_role"] = min(own)
    return found


def _tls(credential: Credential) -> dict[str, str]:
    if isinstance(credential.verify, str):
        return {"ca_certificates_file": credential.verify}
    return {} if credential.verify else {"disable_ssl_certificate_validation": "true"}


def _servers(facts: Facts) -> dict[str, str]:
    """Choose the smallest image and flavors that go with it."""
    if not facts.images:
        return {}
    first, second = (*facts.images[:2], facts.images[0])[:2]
    fitting = [item for item in facts.flavors if _fits(item, first) and _fits(item, second)] or list(facts.flavors)
    found = {"image_ref": first.id, "image_ref_alt": second.id}
    if fitting:
        small = fitting[0]
        # A server is resized to the other one and back.
        larger = next((item for item in fitting[1:] if item.disk >= small.disk), small)
        found |= {"flavor_ref": small.id, "flavor_ref_alt": larger.id}
    return found


def _fits(flavor: Flavor, image: Image) -> bool:
    return flavor.ram >= image.ram and flavor.disk >= image.disk


def concurrency(ordinary: Sequence[Account], *, compute: bool) -> int:
    """Return how many classes can run at once on accounts that are shared out.

    Each may need a second account; and one of compute, somebody who may only read in the same project.
    """
    members = [item for item in ordinary if _member(item) and not item.kept]
    found = len(members) // PER_TEST
    if compute:
        found = min(found, len({item.project for item in members} & _readers(ordinary)))
    return max(found, 1)


def _member(item: Account) -> bool:
    return bool(set(item.roles) - {READER}) and not item.entry.endswith(RESELLER)


def _readers(ordinary: Iterable[Account]) -> set[str]:
    """Return the projects that have somebody who may only read."""
    return {item.project for item in ordinary if set(item.roles) == {READER}}


def accounts(ordinary: Sequence[Account]) -> str:
    """Write the accounts file; JSON is YAML too.

    Tempest takes a class's first account by its role, from a project that has a reader too if there is one, a second
    one from the top of the file. A member is not called a reader, though the role implies it: Tempest would use it up.
    """
    readers = _readers(ordinary)
    ordered = sorted(ordinary, key=lambda item: (not _member(item), item.kept, item.project in readers))
    return json.dumps([_entry(item) for item in ordered], indent=1) + "\n"


def _entry(item: Account) -> dict[str, object]:
    roles = sorted({*item.roles, MEMBER} - {READER}) if _member(item) else list(item.roles)
    entry: dict[str, object] = {
        "username": item.user,
        "password": item.password,
        "project_name": item.project,
        "user_domain_name": item.user_domain,
        "project_domain_name": item.project_domain,
        "roles": roles,
    }
    return entry | ({"resources": {"network": item.network}} if item.network else {})


def own(path: Path) -> Settings:
    """Read the options that the user sets. Raises InputError for a file that is no such configuration."""
    hint = "give sections and options as tempest.conf has them"
    content = read_bytes(path, LARGEST, "bad-tempest-conf", hint)
    parser = configparser.RawConfigParser(strict=True, default_section="")
    try:
        parser.read_string(content.decode("utf-8"), str(path))
    except (configparser.Error, UnicodeDecodeError) as error:
        told = str(error).splitlines()[0]
        raise InputError("bad-tempest-conf", f"is no tempest.conf: {told}", where=str(path), hint=hint) from error
    return {section: dict(parser.items(section)) for section in parser.sections()}


def render(found: Mapping[str, Mapping[str, str]], plain: Mapping[str, Mapping[str, str]] | None = None) -> str:
    """Write the file, each value so that oslo.config reads it as it is; ``plain`` holds what is already written so.

    Raises InputError for a value that such a file cannot hold.
    """
    lines = []
    for section in [*found, *(name for name in plain or {} if name not in found)]:
        values = {key: _quoted(section, key, value) for key, value in found.get(section, {}).items()}
        values |= (plain or {}).get(section, {})
        lines += [f"[{section}]", *(f"{key} = {value}" for key, value in values.items()), ""]
    return "\n".join(lines)


def _quoted(section: str, key: str, value: str) -> str:
    if any(char in value for char in ("\r", "\n", r"\$")):
        what = f"[{section}] {key} has a line break or a backslash before a dollar, which tempest.conf cannot hold"
        raise InputError("bad-tempest-conf", what, hint="change it on the cloud")
    # oslo.config fills in what follows a dollar, and takes off one pair of quotes and the spaces around them.
    value = value.replace("$", "$$")
    bare = value == value.strip() and value[:1] not in {'"', "'"}
    return value if bare else f'"{value}"'
