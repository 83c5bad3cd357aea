"""Configuration of identity, image, placement, network and block storage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defcore.refcloud.config.parts import FIXED_KEY, PROXIED, SILENT, client, database, locks, logging, tokens

if TYPE_CHECKING:
    from defcore.refcloud.config.layout import Layout, Sections


def identity(layout: Layout) -> dict[str, Sections]:
    """Render keystone.conf."""
    fernet = {"key_repository": f"{layout.data}/fernet-keys"}
    return {
        "keystone.conf": {
            "DEFAULT": logging(layout, "identity"),
            "database": database(layout, "keystone"),
            "token": {"provider": "fernet", "expiration": "86400"},
            # keystone writes below /etc for each of these three that has no place of its own
            "fernet_tokens": fernet,
            "fernet_receipts": fernet,
            "credential": {"key_repository": f"{layout.data}/credential-keys"},
            "cache": {"enabled": "true", "backend": "oslo_cache.dict"},
            "identity": {"password_hash_algorithm": "bcrypt", "password_hash_rounds": "4"},
            "oslo_middleware": PROXIED,
            "oslo_messaging_notifications": SILENT,
        }
    }


def image(layout: Layout) -> dict[str, Sections]:
    """Render glance-api.conf."""
    return {
        "glance-api.conf": {
            "DEFAULT": logging(
                layout,
                "image",
                enabled_backends="file:file",
                transport_url="fake://",
                worker_self_reference_url=layout.inner_url("image"),
                enabled_import_methods="[glance-direct,web-download,copy-image]",
            ),
            "database": database(layout, "glance"),
            # tests upload a few random bytes and call them qcow2
            "image_format": {"require_image_format_match": "false"},
            "glance_store": {"default_backend": "file"},
            "file": {"filesystem_store_datadir": f"{layout.data}/images"},
            "os_glance_staging_store": {"filesystem_store_datadir": f"{layout.data}/staging"},
            "os_glance_tasks_store": {"filesystem_store_datadir": f"{layout.data}/tasks"},
            "paste_deploy": {
                "flavor": "keystone",
                "config_file": f"{layout.venv}/etc/glance/glance-api-paste.ini",
            },
            "oslo_concurrency": locks(layout),
            "oslo_middleware": PROXIED,
            "oslo_messaging_notifications": SILENT,
            "keystone_authtoken": tokens(layout, "glance"),
        }
    }


def placement(layout: Layout) -> dict[str, Sections]:
    """Render placement.conf."""
    return {
        "placement.conf": {
            "DEFAULT": logging(layout, "placement"),
            "placement_database": database(layout, "placement"),
            "api": {"auth_strategy": "keystone"},
            "oslo_middleware": PROXIED,
            "keystone_authtoken": tokens(layout, "placement"),
        }
    }


def network(layout: Layout) -> dict[str, Sections]:
    """Render neutron.conf: ML2 whose ports are bound at once, and no agents."""
    quotas = layout.profile.quotas
    sections: Sections = {
        "DEFAULT": logging(
            layout,
            "network",
            host="refcloud",
            state_path=f"{layout.data}/state/neutron",
            core_plugin="ml2",
            service_plugins=(
                "router,metering,qos,segments,port_forwarding,trunk,auto_allocate,tag,"
                "network_ip_availability,flavors,revisions,timestamp"
            ),
            api_paste_config=f"{layout.venv}/etc/neutron/api-paste.ini",
            auth_strategy="keystone",
            transport_url="fake://",
            notify_nova_on_port_status_changes=str("compute" in layout.services).lower(),
            notify_nova_on_port_data_changes=str("compute" in layout.services).lower(),
            send_events_interval="1",
            dhcp_agents_per_network="0",
            network_auto_schedule="false",
            router_auto_schedule="false",
            dhcp_agent_notification="false",
            api_workers="1",
            rpc_workers="0",
        ),
        "quotas": {
            "quota_network": str(quotas.networks),
            "quota_subnet": str(quotas.subnets),
            "quota_port": str(quotas.ports),
            "quota_router": str(quotas.routers),
            "quota_floatingip": str(quotas.floating_ips),
            "quota_security_group": str(quotas.security_groups),
            "quota_security_group_rule": str(quotas.security_group_rules),
        },
        "ml2": {
            "type_drivers": "local,flat,vlan,vxlan,geneve",
            "tenant_network_types": "vxlan",
            "mechanism_drivers": "refcloud,openvswitch",
            "extension_drivers": "port_security,dns,qos",
        },
        "ml2_type_flat": {"flat_networks": "*"},
        "ml2_type_vlan": {"network_vlan_ranges": "physnet1:100:400"},
        "ml2_type_vxlan": {"vni_ranges": "1000:9999"},
        "securitygroup": {"enable_security_group": "true"},
        "oslo_concurrency": locks(layout),
        "oslo_middleware": PROXIED,
        "oslo_messaging_notifications": SILENT,
        "database": database(layout, "neutron"),
        "placement": client(layout, "neutron", {"endpoint_type": "internal"}),
        "nova": client(layout, "neutron", {"endpoint_type": "internal"}),
        "keystone_authtoken": tokens(layout, "neutron"),
    }
    return {"neutron.conf": sections}


def block_storage(layout: Layout) -> dict[str, Sections]:
    """Render cinder.conf: one fake back end."""
    quotas = layout.profile.quotas
    return {
        "cinder.conf": {
            "DEFAULT": logging(
                layout,
                "block-storage",
                host="refcloud",
                my_ip="127.0.0.1",
                transport_url="fake://",
                auth_strategy="keystone",
                api_paste_config=f"{layout.venv}/etc/cinder/api-paste.ini",
                resource_query_filters_file=f"{layout.venv}/etc/cinder/resource_filters.json",
                state_path=f"{layout.data}/state/cinder",
                enabled_backends="fake",
                default_volume_type="__DEFAULT__",
                glance_api_servers=layout.inner_url("image"),
                rootwrap_config=f"{layout.venv}/etc/cinder/rootwrap.conf",
                report_interval="30",
                # one process that reports for itself is never down, however long the machine slept
                service_down_time="315360000",
                quota_volumes=str(quotas.volumes),
                quota_snapshots=str(quotas.snapshots),
                quota_gigabytes=str(quotas.gigabytes),
            ),
            "fake": {
                "volume_backend_name": "fake",
                "volume_driver": "refcloud_inside.cinder_driver.Driver",
            },
            "coordination": {"backend_url": f"file://{layout.data}/state/cinder/coordination"},
            "oslo_concurrency": locks(layout),
            "oslo_middleware": PROXIED,
            "oslo_messaging_notifications": SILENT,
            "key_manager": {"backend": "cinder.keymgr.conf_key_mgr.ConfKeyManager", "fixed_key": FIXED_KEY},
            "database": database(layout, "cinder"),
            "nova": client(layout, "cinder", {"interface": "internal"}),
            "service_user": client(layout, "cinder", {"send_service_user_token": "true"}),
            "keystone_authtoken": tokens(layout, "cinder"),
        }
    }
