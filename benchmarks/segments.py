"""Fifty segments over 100,000 customers: everybody looked at again; and one changed customer.

The floor is one scan of what the rules ask: every customer is read once with score, earlier score,
tags, attributes, companies, conversations and events, and counted; no rule is asked. Nothing that
decides about one segment from these can read less, so that fifty segments, each looked at by
itself, would take fifty. The work asks all fifty rules and compares the answers with what is
stored, in the product's batches and transactions. Scans and work take turns; figures are medians.
How long the table of customers alone takes to read stands in the remark, beside
the first filling, which writes every membership. One changed customer is one batch of one, commit
included.

`python -m benchmarks.segments [--customers N] [--small]`
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from benchmarks import many_customers, report, world
from pulsescore.core.clock import utcnow

SIZE, SMALL = 100_000, 1_000
ROUNDS, SINGLES = 5, 100
MOST_SCANS, MOST_MS = 10.0, 10.0
_SCAN = """
    SELECT count(*) FROM store_customer
    WHERE org_id = %(org)s AND deleted_at IS NULL AND metadata ->> 'plan' = 'Team'
"""
_TALKS = """
    INSERT INTO store_conversation (
        org_id, source_id, external_id, status, opened_at, remote_updated_at, waiting_since,
        reopen_count, assignment_count, stats_reopens, stats_assignments, observed_at, tags,
        statistics, contact_external_ids
    )
    SELECT %(org)s, c.source_id, 't' || c.id || '-' || n,
        (ARRAY['open', 'closed', 'closed', 'snoozed'])[1 + (c.id + n) %% 4],
        %(now)s - (c.id %% 90) * interval '1 day', %(now)s, %(now)s, 0, 0, 0, 0, %(now)s, '{}',
        '{}', ARRAY[c.external_id]
    FROM store_customer AS c, generate_series(0, 1) AS n WHERE c.org_id = %(org)s
"""
_PARTICIPANTS = """
    INSERT INTO store_participant (org_id, conversation_id, customer_id)
    SELECT t.org_id, t.id, split_part(substr(t.external_id, 2), '-', 1)::bigint
    FROM store_conversation AS t WHERE t.org_id = %(org)s
"""
_EVENTS = """
    INSERT INTO store_timelineevent (
        org_id, customer_id, source, name, occurred_at, properties, context, dedupe_key
    )
    SELECT %(org)s, c.id, 'bench', (ARRAY['Signed up', 'Exported', 'Invited'])[1 + (c.id + n) %% 3],
        %(now)s - ((c.id * 7 + n) %% 60) * interval '1 day', '{}', '{}', 'bench-' || n
    FROM store_customer AS c, generate_series(0, 1) AS n WHERE c.org_id = %(org)s
"""


def rules() -> list[dict[str, Any]]:
    """Fifty rules, of the kinds that people make."""

    def leaf(field: str, op: str, value: Any = None, **more: Any) -> dict[str, Any]:
        told = {} if value is None else {"value": value}
        return {"field": field, "op": op, **told, **more}

    found: list[dict[str, Any]] = []
    for at in range(10):
        found += [
            {"all": [leaf("score", "lt", 10 * at + 5), leaf("contact_role", "eq", "user")]},
            {"all": [leaf("metadata.seats", "gte", 9 * at), leaf("metadata.plan", "ne", "Free")]},
            {
                "any": [
                    leaf("last_seen_at", "not_within_days", 7 * at + 7),
                    leaf("tags", "has", ("vip", "beta", "rare")[at % 3]),
                ]
            },
            {
                "all": [
                    {"event": ("Signed up", "Exported", "Invited")[at % 3], "op": "did"},
                    leaf("open_conversations", "gte", 1 + at % 2),
                ]
            },
            {
                "any": [
                    leaf("score_change", "lte", -at - 1, within_days=7),
                    leaf("company.name", "ends_with", str(at)),
                ]
            },
        ]
    return found


def main() -> None:
    """Fill, then measure everybody and one, in turns with the scan."""
    parser = argparse.ArgumentParser(prog="benchmarks.segments", description=__doc__)
    parser.add_argument("--customers", type=int)
    parser.add_argument("--small", action="store_true", help="a quick look at a small size")
    options = parser.parse_args()
    size = options.customers or (SMALL if options.small else SIZE)
    with world.database():
        report.show(_measure(size))


def _measure(size: int) -> list[report.Result]:
    now = utcnow()
    print(f"segments: making {size:,} customers", file=sys.stderr, flush=True)
    org_id = _fill(size, now)
    first = _seconds(lambda: _everybody(org_id, now))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    scans, works = [], []
    for _round in range(ROUNDS):
        scans.append(_seconds(lambda: _scan(org_id, now)))
        works.append(_seconds(lambda: _everybody(org_id, now)))
    scan, work = statistics.median(scans), statistics.median(works)
    one = _singles(org_id, now, size=size)
    return [
        report.Result(
            name="segments",
            work=f"50 segments × {size:,} customers",
            measured=work,
            unit="s",
            floor=scan,
            ratio=work / scan,
            target=f"≤ {MOST_SCANS:g} scans",
            passed=work / scan <= MOST_SCANS,
            remark=f"first filling {first:.2f} s, {_size_of(org_id):,} memberships; the table of"
            f" customers alone is read in {_seconds(lambda: _read(org_id)):.3f} s",
        ),
        report.Result(
            name="segments, one customer",
            work=f"one changed customer of {size:,}",
            measured=one,
            unit="ms",
            target=f"≤ {MOST_MS:g} ms",
            passed=one <= MOST_MS,
            remark=f"median of {SINGLES}, commit included",
        ),
    ]


def _fill(size: int, now: datetime) -> int:
    """Customers with companies, scores, history, conversations, events; and fifty segments."""
    # Models exist only once Django has been set up.
    from pulsescore.segments.models import Segment  # noqa: PLC0415

    org_id, _user = many_customers.fill(size)
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE store_conversation CASCADE")
        for insert in (_TALKS, _PARTICIPANTS, _EVENTS):
            cursor.execute(insert, {"org": org_id, "now": now})
    Segment.objects.for_org(org_id).delete()
    Segment.objects.for_org(org_id).bulk_create(
        Segment(org_id=org_id, kind="customer", name=f"Segment {at}", rule=rule)
        for at, rule in enumerate(rules())
    )
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return org_id


def _everybody(org_id: int, now: datetime) -> None:
    from pulsescore.segments import membership  # noqa: PLC0415

    for scope in membership.ranges(org_id, "customer"):
        with transaction.atomic():
            membership.lock_segments(org_id)
            chosen = membership.choose(org_id, "customer")
            membership.refresh(org_id, scope, chosen, now=now)


def _singles(org_id: int, now: datetime, *, size: int) -> float:
    """The median time of one changed customer, in milliseconds."""
    from pulsescore.pipeline import segmenting  # noqa: PLC0415
    from pulsescore.scoring import scored  # noqa: PLC0415
    from pulsescore.store.models import Customer  # noqa: PLC0415

    rows = Customer.objects.for_org(org_id)
    ids = list(rows.order_by("id").values_list("id", flat=True)[:: max(size // SINGLES, 1)])
    times = []
    for at, customer_id in enumerate(ids[:SINGLES]):
        rows.filter(pk=customer_id).update(metadata={"plan": "Free", "seats": at})
        scored.mark(org_id, [customer_id])
        later = now + timedelta(seconds=at)
        times.append(_seconds(lambda t=later: segmenting.refresh_batch(org_id, now=t)))
    return 1000 * statistics.median(times)


def _scan(org_id: int, now: datetime) -> None:
    from pulsescore.segments import membership  # noqa: PLC0415

    program = membership.choose(org_id, "customer").program
    facts = program.select(lambda _column: "TRUE")
    values = {**program.values, "org_id": org_id, "now": now}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({facts}) AS facts", values)
        cursor.fetchone()


def _read(org_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_SCAN, {"org": org_id})
        cursor.fetchone()


def _size_of(org_id: int) -> int:
    from pulsescore.segments.models import Member  # noqa: PLC0415

    return Member.objects.for_org(org_id).count()


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
