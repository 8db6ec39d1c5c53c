"""Our own attributes of customers and companies: per name, the fact that is newest at its source.

They stand beside what a source tells of itself, so that no import touches them and they touch no
import.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
from django.db import transaction

from pulsescore.core.locks import lock_for_transaction
from pulsescore.store import dirty, scrub, statements

LONGEST_NAME: Final = 255
MOST_NAMES: Final = 500
_BEGINNING: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class TraitChange:
    """Values told of a customer at an instant; None removes one.

    With `only_if_empty` a value is taken only where there is none yet.
    """

    customer_id: int
    values: Mapping[str, Any]
    at: datetime
    only_if_empty: bool = False


@dataclass(frozen=True, kw_only=True)
class CompanyTraitChange:
    """Values told of a company at an instant; None removes one."""

    company_id: int
    values: Mapping[str, Any]
    at: datetime
    only_if_empty: bool = False


# One row per thing and name. A name is remembered with its instant also when it was removed, so
# that an older value cannot come back; equal instants go to the later caller.
_APPLY = """
    WITH new AS MATERIALIZED ({given}), told AS (
        SELECT o.id, n.name, n.value, n.at, o.traits -> n.name IS DISTINCT FROM n.value AS differs
        FROM new AS n JOIN {table} AS o ON o.id = n.owner_id AND o.org_id = %(org_id)s
        WHERE (NOT o.trait_times ? n.name
               OR (o.trait_times ->> n.name)::timestamptz < n.at::timestamptz
               OR ((o.trait_times ->> n.name)::timestamptz = n.at::timestamptz
                   AND o.traits -> n.name IS DISTINCT FROM n.value))
          AND (NOT n.is_weak OR coalesce(o.traits ->> n.name, '') = '')
          AND (o.trait_times ? n.name
               OR (SELECT count(*) FROM jsonb_object_keys(o.trait_times)) < %(most_names)s)
    ), changes AS (
        SELECT id, bool_or(differs) AS differs, jsonb_object_agg(name, at) AS times,
               coalesce(jsonb_object_agg(name, value) FILTER (WHERE value IS NOT NULL),
                        '{{}}') AS values,
               coalesce(array_agg(name) FILTER (WHERE value IS NULL), '{{}}') AS gone
        FROM told GROUP BY id
    )
    UPDATE {table} AS o
    SET traits = (o.traits || c.values) - c.gone, trait_times = o.trait_times || c.times,
        updated_at = CASE WHEN c.differs THEN %(now)s ELSE o.updated_at END
    FROM changes AS c WHERE o.id = c.id AND o.org_id = %(org_id)s
    RETURNING o.id, c.differs
"""
_TOLD = """
    SELECT * FROM unnest(%(owners)s::bigint[], %(names)s::text[], %(values)s::jsonb[],
                         %(ats)s::text[], %(weak)s::bool[])
        AS told (owner_id, name, value, at, is_weak)
"""
# What merged customers had; of several the newest.
_TAKEN_OVER = """
    SELECT DISTINCT ON (m.target, t.key) m.target AS owner_id, t.key AS name,
           s.traits -> t.key AS value, t.value AS at, FALSE AS is_weak
    FROM unnest(%(sources)s::bigint[], %(targets)s::bigint[]) AS m(source, target)
    JOIN store_customer AS s ON s.id = m.source AND s.org_id = %(org_id)s
    CROSS JOIN LATERAL jsonb_each_text(s.trait_times) AS t
    ORDER BY m.target, t.key, t.value::timestamptz DESC, s.id
"""
_SOURCES_OF = """
    SELECT DISTINCT source_id FROM {table}
    WHERE org_id = %(org_id)s AND id = ANY(%(ids)s::bigint[]) ORDER BY source_id
"""
_CUSTOMERS: Final = "store_customer"
_COMPANIES: Final = "store_company"


def apply_traits(*, org_id: int, changes: Sequence[TraitChange], now: datetime) -> frozenset[int]:
    """Take over values that are newer than what is known; returns the customers that changed.

    They are marked in the same transaction. What is known already writes nothing. Customers of
    other organizations are passed over.
    """
    told = [(change.customer_id, change) for change in changes]
    with transaction.atomic():
        changed = _apply(_CUSTOMERS, org_id, told, now=now)
        dirty.mark(org_id, changed)
    return changed


def apply_company_traits(
    *, org_id: int, changes: Sequence[CompanyTraitChange], now: datetime
) -> frozenset[int]:
    """The same for companies; their customers are marked too, since rules may ask for them."""
    told = [(change.company_id, change) for change in changes]
    with transaction.atomic():
        changed = _apply(_COMPANIES, org_id, told, now=now)
        if changed:
            dirty.mark_companies(org_id, changed)
            dirty.mark_members(org_id, changed)
    return changed


def take_over(params: Mapping[str, Any]) -> None:
    """Give the traits of `sources` to their `targets`, under the locks of their sources."""
    statement = _APPLY.format(table=_CUSTOMERS, given=_TAKEN_OVER)
    statements.fetch(statement, {**params, "most_names": MOST_NAMES})


def lock_sources(table: str, *, org_id: int, ids: Iterable[int]) -> None:
    """Wait for the writers of these rows, in the order in which everybody does."""
    params = {"org_id": org_id, "ids": list(ids)}
    for (source_id,) in statements.fetch(_SOURCES_OF.format(table=table), params):
        lock_for_transaction(f"source:{source_id}")


def _apply(
    table: str,
    org_id: int,
    told: Sequence[tuple[int, TraitChange | CompanyTraitChange]],
    *,
    now: datetime,
) -> frozenset[int]:
    rows = _newest(told)
    if not rows:
        return frozenset()
    lock_sources(table, org_id=org_id, ids={owner for owner, _ in rows})
    params = {
        "org_id": org_id,
        "now": now,
        "most_names": MOST_NAMES,
        "owners": [owner for owner, _ in rows],
        "names": [name for _, name in rows],
        "values": [value for value, _, _ in rows.values()],
        "ats": [at.isoformat() for _, at, _ in rows.values()],
        "weak": [is_weak for _, _, is_weak in rows.values()],
    }
    written = statements.fetch(_APPLY.format(table=table, given=_TOLD), params)
    return frozenset(owner for owner, differs in written if differs)


_Told = tuple[str | None, datetime, bool]


def _newest(
    told: Iterable[tuple[int, TraitChange | CompanyTraitChange]],
) -> dict[tuple[int, str], _Told]:
    """Of each thing and name the newest value, the later one where two are equally old.

    A value that is to fill a gap only gives way to any other.
    """
    rows: dict[tuple[int, str], _Told] = {}
    for owner, change in told:
        at = change.at.astimezone(UTC)
        for name, value in change.values.items():
            clean = scrub.text(name)
            if not 0 < len(clean) <= LONGEST_NAME:
                continue
            known = rows.get((owner, clean))
            if known is None or _rank(known[1], known[2]) <= _rank(at, change.only_if_empty):
                rows[owner, clean] = (_json(value), at, change.only_if_empty)
    return rows


def _rank(at: datetime, is_weak: bool) -> datetime:
    return _BEGINNING if is_weak else at


def _json(value: Any) -> str | None:
    """The value as JSON; None for what JSON cannot say, as for None itself."""
    text = msgspec.json.encode(scrub.anything(value)).decode()
    return None if text == "null" else text
