"""What block storage answers as of microversion 3.0, as closed as the published tests' client has it.

Where that client only looks whether an id is a text, so do we: users of a directory have ids that are no UUIDs.
"""

from __future__ import annotations

from typing import Any

from defcore.kit.match import Each, Either, Every, Maybe, Only, iso_time, nonempty, text_like

text_or_null = Either(str, None)
time_or_null = Either(iso_time, None)
LINKS = Each(Only({"href": str, "rel": str}))
METADATA = Only({"metadata": dict})
ITEM = Only({"meta": dict})
SNAPSHOT_METADATA = Only({"metadata": Every(str)})
SNAPSHOT_ITEM = Only({"meta": Every(str)})

_attachment = Only(
    {
        "server_id": text_or_null,
        "attachment_id": Maybe(str),
        "attached_at": Maybe(time_or_null),
        "host_name": text_or_null,
        "volume_id": str,
        "device": text_or_null,
        "id": str,
    }
)
_created: dict[str, Any] = {
    "attachments": Each(_attachment),
    "availability_zone": text_or_null,
    "bootable": str,
    "consistencygroup_id": text_or_null,
    "created_at": iso_time,
    "description": text_or_null,
    "encrypted": bool,
    "group_id": Maybe(text_or_null),
    "id": str,
    "links": LINKS,
    "metadata": dict,
    "migration_status": Maybe(text_or_null),
    "multiattach": bool,
    "name": text_or_null,
    "provider_id": Maybe(text_or_null),
    "replication_status": text_or_null,
    "service_uuid": Maybe(text_or_null),
    "shared_targets": Maybe(bool),
    "size": int,
    "snapshot_id": text_or_null,
    "source_volid": text_or_null,
    "status": str,
    "updated_at": time_or_null,
    "user_id": str,
    "volume_type": text_or_null,
}
_shown = _created | {
    "os-vol-host-attr:host": Maybe(Either(text_like("HOST@BACKEND#POOL", r".+@.+#.+"), None)),
    "os-vol-mig-status-attr:migstat": Maybe(text_or_null),
    "os-vol-mig-status-attr:name_id": Maybe(text_or_null),
    "os-vol-tenant-attr:tenant_id": Maybe(str),
    "volume_image_metadata": Maybe(Either(dict, None)),
}
AS_OF_3_63 = Only(
    {
        "volume": Only(
            _shown
            | {
                "cluster_name": Maybe(text_or_null),
                "group_id": text_or_null,
                "service_uuid": text_or_null,
                "shared_targets": Either(bool, None),
                "volume_type_id": text_or_null,
            }
        )
    }
)
"""A volume as it is shown as of microversion 3.63."""
CREATED_VOLUME = Only({"volume": Only(_created)})
"""A volume as it is answered when it is created or changed."""
VOLUME = Only({"volume": Only(_shown)})
VOLUMES = Only(
    {"volumes": Each(Only({"links": LINKS, "id": str, "name": text_or_null})), "volumes_links": Maybe(LINKS)}
)
VOLUMES_DETAIL = Only({"volumes": Each(Only(_shown)), "volumes_links": Maybe(LINKS)})

_snapshot: dict[str, Any] = {
    "created_at": iso_time,
    "description": text_or_null,
    "id": str,
    "metadata": Every(str),
    "name": text_or_null,
    "size": int,
    "status": str,
    "updated_at": time_or_null,
    "volume_id": str,
}
_attributes = {
    "os-extended-snapshot-attributes:progress": str,
    "os-extended-snapshot-attributes:project_id": str,
}
CREATED_SNAPSHOT = Only({"snapshot": Only(_snapshot)})
"""A snapshot as it is answered when it is created or changed."""
SNAPSHOT = Only({"snapshot": Only(_snapshot | _attributes)})
SNAPSHOTS = Only({"snapshots": Each(Only(_snapshot)), "snapshots_links": Maybe(LINKS)})
SNAPSHOTS_DETAIL = Only({"snapshots": Each(Only(_snapshot | _attributes)), "snapshots_links": Maybe(LINKS)})

VERSIONS = {
    "versions": Each(
        {
            "id": str,
            "links": Each({"href": str, "rel": str, "type": Maybe(str)}),
            "media-types": list,
            "min_version": str,
            "status": str,
            "updated": str,
            "version": str,
        }
    )
}
UPLOADED = Only(
    {
        "os-volume_upload_image": Only(
            {
                "id": str,
                "image_id": nonempty,
                "image_name": str,
                "disk_format": str,
                "container_format": str,
                "display_description": text_or_null,
                "size": int,
                "status": "uploading",
                "updated_at": time_or_null,
                "volume_type": Either(str, {"id": str, "name": str}, None),
                "protected": Maybe(bool),
                "visibility": Maybe(str),
            }
        )
    }
)
"""What is answered to whoever has an image made of a volume; some tell as of 3.0 what is documented as of 3.1."""
ZONES = Only(
    {
        "availabilityZoneInfo": Each(
            Only({"zoneName": nonempty, "zoneState": Only({"available": bool})}),
            least=1,
        )
    }
)
EXTENSIONS = Only(
    {
        "extensions": Each(
            Only(
                {
                    "alias": str,
                    "description": str,
                    "links": list,
                    "name": str,
                    "namespace": Maybe(str),
                    "updated": iso_time,
                }
            )
        )
    }
)
