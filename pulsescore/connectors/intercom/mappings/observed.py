"""Which attributes of our own an organization has, and of which types, by what was told so far."""

from collections.abc import Collection
from typing import Any, Final

from django.db import connection as database

from pulsescore.connectors.intercom.mappings.fields import MappedKind
from pulsescore.connectors.intercom.mappings.words import (
    KNOWN,
    OurAttribute,
    is_reserved,
    known_attribute,
)

_LOOKED_AT: Final = 20_000
_MOST: Final = 500
# Many enough to meet every attribute, few enough for a page that somebody waits for.
_SEEN: Final = """
    SELECT t.key, array_agg(DISTINCT k.kind)
    FROM (
        SELECT traits FROM store_{table} WHERE org_id = %(org_id)s AND traits <> '{{}}'
        ORDER BY id DESC LIMIT %(looked_at)s
    ) AS o
    CROSS JOIN LATERAL jsonb_each(o.traits) AS t
    CROSS JOIN LATERAL (
        SELECT CASE jsonb_typeof(t.value)
            WHEN 'boolean' THEN 'boolean'
            WHEN 'number' THEN
                CASE WHEN t.value::text ~ '^-?[0-9]+$' THEN 'integer' ELSE 'float' END
            WHEN 'string' THEN
                CASE WHEN t.value #>> '{{}}' ~ '^[0-9]{{4}}-[01][0-9]-[0-3][0-9](T|$)'
                THEN 'date' ELSE 'string' END
            ELSE 'string'
        END AS kind
    ) AS k
    WHERE t.value <> 'null'
    GROUP BY t.key ORDER BY t.key LIMIT %(most)s
"""
_CUSTOMERS: Final = _SEEN.format(table="customer")
_COMPANIES: Final = _SEEN.format(table="company")


def offered_attributes(org_id: int, kind: MappedKind) -> list[OurAttribute]:
    """All attributes of ours that can be mapped: those that everybody has, then those seen."""
    known = {one.name for one in KNOWN[kind]}
    seen = [one for one in _seen(org_id, kind) if one.name not in known]
    return [*KNOWN[kind], *(one for one in seen if not is_reserved(one.name))]


def types_of(org_id: int, kind: MappedKind, names: Collection[str]) -> dict[str, str]:
    """The type of each of these attributes; text where nothing is known of one."""
    seen = {one.name: one.type for one in _seen(org_id, kind)}
    return {name: _type(kind, name, seen) for name in names}


def _type(kind: MappedKind, name: str, seen: dict[str, str]) -> str:
    known = known_attribute(kind, name)
    return known.type if known else seen.get(name, "string")


def _seen(org_id: int, kind: MappedKind) -> list[OurAttribute]:
    parameters: dict[str, Any] = {"org_id": org_id, "looked_at": _LOOKED_AT, "most": _MOST}
    with database.cursor() as cursor:
        cursor.execute(_CUSTOMERS if kind == "contact" else _COMPANIES, parameters)
        found = cursor.fetchall()
    return [OurAttribute(name=name, type=_common(kinds), label=name) for name, kinds in found]


def _common(kinds: list[str]) -> str:
    if set(kinds) == {"integer", "float"}:
        return "float"
    return kinds[0] if len(kinds) == 1 else "string"
