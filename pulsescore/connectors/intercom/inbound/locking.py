"""Only one process executes runs of a connection; a dead one leaves no lock behind."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection as database
from psycopg.conninfo import make_conninfo

from pulsescore.connectors.intercom.models import Connection
from pulsescore.core.locks import held_lock

_PARAMETERS = ("host", "port", "dbname", "user", "password", "sslmode")


@contextmanager
def executing(connection: Connection) -> Iterator[bool]:
    """Hold the right to execute runs of this connection; yields whether it was free."""
    known = database.get_connection_params()
    conninfo = make_conninfo(**{name: known[name] for name in _PARAMETERS if known.get(name)})
    with held_lock(conninfo, f"intercom.sync:{connection.pk}") as alone:
        yield alone
