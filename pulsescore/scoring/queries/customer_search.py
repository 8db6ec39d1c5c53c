"""Who matches a search of customers: one page of ids, or a count.

Customers of an organization up to `SMALL` are found by any part of their name or address; in a
larger one a term must begin a word, which an index answers.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple
from uuid import uuid4

from django.db import connection

from pulsescore.core.errors import FieldFault, Invalid
from pulsescore.scoring.queries import customer_sql as sql
from pulsescore.scoring.queries.customer_filters import CustomerFilters

SMALL = 20_000
MAX_CALCULATED = 10_000
# The first rows in the order of the list tell how many of them fit. So many more are then read as
# should hold a page twice over, but for a number at which collecting all who fit is as quick.
SAMPLE = 500
MARGIN = 2.5
FARTHEST = 20_000
_SIZE = """
    SELECT count(*) FROM (
        SELECT FROM store_customer WHERE org_id = %(org_id)s LIMIT %(limit)s
    ) AS counted
"""


class Ids(NamedTuple):
    """A page of ids, and how many match where that is known on the way."""

    ids: list[int]
    total: int | None = None


@dataclass(frozen=True)
class Search:
    """Filters made ready for one organization."""

    org_id: int
    filters: CustomerFilters
    values: dict[str, Any]

    @cached_property
    def is_small(self) -> bool:
        """Whether the organization has so few customers that all may be looked at."""
        (size,) = fetch(_SIZE, {"org_id": self.org_id, "limit": SMALL + 1})[0]
        return int(size) <= SMALL

    @property
    def infix(self) -> bool:
        """Whether terms are found within words too."""
        return bool(self.filters.search) and self.is_small

    @classmethod
    def prepare(cls, org_id: int, *, filters: CustomerFilters, now: datetime | None) -> "Search":
        """Raises `ValueError` where a filter compares with the present and it is not told."""
        if filters.needs_now and now is None:
            raise ValueError("these filters need the present instant")
        values = sql.parameters(filters, org_id=org_id, now=now)
        return cls(org_id, filters, values)

    def check(self, sort: str) -> None:
        """Raise `Invalid` where so many match that they cannot be ordered so."""
        if sort in sql.CALCULATED and not self.count(MAX_CALCULATED)[1]:
            many = f"at most {MAX_CALCULATED:,} customers can be ordered by this: narrow them first"
            raise Invalid(FieldFault("sort", many))

    def page(self, sort: str, order: str, *, offset: int = 0, limit: int) -> Ids:
        """A page of ids in order, by whichever way is quick."""
        sort, order = self._sensible(sort, order)
        if sort in sql.CALCULATED:
            self.check(sort)
            return self._collect(sort, order, offset, limit)
        if sql.is_whole_walk(self.filters, sort):
            ids = self._walk(sort, order, offset, limit, window=offset + limit)
            if len(ids) < limit and self.filters == CustomerFilters(deleted=self.filters.deleted):
                ids += self._absent(sort, ids, offset, limit)
            return Ids(ids)
        ids = self._sampled(sort, order, offset, limit)
        return Ids(ids) if len(ids) == limit else self._collect(sort, order, offset, limit)

    def count(self, limit: int | None = None) -> tuple[int, bool]:
        """How many match, and whether that is all of them."""
        query = sql.count_query(self.filters, infix=self.infix, limited=limit is not None)
        most = None if limit is None else limit + 1
        (count,) = fetch(query, {**self.values, "count_limit": most})[0]
        return (count, True) if limit is None or count <= limit else (limit, False)

    @contextmanager
    def cursor(self, sort: str, order: str, *, size: int) -> Iterator[Iterator[list[int]]]:
        """All ids in order, in lists of `size`, kept by the database and not by us."""
        sort, order = self._sensible(sort, order)
        name = f"customers_{uuid4().hex}"
        query = sql.cursor_query(self.filters, sort, order, infix=self.infix)
        with connection.cursor() as cursor:
            cursor.execute(f"DECLARE {name} NO SCROLL CURSOR WITH HOLD FOR {query}", self.values)
        try:
            yield _fetched(name, size)
        finally:
            with connection.cursor() as cursor:
                cursor.execute(f"CLOSE {name}")

    def _sensible(self, sort: str, order: str) -> tuple[str, str]:
        """Who has no score cannot be ordered by it: the newest come first instead."""
        nobody_scored = sort == "score" and self.filters.levels == ("none",)
        return ("created_at", "desc") if nobody_scored else (sort, order)

    def _sampled(self, sort: str, order: str, offset: int, limit: int) -> list[int]:
        """A page read in the order of the list, as far as that promises to be quick; else less."""
        needed = offset + limit
        ids = self._walk(sort, order, 0, needed, window=SAMPLE)
        window = round(MARGIN * SAMPLE * needed / max(len(ids), 1))
        # Who became something is told by history, which is best read once, and so is everybody
        # where words are looked for within words: that goes through all of them anyway.
        is_once = bool(self.filters.became) or self.infix
        if len(ids) < needed and window <= FARTHEST and not is_once:
            ids = self._walk(sort, order, 0, needed, window=window)
        return ids[offset:] if len(ids) == needed else []

    def _walk(self, sort: str, order: str, offset: int, limit: int, *, window: int) -> list[int]:
        query = sql.walk_query(self.filters, sort, order, infix=self.infix)
        values = {**self.values, "limit": offset + limit, "window": window}
        return [row[0] for row in fetch(query, values)[offset:]]

    def _collect(self, sort: str, order: str, offset: int, limit: int) -> Ids:
        query = sql.found_query(self.filters, sort, order, infix=self.infix)
        rows = fetch(query, {**self.values, "limit": limit, "offset": offset})
        if rows:
            return Ids([row[0] for row in rows], rows[0][1])
        return Ids([], None if offset else 0)

    def _absent(self, sort: str, present: list[int], offset: int, limit: int) -> list[int]:
        """Those without a value that come after the last who has one."""
        before = offset + len(present)
        if offset and not present:
            query = sql.present_count_query(self.filters, sort, infix=self.infix)
            (before,) = fetch(query, self.values)[0]
        query = sql.absent_query(self.filters, sort, infix=self.infix)
        window = {"limit": limit - len(present), "offset": max(0, offset - before)}
        return [row[0] for row in fetch(query, {**self.values, **window})]


def fetch(query: str, values: dict[str, Any]) -> list[Any]:
    """The rows of a query."""
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())


def _fetched(name: str, size: int) -> Iterator[list[int]]:
    while True:
        rows = fetch(f"FETCH FORWARD {size} FROM {name}", {})
        if not rows:
            return
        yield [row[0] for row in rows]
