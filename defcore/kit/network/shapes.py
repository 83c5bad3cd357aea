"""What the API reference promises of each kind of thing; the published tests demand less, so it is for advice only.

https://docs.openstack.org/api-ref/network/v2/
"""

from __future__ import annotations

from defcore.kit.match import Each, Either, cidr, ip_address, mac, nonempty, one_of

_COMMON = {"id": nonempty, "name": str, "project_id": str, "tenant_id": str}
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
