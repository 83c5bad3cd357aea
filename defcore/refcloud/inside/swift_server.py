"""Swift's proxy, account, container and object server as green threads of one process."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from .spec import HOST, Spec

if TYPE_CHECKING:
    from collections.abc import Callable

KINDS = ("account", "container", "object")


class Cache:
    """As much of swift's memcache client as one process needs."""

    def __init__(self) -> None:
        self._items: dict[str, tuple[Any, float | None]] = {}

    def get(self, key: str, raise_on_error: bool = False) -> Any:
        """Give the value of a key, or None when it is unknown or too old."""
        value, end = self._items.get(key, (None, None))
        if end is not None and end < time.time():
            del self._items[key]
            return None
        return value

    def set(
        self,
        key: str,
        value: Any,
        serialize: bool = True,
        time: float = 0,
        min_compress_len: int = 0,
        raise_on_error: bool = False,
    ) -> None:
        """Keep a value, for ``time`` seconds if that is not 0."""
        if serialize:
            value = json.loads(json.dumps(value))
        self._items[key] = (value, _now() + time if time else None)

    def incr(self, key: str, delta: int = 1, time: float = 0) -> int:
        """Add to a counter that never falls below 0; gives the new count."""
        total = max(0, int(self.get(key) or 0) + int(delta))
        self.set(key, total, time=time)
        return total

    def decr(self, key: str, delta: int = 1, time: float = 0) -> int:
        """Take from a counter."""
        return self.incr(key, -int(delta), time)

    def delete(self, key: str, server_key: str | None = None) -> None:
        """Forget a key."""
        self._items.pop(key, None)

    def set_multi(
        self, mapping: dict[str, Any], server_key: str, serialize: bool = True, time: float = 0, **_: Any
    ) -> None:
        """Keep several values."""
        for key, value in mapping.items():
            self.set(key, value, serialize, time)

    def get_multi(self, keys: list[str], server_key: str) -> list[Any]:
        """Give several values."""
        return [self.get(key) for key in keys]


def _now() -> float:
    """Give the time; ``set`` has swift's own parameter of the name ``time``."""
    return time.time()


def cache_factory(_global_conf: dict[str, str], **_local: str) -> Callable[[Any], Any]:
    """Paste filter: one cache for all requests of this process."""
    cache = Cache()

    def filter_app(application: Any) -> Any:
        def call(environ: dict[str, Any], start_response: Any) -> Any:
            environ.setdefault("swift.cache", cache)
            return application(environ, start_response)

        return call

    return filter_app


def write_rings(spec: Spec) -> None:
    """Write one ring of one device for each kind of server; they hold ports, so they are made at each start."""
    from swift.common.ring import RingBuilder

    for kind in KINDS:
        builder = RingBuilder(6, 1, 1)
        port = spec.values["ports"][f"object-store-{kind}"]
        builder.add_dev(
            {
                "id": 0,
                "region": 1,
                "zone": 1,
                "ip": HOST,
                "port": port,
                "replication_ip": HOST,
                "replication_port": port,
                "device": "d1",
                "weight": 100.0,
                "meta": "",
            }
        )
        builder.rebalance()
        builder.get_ring().save(spec.etc(f"{kind}.ring.gz"))


def run(spec: Spec, sockets: dict[str, Any], ready: Callable[[], None]) -> None:
    """Serve until the process ends; eventlet has patched the standard library before."""
    import eventlet
    import eventlet.green.socket
    import eventlet.hubs
    from swift.common import storage_policy, wsgi

    wsgi.set_swift_dir(spec.etc(""))
    write_rings(spec)
    storage_policy.reload_storage_policies()
    eventlet.hubs.use_hub(wsgi.get_hub())
    use_hub, identify = eventlet.hubs.use_hub, eventlet.patcher.original("_thread").get_ident
    main_thread = identify()
    # run_server() chooses a hub again, which would drop the one that our green threads wait on
    eventlet.hubs.use_hub = lambda *a, **kw: None if identify() == main_thread else use_hub(*a, **kw)
    servers = []
    for kind in (*KINDS, "proxy"):
        listener = "object-store" if kind == "proxy" else f"object-store-{kind}"
        conf, logger, log_name = wsgi._initrp(spec.etc(f"swift-{kind}.conf"), f"{kind}-server", verbose=True)
        sock = eventlet.green.socket.socket(fileno=sockets[listener].detach())
        servers.append(eventlet.spawn(wsgi.run_server, conf, logger, sock, global_conf={"log_name": log_name}))
    ready()
    servers[-1].wait()
