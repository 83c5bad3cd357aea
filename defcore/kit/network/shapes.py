"""What the API reference promises of each kind of thing; the published tests demand less, and take it for advice only.

https://docs.openstack.org/api-ref/network/v2/
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from defcore.kit.match import Each, Either, Maybe, cidr, count, ip_address, iso_time, mac, nonempty, one_of

if TYPE_CHECKING:
    from collections.abc import Collection

_COMMON: dict[str, Any] = {"id": nonempty, "name": str, "project_id": str, "tenant_id": str}
_STATUS = one_of("ACTIVE", "DOWN", "BUILD", "ERROR")

NETWORK = _COMMON | {"status": _STATUS, "admin_state_up": bool, "shared": bool, "subnets": Each(str)}
SUBNET = _COMMON | {
    "network_id": nonempty,
    "ip_version": one_of(4, 6),
    "cidr": cidr,
    "gateway_ip": Either(ip_address, None),
    "allocation_pools": Each({"start": ip_address, "end": ip_address}),
    "dns_nameservers": Each(str),
    "host_routes": Each({"destination": cidr, "nexthop": ip_address}),
    "enable_dhcp": bool,
}
PORT = _COMMON | {
    "network_id": nonempty,
    "status": one_of("ACTIVE", "DOWN", "BUILD", "ERROR", "N/A"),
    "admin_state_up": bool,
    "mac_address": mac,
    "fixed_ips": Each({"subnet_id": nonempty, "ip_address": ip_address}),
    "device_id": str,
    "device_owner": str,
}
ROUTER = _COMMON | {
    "status": one_of("ACTIVE", "ALLOCATING", "ERROR"),
    "admin_state_up": bool,
    "external_gateway_info": Either({"network_id": nonempty}, None),
}
FLOATING_IP = {
    "id": nonempty,
    "project_id": str,
    "tenant_id": str,
    "status": one_of("ACTIVE", "DOWN", "ERROR"),
    "floating_network_id": nonempty,
    "floating_ip_address": ip_address,
    "fixed_ip_address": Either(ip_address, None),
    "port_id": Either(nonempty, None),
    "router_id": Either(nonempty, None),
}
RULE = {
    "id": nonempty,
    "project_id": str,
    "tenant_id": str,
    "security_group_id": nonempty,
    "direction": one_of("ingress", "egress"),
    "ethertype": one_of("IPv4", "IPv6"),
    "protocol": Either(str, int, None),
    "port_range_min": Either(int, None),
    "port_range_max": Either(int, None),
    "remote_ip_prefix": Either(cidr, None),
    "remote_group_id": Either(nonempty, None),
}
SECURITY_GROUP = _COMMON | {"description": str, "security_group_rules": Each(RULE)}
SUBNET_POOL = _COMMON | {
    "prefixes": Each(cidr, least=1),
    "ip_version": one_of(4, 6),
    "default_prefixlen": Either(int, str),
    "min_prefixlen": Either(int, str),
    "max_prefixlen": Either(int, str),
    "shared": bool,
}

_Added: TypeAlias = "dict[str, dict[str, Any]]"
_LATER: _Added = {"project-id": {"project_id": nonempty}}
_STANDARD: _Added = _LATER | {
    "standard-attr-description": {"description": Either(str, None)},
    "standard-attr-revisions": {"revision_number": count},
    "standard-attr-timestamp": {"created_at": iso_time, "updated_at": iso_time},
}
_TAGGED: _Added = _STANDARD | {"standard-attr-tag": {"tags": Each(str)}}
_POLICY: dict[str, Any] = {"qos_policy_id": Either(nonempty, None)}
_ZONES: dict[str, Any] = {"availability_zones": Each(str), "availability_zone_hints": Each(str)}
_SCOPE = Either(nonempty, None)
BASE: dict[str, dict[str, Any]] = {
    "network": NETWORK,
    "subnet": SUBNET | {"ipv6_address_mode": Either(str, None), "ipv6_ra_mode": Either(str, None)},
    "port": PORT,
    "router": ROUTER,
    "floatingip": FLOATING_IP,
    "security_group": SECURITY_GROUP,
    "security_group_rule": RULE,
    "subnetpool": SUBNET_POOL | {"default_quota": Maybe(Either(int, None))},
}
"""What is promised everywhere, by what one thing is wrapped in."""
ADDED: dict[str, _Added] = {
    "network": _TAGGED
    | {
        "address-scope": {"ipv4_address_scope": _SCOPE, "ipv6_address_scope": _SCOPE},
        "dns-integration": {"dns_domain": Either(str, None)},
        "external-net": {"router:external": bool},
        "l2_adjacency": {"l2_adjacency": bool},
        "net-mtu": {"mtu": int},
        "network_availability_zone": _ZONES,
        "port-security": {"port_security_enabled": bool},
        "qos": _POLICY,
    },
    "subnet": _TAGGED
    | {
        "subnet-service-types": {"service_types": Each(str)},
        "subnet_allocation": {"subnetpool_id": Either(nonempty, None)},
    },
    "port": _TAGGED
    | {
        "allowed-address-pairs": {"allowed_address_pairs": Each({"ip_address": nonempty})},
        "binding": {"binding:vnic_type": nonempty},
        "dns-integration": {"dns_name": Either(str, None), "dns_assignment": Either(Each(dict), None)},
        "extra_dhcp_opt": {"extra_dhcp_opts": Each({"opt_name": nonempty})},
        "ip_allocation": {"ip_allocation": Either(nonempty, None)},
        "port-security": {"port_security_enabled": bool},
        "qos": _POLICY,
        "qos-port-network-policy": {"qos_network_policy_id": Either(nonempty, None)},
        "security-group": {"security_groups": Each(nonempty)},
    },
    "router": _TAGGED
    | {
        "extraroute": {"routes": Each({"destination": cidr, "nexthop": ip_address})},
        "router_availability_zone": _ZONES,
    },
    "floatingip": _TAGGED
    | {
        "dns-integration": {"dns_name": Either(str, None), "dns_domain": Either(str, None)},
        "expose-port-forwarding-in-fip": {"port_forwardings": Each(dict)},
        "fip-port-details": {"port_details": Either({"name": str, "network_id": nonempty, "mac_address": mac}, None)},
        "qos-fip": _POLICY,
    },
    "security_group": _TAGGED | {"stateful-security-group": {"stateful": bool}},
    "security_group_rule": _STANDARD
    | {
        "security-groups-normalized-cidr": {"normalized_cidr": Either(cidr, None)},
        "security-groups-remote-address-group": {"remote_address_group_id": Either(nonempty, None)},
        "security-groups-rules-belongs-to-default-sg": {"belongs_to_default_sg": bool},
    },
    "subnetpool": _TAGGED
    | {
        "address-scope": {"address_scope_id": Maybe(_SCOPE)},
        "default-subnetpools": {"is_default": bool},
    },
}
"""What an extension adds, by what one thing is wrapped in and by the alias of the extension."""


def whole(one: str, announced: Collection[str]) -> dict[str, Any]:
    """Return all that is promised of a thing by a cloud that announces these extensions; others may be there too."""
    shape = dict(BASE[one])
    for extension, members in ADDED[one].items():
        shape |= members if extension in announced else {key: Maybe(value) for key, value in members.items()}
    return shape
