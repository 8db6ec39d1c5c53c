"""Who would be in a segment: how many, and a few of them, without storing anything."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import OperationalError, connection, transaction

from pulsescore.scoring.queries import CompanyRow, CustomerRow, get_company_rows, get_rows
from pulsescore.segments.compile import compile_rules
from pulsescore.segments.fields import Kind
from pulsescore.segments.rules import parse_rule

SAMPLE: Final = 5
PATIENCE_MS: Final = 8_000


@dataclass(frozen=True)
class Preview:
    """How many fit (None: it took too long to count), and the newest of them."""

    count: int | None
    sample: Sequence[CustomerRow] | Sequence[CompanyRow]


def preview(org_id: int, *, kind: Kind, rule: Any, now: datetime) -> Preview:
    """Count who fits a rule given as JSON. Raises `RuleFault` with the path of each fault."""
    program = compile_rules([parse_rule(rule, kind=kind)], kind=kind)
    query = (
        f"WITH found AS MATERIALIZED (SELECT facts.id FROM ({program.select(_everybody)}) AS facts"
        f" WHERE {program.conditions[0]})"
        " SELECT (SELECT count(*) FROM found),"
        f" ARRAY(SELECT id FROM found ORDER BY id DESC LIMIT {SAMPLE})"
    )
    values = {**program.values, "org_id": org_id, "now": now}
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = {PATIENCE_MS}")
            cursor.execute(query, values)
            count, ids = cursor.fetchone()
            cursor.execute("SET LOCAL statement_timeout = DEFAULT")
    except OperationalError:
        return Preview(None, [])
    if kind == "customer":
        return Preview(count, get_rows(org_id, ids, now=now))
    return Preview(count, get_company_rows(org_id, ids))


def _everybody(_column: str) -> str:
    return "TRUE"
