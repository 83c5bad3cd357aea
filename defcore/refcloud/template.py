"""Templates: the databases of a cloud, built once and copied for each new one."""

from __future__ import annotations

import base64
import contextlib
import json
import os
import secrets
import shutil
import sqlite3
from pathlib import Path
from typing import TYPE_CHECKING

from defcore.errors import CloudError
from defcore.refcloud import ports, runner
from defcore.refcloud.config import Layout, write
from defcore.refcloud.config.layout import FRONT
from defcore.refcloud.files import Tell, exclusive, remove_tree, write_private
from defcore.refcloud.paths import PACKAGE, Home, digest, lock_file
from defcore.refcloud.processes import end
from defcore.refcloud.services import LIGHT, listeners, tier

if TYPE_CHECKING:
    from collections.abc import Iterator

    from defcore.refcloud.profiles import Profile

SECRETS = "secrets.json"
# what a copy makes anew, or does not need
LEFT_OUT = ("log", "run", "locks", "etc", "tls", "cloud.json", "fernet-keys")


def wanted_listeners(profile: Profile, services: tuple[str, ...]) -> tuple[str, ...]:
    """Name the listeners of a cloud; the one that users meet comes first."""
    return ((FRONT,) if profile.prefixes else ()) + listeners(services)


def place(home: Home, profile: Profile, services: tuple[str, ...]) -> Path:
    """Where the template for this choice stands; other code, pins or profile give another place."""
    code = sorted(file for folder in ("inside", "config") for file in (PACKAGE / folder).glob("*.py"))
    key = digest(lock_file(tier(services)), *code, more=repr((profile, services)))
    return home.cache / "templates" / f"{profile.name}-{key}"


def ensure(home: Home, venv: Path, profile: Profile, services: tuple[str, ...], tell: Tell) -> Path:
    """Give the template for this choice, built if it is missing (once, even if many ask at a time)."""
    template = place(home, profile, services)
    if template.exists():
        return template
    with exclusive(home.cache / "locks" / template.name, tell) as lock:
        if not template.exists():
            tell(f"building the template {template}")
            draft = template.with_name(f"{template.name}.draft")
            _build(draft, venv, profile, services, lock)
            draft.rename(template)
    return template


def _build(draft: Path, venv: Path, profile: Profile, services: tuple[str, ...], lock: int) -> None:
    """Build a template in a draft folder; one that an earlier attempt left is thrown away."""
    end(draft)
    remove_tree(draft)
    draft.mkdir(parents=True, mode=0o700)
    words = {name: secrets.token_urlsafe(18) for name in ("service", *profile.users)}
    write_private(draft / SECRETS, json.dumps(words))
    sockets = ports.open_anywhere(wanted_listeners(profile, services), {})
    numbers = {name: sock.getsockname()[1] for name, sock in sockets.items()}
    layout = Layout("template", draft, venv, profile, services, numbers, words)
    try:
        write(layout)
        new_keys(draft / "fernet-keys")
        new_keys(draft / "credential-keys")
        runner.run_part(layout, "schema", lock)
        if set(services) - LIGHT:
            runner.await_ready(layout, runner.start(layout, sockets))
            runner.run_part(layout, "seed", lock)
    finally:
        for sock in sockets.values():
            sock.close()
        end(draft)
    for file in (draft / "db").glob("*.sqlite"):
        with contextlib.closing(sqlite3.connect(file)) as database:
            database.execute("pragma wal_checkpoint(truncate)")


def copy(template: Path, data: Path) -> None:
    """Make a new cloud's data folder from a template, with token keys of its own."""
    data.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    shutil.copytree(template, data, ignore=lambda folder, _: LEFT_OUT if Path(folder) == template else ())
    data.chmod(0o700)
    new_keys(data / "fernet-keys")


def new_keys(folder: Path) -> None:
    """Write two random Fernet keys into a key repository of keystone."""
    folder.mkdir(exist_ok=True, mode=0o700)
    for name in ("0", "1"):
        write_private(folder / name, base64.urlsafe_b64encode(os.urandom(32)).decode())


def relocate(layout: Layout) -> None:
    """Tell the databases where they are now: they hold URLs of services and paths of files."""
    databases = layout.data / "db"
    with _change(databases / "keystone.sqlite") as database:
        for kind, urls in layout.endpoints().items():
            for url, where in zip(urls, ("interface = 'public'", "interface <> 'public'"), strict=True):
                database.execute(
                    f"update endpoint set url = ? where {where}"  # noqa: S608 - two fixed texts
                    " and service_id in (select id from service where type = ?)",
                    (url, kind),
                )
    if "compute" in layout.services:
        with _change(databases / "nova_api.sqlite") as database:
            for cell in ("cell0", "cell1"):
                database.execute(
                    "update cell_mappings set database_connection = ? where name = ?",
                    (f"sqlite:///{databases}/nova_{cell}.sqlite", cell),
                )
    if "image" in layout.services:
        with _change(databases / "glance.sqlite") as database:
            for number, value in database.execute("select id, value from image_locations").fetchall():
                name = str(value).rpartition("/")[2]
                database.execute(
                    "update image_locations set value = ? where id = ?",
                    (f"file://{layout.data}/images/{name}", number),
                )


@contextlib.contextmanager
def _change(file: Path) -> Iterator[sqlite3.Connection]:
    """Open a database for changes that are kept all or not at all; raises CloudError for a damaged one."""
    try:
        with contextlib.closing(sqlite3.connect(file)) as database, database:
            yield database
    except sqlite3.Error as error:
        raise CloudError(
            "cloud-data", f"the database is damaged: {error}", where=str(file), hint="defcore cloud down removes it"
        ) from error
