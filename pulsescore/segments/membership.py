"""Who is in which segment, kept as the rules say: one look at a batch for all segments.

Only differences are written. Whoever refreshes holds the organization's lock until the commit.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple

from django.db import connection

from pulsescore.core.bulk_sql import copy_lines
from pulsescore.core.locks import lock_for_transaction
from pulsescore.segments.comparing import MEMBERSHIPS, Questions, Scope, compare
from pulsescore.segments.compile import Program, compile_rules
from pulsescore.segments.fields import Kind
from pulsescore.segments.models import Segment
from pulsescore.segments.rules import asks_of_companies, parse_rule

BATCH: Final = 50_000
_TABLES: Final[dict[Kind, str]] = {"customer": "store_customer", "company": "store_company"}
_ENTER_FEW: Final = 100
_ENTER: Final = """
    INSERT INTO {table} (org_id, segment_id, {column}, entered_at)
    SELECT %(org_id)s, told.segment_id, told.member_id, %(now)s
    FROM unnest(%(segments)s::bigint[], %(members)s::bigint[]) AS told (segment_id, member_id)
"""
_LEAVE: Final = """
    DELETE FROM {table} AS kept
    USING unnest(%(segments)s::bigint[], %(members)s::bigint[]) AS told (segment_id, member_id)
    WHERE kept.org_id = %(org_id)s
        AND kept.{column} = told.member_id AND kept.segment_id = told.segment_id
"""
_SEGMENTS: Final = """
    SELECT id, name, filled_revision >= revision, rule::text FROM segments_segment
    WHERE org_id = %(org_id)s AND kind = %(kind)s AND deleted_at IS NULL
        AND EXISTS (
            SELECT FROM accounts_organization WHERE id = %(org_id)s AND deleted_at IS NULL
        )
        AND (%(only)s::bigint[] IS NULL OR id = ANY(%(only)s::bigint[]))
    ORDER BY id
"""
_TAKE_OUT: Final = """
    DELETE FROM segments_member WHERE org_id = %(org_id)s AND customer_id = ANY(%(ids)s::bigint[])
    RETURNING segment_id, customer_id
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


Pairs = Sequence[tuple[int, int]]


class Move(NamedTuple):
    """A customer or company entered a segment, or left it.

    `is_filling`: everybody is looked at by a new rule, so that nobody moved but the rule.
    """

    segment_id: int
    member_id: int
    entered: bool
    is_filling: bool


class Line(NamedTuple):
    """A segment, as far as refreshing asks."""

    pk: int
    name: str
    is_filled: bool


@dataclass(frozen=True)
class Chosen:
    """Segments of one kind as they are, compiled together."""

    segments: Sequence[Line]
    questions: Questions

    @property
    def kind(self) -> Kind:
        """What they are groups of."""
        return self.questions.kind

    @property
    def program(self) -> Program:
        """Their rules as SQL."""
        return self.questions.program


def lock_segments(org_id: int) -> None:
    """Let one batch of an organization be looked at a time, by rules that stay meanwhile."""
    lock_for_transaction(f"segments:{org_id}")


def choose(org_id: int, kind: Kind, *, only: Sequence[int] | None = None) -> Chosen:
    """The segments of a kind, all or only some, under the lock of `lock_segments`.

    A closed organization has none: nobody is added behind those who remove its rows.
    """
    values = {"org_id": org_id, "kind": kind, "only": None if only is None else list(only)}
    with connection.cursor() as cursor:
        cursor.execute(_SEGMENTS, values)
        rows = cursor.fetchall()
    segments = [Line(pk, name, is_filled) for pk, name, is_filled, _rule in rows]
    return Chosen(segments, _compiled(kind, tuple((row[0], row[3]) for row in rows)))


@lru_cache(maxsize=64)
def _compiled(kind: Kind, told: tuple[tuple[int, str], ...]) -> Questions:
    """Rules as they are stored; a worker meets the same ones with every changed customer."""
    rules = [parse_rule(json.loads(text), kind=kind) for _pk, text in told]
    return Questions(kind, tuple(pk for pk, _text in told), compile_rules(rules, kind=kind))


def asking_of_companies(org_id: int) -> list[int]:
    """The segments of customers whose rules ask of companies."""
    rows = Segment.objects.for_org(org_id).filter(kind="customer", deleted_at=None)
    told = rows.order_by("id").values_list("id", "rule")
    return [pk for pk, rule in told if asks_of_companies(parse_rule(rule, kind="customer"))]


def refresh(org_id: int, scope: Scope, chosen: Chosen, *, now: datetime) -> list[Move]:
    """Bring membership of a batch up to date, inside the caller's transaction; who moved."""
    if not chosen.segments or scope.ids == ():
        return []
    values = chosen.questions.values(scope, org_id=org_id, now=now)
    found = compare(chosen.questions, scope, values)
    if not found:
        return []
    entered = [(segment, one.member_id) for one in found for segment in one.entered]
    left = [(segment, one.member_id) for one in found for segment in one.left]
    _enter(org_id, chosen.kind, entered, now=now)
    _leave(org_id, chosen.kind, left)
    _grow(org_id, entered, left)
    filling = {one.pk for one in chosen.segments if not one.is_filled}
    return [
        Move(segment, member, is_entry, segment in filling)
        for pairs, is_entry in ((entered, True), (left, False))
        for segment, member in pairs
    ]


def take_out(org_id: int, customer_ids: Sequence[int]) -> None:
    """Take customers who are about to be erased out of all segments, in that transaction.

    The lock lasts until they are gone, so that no batch under way puts them in again.
    """
    lock_segments(org_id)
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_OUT, {"org_id": org_id, "ids": list(customer_ids)})
        left = cursor.fetchall()
    if left:
        _grow(org_id, [], left)


def would_hold(
    org_id: int, customer_ids: Sequence[int], segment_ids: Sequence[int], *, now: datetime
) -> dict[int, frozenset[int]]:
    """In which of these segments customers were if they existed: the deleted are in none."""
    chosen = choose(org_id, "customer", only=segment_ids)
    if not (chosen.segments and customer_ids):
        return {}
    scope = Scope(tuple(customer_ids))
    with connection.cursor() as cursor:
        cursor.execute(
            chosen.questions.judgement(scope.restrict),
            chosen.questions.values(scope, org_id=org_id, now=now),
        )
        return {customer_id: frozenset(found) for customer_id, found in cursor.fetchall()}


def ranges(org_id: int, kind: Kind, *, size: int = BATCH) -> Iterator[Scope]:
    """Everybody of a kind, in batches in the order of ids."""
    after, query = 0, _RANGE.format(table=_TABLES[kind])
    while True:
        with connection.cursor() as cursor:
            cursor.execute(query, {"org_id": org_id, "after": after, "size": size})
            (last,) = cursor.fetchone()
        if last is None:
            return
        yield Scope(first=after + 1, last=last)
        after = last


def _enter(org_id: int, kind: Kind, pairs: Pairs, *, now: datetime) -> None:
    """Many are copied in, which takes the database half the time of inserting them."""
    table, column = MEMBERSHIPS[kind]
    if len(pairs) <= _ENTER_FEW:
        _write(_ENTER.format(table=table, column=column), org_id, pairs, now=now)
        return
    instant = now.isoformat()
    lines = (f"{org_id},{segment},{member},{instant}".encode() for segment, member in pairs)
    copy_lines(table, ("org_id", "segment_id", column, "entered_at"), lines)


def _leave(org_id: int, kind: Kind, pairs: Pairs) -> None:
    table, column = MEMBERSHIPS[kind]
    _write(_LEAVE.format(table=table, column=column), org_id, pairs)


def _write(statement: str, org_id: int, pairs: Pairs, **more: Any) -> None:
    if pairs:
        segments, members = zip(*pairs, strict=True)
        values = {"org_id": org_id, "segments": list(segments), "members": list(members), **more}
        with connection.cursor() as cursor:
            cursor.execute(statement, values)


def _grow(org_id: int, entered: Pairs, left: Pairs) -> None:
    by = Counter(segment for segment, _member in entered)
    by.subtract(Counter(segment for segment, _member in left))
    values: dict[str, Any] = {"org_id": org_id, "ids": list(by), "by": list(by.values())}
    with connection.cursor() as cursor:
        cursor.execute(_GROWN, values)
