"""The list of customers with their scores: filters, sorts and pages."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from dataclasses import fields as dataclass_fields
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from pulsescore.core.errors import FieldFault, Invalid
from pulsescore.scoring.queries.customer_sql import (
    ORDERS,
    SORTS,
    absent_query,
    count_query,
    parameters,
    present_query,
)
from pulsescore.scoring.statements import statement
from pulsescore.scoring.wording import REASONS

RISKS = ("green", "yellow", "red", "none")
MAX_PER_PAGE = 100
MAX_PAGE = 10**9


@dataclass(frozen=True)
class CustomerFilters:
    """Which customers to list; `None` does not filter. `company` is an id, `source` a kind."""

    risk: str | None = None
    search: str | None = None
    tag: str | None = None
    company: int | None = None
    source: str | None = None
    role: str | None = None
    deleted: bool = False
    score_from: int | None = None
    score_to: int | None = None


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

    @property
    def score_reason_words(self) -> str | None:
        """Why there is no score, for people."""
        return REASONS[self.score_reason] if self.score_reason else None


_ROW = tuple(column.name for column in dataclass_fields(CustomerRow))


@dataclass(frozen=True)
class CustomerPage:
    """One page of the list and how many customers match in all."""

    customers: list[CustomerRow]
    page: int
    per_page: int
    total: int

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
) -> CustomerPage:
    """One page of the customers that match; with `now`, each with its change in seven days.

    Those without a value to sort by come last in either order. Raises `Invalid` for an unknown
    sort, order or risk, and for a page out of range.
    """
    _check(filters, sort=sort, order=order, page=page, per_page=per_page)
    values = parameters(filters, org_id=org_id)
    (total,) = _fetch(count_query(filters), values)[0]
    ids = _page_ids(filters, values, sort=sort, order=order, page=page, per_page=per_page)
    return CustomerPage(get_rows(org_id, ids, now=now), page, per_page, total)


def get_rows(org_id: int, ids: Sequence[int], *, now: datetime | None = None) -> list[CustomerRow]:
    """The customers of these ids as lists show them, in that order; unknown ids are left out."""
    since = now - timedelta(days=7) if now else None
    values = {"org_id": org_id, "ids": list(ids), "since": since}
    return [_to_row(row) for row in _fetch(statement("customer_rows"), values)]


def _page_ids(
    filters: CustomerFilters,
    values: dict[str, Any],
    *,
    sort: str,
    order: str,
    page: int,
    per_page: int,
) -> list[int]:
    offset = (page - 1) * per_page
    window = {**values, "limit": per_page, "offset": offset}
    ids = [row[0] for row in _fetch(present_query(filters, sort, order), window)]
    if len(ids) == per_page:
        return ids
    present = offset + len(ids)
    if offset and not ids:
        (present,) = _fetch(count_query(filters, present=sort), values)[0]
    window |= {"limit": per_page - len(ids), "offset": max(0, offset - present)}
    return ids + [row[0] for row in _fetch(absent_query(filters, sort), window)]


def _check(filters: CustomerFilters, *, sort: str, order: str, page: int, per_page: int) -> None:
    faults = [
        FieldFault(name, f"must be one of {', '.join(known)}")
        for name, value, known in (
            ("sort", sort, tuple(SORTS)),
            ("order", order, ORDERS),
            ("risk", filters.risk or "none", RISKS),
        )
        if value not in known
    ]
    if not 1 <= page <= MAX_PAGE:
        faults.append(FieldFault("page", f"must be from 1 to {MAX_PAGE}"))
    if not 1 <= per_page <= MAX_PER_PAGE:
        faults.append(FieldFault("per_page", f"must be from 1 to {MAX_PER_PAGE}"))
    if faults:
        raise Invalid(*faults)


def _fetch(query: str, values: dict[str, Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())


def _to_row(row: Sequence[Any]) -> CustomerRow:
    fields = dict(zip(_ROW, row, strict=True))
    for name in ("metadata", "attributes", "companies"):
        fields[name] = json.loads(fields[name])
    fields["companies"] = [(company, name) for company, name in fields["companies"]]
    return CustomerRow(**fields)
