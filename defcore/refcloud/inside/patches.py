"""Adaptations of libraries in the running process; no file of OpenStack is changed."""

from __future__ import annotations

import logging
import re
import threading
import time
from typing import TYPE_CHECKING, Any

import waitress

if TYPE_CHECKING:
    import socket

BUSY_SECONDS = 60
FOR_UPDATE = " /* FOR UPDATE */"


def use_sqlite_with_threads() -> None:
    """Make oslo.db's SQLite engine fit for many threads: pooled, WAL, writers queue instead of failing.

    oslo.db opens a deferred transaction. When two threads hold one and both want to write, SQLite answers
    "database is locked" at once, whatever the timeout. So the transaction begins only before the first
    statement that may write, and then as BEGIN IMMEDIATE, which does wait. SQLite locks no rows either: what
    is read FOR UPDATE begins the transaction too, else two threads would both add to the usage that they read.
    """
    from oslo_db.sqlalchemy import engines
    from sqlalchemy import event, pool
    from sqlalchemy.dialects.sqlite.base import SQLiteCompiler

    def connection_arguments(_url: object, engine_args: dict[str, Any], _kw: object) -> None:
        engine_args.update(
            poolclass=pool.QueuePool, pool_size=16, max_overflow=64, pool_timeout=60, pool_pre_ping=False
        )
        engine_args["connect_args"].update(check_same_thread=False, timeout=BUSY_SECONDS, cached_statements=512)

    def events(engine: Any, sqlite_fk: bool = False, **_: Any) -> None:
        def connect(connection: Any, _record: object) -> None:
            connection.create_function("regexp", 2, lambda want, text: re.search(want, str(text)) is not None)
            connection.isolation_level = None
            for pragma in (
                "journal_mode=WAL",
                "synchronous=OFF",
                f"busy_timeout={BUSY_SECONDS * 1000}",
                "cache_size=-4000",
                *(["foreign_keys=ON"] if sqlite_fk else []),
            ):
                connection.execute(f"PRAGMA {pragma}")

        def begin_late(_c: object, cursor: Any, statement: str, *_rest: object) -> None:
            if cursor.connection.in_transaction:
                return
            reads = statement.lstrip()[:10].upper().startswith(("SELECT", "PRAGMA", "BEGIN", "EXPLAIN"))
            if not reads or FOR_UPDATE in statement:
                cursor.connection.execute("BEGIN IMMEDIATE")

        def begin_before_savepoint(connection: Any, _name: str) -> None:
            raw = connection.connection.dbapi_connection
            if not raw.in_transaction:
                raw.execute("BEGIN IMMEDIATE")

        event.listen(engine, "connect", connect)
        event.listen(engine, "before_cursor_execute", begin_late)
        event.listen(engine, "savepoint", begin_before_savepoint)

    SQLiteCompiler.for_update_clause = lambda *_, **_kw: FOR_UPDATE
    engines._init_connection_args.reg["sqlite"]["*"][:] = [connection_arguments]
    engines._init_events.reg["sqlite"]["*"][:] = [events]


def load_by_keys() -> None:
    """Load what a row refers to by the row's key where neutron's models ask for a subquery.

    SQLAlchemy keeps the statement of the one and builds that of the other anew each time, for every port that is read.
    """
    from sqlalchemy.orm.relationships import RelationshipProperty

    initialise = RelationshipProperty.__init__

    def initialise_with_keys(self: Any, *args: Any, **kw: Any) -> None:
        if kw.get("lazy") == "subquery":
            kw["lazy"] = "selectin"
        initialise(self, *args, **kw)

    RelationshipProperty.__init__ = initialise_with_keys


def wake_fake_bus() -> None:
    """Wake the listeners of oslo.messaging's in-process bus at once; it looks every 50 ms otherwise."""
    from oslo_messaging._drivers import base, impl_fake

    arrived = threading.Condition()
    deliver_silently = impl_fake.FakeExchange.deliver_message

    def deliver(self: Any, *args: Any, **kw: Any) -> None:
        deliver_silently(self, *args, **kw)
        with arrived:
            arrived.notify_all()

    def take(listener: Any) -> Any:
        for target in listener._targets:
            exchange = listener._exchange_manager.get_exchange(target.exchange)
            context, message, replies, requeue = exchange.poll(target, listener._pool)
            if message is not None:
                return impl_fake.FakeIncomingMessage(context, message, replies, requeue)
        return None

    def poll(self: Any, timeout: float | None = None) -> Any:
        deadline = None if timeout is None else time.monotonic() + timeout
        while not self._stopped.is_set():
            with arrived:
                message = take(self)
                if message is not None:
                    return message
                left = 1.0 if deadline is None else min(1.0, deadline - time.monotonic())
                if left <= 0:
                    break
                arrived.wait(left)
        return None

    impl_fake.FakeExchange.deliver_message = deliver
    impl_fake.FakeListener.poll = base.batch_poll_helper(poll)


def serve(application: Any, sock: socket.socket, threads: int = 16) -> None:
    """Serve a WSGI application on a listening socket until the process ends.

    waitress because it de-chunks uploads before the application sees them: glance closes the input of a
    chunked request early, and other servers then lose the connection. Proxy headers stay: oslo reads them.
    """
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    waitress.serve(
        application,
        sockets=[sock],
        threads=threads,
        connection_limit=2000,
        channel_timeout=300,
        asyncore_use_poll=True,
        ident=None,
        clear_untrusted_proxy_headers=False,
        max_request_body_size=1 << 40,
    )
