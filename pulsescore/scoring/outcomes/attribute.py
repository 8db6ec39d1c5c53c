"""Outcomes from an attribute: read from stored customers or companies, following its changes."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Final

from django.db import connection, transaction

from pulsescore.core.errors import FieldFault, Invalid
from pulsescore.core.locks import lock_for_transaction
from pulsescore.scoring.outcomes.days import read_day
from pulsescore.scoring.outcomes.models import (
    OutcomeAttribute,
    OutcomeRecord,
    OutcomeSource,
)
from pulsescore.scoring.outcomes.recording import record_days

MAX_FIELD: Final = 200
_CHUNK: Final = 5_000
_SAMPLE: Final = 2_000

# What a field begins with, the table it is read from, and its column of names and values.
_PLACES: Final = (
    ("company.metadata.", "store_company", "metadata"),
    ("metadata.", "store_customer", "metadata"),
    ("attributes.", "store_customer", "attributes"),
)
_VALUES: Final = """
    SELECT id, {column} ->> %(name)s FROM {table}
    WHERE org_id = %(org_id)s AND {column} ? %(name)s AND id > %(after)s {living}
    ORDER BY id LIMIT %(chunk)s
"""
_NAMES: Final = """
    SELECT DISTINCT key
    FROM (
        SELECT {column} AS held FROM {table}
        WHERE org_id = %(org_id)s AND deleted_at IS NULL ORDER BY id DESC LIMIT %(sample)s
    ) AS newest, jsonb_object_keys(newest.held) AS key
    ORDER BY key
"""


def check_field(field: str) -> str:
    """The field, trimmed; raises `Invalid` for one that names no attribute."""
    text = field.strip()
    if _place(text) is None or len(text) > MAX_FIELD:
        raise Invalid(
            FieldFault(
                "field",
                "Name an attribute as metadata.…, attributes.… or company.metadata.….",
            )
        )
    return text


def refresh(org_id: int, *, now: datetime) -> OutcomeAttribute | None:
    """Read the attribute of everybody again; outcomes it no longer tells go.

    Nothing where the organization has chosen none.
    """
    with transaction.atomic():
        lock_for_transaction(f"outcomes:{org_id}")
        chosen = OutcomeAttribute.objects.for_org(org_id).first()
        if chosen is None:
            return None
        days, unreadable = _read(org_id, chosen.field, today=now.astimezone(UTC).date())
        of_companies = chosen.field.startswith("company.")
        record_days(
            org_id, days, of_companies=of_companies, source=OutcomeSource.ATTRIBUTE, now=now
        )
        _forget_others(org_id, days, of_companies=of_companies)
        chosen.found, chosen.unreadable, chosen.read_at = len(days), unreadable, now
        chosen.save(update_fields=["found", "unreadable", "read_at"])
    return chosen


def list_fields(org_id: int) -> list[str]:
    """Fields that the newest customers and companies have, to choose from."""
    found = []
    for prefix, table, column in _PLACES:
        with connection.cursor() as cursor:
            cursor.execute(
                _NAMES.format(table=table, column=column), {"org_id": org_id, "sample": _SAMPLE}
            )
            found += [f"{prefix}{name}" for (name,) in cursor.fetchall()]
    return sorted(found)


def _read(org_id: int, field: str, *, today: date) -> tuple[dict[int, date], int]:
    days: dict[int, date] = {}
    unreadable = 0
    for row_id, text in _values(org_id, field):
        day = read_day(text or "", today=today)
        if day is not None:
            days[row_id] = day
        elif text not in (None, ""):
            unreadable += 1
    return days, unreadable


def _values(org_id: int, field: str) -> Iterator[tuple[int, str | None]]:
    prefix, table, column = _place(field) or _PLACES[0]
    # A merged customer's attribute is the survivor's matter; a deleted one's stands.
    living = "AND merged_into_id IS NULL" if table == "store_customer" else ""
    query = _VALUES.format(table=table, column=column, living=living)
    after = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                query,
                {
                    "org_id": org_id,
                    "name": field[len(prefix) :],
                    "after": after,
                    "chunk": _CHUNK,
                },
            )
            rows = cursor.fetchall()
        yield from rows
        if len(rows) < _CHUNK:
            return
        after = rows[-1][0]


def _forget_others(org_id: int, days: dict[int, date], *, of_companies: bool) -> None:
    told = OutcomeRecord.objects.for_org(org_id).filter(source=OutcomeSource.ATTRIBUTE)
    name = "company_id" if of_companies else "customer_id"
    known = set(told.values_list(name, flat=True))
    told.filter(**{f"{name}__in": known - days.keys()}).delete()
    told.filter(**{f"{name}__isnull": True}).delete()


def _place(field: str) -> tuple[str, str, str] | None:
    return next(
        (one for one in _PLACES if field.startswith(one[0]) and len(field) > len(one[0])), None
    )
