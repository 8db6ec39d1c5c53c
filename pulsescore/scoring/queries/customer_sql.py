"""Pure: the SQL of the customer list, from filters, sort and order."""

from typing import Any, Protocol

# Each sort walks an index on (org, its column, id), in both directions; those without a value
# come last in either, by a second query. Scores walk health_by_score.
SORTS = {
    "name": "c.name",
    "score": "h.score",
    "last_seen_at": "c.last_seen_at",
    "created_at": "c.created_at",
}
ORDERS = ("asc", "desc")
_SCORED = "JOIN scoring_healthscore AS h ON h.customer_id = c.id AND h.org_id = c.org_id"


class Filters(Protocol):
    """What a customer list can be narrowed to."""

    @property
    def risk(self) -> str | None: ...
    @property
    def search(self) -> str | None: ...
    @property
    def tag(self) -> str | None: ...
    @property
    def company(self) -> int | None: ...
    @property
    def source(self) -> str | None: ...
    @property
    def role(self) -> str | None: ...
    @property
    def deleted(self) -> bool: ...
    @property
    def score_from(self) -> int | None: ...
    @property
    def score_to(self) -> int | None: ...


def count_query(filters: Filters, *, present: str | None = None) -> str:
    """How many match; with `present`, only those that have a value to sort by."""
    sort = present or "name"
    only = f" AND {SORTS[present]} IS NOT NULL" if present else ""
    return f"SELECT count(*) FROM {_tables(filters, sort)} WHERE {_conditions(filters)}{only}"


def present_query(filters: Filters, sort: str, order: str) -> str:
    """Ids of those that have a value to sort by, in order; ties by id."""
    column, tie = SORTS[sort], "h.customer_id" if sort == "score" else "c.id"
    return (
        f"SELECT c.id FROM {_tables(filters, sort)}"
        f" WHERE {_conditions(filters)} AND {column} IS NOT NULL"
        f" ORDER BY {column} {order}, {tie} {order} LIMIT %(limit)s OFFSET %(offset)s"
    )


def absent_query(filters: Filters, sort: str) -> str:
    """Ids of those that have no value to sort by."""
    tables = f"store_customer AS c LEFT {_SCORED}"
    return (
        f"SELECT c.id FROM {tables} WHERE {_conditions(filters)} AND {SORTS[sort]} IS NULL"
        " ORDER BY c.id LIMIT %(limit)s OFFSET %(offset)s"
    )


def parameters(filters: Filters, *, org_id: int) -> dict[str, Any]:
    """The values that the queries name."""
    return {
        "org_id": org_id,
        "risk": filters.risk,
        "search": f"%{_literal(filters.search or '')}%",
        "tag": filters.tag,
        "company": filters.company,
        "source": filters.source,
        "role": filters.role,
        "score_from": filters.score_from,
        "score_to": filters.score_to,
    }


def _tables(filters: Filters, sort: str) -> str:
    if filters.risk == "none":
        return f"store_customer AS c LEFT {_SCORED}"
    by_score = filters.score_from is not None or filters.score_to is not None
    joined = f" {_SCORED}" if filters.risk or by_score or sort == "score" else ""
    return f"store_customer AS c{joined}"


def _conditions(filters: Filters) -> str:
    found = ["c.org_id = %(org_id)s"]
    found.append(f"c.deleted_at IS {'NOT ' if filters.deleted else ''}NULL")
    if filters.risk:
        found.append(
            "h.score IS NULL"
            if filters.risk == "none"
            else "h.risk_level = %(risk)s AND h.org_id = %(org_id)s"
        )
    if filters.score_from is not None:
        found.append("h.score >= %(score_from)s")
    if filters.score_to is not None:
        found.append("h.score <= %(score_to)s")
    if filters.search:
        found.append("(c.name ILIKE %(search)s OR c.email ILIKE %(search)s)")
    if filters.tag:
        found.append("c.tags @> ARRAY[%(tag)s]::text[]")
    if filters.company is not None:
        found.append(
            "EXISTS (SELECT FROM store_companymember AS m WHERE m.org_id = %(org_id)s"
            " AND m.company_id = %(company)s AND m.customer_id = c.id)"
        )
    if filters.source:
        found.append(
            "c.source_id IN (SELECT id FROM store_source"
            " WHERE org_id = %(org_id)s AND kind = %(source)s)"
        )
    if filters.role:
        found.append("c.contact_role = %(role)s")
    return " AND ".join(found)


def _literal(text: str) -> str:
    """A text as part of a LIKE pattern that matches it and nothing else."""
    return text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
