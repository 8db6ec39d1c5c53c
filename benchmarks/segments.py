"""Fifty segments over 100,000 customers: everybody looked at again; and one changed customer.

The floor is one scan of all that the rules ask: every customer is read once with score, earlier
score, tags, attributes, companies, conversations and events, and each of these is worked out; no
rule is asked. Every column is counted, since what nobody looks at PostgreSQL does not even read.
Nothing that decides about one segment from these can read less, so that fifty segments, each looked
at by itself, would take fifty. The strictest floor stands in a line of its own: the tables that are
read, memberships included, each counted from its first page to its last, and nothing joined. The
work asks all fifty rules and compares the answers with what is stored, in the product's batches and
transactions. Scans and work take turns; figures are medians. The first filling, in the remark,
writes every membership. One changed customer is one batch of one, commit included.

Beside each stands the processor time, of this process and of the server's, in which others who use
the machine show less.

`python -m benchmarks.segments [--customers N] [--small]`
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

from django.db import connection, transaction

from benchmarks import many_customers, report, world
from pulsescore.core.clock import utcnow

SIZE, SMALL = 100_000, 1_000
ROUNDS, SINGLES = 5, 100
MOST_SCANS, MOST_MS = 10.0, 10.0
_TABLES = (
    "store_customer",
    "scoring_healthscore",
    "scoring_scorepoint",
    "store_participant",
    "store_conversation",
    "store_timelineevent",
    "store_companymember",
    "store_company",
    "segments_member",
)
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


class Spent(NamedTuple):
    """Seconds that passed, and seconds of the processor."""

    seconds: float
    processor: float

    def __str__(self) -> str:
        return f"{self.seconds:.1f} s (processor {self.processor:.1f} s)"


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
    first = _spent(lambda: _everybody(org_id, now))
    _vacuum()
    plain, scans, works = [], [], []
    for _round in range(ROUNDS):
        plain.append(_spent(lambda: _read(org_id)))
        scans.append(_spent(lambda: _scan(org_id, now)))
        works.append(_spent(lambda: _everybody(org_id, now)))
    work = _median(works)
    filled = f"first filling, of {_size_of(org_id):,} memberships, {first}"
    one = _singles(org_id, now, size=size)
    return [
        _compared("segments", size, work, _median(scans), remark=filled),
        _compared("segments, tables alone", size, work, _median(plain), remark=""),
        report.Result(
            name="segments, one customer",
            work=f"one changed customer of {size:,}",
            measured=1000 * one.seconds,
            unit="ms",
            target=f"≤ {MOST_MS:g} ms",
            passed=1000 * one.seconds <= MOST_MS,
            remark=f"median of {SINGLES}, commit included;"
            f" processor {1000 * one.processor:.1f} ms on average",
        ),
    ]


def _compared(name: str, size: int, work: Spent, floor: Spent, *, remark: str) -> report.Result:
    ratio = work.seconds / floor.seconds
    by_processor = f"processor {work.processor:.2f} s and {floor.processor:.2f} s"
    return report.Result(
        name=name,
        work=f"50 segments × {size:,} customers",
        measured=work.seconds,
        unit="s",
        floor=floor.seconds,
        ratio=ratio,
        target=f"≤ {MOST_SCANS:g} scans",
        passed=ratio <= MOST_SCANS,
        remark="; ".join(one for one in (by_processor, remark) if one),
    )


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
    _vacuum()
    return org_id


def _vacuum() -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _everybody(org_id: int, now: datetime) -> None:
    from pulsescore.segments import membership  # noqa: PLC0415

    for scope in membership.ranges(org_id, "customer"):
        with transaction.atomic():
            membership.lock_segments(org_id)
            chosen = membership.choose(org_id, "customer")
            membership.refresh(org_id, scope, chosen, now=now)


def _singles(org_id: int, now: datetime, *, size: int) -> Spent:
    """The median time of one changed customer; the processor's is the mean, it counts coarsely."""
    from pulsescore.pipeline import segmenting  # noqa: PLC0415
    from pulsescore.scoring import scored  # noqa: PLC0415
    from pulsescore.store.models import Customer  # noqa: PLC0415

    rows = Customer.objects.for_org(org_id)
    ids = list(rows.order_by("id").values_list("id", flat=True)[:: max(size // SINGLES, 1)])
    spent = []
    for at, customer_id in enumerate(ids[:SINGLES]):
        rows.filter(pk=customer_id).update(metadata={"plan": "Free", "seats": at})
        scored.mark(org_id, [customer_id])
        later = now + timedelta(seconds=at)
        spent.append(_spent(lambda t=later: segmenting.refresh_batch(org_id, now=t)))
    return Spent(
        statistics.median(one.seconds for one in spent),
        statistics.mean(one.processor for one in spent),
    )


def _scan(org_id: int, now: datetime) -> None:
    from pulsescore.segments import membership  # noqa: PLC0415

    program = membership.choose(org_id, "customer").program
    facts = program.select(lambda _column: "TRUE")
    counted = ", ".join(f"count({column})" for column in program.facts.columns)
    values = {**program.values, "org_id": org_id, "now": now}
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counted} FROM ({facts}) AS facts", values)
        cursor.fetchone()


def _read(org_id: int) -> None:
    with connection.cursor() as cursor:
        for table in _TABLES:
            cursor.execute(f"SELECT count(*) FROM {table} WHERE org_id = %s", [org_id])
            cursor.fetchone()


def _size_of(org_id: int) -> int:
    from pulsescore.segments.models import Member  # noqa: PLC0415

    return Member.objects.for_org(org_id).count()


def _spent(work: Callable[[], object]) -> Spent:
    began, used = time.perf_counter(), time.process_time() + _server_seconds()
    work()
    seconds = time.perf_counter() - began
    return Spent(seconds, time.process_time() + _server_seconds() - used)


def _median(spent: Sequence[Spent]) -> Spent:
    return Spent(
        statistics.median(one.seconds for one in spent),
        statistics.median(one.processor for one in spent),
    )


def _server_seconds() -> float:
    """Processor time, so far, of the process that serves our connection; 0 on another machine."""
    connection.ensure_connection()
    stat = Path(f"/proc/{connection.connection.info.backend_pid}/stat")
    if not stat.exists():
        return 0.0
    fields = stat.read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    main()
