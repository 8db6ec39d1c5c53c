"""What rules may ask in an organization: the fields that always are, and the custom ones found."""

from typing import Any, Final

from pulsescore.segments.fields import (
    COMPANY_PREFIX,
    KINDS,
    OPERATOR_WORDS,
    OPERATORS,
    STANDARD,
    Field,
    Kind,
    find_field,
)
from pulsescore.store import statements

__all__ = [
    "KINDS",
    "OPERATORS",
    "OPERATOR_WORDS",
    "Field",
    "Kind",
    "find_field",
    "offered_events",
    "offered_fields",
    "offered_tags",
]

_SAMPLE: Final = 300
_MOST: Final = 500
# The newest rows tell which custom attributes an organization has.
_NAMES: Final = """
    SELECT DISTINCT jsonb_object_keys({column}) AS name FROM (
        SELECT {column} FROM {table}
        WHERE org_id = %(org_id)s AND deleted_at IS NULL AND jsonb_typeof({column}) = 'object'
        ORDER BY created_at DESC, id DESC LIMIT %(sample)s
    ) AS newest
    ORDER BY name LIMIT %(most)s
"""
_EVENTS: Final = """
    SELECT DISTINCT e.name FROM (
        SELECT id FROM store_customer WHERE org_id = %(org_id)s AND deleted_at IS NULL
        ORDER BY created_at DESC, id DESC LIMIT %(sample)s
    ) AS newest
    CROSS JOIN LATERAL (
        SELECT name FROM store_timelineevent
        WHERE org_id = %(org_id)s AND customer_id = newest.id
        ORDER BY occurred_at DESC, id DESC LIMIT 50
    ) AS e
    ORDER BY e.name LIMIT %(most)s
"""
_TAGS: Final = """
    SELECT DISTINCT tag FROM (
        SELECT tags FROM {table} WHERE org_id = %(org_id)s AND deleted_at IS NULL AND tags <> '{{}}'
        LIMIT 5000
    ) AS few, unnest(few.tags) AS tag
    ORDER BY tag LIMIT %(most)s
"""
_TABLES: Final[dict[Kind, str]] = {"customer": "store_customer", "company": "store_company"}
_COLUMNS: Final[dict[Kind, tuple[tuple[str, str], ...]]] = {
    "customer": (
        ("metadata.", "metadata"),
        ("attributes.", "attributes"),
        ("attributes.", "traits"),
    ),
    "company": (("metadata.", "metadata"), ("attributes.", "traits")),
}


def offered_fields(org_id: int, kind: Kind) -> list[Field]:
    """Standard fields, then the custom ones that the newest rows have; of companies too."""
    found = [*STANDARD[kind].values(), *_custom(org_id, kind, "")]
    if kind == "customer":
        found += _custom(org_id, "company", COMPANY_PREFIX)
    return found


def offered_events(org_id: int) -> list[str]:
    """The names of events that the newest customers have."""
    return _column(_EVENTS, org_id)


def offered_tags(org_id: int, kind: Kind) -> list[str]:
    """Tags that are in use."""
    return _column(_TAGS.format(table=_TABLES[kind]), org_id)


def _custom(org_id: int, kind: Kind, prefix: str) -> list[Field]:
    keys = [
        f"{prefix}{place}{name}"
        for place, column in _COLUMNS[kind]
        for name in _column(_NAMES.format(column=column, table=_TABLES[kind]), org_id)
    ]
    outer: Kind = "customer" if prefix else kind
    found = (find_field(outer, key) for key in keys)
    return [one for one in found if one is not None]


def _column(query: str, org_id: int) -> list[str]:
    values: dict[str, Any] = {"org_id": org_id, "sample": _SAMPLE, "most": _MOST}
    return [name for (name,) in statements.fetch(query, values)]
