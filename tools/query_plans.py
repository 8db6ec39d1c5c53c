"""Writes docs/query-plans.md: how the server answers the heaviest query of each list and dashboard.

On a million generated customers, for each request that the benchmarks make: its slowest statement
and the plan that PostgreSQL chose. `python -m tools.query_plans [--customers N]`
"""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import connection

from benchmarks import customers_page, dashboard, world
from benchmarks.asking import asking
from benchmarks.many_customers import fill

TARGET = Path("docs/query-plans.md")
WORDS = (
    "What PostgreSQL does for the slowest statement of each request that"
    " `benchmarks/customers_page.py` and `benchmarks/dashboard.py` make, on {customers:,} generated"
    " customers of one organization, with a warm cache. Made by `python -m tools.query_plans`;"
    " times are of one execution on a small machine. A plan that reads all customers for a page"
    " would show as a sequential scan, or as rows removed by the hundred thousand."
)
HEAD = """\
# Plans of the queries behind lists and dashboards

{words}

| request | statements | all of them | the slowest |
|---|---|---|---|
{rows}
"""


def main() -> None:
    """Fill, ask, explain, write."""
    parser = argparse.ArgumentParser(prog="tools.query_plans", description=__doc__)
    parser.add_argument("--customers", type=int, default=1_000_000)
    customers = parser.parse_args().customers
    with world.database():
        # Settings can be overridden only once Django has been set up.
        from django.test import override_settings  # noqa: PLC0415

        with override_settings(ALLOWED_HOSTS=["*"]):
            parts, rows = _explained(customers)
    text = HEAD.format(words=WORDS.format(customers=customers), rows="\n".join(rows))
    TARGET.write_text("\n".join([text, *parts]))


def _explained(customers: int) -> tuple[list[str], list[str]]:
    print(f"query_plans: making {customers:,} customers", file=sys.stderr, flush=True)
    org_id, user = fill(customers)
    dashboard.prepare(org_id)
    company, _customer = customers_page.examples(org_id)
    lists = [
        f"/customers?{query.format(company=company)}".rstrip("?")
        for queries in customers_page.REQUESTS.values()
        for query in queries
    ]
    asked = dict.fromkeys(lists, "results")
    asked |= dict.fromkeys(dashboard.REQUESTS, "board")
    parts, rows = [], []
    for address, target in asked.items():
        ask = asking(user, target=target)
        ask(address)
        watch = _Watch()
        with connection.execute_wrapper(watch):
            ask(address)
        sql, params, took = max(watch.seen, key=lambda one: one[2])
        total = sum(one[2] for one in watch.seen)
        rows.append(f"| `{address}` | {len(watch.seen)} | {total:.1f} ms | {took:.1f} ms |")
        parts.append(f"## `{address}`\n\n```text\n{_plan(sql, params)}\n```\n")
    return parts, rows


class _Watch:
    """Remembers statements with what they took, in milliseconds."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, Any, float]] = []

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        start = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            if not many and isinstance(sql, str):
                self.seen.append((sql, params, (time.perf_counter() - start) * 1000))


def _plan(sql: str, params: Any) -> str:
    explain = "EXPLAIN (ANALYZE, COSTS OFF, TIMING OFF, BUFFERS OFF) "
    with connection.cursor() as cursor:
        cursor.execute(explain + sql, params)
        return "\n".join(line for (line,) in cursor.fetchall())


if __name__ == "__main__":
    main()
