"""Configuration of object storage: a proxy with every filter that users may meet, three servers, one disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from defcore.refcloud.config.parts import tokens
from defcore.refcloud.paths import HOST

if TYPE_CHECKING:
    from defcore.refcloud.config.layout import Layout, Sections

EGGS = (
    "catch_errors",
    "gatekeeper",
    "healthcheck",
    "proxy_logging",
    "listing_formats",
    "container_sync",
    "bulk",
    "tempurl",
    "ratelimit",
    "crossdomain",
    "formpost",
    "staticweb",
    "copy",
    "container_quotas",
    "account_quotas",
    "slo",
    "dlo",
    "symlink",
)
"""Filters that need no options of their own."""

PIPELINE = (
    "catch_errors gatekeeper healthcheck proxy_logging cache listing_formats container_sync bulk tempurl "
    "ratelimit crossdomain formpost s3api authtoken s3token keystoneauth staticweb copy container_quotas "
    "account_quotas slo dlo versioned_writes symlink proxy_logging proxy-server"
)


def object_store(layout: Layout) -> dict[str, Sections]:
    """Render swift.conf and one file for each of the four servers."""
    files: dict[str, Sections] = {
        "swift.conf": {
            "swift-hash": {"swift_hash_path_suffix": "refcloud"},
            "storage-policy:0": {"name": "gold", "default": "yes"},
        },
        "swift-proxy.conf": _proxy(layout),
    }
    for kind in ("account", "container", "object"):
        files[f"swift-{kind}.conf"] = {
            "DEFAULT": {
                **_server(layout, f"object-store-{kind}"),
                "devices": f"{layout.data}/swift",
                "mount_check": "false",
                "disable_fallocate": "true",
                "fallocate_reserve": "0",
            },
            "pipeline:main": {"pipeline": f"{kind}-server"},
            f"app:{kind}-server": {"use": f"egg:swift#{kind}"},
        }
    return files


def _server(layout: Layout, listener: str) -> dict[str, str]:
    """Give what each of the four servers is told about itself."""
    return {
        "bind_ip": HOST,
        "bind_port": str(layout.ports[listener]),
        "workers": "0",
        "swift_dir": f"{layout.data}/etc",
        "log_name": listener,
    }


def _proxy(layout: Layout) -> Sections:
    """Render the proxy's pipeline."""
    options: Sections = {
        "cache": {"paste.filter_factory": "refcloud_inside.swift_server:cache_factory"},
        "s3api": {"use": "egg:swift#s3api", "s3_acl": "false", "location": "us-east-1"},
        "s3token": {"use": "egg:swift#s3token", "auth_uri": layout.inner_url("identity", "/v3")},
        "versioned_writes": {
            "use": "egg:swift#versioned_writes",
            "allow_versioned_writes": "true",
            "allow_object_versioning": "true",
        },
        "keystoneauth": {
            "use": "egg:swift#keystoneauth",
            "operator_roles": "admin, member",
            "reseller_admin_role": "ResellerAdmin",
            "project_reader_roles": "reader",
        },
        "authtoken": {
            "paste.filter_factory": "keystonemiddleware.auth_token:filter_factory",
            **tokens(layout, "swift"),
            "delay_auth_decision": "true",
        },
        **{name: {"use": f"egg:swift#{name}"} for name in EGGS},
    }
    return {
        "DEFAULT": _server(layout, "object-store"),
        "pipeline:main": {
            "pipeline": " ".join(name for name in PIPELINE.split() if name not in layout.profile.left_out)
        },
        "app:proxy-server": {
            "use": "egg:swift#proxy",
            "allow_account_management": "true",
            "account_autocreate": "true",
        },
        **{f"filter:{name}": {**section, **layout.profile.options.get(name, {})} for name, section in options.items()},
    }
