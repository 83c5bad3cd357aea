"""How each service starts in its own process, on a listening socket that is open already."""

from __future__ import annotations

import gc
import os
import socket
import sys
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any

from .spec import Spec, say

if TYPE_CHECKING:
    from collections.abc import Callable

Sockets = dict[str, socket.socket]


def ready(spec: Spec, name: str) -> None:
    """Tell defcore that this service is about to answer."""
    (spec.data / "run" / f"{name}.ready").touch()


def serve(spec: Spec, name: str, application: Any, sockets: Sockets, threads: int = 16) -> None:
    """Serve a WSGI application until the process ends."""
    from . import patches

    # What is loaded by now lasts, and a service has much of it: it is not to be looked through for garbage.
    gc.collect()
    gc.freeze()
    ready(spec, name)
    patches.serve(application, sockets[name], threads)


def await_answer(url: str, seconds: float = 90) -> None:
    """Wait until a service answers; its socket listens already, so the request just waits in the queue."""
    try:
        urllib.request.urlopen(url, timeout=seconds).close()  # noqa: S310 - our own http URL
    except urllib.error.HTTPError as error:
        error.close()


def identity(spec: Spec, sockets: Sockets) -> None:
    """Run keystone."""
    from . import patches

    sys.argv = ["keystone", "--config-file", spec.etc("keystone.conf")]
    os.environ["OS_KEYSTONE_CONFIG_FILES"] = spec.etc("keystone.conf")
    patches.use_sqlite_with_threads()
    from keystone.common.rbac_enforcer.enforcer import RBACEnforcer
    from keystone.wsgi.api import application

    # Else the first request loads them, and another one at that moment is judged by half of them: 403.
    RBACEnforcer()._enforcer.load_rules()
    serve(spec, "identity", application, sockets)


def image(spec: Spec, sockets: Sockets) -> None:
    """Run glance."""
    from . import patches

    sys.argv = ["glance-api"]
    os.environ["OS_GLANCE_CONFIG_DIR"] = spec.etc("")
    os.environ["OS_GLANCE_CONFIG_FILES"] = "glance-api.conf"
    patches.use_sqlite_with_threads()
    from glance.wsgi.api import application

    serve(spec, "image", application, sockets)


def placement(spec: Spec, sockets: Sockets) -> None:
    """Run placement."""
    from . import patches

    sys.argv = ["placement"]
    os.environ["OS_PLACEMENT_CONFIG_DIR"] = spec.etc("")
    patches.use_sqlite_with_threads()
    from placement.wsgi.api import application

    serve(spec, "placement", application, sockets)


def network(spec: Spec, sockets: Sockets) -> None:
    """Run neutron's API with a driver that binds every port."""
    from . import neutron_driver, patches

    sys.argv = ["neutron-api", "--config-file", spec.etc("neutron.conf")]
    patches.use_sqlite_with_threads()
    patches.wake_fake_bus()
    patches.load_by_keys()
    neutron_driver.register()
    from neutron.wsgi.api import application

    serve(spec, "network", application, sockets, threads=12)


def compute(spec: Spec, sockets: Sockets) -> None:
    """Run nova: conductor, scheduler and compute as threads, then the API over them."""
    sys.argv = ["nova", "--config-file", spec.etc("nova.conf")]
    from nova import monkey_patch

    monkey_patch.patch(backend="threading")
    from . import nova_driver, patches

    patches.use_sqlite_with_threads()
    patches.wake_fake_bus()
    # nova looks for hypervisor drivers in its own package alone
    sys.modules["nova.virt.refcloud"] = nova_driver
    application = _nova(spec)
    serve(spec, "compute", application, sockets)


def _nova(spec: Spec) -> Any:
    """Start nova's workers and build its API."""
    import nova.conf
    import os_brick
    import os_vif
    from nova import config, context, objects, service
    from nova.api.openstack import wsgi_app
    from nova.compute import rpcapi as compute_rpc
    from nova.conductor import rpcapi as conductor_rpc
    from nova.objects import host_mapping
    from nova.scheduler import rpcapi as scheduler_rpc
    from oslo_log import log
    from paste import deploy

    conf = nova.conf.CONF
    config.parse_args(sys.argv)
    log.setup(conf, "nova")
    objects.register_all()
    os_vif.initialize()
    os_brick.setup(conf)
    objects.Service.enable_min_version_cache()
    for binary, topic, other in (
        ("nova-conductor", conductor_rpc.RPC_TOPIC, None),
        ("nova-scheduler", scheduler_rpc.RPC_TOPIC, None),
        ("nova-compute", compute_rpc.RPC_TOPIC, compute_rpc.RPC_TOPIC_ALT),
    ):
        if binary == "nova-scheduler":
            await_answer(spec.url("identity", "/v3"))
            await_answer(spec.url("placement", "/"))
        service.Service.create(binary=binary, topic=topic, topic_alt=other).start()
        say(f"{binary} runs")
    host_mapping.discover_hosts(context.get_admin_context())
    wsgi_app._setup_service(conf.host, "osapi_compute")
    return deploy.loadapp(f"config:{conf.wsgi.api_paste_config}", name="osapi_compute")


def block_storage(spec: Spec, sockets: Sockets) -> None:
    """Run cinder: volume, then scheduler, as threads, and the API."""
    sys.argv = ["cinder", "--config-file", spec.etc("cinder.conf")]
    os.environ["OS_CINDER_DISABLE_EVENTLET_PATCHING"] = "1"
    os.environ["EVENTLET_NO_GREENDNS"] = "yes"
    from cinder import monkey_patch

    monkey_patch.patch(backend="threading")
    from . import patches

    patches.use_sqlite_with_threads()
    patches.wake_fake_bus()
    import os_brick
    from cinder import i18n, objects, service  # noqa: F401 - objects registers itself
    from cinder.cmd import volume
    from cinder.common import constants
    from cinder.wsgi import wsgi

    i18n.enable_lazy()
    application = wsgi.initialize_application()
    conf = volume.CONF
    os_brick.setup(conf)
    # the scheduler waits up to a minute for a volume service that has reported, so that one goes first
    for backend in conf.enabled_backends:
        conf.register_opt(volume.host_opt, group=backend)
        service.Service.create(
            host=f"{conf.host}@{backend}",
            service_name=backend,
            binary=constants.VOLUME_BINARY,
            coordination=False,
        ).start()
    service.Service.create(binary="cinder-scheduler").start()
    serve(spec, "block-storage", application, sockets, threads=12)


def object_store(spec: Spec, sockets: Sockets) -> None:
    """Run swift's four servers as green threads."""
    import eventlet

    eventlet.monkey_patch()
    from . import swift_server

    swift_server.run(spec, sockets, lambda: ready(spec, "object-store"))


def front(spec: Spec, sockets: Sockets) -> None:
    """Run the reverse proxy that serves everything below one TLS port."""
    from . import front as proxy

    proxy.run(spec, sockets["front"], lambda: ready(spec, "front"))


PARTS: dict[str, Callable[[Spec, Sockets], None]] = {
    "identity": identity,
    "image": image,
    "placement": placement,
    "network": network,
    "compute": compute,
    "block-storage": block_storage,
    "object-store": object_store,
    "front": front,
}
