"""Make the databases and keys of a template, with the projects' own migrations; one process for each."""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from .spec import Spec, say

if TYPE_CHECKING:
    from collections.abc import Callable


def identity(spec: Spec) -> None:
    """Create keystone's schema and its first administrator, then users and catalogue through its own API."""
    import keystone.conf
    from keystone.cmd import cli

    def manage(*words: str) -> None:
        sys.argv = ["keystone-manage", "--config-file", spec.etc("keystone.conf"), *words]
        keystone.conf.CONF.reset()
        cli.main(argv=sys.argv)

    # in a process of its own: keystone's providers can be loaded only once in each
    pid = os.fork()
    if pid == 0:
        run(spec, lambda _: manage("db_sync"), lambda _: manage("bootstrap", *bootstrap_words(spec)))
    if os.waitpid(pid, 0)[1]:
        raise SystemExit("keystone-manage failed")
    from . import patches, seed

    os.environ["OS_KEYSTONE_CONFIG_FILES"] = spec.etc("keystone.conf")
    sys.argv = ["keystone"]
    patches.use_sqlite_with_threads()
    from keystone.wsgi.api import application

    seed.fill_identity(spec, application)


def bootstrap_words(spec: Spec) -> list[str]:
    """Say who the first administrator is; the password goes by the environment, which others cannot see."""
    os.environ["OS_BOOTSTRAP_PASSWORD"] = spec.values["secrets"]["admin"]
    words = ["--bootstrap-username", spec.values["users"]["admin"]]
    words += ["--bootstrap-region-id", spec.values["region"]]
    for interface in ("public", "internal", "admin"):
        words += [f"--bootstrap-{interface}-url", spec.url("identity", "/v3")]
    return words


def image(spec: Spec) -> None:
    """Create glance's schema."""
    from glance.cmd import manage

    sys.argv = ["glance-manage", "--config-file", spec.etc("glance-api.conf"), "db_sync"]
    manage.main()


def placement(spec: Spec) -> None:
    """Create placement's schema."""
    from placement.cmd import manage

    sys.argv = ["placement-manage", "--config-file", spec.etc("placement.conf"), "db", "sync"]
    manage.main()


def block_storage(spec: Spec) -> None:
    """Create cinder's schema."""
    from cinder.cmd import manage

    sys.argv = ["cinder-manage", "--config-file", spec.etc("cinder.conf"), "db", "sync"]
    manage.main()


def compute(spec: Spec) -> None:
    """Create nova's three databases and its cells."""
    os.environ["OS_NOVA_DISABLE_EVENTLET_PATCHING"] = "1"
    from nova.cmd import manage

    # by way of manage, which must be the first of nova to be imported: it keeps eventlet out
    manage.config.parse_args(["nova-manage", "--config-file", spec.etc("nova.conf")])
    manage.ApiDbCommands().sync()
    cells = manage.CellV2Commands()
    cells.map_cell0(database_connection=f"sqlite:///{spec.data}/db/nova_cell0.sqlite")
    manage.DbCommands().sync()
    cells.create_cell(name="cell1", verbose=True)


def network(spec: Spec) -> None:
    """Create neutron's schema from its models: its migrations alter constraints, which SQLite cannot."""
    import sqlalchemy as sa
    from neutron.db import migration
    from neutron.db.migration.models import head

    versions = Path(migration.__file__).parent / "alembic_migrations" / "versions"
    engine = sa.create_engine(f"sqlite:///{spec.data}/db/neutron.sqlite")
    head.get_metadata().create_all(engine)
    with engine.begin() as connection:
        connection.execute(sa.text("create table if not exists alembic_version (version_num varchar(32))"))
        for name in ("EXPAND_HEAD", "CONTRACT_HEAD"):
            revision = (versions / name).read_text(encoding="ascii").strip()
            connection.execute(sa.text("insert into alembic_version values (:head)"), {"head": revision})
        _default_rules(connection, versions)


def _default_rules(connection: Any, versions: Path) -> None:
    """Insert what one migration inserts: the rules that each new default security group is given."""
    import importlib.util

    import sqlalchemy as sa

    (file,) = versions.glob("*/expand/c33da356b165_*.py")
    spec = importlib.util.spec_from_file_location("default_rules", file)
    if spec is None or spec.loader is None:
        raise ImportError(str(file))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    metadata = sa.MetaData()
    table = sa.Table(module.table_name, metadata, autoload_with=connection)
    attributes = sa.Table("standardattributes", metadata, autoload_with=connection)
    for rule in map(dict, module.default_template_rules):
        made = connection.execute(
            sa.insert(attributes).values(description=rule.pop("description"), resource_type=module.table_name)
        )
        connection.execute(sa.insert(table).values(standard_attr_id=made.inserted_primary_key[0], **rule))


# The slowest first, so that two cores end at about the same time.
STEPS: dict[str, Callable[[Spec], None]] = {
    "compute": compute,
    "block-storage": block_storage,
    "network": network,
    "identity": identity,
    "placement": placement,
    "image": image,
}


def run(spec: Spec, *steps: Callable[[Spec], None]) -> NoReturn:
    """Be the process of these steps: never returns."""
    code = 1
    try:
        for step in steps:
            step(spec)
        code = 0
    except SystemExit as end:
        code = int(bool(end.code))
    except BaseException:  # noqa: BLE001 - whatever ended this step belongs into its log
        traceback.print_exc()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def main(data: Path) -> None:
    """Run the step of each service of this cloud, as many at once as there are processors, plus one."""
    spec = Spec.load(data)
    todo = [name for name in STEPS if name in spec.services]
    running: dict[int, str] = {}
    failed = []
    while todo or running:
        while todo and len(running) <= (os.cpu_count() or 2):
            name = todo.pop(0)
            pid = os.fork()
            if pid == 0:
                path = data / "log" / f"schema-{name}.out"
                descriptor = os.open(path, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
                os.dup2(descriptor, 1)
                os.dup2(descriptor, 2)
                run(spec, STEPS[name])
            running[pid] = name
        pid, status = os.wait()
        name = running.pop(pid)
        if status:
            failed.append(name)
            log = (data / "log" / f"schema-{name}.out").read_text(encoding="utf-8", errors="replace")
            say(f"the schema of {name} failed:\n{log[-2000:]}")
    raise SystemExit(bool(failed))
