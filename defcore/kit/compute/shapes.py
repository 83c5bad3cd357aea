"""The shapes of Nova's answers at microversion 2.1, closed: what the API does not have there must not come.

Members, and which of them must be there, are those of the response schemas that the published tests' clients check
(Tempest 47, ``tempest/lib/api_schema/response/compute/v2_1``). Some were extensions once: these may be absent.
"""

from __future__ import annotations

from defcore.kit.match import Each, Either, Every, Maybe, Only, ip_address, iso_time, mac, one_of, text_like, url

LINKS = Each(Only({"href": url, "rel": str}))
ID = text_like("an id", r"\S+")
microversion = text_like("a microversion", r"\d+\.\d+")

# -- servers ----------------------------------------------------------------------------------------------------------

SERVER_LISTED = Only({"id": str, "name": str, "links": LINKS})
ADDRESS = Only(
    {
        "version": one_of(4, 6),
        "addr": ip_address,
        "OS-EXT-IPS:type": Maybe(str),
        "OS-EXT-IPS-MAC:mac_addr": Maybe(mac),
    }
)
_PLAIN_ADDRESS = Only({"version": one_of(4, 6), "addr": ip_address})
_FAULT = Only({"code": int, "created": str, "message": str, "details": Maybe(str)})
_ACCESS = Either(ip_address, "")
_COMMON = {
    "id": str,
    "name": str,
    "status": str,
    "image": Either(Only({"id": str, "links": LINKS}), str, None),
    "flavor": Only({"id": Maybe(str), "links": Maybe(LINKS)}),
    "fault": Maybe(_FAULT),
    "user_id": str,
    "tenant_id": str,
    "created": iso_time,
    "updated": iso_time,
    "progress": Maybe(int),
    "metadata": dict,
    "links": LINKS,
    "hostId": str,
    "OS-DCF:diskConfig": Maybe(str),
    "accessIPv4": Maybe(_ACCESS),
    "accessIPv6": Maybe(_ACCESS),
}
UPDATED = Only({"server": Only(_COMMON | {"addresses": Every(Each(_PLAIN_ADDRESS))})})
"""What changing a server answers; a rebuild adds ``adminPass`` to its members."""
SERVER = Only(
    _COMMON
    | {
        "addresses": Every(Each(ADDRESS)),
        "key_name": Maybe(Either(str, None)),
        "security_groups": Maybe(list),
        "OS-SRV-USG:launched_at": Maybe(Either(str, None)),
        "OS-SRV-USG:terminated_at": Maybe(Either(str, None)),
        "OS-EXT-AZ:availability_zone": Maybe(str),
        "OS-EXT-STS:task_state": Maybe(Either(str, None)),
        "OS-EXT-STS:vm_state": Maybe(str),
        "OS-EXT-STS:power_state": Maybe(one_of(0, 1, 3, 4, 6, 7)),
        "OS-EXT-SRV-ATTR:host": Maybe(Either(str, None)),
        "OS-EXT-SRV-ATTR:instance_name": Maybe(str),
        "OS-EXT-SRV-ATTR:hypervisor_hostname": Maybe(Either(str, None)),
        "os-extended-volumes:volumes_attached": Maybe(Each(Only({"id": Maybe(str)}))),
        "config_drive": Maybe(str),
    }
)
SHOWN = Only({"server": SERVER})
LISTED = Only({"servers": Each(SERVER_LISTED), "servers_links": Maybe(LINKS)})
LISTED_DETAIL = Only({"servers": Each(SERVER), "servers_links": Maybe(LINKS)})
CREATED = Only(
    {
        "server": Only(
            {
                "id": str,
                "links": LINKS,
                "adminPass": str,
                "security_groups": Maybe(list),
                "OS-DCF:diskConfig": Maybe(str),
            }
        )
    }
)

# -- what a server has ------------------------------------------------------------------------------------------------

METADATA = Only({"metadata": Every(str)})
META = Only({"meta": Every(str)})
CONSOLE = Only({"output": str})

# -- what servers are made from ---------------------------------------------------------------------------------------

FLAVOR_LISTED = Only({"id": str, "name": str, "links": LINKS})
FLAVOR = Only(
    {
        "id": str,
        "name": str,
        "links": LINKS,
        "ram": int,
        "vcpus": int,
        "swap": Either(int, str),
        "disk": int,
        "OS-FLV-DISABLED:disabled": Maybe(bool),
        "os-flavor-access:is_public": Maybe(bool),
        "rxtx_factor": Maybe(Either(int, float)),
        "OS-FLV-EXT-DATA:ephemeral": Maybe(int),
    }
)
FLAVOR_SHOWN = Only({"flavor": FLAVOR})
FLAVORS = Only({"flavors": Each(FLAVOR_LISTED), "flavors_links": Maybe(LINKS)})
FLAVORS_DETAIL = Only({"flavors": Each(FLAVOR), "flavors_links": Maybe(LINKS)})

_KEY_MADE = {"name": str, "type": str, "public_key": str, "fingerprint": str}
KEY_CREATED = Only({"keypair": Only(_KEY_MADE | {"user_id": str, "private_key": Maybe(str)})})
"""A key pair that was made at microversion 2.2, from which on it has a ``type``; so do the next two."""
KEY_SHOWN = Only(
    {
        "keypair": Only(
            _KEY_MADE
            | {
                "user_id": str,
                "deleted": bool,
                "created_at": iso_time,
                "updated_at": Either(iso_time, None),
                "deleted_at": Either(iso_time, None),
                "id": int,
            }
        )
    }
)
_KEYS = {"keypairs": Each(Only({"keypair": Only(_KEY_MADE)}))}
KEYS_LISTED = Only(_KEYS)
KEYS_PAGE = Only(_KEYS | {"keypairs_links": Maybe(LINKS)})
"""A page of key pairs, of which there are some from microversion 2.35 on."""

# -- the cloud itself -------------------------------------------------------------------------------------------------

ALLOWED = {
    "instances": "maxTotalInstances",
    "cores": "maxTotalCores",
    "ram": "maxTotalRAMSize",
    "floating_ips": "maxTotalFloatingIps",
    "metadata_items": "maxServerMeta",
    "key_pairs": "maxTotalKeypairs",
    "security_groups": "maxSecurityGroups",
    "security_group_rules": "maxSecurityGroupRules",
    "server_group_members": "maxServerGroupMembers",
    "server_groups": "maxServerGroups",
    "injected_files": "maxPersonality",
    "injected_file_content_bytes": "maxPersonalitySize",
}
"""What a quota is called among the limits."""
_USED = ("RAM", "Cores", "Instances", "FloatingIps", "SecurityGroups", "ServerGroups")
QUOTAS = Only(
    {
        "quota_set": Only(
            {"id": str}
            | dict.fromkeys(
                (
                    "instances",
                    "cores",
                    "ram",
                    "floating_ips",
                    "fixed_ips",
                    "metadata_items",
                    "key_pairs",
                    "security_groups",
                    "security_group_rules",
                    "server_group_members",
                    "server_groups",
                    "injected_files",
                    "injected_file_content_bytes",
                    "injected_file_path_bytes",
                ),
                int,
            )
        )
    }
)
ZONES = Only(
    {
        "availabilityZoneInfo": Each(
            Only({"zoneName": str, "zoneState": Only({"available": bool}), "hosts": None}), least=1
        )
    }
)
_VERSION = {
    "id": str,
    "links": Each(Only({"href": url, "rel": str, "type": Maybe(str)})),
    "status": str,
    "updated": iso_time,
}
VERSIONS = Only(
    {
        "versions": Each(
            Only(_VERSION | {"version": Maybe(str), "min_version": Maybe(str), "media-types": Maybe(list)}), least=1
        )
    }
)
VERSION = _VERSION | {"version": str, "min_version": str}
"""A version as the list, which itself has none, tells of it at least: both texts are empty without microversions."""
VERSION_SHOWN = Only(
    {"version": Only(_VERSION | {"version": microversion, "min_version": microversion, "media-types": Maybe(list)})}
)
LIMITS = Only(
    {
        "limits": Only(
            {
                "rate": list,
                "absolute": Only(
                    dict.fromkeys((*ALLOWED.values(), "maxImageMeta", *(f"total{what}Used" for what in _USED)), int)
                ),
            }
        )
    }
)
