"""The customers list at 10,000 and at 1,000,000 customers: list, filter, search, sort.

The floor is a lookup by primary key through the same stack: a request of the same logged-in person,
through the same middleware, that reads one customer and makes nothing of it. No list can be had for
less than that. Work and floor run in this process, without a network between,
so that what is measured is ours and the database's. Requests are those that the page itself makes
while somebody types, filters, sorts and pages. Each is asked for several times in shuffled rounds;
p95 is over all requests of all kinds.

Two more figures are told and not judged: the exact count, which comes after the rows where there
are many, and the slowest kind of request.

`python -m benchmarks.customers_page [--customers N ...] [--small]`
"""

import argparse
import random
import statistics
import sys
from collections.abc import Sequence
from itertools import pairwise

from django.db import connection

from benchmarks import report, world
from benchmarks.asking import asking, millis, p95
from benchmarks.many_customers import fill

SIZES = (10_000, 1_000_000)
SMALL = (200, 600)
ROUNDS, SMALL_ROUNDS = 20, 1
TARGET_P95_MS = 60.0
TARGET_GROWTH = 2.0
PATH = "/customers"
REQUESTS = {
    "list": ("", "page=2", "page=8"),
    "sort": (
        "sort=name&order=asc",
        "sort=last_seen_at",
        "sort=created_at",
        "sort=score&order=desc",
    ),
    "filter": (
        "risk=red",
        "risk=green",
        "risk=red&risk=yellow",
        "risk=red&sort=name",
        "risk=none",
        "tag=vip",
        "tag=rare",
        "company={company}",
        "owner=admin-4",
        "role=lead",
        "score_from=30&score_to=40",
        "unseen_days=30",
    ),
    "search": (
        "search=chen",
        "search=mia+ch",
        "search=m",
        "search=mia.chen77",
        "search=firm123.com",
        "search=nobody-at-all",
        "search=chen&risk=red",
    ),
}


def main() -> None:
    """Measure every size in turn, on empty tables, and the growth from each to the next."""
    parser = argparse.ArgumentParser(prog="benchmarks.customers_page", description=__doc__)
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
    growths = [
        report.growth("customers_page", *pair, most=TARGET_GROWTH) for pair in pairwise(results)
    ]
    report.show([*results, *growths])


def _measure(size: int, rounds: int) -> report.Result:
    """Fill, then ask for every kind of request in shuffled rounds, the floor between them."""
    print(f"customers_page: making {size:,} customers", file=sys.stderr, flush=True)
    org_id, user = fill(size)
    ask = asking(user, target="results")
    company, customer = examples(org_id)
    kinds = {
        query.format(company=company): kind
        for kind, queries in REQUESTS.items()
        for query in queries
    }
    taken: dict[str, list[float]] = {query: [] for query in kinds}
    floors: list[float] = []
    order = list(kinds)
    for query in order:
        ask(f"{PATH}?{query}")
    shuffled = random.Random(42)
    for _round in range(rounds):
        shuffled.shuffle(order)
        for query in order:
            taken[query].append(millis(lambda query=query: ask(f"{PATH}?{query}")))  # type: ignore[misc]
            floors.append(millis(lambda: ask(f"/lookup/{customer}")))
    return _result(size, taken, kinds, floors, count=millis(lambda: ask(f"{PATH}/count")))


def _result(
    size: int,
    taken: dict[str, list[float]],
    kinds: dict[str, str],
    floors: Sequence[float],
    *,
    count: float,
) -> report.Result:
    everything = [one for times in taken.values() for one in times]
    measured, floor = p95(everything), p95(floors)
    slowest = max(taken, key=lambda query: statistics.median(taken[query]))
    by_kind = {
        kind: p95([one for query in taken if kinds[query] == kind for one in taken[query]])
        for kind in REQUESTS
    }
    told = ", ".join(f"{kind} {taken_ms:.0f}" for kind, taken_ms in by_kind.items())
    return report.Result(
        name="customers_page",
        work=f"{size:,} customers, {len(everything):,} requests, p95",
        measured=measured,
        unit="ms",
        floor=floor,
        ratio=measured / floor,
        target=f"p95 ≤ {TARGET_P95_MS:g} ms",
        passed=measured <= TARGET_P95_MS,
        remark=f"p95 by kind: {told}; median of all {statistics.median(everything):.1f}; slowest"
        f" kind {slowest or 'the plain list'}: median"
        f" {statistics.median(taken[slowest]):.0f}; exact count of all {count:.0f}",
    )


def examples(org_id: int) -> tuple[int, int]:
    """A company and a customer to ask for."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT (SELECT min(id) + 3 FROM store_company WHERE org_id = %(org)s),"
            " (SELECT min(id) FROM store_customer WHERE org_id = %(org)s)",
            {"org": org_id},
        )
        company, customer = cursor.fetchone() or (0, 0)
    return int(company), int(customer)


if __name__ == "__main__":
    main()
