"""Reads the signals of customers: one aggregate query per batch, into arrays."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from django.db import connection

from pulsescore.scoring.factors import Signals
from pulsescore.scoring.fixed_rows import read_rows
from pulsescore.scoring.statements import statement

BATCH = 20_000
_COLUMNS = [(f.name, "i8" if f.name == "customer_ids" else "f8") for f in fields(Signals)]


@dataclass(frozen=True)
class Scope:
    """Which customers of an organization a query is about: a range of ids, or ids in it."""

    org_id: int
    first: int
    last: int
    ids: tuple[int, ...] | None = None

    def parameters(self) -> dict[str, Any]:
        """Values for `%(org_id)s`, `%(first)s`, `%(last)s` and `%(ids)s`."""
        ids = list(self.ids) if self.ids is not None else []
        return {"org_id": self.org_id, "first": self.first, "last": self.last, "ids": ids}

    def restrict(self, column: str) -> str:
        """The SQL condition that `column` is one of the ids, where there is a list of them."""
        return "TRUE" if self.ids is None else f"{column} = ANY(%(ids)s::bigint[])"


def read_signals(scope: Scope, now: datetime) -> Signals:
    """Signals as they stand, of the customers in scope that are not deleted, ordered by id."""
    return Signals(**read_rows(signals_query(scope), {**scope.parameters(), "now": now}, _COLUMNS))


def signals_query(scope: Scope) -> str:
    """The aggregate of the customers in scope."""
    return statement("signals").format(
        only=scope.restrict("person.id"), and_only=scope.restrict("p.customer_id")
    )


def scopes(
    org_id: int, customer_ids: Sequence[int] | None, *, size: int = BATCH
) -> Iterator[Scope]:
    """Cut the customers (None: all that are not deleted) into batches, in the order of ids."""
    if customer_ids is None:
        yield from _ranges(org_id, size)
        return
    wanted = sorted(set(customer_ids))
    for start in range(0, len(wanted), size):
        ids = tuple(wanted[start : start + size])
        yield Scope(org_id, ids[0], ids[-1], ids)


def _ranges(org_id: int, size: int) -> Iterator[Scope]:
    after = 0
    while (last := _last_of_next(org_id, after, size)) is not None:
        yield Scope(org_id, after + 1, last)
        after = last


def _last_of_next(org_id: int, after: int, size: int) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT max(id) FROM (SELECT id FROM store_customer WHERE org_id = %s AND id > %s"
            " AND deleted_at IS NULL ORDER BY id LIMIT %s) AS batch",
            [org_id, after, size],
        )
        (last,) = cursor.fetchone() or (None,)
        return int(last) if last is not None else None
