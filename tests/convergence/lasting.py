"""Connections that outlast the threads of a case: making one costs more than most statements."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from asgiref.sync import sync_to_async
from django.db import connection, connections
from django.db.backends.postgresql.base import DatabaseWrapper

from tests.convergence import instant_loop
from tests.convergence.product import close_database

_MOST = 12


@contextmanager
def lasting_connections() -> Iterator[None]:
    """Have every thread take its connection from a pool, and give it back when it closes it."""
    settings: dict[str, Any] = connections.settings["default"]
    options, age = settings["OPTIONS"], settings["CONN_MAX_AGE"]
    before = options.get("pool")
    _close()
    options["pool"], settings["CONN_MAX_AGE"] = {"min_size": 1, "max_size": _MOST}, 0
    try:
        yield
    finally:
        _close()
        cast(DatabaseWrapper, connection).close_pool()
        options["pool"], settings["CONN_MAX_AGE"] = before, age


def _close() -> None:
    """Here, and in the thread in which asynchronous code asks the database."""
    close_database()
    instant_loop.run(sync_to_async(close_database)())
