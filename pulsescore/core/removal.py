"""Removing every row that belongs to one row of a table of tenants, children before parents.

Tables are found by their foreign keys, so that one added tomorrow is not forgotten. Rows go in
batches, each its own transaction: a killed process loses nothing, and no lock is held for long.
"""

from collections.abc import Iterator
from graphlib import TopologicalSorter
from typing import Final

from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from psycopg import sql

BATCH: Final = 5_000
# A worker that was in the middle of something may add rows behind us; another round finds them.
_ROUNDS: Final = 5

Table = type[models.Model]

# The owner is named twice: two rows in two partitions of a table may have one ctid.
_BATCH_DELETE = sql.SQL(
    "DELETE FROM {table} WHERE {column} = %(owner)s AND ctid = ANY(ARRAY("
    "SELECT ctid FROM {table} WHERE {column} = %(owner)s LIMIT %(batch)s))"
)
_FORGET_SIBLINGS = sql.SQL(
    "UPDATE {table} SET {link} = NULL WHERE {column} = %(owner)s AND {link} IS NOT NULL"
)


def tables_of(owner: Table) -> list[tuple[Table, str]]:
    """The tables that point at `owner`, each with the column that does, children first."""
    columns = {
        table: field.column
        for table in apps.get_models(include_auto_created=True)
        for field in _links(table)
        if field.related_model is owner and table is not owner
    }
    graph = {table: _parents(table) & columns.keys() for table in columns}
    parents_first = TopologicalSorter(graph).static_order()
    return [(table, columns[table]) for table in reversed(list(parents_first))]


def remove_rows(owner: Table, owner_id: int, *, batch: int = BATCH) -> int:
    """Remove everything that points at one row of `owner`, then the row; returns how many went.

    Raises `IntegrityError` where others go on adding rows all the while.
    """
    removed = 0
    for round_left in reversed(range(_ROUNDS)):
        try:
            for table, column in tables_of(owner):
                for gone in _emptying(table, column, owner_id, batch=batch):
                    removed += gone
            with transaction.atomic():
                last = _delete_batch(owner, str(owner._meta.pk.column), owner_id, batch=1)
                _check_references()
                last += _empty_unchecked(owner, owner_id, batch=batch)
        except IntegrityError:
            if not round_left:
                raise
        else:
            return removed + last
    return removed


def _empty_unchecked(owner: Table, owner_id: int, *, batch: int) -> int:
    """Remove what came in behind us where no key says so, now that nothing more can.

    Whoever writes such rows holds the owner, or a row that hangs on it, until the commit: they have
    committed by now, or find it gone.
    """
    return sum(
        gone
        for table, column in tables_of(owner)
        if not any(_is_checked(link) for link in _links(table) if link.column == column)
        for gone in _emptying(table, column, owner_id, batch=batch)
    )


def _emptying(table: Table, column: str, owner_id: int, *, batch: int) -> Iterator[int]:
    """Remove the rows of one table, a batch at a time; yields how many went."""
    for link in _links(table):
        if link.related_model is table:
            _run(_FORGET_SIBLINGS, table, column, owner_id, batch=batch, link=link.column)
    while gone := _delete_batch(table, column, owner_id, batch=batch):
        yield gone


def _delete_batch(table: Table, column: str, owner_id: int, *, batch: int) -> int:
    return _run(_BATCH_DELETE, table, column, owner_id, batch=batch)


def _run(
    statement: sql.SQL, table: Table, column: str, owner_id: int, *, batch: int, link: str = ""
) -> int:
    composed = statement.format(
        table=sql.Identifier(table._meta.db_table),
        column=sql.Identifier(column),
        link=sql.Identifier(link or column),
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(composed, {"owner": owner_id, "batch": batch})
        return int(cursor.rowcount)


def _check_references() -> None:
    """Have the database complain here rather than at the commit."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _parents(table: Table) -> set[Table]:
    parents = {link.related_model for link in _links(table)}
    return {one for one in parents if isinstance(one, type) and one is not table}


def _is_checked(link: models.ForeignKey[models.Model, models.Model]) -> bool:
    """Whether the database looks up what it points at."""
    return bool(link.db_constraint)  # type: ignore[attr-defined]


def _links(table: Table) -> list[models.ForeignKey[models.Model, models.Model]]:
    return [one for one in table._meta.concrete_fields if isinstance(one, models.ForeignKey)]
