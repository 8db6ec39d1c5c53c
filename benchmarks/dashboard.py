"""The dashboard at 10,000 and at 1,000,000 customers: the page, and what the API tells of it.

The floor is a lookup by primary key through the same stack, as for the customers list. Work and
floor run in this process, without a network between. What the worker does beforehand is done
beforehand here: the total of each day when it is over, and the survey of a large organization each
minute in which something changed; how long that takes is told and not judged. p95 is over all
requests.

`python -m benchmarks.dashboard [--customers N ...] [--small]`
"""

import argparse
import random
import sys
from datetime import UTC, datetime
from itertools import pairwise

from django.db import connection

from benchmarks import report, world
from benchmarks.asking import asking, millis, p95
from benchmarks.many_customers import fill

SIZES = (10_000, 1_000_000)
SMALL = (100, 5_100)
ROUNDS, SMALL_ROUNDS = 40, 2
TARGET_P95_MS = 200.0
REQUESTS = (
    "/",
    "/?trend=average",
    "/api/v1/dashboard/summary",
    "/api/v1/dashboard/attention",
    "/api/v1/dashboard/score-distribution",
    "/api/v1/dashboard/score-trend?days=90",
    "/api/v1/scoring/risk-distribution",
    "/api/v1/scoring/histogram",
)
_CONNECT = """
    INSERT INTO intercom_connection (
        org_id, source_id, workspace_id, workspace_name, workspace_time_zone, region, mode, status,
        token_last4, webhook_secret_last4, conversation_days, sync_interval_secs, permissions,
        last_error, attention_code, connected_at
    )
    SELECT org_id, id, 'w' || id, 'Workspace', 'UTC', 'us', 'read_only', 'connected',
        '', '', 90, 300, '{}', '', '', now()
    FROM store_source WHERE org_id = %(org)s
"""


def main() -> None:
    """Measure every size in turn, and the growth from each to the next."""
    parser = argparse.ArgumentParser(prog="benchmarks.dashboard", description=__doc__)
    parser.add_argument("--customers", type=int, action="append")
    parser.add_argument("--small", action="store_true", help="a quick look at a small size")
    options = parser.parse_args()
    sizes = sorted(options.customers or (SMALL if options.small else SIZES))
    rounds = SMALL_ROUNDS if options.small else ROUNDS
    with world.database():
        # Settings can be overridden only once Django has been set up.
        from django.test import override_settings  # noqa: PLC0415

        with override_settings(ROOT_URLCONF="benchmarks.lookup_urls", ALLOWED_HOSTS=["*"]):
            results = [_measure(size, rounds) for size in sizes]
    growths = [report.growth("dashboard", *pair, most=2.0) for pair in pairwise(results)]
    report.show([*results, *growths])


def _measure(size: int, rounds: int) -> report.Result:
    print(f"dashboard: making {size:,} customers", file=sys.stderr, flush=True)
    org_id, user = fill(size)
    worker = prepare(org_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(id) FROM store_customer WHERE org_id = %(org)s", {"org": org_id})
        (customer,) = cursor.fetchone() or (0,)
    ask = asking(user, target="board")
    order = [*REQUESTS]
    for address in order:
        ask(address)
    taken: dict[str, list[float]] = {address: [] for address in order}
    floors: list[float] = []
    shuffled = random.Random(42)
    for _round in range(rounds):
        shuffled.shuffle(order)
        for address in order:
            taken[address].append(millis(lambda address=address: ask(address)))  # type: ignore[misc]
            floors.append(millis(lambda: ask(f"/lookup/{customer}")))
    return _result(size, taken, p95(floors), worker)


def prepare(org_id: int) -> str:
    """Connect it and do what the worker does; returns how long that took."""
    # Models exist only once Django has been set up.
    from pulsescore.scoring.rollup import roll_up_days  # noqa: PLC0415
    from pulsescore.scoring.surveys import take_survey  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute(_CONNECT, {"org": org_id})
    now = datetime.now(UTC)
    totals_ms = millis(lambda: roll_up_days(org_id=org_id, now=now))
    survey_ms = millis(lambda: take_survey(org_id, now=now))
    return f"a survey {survey_ms:,.0f}, all days of the past {totals_ms:,.0f}"


def _result(size: int, taken: dict[str, list[float]], floor: float, worker: str) -> report.Result:
    everything = [one for times in taken.values() for one in times]
    measured = p95(everything)
    by_request = ", ".join(f"{address} {p95(times):.0f}" for address, times in taken.items())
    return report.Result(
        name="dashboard",
        work=f"{size:,} customers, {len(everything):,} requests, p95",
        measured=measured,
        unit="ms",
        floor=floor,
        ratio=measured / floor,
        target=f"p95 ≤ {TARGET_P95_MS:g} ms",
        passed=measured <= TARGET_P95_MS,
        remark=f"p95 by request: {by_request}; by the worker: {worker}",
    )


if __name__ == "__main__":
    main()
