"""All configuration files of a cloud, as text and on disk."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from defcore.refcloud.config import compute, objectstore, openstack
from defcore.refcloud.files import write_private

if TYPE_CHECKING:
    from collections.abc import Callable

    from defcore.refcloud.config.layout import Layout, Sections

FOLDERS = (
    "etc",
    "db",
    "log",
    "run",
    "tls",
    "state/nova",
    "state/neutron",
    "state/cinder",
    "images",
    "staging",
    "tasks",
    "locks",
    "fernet-keys",
    "credential-keys",
    "swift/d1",
)

RENDERERS: dict[str, Callable[[Layout], dict[str, Sections]]] = {
    "identity": openstack.identity,
    "image": openstack.image,
    "placement": openstack.placement,
    "network": openstack.network,
    "compute": compute.compute,
    "block-storage": openstack.block_storage,
    "object-store": objectstore.object_store,
}


def render(layout: Layout) -> dict[str, str]:
    """Map the name of each file below ``etc`` to its text."""
    files: dict[str, str] = {}
    for service in layout.services:
        for name, sections in RENDERERS[service](layout).items():
            files[name] = "\n".join(
                f"[{title}]\n" + "".join(f"{key} = {value}\n" for key, value in options.items())
                for title, options in sections.items()
            )
    return files


def write(layout: Layout) -> None:
    """Make the folders of a cloud and write its configuration, readable by its owner alone."""
    for folder in FOLDERS:
        (layout.data / folder).mkdir(parents=True, exist_ok=True, mode=0o700)
    for name, text in render(layout).items():
        write_private(layout.data / "etc" / name, text)
    write_private(layout.data / "cloud.json", json.dumps(layout.spec(), indent=1))
