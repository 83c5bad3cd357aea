"""Sections that the configuration files of several services share."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from defcore.refcloud.config.layout import Layout

FIXED_KEY = "00112233445566778899aabbccddeeff" * 2
"""A key manager must have a key; nothing in this cloud is worth encrypting."""


def logging(layout: Layout, service: str, **more: str) -> dict[str, str]:
    """Give a DEFAULT section that logs to the cloud's own folder."""
    return {"use_stderr": "false", "log_file": f"{layout.data}/log/{service}.log", "debug": "false", **more}


def database(layout: Layout, name: str) -> dict[str, str]:
    """Point at one SQLite file; a reference cloud need not survive a power cut."""
    return {"connection": f"sqlite:///{layout.data}/db/{name}.sqlite", "sqlite_synchronous": "false"}


def client(layout: Layout, user: str, more: dict[str, str]) -> dict[str, str]:
    """Sign in as a service user, over the inner URLs; ``more`` are options of that section alone."""
    return {
        "auth_url": layout.inner_url("identity", "/v3"),
        "auth_type": "password",
        "username": user,
        "password": layout.secrets["service"],
        "project_name": "service",
        "user_domain_id": "default",
        "project_domain_id": "default",
        "region_name": layout.profile.region,
        **more,
    }


def tokens(layout: Layout, user: str) -> dict[str, str]:
    """Validate the tokens of callers; five minutes of cache, as deployments do."""
    options = {
        "www_authenticate_uri": layout.public_url("identity", "/v3"),
        "service_token_roles": "service",
        "service_token_roles_required": "true",
        "token_cache_time": "300",
        "interface": "internal",
    }
    return client(layout, user, options)


def locks(layout: Layout) -> dict[str, str]:
    """Where oslo.concurrency keeps its file locks."""
    return {"lock_path": f"{layout.data}/locks"}


SILENT = {"driver": "noop"}
"""Notifications that nobody listens to."""

PROXIED = {"enable_proxy_headers_parsing": "true"}
"""Links follow the URL that the caller used, so the same service can be met with and without a prefix."""
