"""Writes outcomes: one for each customer or company; what people say outweighs an attribute."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, NamedTuple

from django.db import connection

from pulsescore.scoring.outcomes.models import OutcomeSource
from pulsescore.scoring.outcomes.subjects import is_company, resolve

_RECORD: Final = """
    INSERT INTO scoring_outcomerecord AS o (org_id, {column}, left_on, source, recorded_at)
    SELECT %(org_id)s, told.id, told.left_on, %(source)s, %(now)s
    FROM unnest(%(ids)s::bigint[], %(days)s::date[]) AS told (id, left_on)
    ON CONFLICT ({column}) DO UPDATE
    SET left_on = excluded.left_on, source = excluded.source, recorded_at = excluded.recorded_at
    WHERE o.org_id = excluded.org_id
        AND (o.left_on, o.source) IS DISTINCT FROM (excluded.left_on, excluded.source)
        AND (excluded.source <> 'attribute' OR o.source = 'attribute')
    RETURNING (xmax = 0)
"""


class Row(NamedTuple):
    """A row as it was told: where it stands, by what it names whom, and the day, if it has one."""

    line: int
    key: str
    name: str
    left_on: date | None


class Refusal(NamedTuple):
    """A row that was not taken, the field that is wrong, and why."""

    line: int
    field: str
    message: str


@dataclass
class Recorded:
    """What became of rows."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: list[Refusal] = field(default_factory=list)


def record_rows(org_id: int, rows: Sequence[Row], *, source: str, now: datetime) -> Recorded:
    """Store what can be stored, the last row for whom several are; the others are refused."""
    recorded = Recorded()
    days: dict[bool, dict[int, date]] = {False: {}, True: {}}
    meant = _meant(org_id, rows)
    taken = 0
    for row in rows:
        refusal = _refusal(row, meant[row.key].get(row.name, []))
        if refusal is not None:
            recorded.refused.append(refusal)
        elif row.left_on is not None:
            taken += 1
            days[is_company(row.key)][meant[row.key][row.name][0]] = row.left_on
    for of_companies, told in days.items():
        added, changed = record_days(
            org_id, told, of_companies=of_companies, source=source, now=now
        )
        recorded.added += added
        recorded.changed += changed
    recorded.unchanged = taken - recorded.added - recorded.changed
    return recorded


def record_days(
    org_id: int, days: Mapping[int, date], *, of_companies: bool, source: str, now: datetime
) -> tuple[int, int]:
    """Store when customers, or companies, left; returns how many are new and how many changed."""
    if not days:
        return 0, 0
    with connection.cursor() as cursor:
        cursor.execute(
            _RECORD.format(column="company_id" if of_companies else "customer_id"),
            {
                "org_id": org_id,
                "ids": list(days),
                "days": list(days.values()),
                "source": OutcomeSource(source).value,
                "now": now,
            },
        )
        is_new = [row[0] for row in cursor.fetchall()]
    return sum(is_new), len(is_new) - sum(is_new)


def _meant(org_id: int, rows: Sequence[Row]) -> dict[str, dict[str, list[int]]]:
    names: dict[str, set[str]] = {}
    for row in rows:
        names.setdefault(row.key, set()).add(row.name)
    return {key: resolve(org_id, key, given) for key, given in names.items()}


def _refusal(row: Row, found: Sequence[int]) -> Refusal | None:
    thing = "company" if is_company(row.key) else "customer"
    if not row.name.strip():
        return Refusal(row.line, row.key, "This says nobody.")
    if not found:
        return Refusal(row.line, row.key, f"There is no such {thing} in this organization.")
    if len(found) > 1:
        return Refusal(row.line, row.key, f"Several {thing}s have this. Name one by its id.")
    if row.left_on is None:
        return Refusal(row.line, "left_on", "This is not a day.")
    return None
