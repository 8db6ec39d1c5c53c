"""Rows by the thousand: COPY in, ids reserved in advance, updates through a temporary table."""

from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Any

from django.db import connection
from psycopg import sql

from pulsescore.core import copy_format
from pulsescore.core.copy_format import Value

Row = Sequence[Any]

# Enough that a write is worth its cost, few enough that the server reads while we format.
_ROWS_AT_ONCE = 500
_COPY = sql.SQL("COPY {} ({}) FROM STDIN WITH (" + copy_format.OPTIONS + ")")


def reserve_ids(table: str, count: int) -> list[int]:
    """Take `count` fresh values of the table's id sequence, so that COPY can write them."""
    if not count:
        return []
    with connection.cursor() as cursor:
        # The sequence is looked up once, not once per value, which would cost more than the rest.
        cursor.execute(
            "WITH ids AS MATERIALIZED (SELECT pg_get_serial_sequence(%s, 'id')::regclass AS seq)"
            " SELECT nextval(seq) FROM ids, generate_series(1, %s)",
            [table, count],
        )
        return [row[0] for row in cursor.fetchall()]


def copy_rows(table: str, columns: Sequence[str], rows: Iterable[Sequence[Value]]) -> None:
    """COPY rows into a table; bytes go through `copy_format.bytea`, documents are JSON text."""
    copy_lines(table, columns, map(copy_format.line, rows))


def copy_lines(table: str, columns: Sequence[str], lines: Iterable[bytes]) -> None:
    """COPY rows that `copy_format.line` has formatted, in whatever pieces."""
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    statement = _COPY.format(sql.Identifier(table), names)
    following = iter(lines)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        while some := list(islice(following, _ROWS_AT_ONCE)):
            copy.write(b"\n".join([*some, b""]))


def update_rows(table: str, key: str, columns: Sequence[str], rows: Iterable[Row]) -> int:
    """Update many rows by key; each row is (key, *columns). Returns how many were updated."""
    staging = f"staging_{table}"
    names = [sql.Identifier(column) for column in columns]
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SQL(
                "CREATE TEMPORARY TABLE {} ON COMMIT DROP AS SELECT {} FROM {} WITH NO DATA"
            ).format(
                sql.Identifier(staging),
                sql.SQL(", ").join([sql.Identifier(key), *names]),
                sql.Identifier(table),
            )
        )
        copy_rows(staging, [key, *columns], rows)
        cursor.execute(
            sql.SQL("UPDATE {} AS t SET {} FROM {} AS s WHERE t.{} = s.{}").format(
                sql.Identifier(table),
                sql.SQL(", ").join(sql.SQL("{0} = s.{0}").format(name) for name in names),
                sql.Identifier(staging),
                sql.Identifier(key),
                sql.Identifier(key),
            )
        )
        updated: int = cursor.rowcount
        cursor.execute(sql.SQL("DROP TABLE {}").format(sql.Identifier(staging)))
    return updated
