"""The list of customers with their scores: filters, sorts and pages."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from dataclasses import fields as dataclass_fields
from datetime import datetime, timedelta
from typing import Any

from pulsescore.core.errors import FieldFault, Invalid
from pulsescore.scoring.queries.customer_filters import CustomerFilters, faults_of
from pulsescore.scoring.queries.customer_search import Search, fetch
from pulsescore.scoring.queries.customer_sql import ORDERS, SORTS
from pulsescore.scoring.statements import statement
from pulsescore.scoring.wording import REASONS

MAX_PER_PAGE = 100
MAX_PAGE = 10**9


@dataclass(frozen=True)
class CustomerRow:
    """A customer as lists show it, with score, the change within a week, and companies."""

    id: int
    external_id: str
    source: str
    email: str | None
    name: str | None
    contact_role: str
    first_seen_at: datetime | None
    last_seen_at: datetime | None
    last_replied_at: datetime | None
    tags: list[str]
    metadata: dict[str, Any]
    attributes: dict[str, Any]
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None
    score: int | None
    risk_level: str | None
    score_reason: str | None
    raws: list[float]
    change: int | None = None
    companies: list[tuple[int, str | None]] = field(default_factory=list)
    is_overridden: bool = False
    computed_score: int | None = None

    @property
    def score_reason_words(self) -> str | None:
        """Why there is no score, for people."""
        return REASONS[self.score_reason] if self.score_reason else None


_ROW = tuple(column.name for column in dataclass_fields(CustomerRow))


@dataclass(frozen=True)
class CustomerPage:
    """One page of the list and how many match; at least `total`, if not all were counted."""

    customers: list[CustomerRow]
    page: int
    per_page: int
    total: int
    is_counted: bool = True

    @property
    def total_pages(self) -> int:
        """How many pages there are; 0 where nothing matches."""
        return -(-self.total // self.per_page)


def list_customers(
    org_id: int,
    *,
    filters: CustomerFilters,
    sort: str = "name",
    order: str = "asc",
    page: int = 1,
    per_page: int = 25,
    now: datetime | None = None,
    count_all: bool = True,
) -> CustomerPage:
    """One page of the customers that match; with `now`, each with its change in seven days.

    Those without a value to sort by come last in either order. Without `count_all`, who matches is
    counted only where that is quick; else `total` is the least that it can be. Raises `Invalid` for
    an unknown sort, order or level, for a page out of range, and for a calculated sort of more than
    `MAX_CALCULATED` customers.
    """
    _check(filters, sort=sort, order=order, page=page, per_page=per_page)
    search = Search.prepare(org_id, filters=filters, now=now)
    offset = (page - 1) * per_page
    listed = search.page(sort, order, offset=offset, limit=per_page)
    rows = get_rows(org_id, listed.ids, now=now)
    total, is_counted = listed.total, True
    if total is None and (count_all or search.is_small):
        total, _all = search.count()
    elif total is None:
        total, is_counted = offset + len(rows), False
    return CustomerPage(rows, page, per_page, total, is_counted)


def count_customers(org_id: int, *, filters: CustomerFilters, now: datetime) -> int:
    """How many customers match, all of them counted."""
    _check(filters)
    return Search.prepare(org_id, filters=filters, now=now).count()[0]


def find_ids(org_id: int, *, filters: CustomerFilters, limit: int, now: datetime) -> list[int]:
    """The ids of customers that match, at most `limit`, by name."""
    _check(filters)
    return Search.prepare(org_id, filters=filters, now=now).page("name", "asc", limit=limit).ids


def get_rows(org_id: int, ids: Sequence[int], *, now: datetime | None = None) -> list[CustomerRow]:
    """The customers of these ids as lists show them, in that order; unknown ids are left out."""
    since = now - timedelta(days=7) if now else None
    values = {"org_id": org_id, "ids": list(ids), "since": since}
    return [_to_row(row) for row in fetch(statement("customer_rows"), values)]


def _check(
    filters: CustomerFilters,
    *,
    sort: str = "name",
    order: str = "asc",
    page: int = 1,
    per_page: int = 1,
) -> None:
    faults = [
        FieldFault(name, f"must be one of {', '.join(known)}")
        for name, value, known in (("sort", sort, tuple(SORTS)), ("order", order, ORDERS))
        if value not in known
    ]
    faults += faults_of(filters)
    if not 1 <= page <= MAX_PAGE:
        faults.append(FieldFault("page", f"must be from 1 to {MAX_PAGE}"))
    if not 1 <= per_page <= MAX_PER_PAGE:
        faults.append(FieldFault("per_page", f"must be from 1 to {MAX_PER_PAGE}"))
    if faults:
        raise Invalid(*faults)


def _to_row(row: Sequence[Any]) -> CustomerRow:
    fields = dict(zip(_ROW, row, strict=True))
    for name in ("metadata", "attributes", "companies"):
        fields[name] = json.loads(fields[name])
    fields["companies"] = [(company, name) for company, name in fields["companies"]]
    return CustomerRow(**fields)
