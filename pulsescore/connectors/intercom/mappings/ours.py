"""What our attributes of customers and companies are, by the names of the outgoing table."""

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db import connection as database

from pulsescore.connectors.intercom.mappings.fields import MappedKind
from pulsescore.connectors.intercom.mappings.words import KNOWN
from pulsescore.scoring.config import FACTORS

_PERSON: Final = tuple(
    one.name
    for one in KNOWN["contact"]
    if one.name not in ("score", "risk_level", "segments") and "." not in one.name
)
_COMPANY: Final = tuple(
    one.name
    for one in KNOWN["company"]
    if one.name not in ("score", "risk_level", "segments", "members")
)


def _segments(table: str, column: str, owner: str) -> str:
    """The names of the segments that somebody is in, as SQL."""
    return f"""ARRAY(
        SELECT g.name FROM segments_{table} AS m
        JOIN segments_segment AS g ON g.id = m.segment_id AND g.org_id = m.org_id
        WHERE m.{column} = {owner}.id AND m.org_id = {owner}.org_id AND g.deleted_at IS NULL
        ORDER BY lower(g.name), g.id
    ) AS segments"""


# Of several companies the one that was known first speaks, so that it stays the same one.
_CUSTOMERS: Final = f"""
    SELECT c.id, c.traits, ARRAY(SELECT jsonb_object_keys(c.trait_times)) AS told,
           {", ".join(f"c.{name}" for name in _PERSON)},
           h.score, h.risk_level, h.raws,
           {_segments("member", "customer_id", "c")},
           {", ".join(f'o.{name} AS "company.{name}"' for name in _COMPANY)},
           os.score AS "company.score", os.risk_level AS "company.risk_level",
           o.traits AS company_traits
    FROM store_customer AS c
    LEFT JOIN scoring_healthscore AS h ON h.customer_id = c.id AND h.org_id = c.org_id
    LEFT JOIN LATERAL (
        SELECT f.* FROM store_companymember AS m
        JOIN store_company AS f ON f.id = m.company_id AND f.org_id = c.org_id
        WHERE m.customer_id = c.id AND m.org_id = c.org_id AND f.deleted_at IS NULL
        ORDER BY f.id LIMIT 1
    ) AS o ON TRUE
    LEFT JOIN scoring_companyscore AS os ON os.company_id = o.id AND os.org_id = c.org_id
    WHERE c.org_id = %(org_id)s AND c.id = ANY(%(ids)s)
"""
_COMPANIES: Final = f"""
    SELECT o.id, o.traits, ARRAY(SELECT jsonb_object_keys(o.trait_times)) AS told,
           {", ".join(f"o.{name}" for name in _COMPANY)},
           s.score, s.risk_level, s.members,
           {_segments("companymembership", "company_id", "o")}
    FROM store_company AS o
    LEFT JOIN scoring_companyscore AS s ON s.company_id = o.id AND s.org_id = o.org_id
    WHERE o.org_id = %(org_id)s AND o.id = ANY(%(ids)s)
"""
Row = Mapping[str, Any]
_DIGITS: Final = {"support_recency": 0, "open_tickets": 0}


def attributes_of(org_id: int, customer_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Our attributes by customer; a value that was removed is None, one never told is left out."""
    found = _fetch(_CUSTOMERS, org_id, customer_ids)
    return {row["id"]: _of_customer(row) for row in found}


def company_attributes_of(org_id: int, company_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Our attributes by company."""
    found = _fetch(_COMPANIES, org_id, company_ids)
    return {row["id"]: _of_company(row) for row in found}


def attributes_for(kind: MappedKind, org_id: int, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Our attributes of contacts or companies."""
    return attributes_of(org_id, ids) if kind == "contact" else company_attributes_of(org_id, ids)


def _of_customer(row: Row) -> dict[str, Any]:
    values = _known(row, _PERSON) | _told(row)
    values |= {name: row[name] for name in ("score", "risk_level", "segments")}
    values |= _factors(row["raws"] or ())
    named = [f"company.{name}" for name in (*_COMPANY, "score", "risk_level")]
    values |= _known(row, named)
    for name, value in (_document(row["company_traits"]) or {}).items():
        values[f"company.{name}"] = value
    return values


def _factors(raws: Sequence[float]) -> dict[str, float | None]:
    """What was measured, as rules of segments see it; not so fine that every hour is a write."""
    known = dict(zip(FACTORS, raws, strict=False))
    return {
        f"factor.{key}": None
        if math.isnan(raw := known.get(key, math.nan))
        else round(raw, _DIGITS.get(key, 1))
        for key in FACTORS
    }


def _of_company(row: Row) -> dict[str, Any]:
    values = _known(row, _COMPANY) | _told(row)
    return values | {name: row[name] for name in ("score", "risk_level", "members", "segments")}


def _known(row: Row, names: Sequence[str]) -> dict[str, Any]:
    """Columns that have a value: one without says nothing, since it may never have been told."""
    return {name: row[name] for name in names if row[name] not in (None, "")}


def _told(row: Row) -> dict[str, Any]:
    """What was told of somebody goes before what a source says; what was removed is empty."""
    return dict.fromkeys(row["told"]) | (_document(row["traits"]) or {})


def _document(value: Any) -> Any:
    return json.loads(value) if isinstance(value, str) else value


def _fetch(statement: str, org_id: int, ids: Sequence[int]) -> list[dict[str, Any]]:
    if not ids:
        return []
    with database.cursor() as cursor:
        cursor.execute(statement, {"org_id": org_id, "ids": list(ids)})
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
