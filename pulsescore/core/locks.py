"""PostgreSQL advisory locks: held for a transaction or for a session, gone when it dies."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg
from django.db import connection
from psycopg.conninfo import make_conninfo

_PARAMETERS = ("host", "port", "dbname", "user", "password", "sslmode")


def lock_key(name: str) -> int:
    """A stable signed 64-bit key for a lock's name."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), signed=True)


def lock_for_transaction(name: str) -> None:
    """Wait for the named lock and hold it until the present transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock_key(name)])


def own_conninfo() -> str:
    """Where the present database is, for a second connection to it."""
    known = connection.get_connection_params()
    return make_conninfo(**{name: known[name] for name in _PARAMETERS if known.get(name)})


@contextmanager
def held_lock(conninfo: str, name: str) -> Iterator[bool]:
    """Hold the named lock on a connection of its own; yields whether it was free.

    The server frees it when the process dies, so it tells a live holder from a dead one. At the end
    it is freed by name: closing a connection frees it too, but only some time later.
    """
    with psycopg.connect(conninfo, autocommit=True) as session:
        row = session.execute("SELECT pg_try_advisory_lock(%s)", [lock_key(name)]).fetchone()
        is_free = bool(row and row[0])
        try:
            yield is_free
        finally:
            if is_free:
                with suppress(psycopg.Error):
                    session.execute("SELECT pg_advisory_unlock(%s)", [lock_key(name)])
