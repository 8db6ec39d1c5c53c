"""Who is in which segment, kept as the rules say: one statement for a batch and many segments.

Only differences are written. Whoever refreshes holds the organization's lock until the commit.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple

import psycopg
from django.db import connection

from pulsescore.core.locks import lock_for_transaction
from pulsescore.segments.compile import Program, compile_rules
from pulsescore.segments.facts import Restrict
from pulsescore.segments.fields import Kind
from pulsescore.segments.models import Segment
from pulsescore.segments.rules import asks_of_companies, parse_rule

BATCH: Final = 20_000
_FEW: Final = 20
_TABLES: Final[dict[Kind, tuple[str, str, str]]] = {
    "customer": ("segments_member", "customer_id", "store_customer"),
    "company": ("segments_companymembership", "company_id", "store_company"),
}
_REFRESH: Final = """
WITH judged AS (
    SELECT facts.id, array_remove(ARRAY[{verdicts}]::bigint[], NULL) AS found
    FROM ({facts}) AS facts
),
stored AS (
    SELECT {column} AS id, array_agg(segment_id ORDER BY segment_id) AS found
    FROM {table}
    WHERE org_id = %(org_id)s AND {restricted} AND segment_id = ANY(%(segments)s::bigint[])
    GROUP BY {column}
),
differing AS (
    SELECT
        coalesce(judged.id, stored.id) AS id,
        coalesce(judged.found, '{{}}') AS after,
        coalesce(stored.found, '{{}}') AS before
    FROM judged FULL JOIN stored ON stored.id = judged.id
    WHERE coalesce(judged.found, '{{}}') <> coalesce(stored.found, '{{}}')
),
moved AS MATERIALIZED (
    SELECT id, segment_id, TRUE AS entered FROM differing, unnest(after) AS segment_id
    WHERE segment_id <> ALL(before)
    UNION ALL
    SELECT id, segment_id, FALSE FROM differing, unnest(before) AS segment_id
    WHERE segment_id <> ALL(after)
),
entered AS (
    INSERT INTO {table} (org_id, segment_id, {column}, entered_at)
    SELECT %(org_id)s, segment_id, id, %(now)s FROM moved WHERE entered ORDER BY id, segment_id
),
gone AS (
    DELETE FROM {table} AS kept USING moved
    WHERE kept.org_id = %(org_id)s AND NOT moved.entered
        AND kept.{column} = moved.id AND kept.segment_id = moved.segment_id
)
SELECT segment_id, id, entered FROM moved
"""
_SEGMENTS: Final = """
    SELECT id, name, filled_revision >= revision, rule::text FROM segments_segment
    WHERE org_id = %(org_id)s AND kind = %(kind)s AND deleted_at IS NULL
        AND (%(only)s::bigint[] IS NULL OR id = ANY(%(only)s::bigint[]))
    ORDER BY id
"""
_GONE: Final = """
    SELECT facts.id, array_remove(ARRAY[{verdicts}]::bigint[], NULL) FROM ({facts}) AS facts
"""
_GROWN: Final = """
    UPDATE segments_segment AS s SET size = greatest(s.size + told.by, 0)
    FROM unnest(%(ids)s::bigint[], %(by)s::int[]) AS told (id, by)
    WHERE s.org_id = %(org_id)s AND s.id = told.id
"""
_RANGE: Final = """
    SELECT max(id) FROM (
        SELECT id FROM {table} WHERE org_id = %(org_id)s AND id > %(after)s
        ORDER BY id LIMIT %(size)s
    ) AS batch
"""


class Move(NamedTuple):
    """A customer or company entered a segment, or left it.

    `is_filling`: everybody is looked at by a new rule, so that nobody moved but the rule.
    """

    segment_id: int
    member_id: int
    entered: bool
    is_filling: bool


@dataclass(frozen=True)
class Scope:
    """Which rows a batch is about: these ids, or the range of ids."""

    ids: tuple[int, ...] | None = None
    first: int = 0
    last: int = 0

    def restrict(self, column: str) -> str:
        """The condition that a column of ids is within."""
        if self.ids is None:
            return f"{column} BETWEEN %(first)s AND %(last)s"
        return f"{column} = ANY(%(ids)s::bigint[])"

    def values(self) -> dict[str, Any]:
        """The parameters of the condition."""
        return {"ids": list(self.ids or ()), "first": self.first, "last": self.last}


class Line(NamedTuple):
    """A segment, as far as refreshing asks."""

    pk: int
    name: str
    is_filled: bool


@dataclass(frozen=True)
class Chosen:
    """Segments of one kind as they are, compiled together."""

    kind: Kind
    segments: Sequence[Line]
    program: Program


def lock_segments(org_id: int) -> None:
    """Let one batch of an organization be looked at a time, by rules that stay meanwhile."""
    lock_for_transaction(f"segments:{org_id}")


def choose(org_id: int, kind: Kind, *, only: Sequence[int] | None = None) -> Chosen:
    """The segments of a kind, all or only some, under the lock of `lock_segments`."""
    values = {"org_id": org_id, "kind": kind, "only": None if only is None else list(only)}
    with connection.cursor() as cursor:
        cursor.execute(_SEGMENTS, values)
        rows = cursor.fetchall()
    segments = [Line(pk, name, is_filled) for pk, name, is_filled, _rule in rows]
    return Chosen(kind, segments, _compiled(kind, tuple(row[3] for row in rows)))


@lru_cache(maxsize=64)
def _compiled(kind: Kind, texts: tuple[str, ...]) -> Program:
    """Rules as they are stored; a worker meets the same ones with every changed customer."""
    rules = [parse_rule(json.loads(text), kind=kind) for text in texts]
    return compile_rules(rules, kind=kind)


def asking_of_companies(org_id: int) -> list[int]:
    """The segments of customers whose rules ask of companies."""
    rows = Segment.objects.for_org(org_id).filter(kind="customer", deleted_at=None)
    told = rows.order_by("id").values_list("id", "rule")
    return [pk for pk, rule in told if asks_of_companies(parse_rule(rule, kind="customer"))]


def refresh(org_id: int, scope: Scope, chosen: Chosen, *, now: datetime) -> list[Move]:
    """Bring membership of a batch up to date, inside the caller's transaction; who moved."""
    if not chosen.segments or scope.ids == ():
        return []
    filling = {one.pk for one in chosen.segments if not one.is_filled}
    values = {
        **chosen.program.values,
        **scope.values(),
        "org_id": org_id,
        "now": now,
        "segments": [one.pk for one in chosen.segments],
    }
    moves = [
        Move(segment_id, member_id, entered, segment_id in filling)
        for segment_id, member_id, entered in _run(chosen, scope, values)
    ]
    _grow(org_id, moves)
    return moves


def _run(chosen: Chosen, scope: Scope, values: dict[str, Any]) -> list[tuple[int, int, bool]]:
    """Few customers take less time than the statement takes to be planned: one plan is kept."""
    query = refresh_query(chosen, scope.restrict)
    if scope.ids is None or len(scope.ids) > _FEW:
        with connection.cursor() as cursor:
            cursor.execute(query, values)
            return list(cursor.fetchall())
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan")
        return cursor.execute(query, values, prepare=True).fetchall()


def would_hold(
    org_id: int, customer_ids: Sequence[int], segment_ids: Sequence[int], *, now: datetime
) -> dict[int, frozenset[int]]:
    """In which of these segments customers were if they existed: the deleted are in none."""
    chosen = choose(org_id, "customer", only=segment_ids)
    if not (chosen.segments and customer_ids):
        return {}
    scope = Scope(tuple(customer_ids))
    facts = chosen.program.select(scope.restrict, with_gone=True)
    values = {**chosen.program.values, **scope.values(), "org_id": org_id, "now": now}
    with connection.cursor() as cursor:
        cursor.execute(_GONE.format(verdicts=_verdicts(chosen), facts=facts), values)
        return {customer_id: frozenset(found) for customer_id, found in cursor.fetchall()}


def refresh_query(chosen: Chosen, restrict: Restrict) -> str:
    """The statement that refreshes a batch; public for those who look at its plan."""
    table, column, _rows = _TABLES[chosen.kind]
    return _REFRESH.format(
        verdicts=_verdicts(chosen),
        facts=chosen.program.select(restrict),
        table=table,
        column=column,
        restricted=restrict(column),
    )


def _verdicts(chosen: Chosen) -> str:
    return ", ".join(
        f"CASE WHEN {condition} THEN {one.pk} END"
        for one, condition in zip(chosen.segments, chosen.program.conditions, strict=True)
    )


def ranges(org_id: int, kind: Kind, *, size: int = BATCH) -> Iterator[Scope]:
    """Everybody of a kind, in batches in the order of ids."""
    after, query = 0, _RANGE.format(table=_TABLES[kind][2])
    while True:
        with connection.cursor() as cursor:
            cursor.execute(query, {"org_id": org_id, "after": after, "size": size})
            (last,) = cursor.fetchone()
        if last is None:
            return
        yield Scope(first=after + 1, last=last)
        after = last


def _grow(org_id: int, moves: Sequence[Move]) -> None:
    by: dict[int, int] = {}
    for move in moves:
        by[move.segment_id] = by.get(move.segment_id, 0) + (1 if move.entered else -1)
    if by:
        values: dict[str, Any] = {"org_id": org_id, "ids": list(by), "by": list(by.values())}
        with connection.cursor() as cursor:
            cursor.execute(_GROWN, values)
