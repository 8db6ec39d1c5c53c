"""Pure: the SQL of the customer list, from filters, sort and order.

A page is found in one of two ways. `walk_query` goes through the index of the sort and keeps who
fits: right where many do. `found_query` collects whoever fits by the indexes of the filters and
sorts them: right where few do. Neither trusts the planner to guess how many will.
"""

from datetime import datetime, timedelta
from typing import Any

from pulsescore.scoring.queries.customer_filters import NOBODY, CustomerFilters
from pulsescore.scoring.queries.customer_terms import (
    infix_pattern,
    prefix_query,
    tag_query,
    terms_of,
)

WEEK = timedelta(days=7)
_EARLIER = """(
    SELECT {answer} FROM scoring_scorepoint AS p
    WHERE p.org_id = %(org_id)s AND p.customer_id = c.id AND p.at <= %(week_ago)s
    ORDER BY p.at DESC LIMIT 1
)"""
# Each sort but the last walks an index on (org, its column, id), in both directions; those without
# a value come last in either. Scores walk health_by_score, or health_by_level for chosen levels.
SORTS = {
    "name": "c.name",
    "score": "h.score",
    "last_seen_at": "c.last_seen_at",
    "created_at": "c.created_at",
    "first_seen_at": "c.first_seen_at",
    "change": "h.score - " + _EARLIER.format(answer="p.score"),
}
ORDERS = ("asc", "desc")
CALCULATED = ("change",)
NEVER_SCORED = "not_calculated"
_HEALTH = "scoring_healthscore AS h ON h.customer_id = c.id AND h.org_id = c.org_id"
# One probe for each customer, whatever the planner believes how many a search finds.
_HEALTH_OF_EACH = """store_customer AS c LEFT JOIN LATERAL (
    SELECT * FROM scoring_healthscore AS known
    WHERE known.customer_id = c.id AND known.org_id = c.org_id LIMIT 1
) AS h ON TRUE"""
# The sentence of the dashboard counts whose score moved into the level, not whom a new threshold
# put there.
_MOVED = {"red": "h.score < p.score", "yellow": "h.score <> p.score", "green": "h.score > p.score"}
# Who entered a level has a point there since; the critical are few enough to be looked at each.
_ENTERED = """EXISTS (
    SELECT FROM scoring_scorepoint AS n
    WHERE n.org_id = %(org_id)s AND n.customer_id = c.id AND n.at > %(week_ago)s
        AND n.risk_level = '{level}'
)"""
_COMPANY = """EXISTS (
    SELECT FROM store_companymember AS m
    WHERE m.org_id = %(org_id)s AND m.company_id = %(company)s AND m.customer_id = c.id
)"""
# Who is in a segment is the next stage's to decide; the list only asks.
_SEGMENT = """EXISTS (
    SELECT FROM segments_member AS s
    WHERE s.org_id = %(org_id)s AND s.segment_id = %(segment)s AND s.customer_id = c.id
)"""
_SOURCE = """c.source_id IN (
    SELECT id FROM store_source WHERE org_id = %(org_id)s AND kind = %(source)s
)"""


def count_query(filters: CustomerFilters, *, infix: bool, limited: bool) -> str:
    """How many match; `limited` stops counting at %(count_limit)s."""
    found = f"SELECT 1 FROM {_tables(filters, '')} WHERE {_matching(filters, infix=infix)}"
    limit = " LIMIT %(count_limit)s" if limited else ""
    return f"SELECT count(*) FROM ({found}{limit}) AS found"


def walk_query(filters: CustomerFilters, sort: str, order: str, *, infix: bool) -> str:
    """Ids of those that fit among the first %(window)s who have a value to sort by, in order."""
    fits = " AND ".join(_narrowing(filters, infix=infix)) or "TRUE"
    walks = [
        f"(SELECT c.id, {SORTS[sort]} AS at, {fits} AS fits FROM {_tables(filters, sort)}"
        f" WHERE {way} AND {SORTS[sort]} IS NOT NULL"
        f" ORDER BY {SORTS[sort]} {order}, {_tie(sort)} {order} LIMIT %(window)s)"
        for way in _ways(filters, sort)
    ]
    return (
        f"SELECT id FROM ({' UNION ALL '.join(walks)}) AS walked WHERE fits"
        f" ORDER BY at {order}, id {order} LIMIT %(limit)s"
    )


def is_whole_walk(filters: CustomerFilters, sort: str) -> bool:
    """Whether the index of the sort holds everybody who matches, and nobody else."""
    if sort == "score" and "none" not in filters.levels:
        served = CustomerFilters(
            risk=filters.risk, score_from=filters.score_from, score_to=filters.score_to
        )
        return filters == served
    return filters == CustomerFilters()


def found_query(filters: CustomerFilters, sort: str, order: str, *, infix: bool) -> str:
    """Ids of whoever fits, in order, with how many there are; without a value, last and by id."""
    return (
        f"WITH found AS MATERIALIZED ({_found(filters, sort, infix=infix)})"
        f" SELECT id, (SELECT count(*) FROM found) FROM found ORDER BY {_in_order(order)}"
        " LIMIT %(limit)s OFFSET %(offset)s"
    )


def absent_query(filters: CustomerFilters, sort: str, *, infix: bool) -> str:
    """Ids of those that have no value to sort by."""
    tables = f"store_customer AS c LEFT JOIN {_HEALTH}"
    return (
        f"SELECT c.id FROM {tables} WHERE {_matching(filters, infix=infix)}"
        f" AND {SORTS[sort]} IS NULL ORDER BY c.id LIMIT %(limit)s OFFSET %(offset)s"
    )


def present_count_query(filters: CustomerFilters, sort: str, *, infix: bool) -> str:
    """How many of those that match have a value to sort by."""
    return (
        f"SELECT count(*) FROM {_tables(filters, sort)}"
        f" WHERE {_matching(filters, infix=infix)} AND {SORTS[sort]} IS NOT NULL"
    )


def cursor_query(filters: CustomerFilters, sort: str, order: str, *, infix: bool) -> str:
    """Ids of everybody who matches, in order, without a limit."""
    found = _found(filters, sort, infix=infix)
    return f"SELECT id FROM ({found}) AS found ORDER BY {_in_order(order)}"


def parameters(filters: CustomerFilters, *, org_id: int, now: datetime | None) -> dict[str, Any]:
    """The values that the queries name."""
    values: dict[str, Any] = {
        "org_id": org_id,
        "tag": filters.tag,
        "tag_query": tag_query(org_id, filters.tag or ""),
        "company": filters.company,
        "segment": filters.segment,
        "source": filters.source,
        "reason": filters.reason,
        "role": filters.role,
        "owner": filters.owner,
        "score_from": filters.score_from,
        "score_to": filters.score_to,
        "week_ago": now - WEEK if now else None,
        "unseen_since": now - timedelta(days=filters.unseen_days or 0) if now else None,
    }
    for place, term in enumerate(terms_of(filters.search)):
        values[f"term_{place}"] = prefix_query(org_id, term)
        values[f"part_{place}"] = infix_pattern(term)
    return values


def _found(filters: CustomerFilters, sort: str, *, infix: bool) -> str:
    # What tells customers apart by their own columns is answered by an index of theirs.
    by_customer = (
        *(filters.search, filters.tag, filters.company, filters.segment),
        *(filters.owner, filters.unseen_days),
    )
    is_driven = any(one is not None for one in by_customer) or filters.deleted
    tables = _HEALTH_OF_EACH if is_driven else _tables(filters, sort, everybody=True)
    return f"SELECT c.id, {SORTS[sort]} AS at FROM {tables} WHERE {_matching(filters, infix=infix)}"


def _in_order(order: str) -> str:
    return f"at IS NULL, at {order}, CASE WHEN at IS NULL THEN id END, id {order}"


def _tie(sort: str) -> str:
    return "h.customer_id" if sort == "score" else "c.id"


def _ways(filters: CustomerFilters, sort: str) -> list[str]:
    """Where an index is walked: chosen levels have one walk each, in the order of scores."""
    stands = [*_standing(filters)]
    if sort == "last_seen_at" and filters.unseen_days is not None:
        stands.append("c.last_seen_at < %(unseen_since)s")
    if sort != "score":
        return [" AND ".join(stands)]
    stands += ["h.org_id = %(org_id)s", *_score_range(filters)]
    levels = [level for level in filters.levels if level != "none"]
    if filters.became:
        levels = [filters.became]
    told = [f"h.risk_level = '{level}'" for level in levels if level in _MOVED] or ["TRUE"]
    return [" AND ".join([*stands, one]) for one in told]


def _tables(filters: CustomerFilters, sort: str, *, everybody: bool = False) -> str:
    by_score = filters.score_from is not None or filters.score_to is not None
    by_health = (filters.levels, filters.became, by_score, filters.overridden, filters.reason)
    narrowed = any(by_health)
    if not narrowed and sort not in {"score", *CALCULATED}:
        return "store_customer AS c"
    whole = (
        "none" in filters.levels or filters.reason == NEVER_SCORED or (everybody and not narrowed)
    )
    return f"store_customer AS c {'LEFT ' if whole else ''}JOIN {_HEALTH}"


def _matching(filters: CustomerFilters, *, infix: bool) -> str:
    return " AND ".join([*_standing(filters), *_narrowing(filters, infix=infix)])


def _standing(filters: CustomerFilters) -> list[str]:
    gone = "NOT NULL" if filters.deleted else "NULL"
    return ["c.org_id = %(org_id)s", f"c.deleted_at IS {gone}"]


def _narrowing(filters: CustomerFilters, *, infix: bool) -> list[str]:
    told = [*_levels(filters), *_score_range(filters), *_words(filters, infix=infix)]
    if filters.company is not None:
        told.append(_COMPANY)
    if filters.segment is not None:
        told.append(_SEGMENT)
    if filters.source:
        told.append(_SOURCE)
    if filters.role:
        told.append("c.contact_role = %(role)s")
    if filters.owner:
        nobody = filters.owner == NOBODY
        told.append("c.owner_external_id IS NULL" if nobody else "c.owner_external_id = %(owner)s")
    if filters.unseen_days is not None:
        told.append("(c.last_seen_at < %(unseen_since)s OR c.last_seen_at IS NULL)")
    if filters.overridden:
        told.append("h.org_id = %(org_id)s AND h.override_id IS NOT NULL")
    if filters.reason:
        told.append(
            "h.customer_id IS NULL"
            if filters.reason == NEVER_SCORED
            else "h.org_id = %(org_id)s AND h.score IS NULL AND h.reason = %(reason)s"
        )
    return told


def _levels(filters: CustomerFilters) -> list[str]:
    told = []
    named = ", ".join(f"'{level}'" for level in filters.levels if level in _MOVED)
    ways = [f"h.org_id = %(org_id)s AND h.risk_level IN ({named})"] if named else []
    if "none" in filters.levels:
        ways.append("h.score IS NULL")
    if ways:
        told.append("(" + " OR ".join(ways) + ")")
    if filters.became in _MOVED:
        elsewhere = f"p.risk_level <> '{filters.became}' AND {_MOVED[filters.became]}"
        told.append(f"h.org_id = %(org_id)s AND h.risk_level = '{filters.became}'")
        told.append(_EARLIER.format(answer=elsewhere))
        if filters.became != "red":
            told.append(_ENTERED.format(level=filters.became))
    return told


def _score_range(filters: CustomerFilters) -> list[str]:
    told = []
    if filters.score_from is not None:
        told.append("h.score >= %(score_from)s")
    if filters.score_to is not None:
        told.append("h.score <= %(score_to)s")
    return told


def _words(filters: CustomerFilters, *, infix: bool) -> list[str]:
    """Terms and tag by `search_words`; `infix` finds terms within words too, by reading them."""
    told = []
    for place, _term in enumerate(terms_of(filters.search)):
        begins = f"c.search_words @@ %(term_{place})s::tsquery"
        within = f"lower(c.name) LIKE %(part_{place})s OR lower(c.email) LIKE %(part_{place})s"
        told.append(f"({begins} OR {within})" if infix else begins)
    if filters.tag:
        told += ["c.search_words @@ %(tag_query)s::tsquery", "%(tag)s = ANY(c.tags)"]
    return told
