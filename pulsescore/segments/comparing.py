"""Who is in which segments by the rules, beside what is stored: one statement that only reads.

For a few customers planning it takes many times longer than running it, so that its plan is kept by
the database, with the connection, until a rule changes.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple

import psycopg
from django.db import connection

from pulsescore.segments.compile import Program
from pulsescore.segments.facts import Restrict
from pulsescore.segments.fields import Kind

FEW: Final = 20
# Plans of many segments are large; the organizations that were seen last keep theirs.
_PLANS: Final = 30
_PLACEHOLDER: Final = re.compile(r"%\((\w+)\)s|%%")
MEMBERSHIPS: Final[dict[Kind, tuple[str, str]]] = {
    "customer": ("segments_member", "customer_id"),
    "company": ("segments_companymembership", "company_id"),
}
# The sum has the database walk along the index of members rather than look up each segment.
_COMPARE: Final = """
    SELECT coalesce(judged.id, stored.id), judged.found, stored.found
    FROM (
        SELECT facts.id, array_remove(ARRAY[{verdicts}]::bigint[], NULL) AS found
        FROM ({facts}) AS facts OFFSET 0
    ) AS judged
    FULL JOIN (
        SELECT {column} AS id, array_agg(segment_id ORDER BY segment_id) AS found
        FROM {table}
        WHERE org_id = %(org_id)s AND {restricted}
            AND segment_id + 0 = ANY(%(segments)s::bigint[])
        GROUP BY {column}
    ) AS stored ON stored.id = judged.id
    WHERE coalesce(judged.found, '{{}}') <> coalesce(stored.found, '{{}}')
"""
_JUDGE: Final = """
    SELECT facts.id, array_remove(ARRAY[{verdicts}]::bigint[], NULL) FROM ({facts}) AS facts
"""


@dataclass(frozen=True)
class Scope:
    """Which rows a batch is about: these ids, or the range of ids."""

    ids: tuple[int, ...] | None = None
    first: int = 0
    last: int = 0

    @property
    def is_few(self) -> bool:
        """Whether planning would take longer than reading."""
        return self.ids is not None and len(self.ids) <= FEW

    def restrict(self, column: str) -> str:
        """The condition that a column of ids is within."""
        if self.ids is None:
            return f"{column} BETWEEN %(first)s AND %(last)s"
        return f"{column} = ANY(%(ids)s::bigint[])"

    def values(self) -> dict[str, Any]:
        """The parameters of the condition."""
        return {"ids": list(self.ids or ()), "first": self.first, "last": self.last}


class Difference(NamedTuple):
    """A customer or company whose segments are others than those stored."""

    member_id: int
    entered: list[int]
    left: list[int]


@dataclass(frozen=True)
class Questions:
    """The rules of these segments, compiled together."""

    kind: Kind
    segment_ids: tuple[int, ...]
    program: Program

    def comparison(self, restrict: Restrict) -> str:
        """The statement that compares a batch with what is stored."""
        table, column = MEMBERSHIPS[self.kind]
        return _COMPARE.format(
            verdicts=self._verdicts,
            facts=self.program.select(restrict),
            table=table,
            column=column,
            restricted=restrict(column),
        )

    def judgement(self, restrict: Restrict) -> str:
        """The statement that judges a batch by the rules, the deleted as if they were not."""
        facts = self.program.select(restrict, with_gone=True)
        return _JUDGE.format(verdicts=self._verdicts, facts=facts)

    def values(self, scope: Scope, **more: Any) -> dict[str, Any]:
        """The parameters of both."""
        segments = list(self.segment_ids)
        return {**self.program.values, **scope.values(), "segments": segments, **more}

    @cached_property
    def for_few(self) -> tuple[str, tuple[str, ...]]:
        """The comparison of some ids with numbered parameters, and which each is."""
        return numbered(self.comparison(Scope(()).restrict))

    @cached_property
    def _verdicts(self) -> str:
        return ", ".join(
            f"CASE WHEN {condition} THEN {pk}::bigint END"
            for pk, condition in zip(self.segment_ids, self.program.conditions, strict=True)
        )


def compare(questions: Questions, scope: Scope, values: dict[str, Any]) -> list[Difference]:
    """Whose segments are others than those that are stored, in the caller's transaction."""
    rows = (_ask_for_few if scope.is_few else _ask)(questions, scope, values)
    return [_difference(member, after or (), before or ()) for member, after, before in rows]


def _difference(member: int, after: Sequence[int], before: Sequence[int]) -> Difference:
    if not before:
        return Difference(member, list(after), [])
    return Difference(
        member,
        [one for one in after if one not in before],
        [one for one in before if one not in after],
    )


def _ask(questions: Questions, scope: Scope, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(questions.comparison(scope.restrict), values)
        return list(cursor.fetchall())


def _ask_for_few(
    questions: Questions, _scope: Scope, values: dict[str, Any]
) -> list[tuple[Any, ...]]:
    """Django has connections keep no plans, so leave is given for this one statement."""
    statement, names = questions.for_few
    connection.ensure_connection()
    link = connection.connection
    usual = link.prepare_threshold
    link.prepare_threshold, link.prepared_max = 0, _PLANS
    try:
        with connection.wrap_database_errors, psycopg.RawCursor(link) as cursor:
            cursor.execute("SET LOCAL plan_cache_mode = force_generic_plan", prepare=False)
            return cursor.execute(statement, [values[name] for name in names]).fetchall()
    finally:
        link.prepare_threshold = usual


def numbered(statement: str) -> tuple[str, tuple[str, ...]]:
    """A statement with named parameters as one with numbered ones, and their names in order."""
    names: dict[str, int] = {}

    def place(found: re.Match[str]) -> str:
        name = found[1]
        return f"${names.setdefault(name, len(names) + 1)}" if name else "%"

    return _PLACEHOLDER.sub(place, statement), tuple(names)
