"""The parent of all processes of a cloud: imports once what the services share, then forks one child for each.

It stays, to reap its children and to note which of them ended and how, until it is told to stop.
"""

from __future__ import annotations

import ctypes
import gc
import importlib
import json
import os
import signal
import socket
import sys
import traceback
import types
from typing import TYPE_CHECKING, Any, NoReturn

from . import launch
from .spec import Spec, say

if TYPE_CHECKING:
    from pathlib import Path

# Imported by most services, and slow to import: 2 s that every child would otherwise spend for itself.
SHARED = """
sqlalchemy sqlalchemy.orm sqlalchemy.dialects.sqlite sqlalchemy.ext.declarative oslo_config.cfg oslo_log.log
oslo_db.api oslo_db.options oslo_db.sqlalchemy.enginefacade oslo_db.sqlalchemy.engines oslo_policy.policy
oslo_context.context oslo_messaging oslo_messaging._drivers.impl_fake oslo_messaging.rpc.server oslo_middleware
oslo_serialization.jsonutils oslo_utils.timeutils oslo_utils.strutils oslo_utils.netutils
oslo_concurrency.lockutils oslo_concurrency.processutils oslo_cache.core oslo_versionedobjects.base
oslo_versionedobjects.fields oslo_reports.opts oslo_upgradecheck.upgradecheck keystoneauth1.session
keystoneauth1.loading keystoneauth1.identity keystonemiddleware.auth_token webob webob.dec webob.exc routes
routes.middleware paste.deploy paste.urlmap jsonschema requests urllib3 cryptography.x509 cryptography.fernet
netaddr stevedore stevedore.enabled alembic openstack openstack.connection waitress osprofiler.web
osprofiler.initializer yaml lxml.etree jinja2 futurist tooz.coordination castellan.key_manager
os_brick.initiator.connector glanceclient cinderclient.client novaclient.client dogpile.cache psutil
""".split()  # noqa: SIM905 - sixty lines otherwise

# These must start before anything shared is imported: swift patches the standard library with eventlet.
EARLY = ("object-store", "front")
PR_SET_PDEATHSIG = 1
SIGNALS = {signal.SIGCHLD, signal.SIGTERM, signal.SIGINT}


class NoEventlet:
    """An import hook under which oslo libraries believe that eventlet is not installed, so use real threads."""

    def find_spec(self, name: str, _path: object, _target: object = None) -> None:
        """Refuse eventlet and leave every other module to the next finder."""
        if name == "eventlet":
            raise ImportError("the cloud's processes use threads")


def preload() -> None:
    """Import the shared modules."""
    hook = NoEventlet()
    sys.meta_path.insert(0, hook)
    backend = importlib.import_module("oslo_service.backend")
    backend.init_backend(backend.BackendType.THREADING)
    for name in SHARED:
        importlib.import_module(name)
    sys.meta_path.remove(hook)
    gc.collect()
    gc.freeze()


def keep_command_line() -> None:
    """Let no service rename its process: defcore finds the processes of a cloud by their command line."""
    stub = types.ModuleType("setproctitle")
    stub.setproctitle = lambda _title: None  # type: ignore[attr-defined]
    stub.getproctitle = lambda: "refcloud"  # type: ignore[attr-defined]
    sys.modules["setproctitle"] = stub


def run_child(spec: Spec, name: str, sockets: dict[str, socket.socket]) -> NoReturn:
    """Be the process of one service: never returns."""
    try:
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        log = os.open(spec.data / "log" / f"{name}.out", os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600)
        os.dup2(log, 1)
        os.dup2(log, 2)
        for listener, sock in sockets.items():
            if listener != name and not listener.startswith(f"{name}-"):
                sock.close()
        launch.PARTS[name](spec, sockets)
    except BaseException:  # noqa: BLE001 - whatever ended this service belongs into its log
        traceback.print_exc()
        sys.stderr.flush()
    os._exit(1)


def fork(spec: Spec, name: str, sockets: dict[str, socket.socket]) -> int:
    """Start the process of one service; gives its pid."""
    pid = os.fork()
    if pid == 0:
        run_child(spec, name, sockets)
    return pid


def note(data: Path, name: str, value: Any) -> None:
    """Write one small file for defcore to find, complete or not at all."""
    draft = data / "run" / f".{name}"
    draft.write_text(json.dumps(value), encoding="utf-8")
    draft.replace(data / "run" / name)


def watch(spec: Spec, children: dict[int, str]) -> None:
    """Note each child that ends; on SIGTERM end them all and return."""
    ended: dict[str, int] = {}
    while True:
        caught = signal.sigwait(SIGNALS)
        if caught != signal.SIGCHLD:
            break
        while children:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                break
            ended[children.pop(pid)] = os.waitstatus_to_exitcode(status)
            note(spec.data, "ended.json", ended)
    for pid in children:
        os.kill(pid, signal.SIGTERM)
    for pid in children:
        os.waitpid(pid, 0)


def main(data: Path, descriptors: str) -> None:
    """Start every service on the listening sockets handed down, given as JSON: listener to descriptor."""
    spec = Spec.load(data)
    sockets = {name: socket.socket(fileno=number) for name, number in json.loads(descriptors).items()}
    signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    keep_command_line()
    names = [*spec.services, *(name for name in ("front",) if name in sockets)]
    children = {fork(spec, name, sockets): name for name in names if name in EARLY}
    note(data, "pids.json", {name: pid for pid, name in children.items()})
    late = [name for name in names if name not in EARLY]
    if len(late) > 1:
        preload()
    for name in late:
        children[fork(spec, name, sockets)] = name
    for sock in sockets.values():
        sock.close()
    note(data, "pids.json", {name: pid for pid, name in children.items()})
    say(f"started {', '.join(names)}")
    watch(spec, children)
