"""Configuration of compute: API, conductor, scheduler and a fake hypervisor in one process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defcore.refcloud.config.parts import FIXED_KEY, PROXIED, SILENT, client, database, locks, logging, tokens

if TYPE_CHECKING:
    from defcore.refcloud.config.layout import Layout, Sections


def compute(layout: Layout) -> dict[str, Sections]:
    """Render nova.conf."""
    quotas = layout.profile.quotas
    sections: Sections = {
        "DEFAULT": logging(
            layout,
            "compute",
            host="refcloud",
            my_ip="127.0.0.1",
            transport_url="fake://",
            compute_driver="refcloud.Driver",
            state_path=f"{layout.data}/state/nova",
            instances_path=f"{layout.data}/state/nova/instances",
            report_interval="30",
            # one process that reports for itself is never down, however long the machine slept
            service_down_time="315360000",
            vif_plugging_is_fatal="false",
            vif_plugging_timeout="0",
            resume_guests_state_on_host_boot="true",
            allow_resize_to_same_host="true",
            cpu_allocation_ratio="16.0",
            heal_instance_info_cache_interval="-1",
            refcloud_boot_seconds=str(layout.profile.boot_seconds),
        ),
        "api": {"auth_strategy": "keystone"},
        "wsgi": {"api_paste_config": f"{layout.venv}/etc/nova/api-paste.ini"},
        "database": database(layout, "nova_cell1"),
        "api_database": database(layout, "nova_api"),
        "oslo_concurrency": locks(layout),
        "oslo_middleware": PROXIED,
        "oslo_messaging_notifications": SILENT,
        "scheduler": {"workers": "1"},
        "filter_scheduler": {"track_instance_changes": "false"},
        "conductor": {"workers": "1"},
        "vnc": {"enabled": "true"},
        "quota": {"instances": str(quotas.servers), "cores": str(quotas.cores), "ram": str(quotas.ram)},
        "key_manager": {"backend": "nova.keymgr.conf_key_mgr.ConfKeyManager", "fixed_key": FIXED_KEY},
        "glance": {"api_servers": layout.inner_url("image")},
        "cinder": client(
            layout,
            "nova",
            {"catalog_info": "block-storage::internalURL", "os_region_name": layout.profile.region},
        ),
        "placement": client(layout, "placement", {"valid_interfaces": "internal"}),
        "neutron": client(layout, "neutron", {"valid_interfaces": "internal"}),
        "service_user": client(layout, "nova", {"send_service_user_token": "true"}),
        "keystone_authtoken": tokens(layout, "nova"),
    }
    return {"nova.conf": sections}
