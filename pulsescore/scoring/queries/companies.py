"""Companies with their scores: the list, one, and those of a customer."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from dataclasses import fields as dataclass_fields
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from pulsescore.core.errors import FieldFault, Invalid, NotFound
from pulsescore.scoring.statements import statement

SORTS = {
    "name": "lower(c.name)",
    "score": "s.score",
    "members": "coalesce(s.members, 0)",
    "monthly_spend": "c.monthly_spend",
    "last_request_at": "c.last_request_at",
}
ORDERS = ("asc", "desc")
RISKS = ("green", "yellow", "red", "none")
MAX_PER_PAGE = 100
MAX_PAGE = 10**9
_MOST_CHOICES = 200
_FROM = (
    "store_company AS c LEFT JOIN scoring_companyscore AS s"
    " ON s.company_id = c.id AND s.org_id = c.org_id"
)
_THESE = "unnest(%(ids)s::bigint[]) WITH ORDINALITY"
_OF_CUSTOMER = """(
    SELECT c.id, row_number() OVER (ORDER BY lower(c.name), c.id)
    FROM store_companymember AS m
    JOIN store_company AS c ON c.id = m.company_id AND c.org_id = m.org_id
    WHERE m.org_id = %(org_id)s AND m.customer_id = %(customer_id)s AND c.deleted_at IS NULL
)"""


@dataclass(frozen=True)
class CompanyFilters:
    """Which companies to list; `None` does not filter."""

    search: str | None = None
    plan: str | None = None
    tag: str | None = None
    risk: str | None = None


@dataclass(frozen=True)
class CompanyRow:
    """A company as lists show it, with its score, how many members make it, and the worst one."""

    id: int
    external_id: str
    company_key: str | None
    name: str | None
    plan: str | None
    size: int | None
    industry: str | None
    website: str | None
    monthly_spend: Decimal | None
    tags: list[str]
    metadata: dict[str, Any]
    remote_created_at: datetime | None
    last_request_at: datetime | None
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None
    score: int | None
    risk_level: str | None
    members: int
    scored_members: int
    calculated_at: datetime | None
    worst_id: int | None
    worst_name: str | None
    worst_score: int | None
    worst_level: str | None


_ROW = tuple(column.name for column in dataclass_fields(CompanyRow))


@dataclass(frozen=True)
class CompanyPage:
    """One page of the list and how many companies match in all."""

    companies: list[CompanyRow]
    page: int
    per_page: int
    total: int


def list_companies(
    org_id: int,
    *,
    filters: CompanyFilters,
    sort: str = "name",
    order: str = "asc",
    page: int = 1,
    per_page: int = 25,
) -> CompanyPage:
    """One page of the companies that match; those without a value to sort by come last.

    Raises `Invalid` for an unknown sort, order or risk, and for a page out of range.
    """
    _check(filters, sort=sort, order=order, page=page, per_page=per_page)
    conditions = _conditions(filters)
    values = _parameters(filters, org_id) | {
        "limit": per_page,
        "offset": (page - 1) * per_page,
    }
    ((total,),) = _fetch(f"SELECT count(*) FROM {_FROM} WHERE {conditions}", values)
    ids = _fetch(
        f"SELECT c.id FROM {_FROM} WHERE {conditions}"
        f" ORDER BY {SORTS[sort]} {order} NULLS LAST, c.id {order}"
        " LIMIT %(limit)s OFFSET %(offset)s",
        values,
    )
    rows = get_company_rows(org_id, [row[0] for row in ids])
    return CompanyPage(rows, page, per_page, total)


def get_company_rows(org_id: int, ids: Sequence[int]) -> list[CompanyRow]:
    """The companies of these ids, in that order; unknown ids are left out."""
    return _rows(_THESE, {"org_id": org_id, "ids": list(ids)}) if ids else []


def get_company(org_id: int, company_id: int) -> CompanyRow:
    """One company, deleted or not; raises `NotFound`."""
    rows = get_company_rows(org_id, [company_id]) if 0 < company_id < 2**63 else []
    if not rows:
        raise NotFound("There is no such company in this organization.")
    return rows[0]


def list_companies_of(org_id: int, customer_id: int) -> list[CompanyRow]:
    """A customer's companies by name. Index: company_member_once."""
    return _rows(_OF_CUSTOMER, {"org_id": org_id, "customer_id": customer_id})


def member_levels(org_id: int, company_id: int) -> dict[str, int]:
    """A company's members per level; `none` are those without a score."""
    counts = dict(
        _fetch(
            "SELECT coalesce(h.risk_level, 'none'), count(*) FROM store_companymember AS m"
            " JOIN store_customer AS c ON c.id = m.customer_id AND c.org_id = m.org_id"
            " LEFT JOIN scoring_healthscore AS h"
            " ON h.customer_id = c.id AND h.org_id = c.org_id"
            " WHERE m.org_id = %(org_id)s AND m.company_id = %(company_id)s"
            " AND c.deleted_at IS NULL GROUP BY 1",
            {"org_id": org_id, "company_id": company_id},
        )
    )
    return {level: counts.get(level, 0) for level in RISKS}


def company_choices(org_id: int) -> tuple[list[str], list[str]]:
    """The plans and the tags that companies have, to choose from, by name."""
    rows = _fetch(
        "SELECT kind, word FROM ("
        " SELECT 'plan' AS kind, plan AS word FROM store_company"
        " WHERE org_id = %(org_id)s AND deleted_at IS NULL AND plan <> ''"
        " UNION SELECT 'tag', unnest(tags) FROM store_company"
        " WHERE org_id = %(org_id)s AND deleted_at IS NULL"
        ") AS words ORDER BY kind, lower(word), word LIMIT %(limit)s",
        {"org_id": org_id, "limit": 2 * _MOST_CHOICES},
    )
    plans = [word for kind, word in rows if kind == "plan"]
    tags = [word for kind, word in rows if kind == "tag"]
    return plans[:_MOST_CHOICES], tags[:_MOST_CHOICES]


def _rows(wanted: str, values: dict[str, Any]) -> list[CompanyRow]:
    """Companies of a relation of (id, place), in the order of places."""
    rows = _fetch(statement("company_rows").format(wanted=wanted), values)
    found = [dict(zip(_ROW, row, strict=True)) for row in rows]
    return [CompanyRow(**{**row, "metadata": json.loads(row["metadata"])}) for row in found]


def _conditions(filters: CompanyFilters) -> str:
    found = ["c.org_id = %(org_id)s", "c.deleted_at IS NULL"]
    if filters.search:
        found.append("(c.name ILIKE %(search)s OR c.company_key ILIKE %(search)s)")
    if filters.plan:
        found.append("c.plan = %(plan)s")
    if filters.tag:
        found.append("c.tags @> ARRAY[%(tag)s]::text[]")
    if filters.risk:
        found.append("s.score IS NULL" if filters.risk == "none" else "s.risk_level = %(risk)s")
    return " AND ".join(found)


def _parameters(filters: CompanyFilters, org_id: int) -> dict[str, Any]:
    return {
        "org_id": org_id,
        "search": f"%{_literal(filters.search or '')}%",
        "plan": filters.plan,
        "tag": filters.tag,
        "risk": filters.risk,
    }


def _literal(text: str) -> str:
    """A text as part of a LIKE pattern that matches it and nothing else."""
    text = text.replace("\0", "")
    return text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")


def _check(filters: CompanyFilters, *, sort: str, order: str, page: int, per_page: int) -> None:
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
