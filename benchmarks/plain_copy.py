"""The floor of writing: the same rows by one plain COPY into tables of the same shape."""

import time
from collections.abc import Sequence

import psycopg
from psycopg import sql

IMPORTED_TABLES = (
    "store_customer",
    "store_company",
    "store_conversation",
    "store_participant",
    "store_companymember",
    "store_heldrecord",
    "scoring_healthscore",
    "scoring_scorepoint",
)


def copy_seconds(database_url: str, tables: Sequence[str] = IMPORTED_TABLES) -> float:
    """Seconds to COPY what these tables hold into empty twins with the same indexes."""
    with psycopg.connect(database_url, autocommit=True) as session:
        return sum(_copy_table(session, table) for table in tables)


def _copy_table(session: psycopg.Connection[tuple[object, ...]], table: str) -> float:
    twin = f"floor_{table}"
    names = {"table": sql.Identifier(table), "twin": sql.Identifier(twin)}
    read = sql.SQL("COPY {table} TO STDOUT").format(**names)
    write = sql.SQL("COPY {twin} FROM STDIN").format(**names)
    make = sql.SQL("CREATE TABLE {twin} (LIKE {table} INCLUDING ALL)").format(**names)
    session.execute(make)
    cursor = session.cursor()
    with cursor.copy(read) as outgoing:
        rows = [bytes(block) for block in outgoing]
    began = time.perf_counter()
    with cursor.copy(write) as incoming:
        for block in rows:
            incoming.write(block)
    took = time.perf_counter() - began
    session.execute(sql.SQL("DROP TABLE {twin}").format(**names))
    return took
