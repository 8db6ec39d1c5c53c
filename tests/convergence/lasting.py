"""Connections that outlast the threads of a case: making one costs more than most statements."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from django.db import connection, connections
from django.db.backends.postgresql.base import DatabaseWrapper

_MOST = 12


@contextmanager
def lasting_connections() -> Iterator[None]:
    """Have every thread take its connection from a pool, and give it back when it closes it."""
    settings: dict[str, Any] = connections.settings["default"]
    options, age = settings["OPTIONS"], settings["CONN_MAX_AGE"]
    before = options.get("pool")
    connection.close()
    options["pool"], settings["CONN_MAX_AGE"] = {"min_size": 1, "max_size": _MOST}, 0
    try:
        yield
    finally:
        connection.close()
        cast(DatabaseWrapper, connection).close_pool()
        options["pool"], settings["CONN_MAX_AGE"] = before, age
