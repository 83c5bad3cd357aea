"""Who we are on which cloud: one entry of ``clouds.yaml``, read as openstacksdk reads it."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from defcore.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

AUXILIARY = ("alt", "empty", "reader", "reseller", "spare", "admin")
"""Suffixes under which further credentials of a cloud ``X`` are found: ``X-alt`` a second project, ``X-empty`` an
empty one, ``X-reader``, ``X-reseller`` (ResellerAdmin), ``X-spare`` (its password may be
changed), ``X-admin``. Nothing else in ``clouds.yaml`` is touched."""


@dataclass(frozen=True, slots=True)
class Credential:
    """Everything that is needed to log in once, and nothing that shows when it is printed.

    ``auth`` holds the plugin's options with their secrets. ``verify`` is a CA bundle's path or whether to
    verify at all; ``endpoints`` maps a service type to a URL that overrides the catalogue, ``regions`` and
    ``interfaces`` map one to what is set for that service alone. An interface may be a list, the best one first.
    """

    name: str
    auth_type: str
    auth: Mapping[str, Any] = field(repr=False)
    region: str | None
    interface: str | list[str]
    verify: bool | str
    cert: str | tuple[str, str] | None
    endpoints: Mapping[str, str]
    regions: Mapping[str, str] = field(default_factory=dict)
    interfaces: Mapping[str, str | list[str]] = field(default_factory=dict)

    def secrets(self) -> tuple[str, ...]:
        """Return the values that must never be written anywhere."""
        hidden = ("password", "secret", "token", "passcode", "key")
        return tuple(str(value) for name, value in self.auth.items() if value and any(word in name for word in hidden))

    def to_wire(self) -> dict[str, Any]:
        """Give the JSON value that a worker gets through its pipe; it is never written to disk."""
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_wire(cls, value: dict[str, Any]) -> Credential:
        """Read what ``to_wire`` gave."""
        cert = value["cert"]
        return cls(**(value | {"cert": tuple(cert) if isinstance(cert, list) else cert}))


def read_credentials(
    name: str, named: Mapping[str, str] | None = None, region: str | None = None
) -> dict[str, Credential]:
    """Read the entry ``name`` and its auxiliary ones from ``clouds.yaml``, ``secure.yaml`` and the environment.

    ``named`` maps a suffix of ``AUXILIARY`` to an entry's name where the user gave one; ``region`` stands in the place
    of the entries' own. The result maps ``main`` and each suffix that was found. Raises InputError for an unknown entry
    or region.
    """
    # openstacksdk takes most of a second to import; only this function needs it.
    import openstack.config  # noqa: PLC0415

    try:
        config = openstack.config.OpenStackConfig()
        known = config.get_cloud_names()
    except Exception as error:  # a file of the wrong shape makes openstacksdk stumble in many ways
        hint = "see the openstacksdk documentation of clouds.yaml"
        raise InputError("bad-clouds-yaml", f"clouds.yaml cannot be read: {error}", hint=hint) from error
    named = named or {}
    wanted = {"main": name}
    wanted |= {role: named.get(role, f"{name}-{role}") for role in AUXILIARY}
    found = {}
    for role, entry in wanted.items():
        if entry in known:
            found[role] = _read(config, entry, region)
        elif role == "main" or role in named:
            # openstacksdk makes up an entry where it finds no file.
            names = ", ".join(sorted(known)) if config.config_filename else ""
            place = "it is looked for here, in ~/.config/openstack and /etc/openstack"
            hint = f"clouds.yaml has: {names}; {place}" if names else f"there is none: {place}"
            raise InputError("unknown-cloud", f"clouds.yaml has no entry {entry!r}", hint=hint)
    return found


def read_regions(name: str) -> tuple[str | None, ...]:
    """Return the regions that the entry ``name`` lists; one None for an entry that leaves it to the catalogue.

    Raises InputError for a file that cannot be read. An unknown entry is ``read_credentials``' to refuse.
    """
    import openstack.config  # noqa: PLC0415 - as above

    try:
        entry = openstack.config.OpenStackConfig().cloud_config["clouds"].get(name) or {}
        listed = [str(item["name"] if isinstance(item, dict) else item) for item in entry.get("regions") or ()]
    except Exception as error:
        hint = "see the openstacksdk documentation of clouds.yaml"
        raise InputError("bad-clouds-yaml", f"clouds.yaml cannot be read: {error}", hint=hint) from error
    return tuple(dict.fromkeys(listed)) or (None,)


def _read(config: Any, entry: str, name: str | None) -> Credential:  # noqa: ANN401 - the config has no public type
    try:
        with warnings.catch_warnings(action="ignore"):
            region = config.get_one(cloud=entry, **({"region_name": name} if name else {}))
    except Exception as error:
        hint = "see the openstacksdk documentation of clouds.yaml"
        if "'application_credential_" in str(error):
            hint = "an application credential needs auth_type: v3applicationcredential"
        raise InputError("bad-clouds-yaml", f"clouds.yaml, entry {entry!r}: {error}", hint=hint) from error
    options = region.config
    auth = {key: value for key, value in options.get("auth", {}).items() if value is not None}
    if not auth.get("auth_url"):
        raise InputError("bad-clouds-yaml", f"clouds.yaml, entry {entry!r} has no auth.auth_url", hint="add it")
    verify, cert = region.get_requests_verify_args()
    return Credential(
        entry,
        options.get("auth_type") or "password",
        auth,
        region.get_region_name() or None,
        options.get("interface") or "public",
        verify,
        tuple(cert) if isinstance(cert, list) else cert,
        endpoints=_of_services(region, ("_endpoint_override", "_endpoint"), region.get_endpoint),
        regions=_of_services(region, ("_region_name",), region.get_region_name),
        interfaces=_of_services(region, ("_interface",), region.get_interface),
    )


def _of_services(region: Any, suffixes: tuple[str, ...], read: Callable[[str], Any]) -> dict[str, Any]:  # noqa: ANN401
    """Map service type to what ``read`` finds for those that have a key of their own, under whichever alias."""
    found = {}
    for key in region.config:
        for suffix in suffixes:
            word = key.removesuffix(suffix)
            if word != key and word and region.config[key]:
                kind = region.get_service_type(word.replace("_", "-"))
                found[kind] = read(kind)
    return found
