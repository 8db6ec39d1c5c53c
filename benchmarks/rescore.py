"""Rescoring everybody: 100,000 and 1,000,000 customers, 2 conversations each, 5 % changed.

The floor is the one SQL aggregate that reads the signals of all customers, its rows sent to this
process and thrown away: any score needs these inputs, and no program that computes outside the
database can have them sooner. It is measured twice, as one statement over everybody and in the
batches that the product uses, and the faster of the two is the floor. The work adds to it:
computing the factors on arrays, comparing with what is stored, and writing the scores, history
points and timeline entries of the changed customers, in durable transactions. One conversation of
each changed customer was reopened since the last rescore, a minute ago. Figures are medians of
three rounds.

`python -m benchmarks.rescore [--customers N ...] [--small]`
"""

import argparse
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

from django.db import connection

from benchmarks import report, world
from pulsescore.scoring.signals import Scope, scopes, signals_query

SIZES = (100_000, 1_000_000)
SMALL = (500, 1_000)
TARGET_RATIO = 3.0
TARGET_GROWTH = 11.0
CHANGED_OF = 20
ROUNDS = 3
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)

_CUSTOMERS = """
    INSERT INTO store_customer (
        org_id, source_id, external_id, email, name, contact_role, first_seen_at, last_seen_at,
        last_replied_at, observed_at, tags, metadata, attributes, company_external_ids
    )
    SELECT %(org)s, %(source)s, 'c' || n, 'person' || n || '@example.com', 'Person ' || n, 'user',
        %(now)s - interval '1 year', %(now)s - random() * interval '40 days',
        CASE WHEN random() < 0.9 THEN %(now)s - random() * interval '60 days' END, %(now)s,
        ARRAY['customer'], '{}', '{}', '{}'
    FROM generate_series(1, %(customers)s) AS n
"""
_CONVERSATIONS = """
    INSERT INTO store_conversation (
        org_id, source_id, external_id, status, opened_at, remote_updated_at, closed_at,
        last_admin_reply_at, time_to_resolution_secs, reopen_count, assignment_count,
        stats_reopens, stats_assignments, observed_at, tags, statistics, contact_external_ids
    )
    SELECT %(org)s, %(source)s, 't' || n, CASE WHEN closed THEN 'closed' ELSE 'open' END, opened,
        opened + life, CASE WHEN closed THEN opened + life END, opened + life / 2,
        CASE WHEN closed THEN extract(epoch FROM life)::int END,
        CASE WHEN closed THEN n %% 2 ELSE 0 END,
        1, 0, 1, %(now)s, '{}', '{}', ARRAY['c' || (1 + n / 2)]
    FROM (
        SELECT n, random() < 0.7 AS closed, %(now)s - random() * interval '90 days' AS opened,
            random() * interval '4 days' AS life
        FROM generate_series(0, 2 * %(customers)s - 1) AS n
    ) AS made
"""
_PARTICIPANTS = """
    INSERT INTO store_participant (org_id, conversation_id, customer_id)
    SELECT %(org)s, t.id, c.id
    FROM store_conversation AS t
    JOIN store_customer AS c ON c.external_id = t.contact_external_ids[1]
        AND c.org_id = t.org_id
    WHERE t.org_id = %(org)s
    ORDER BY t.id
"""
_CHANGE = """
    UPDATE store_conversation AS t
    SET status = 'open', reopen_count = t.reopen_count + 1, remote_updated_at = %(now)s
    FROM store_participant AS p
    WHERE p.conversation_id = t.id AND t.org_id = %(org)s AND p.customer_id %% %(of)s = 0
        AND t.id %% 2 = 0
"""


_TABLES = "scoring_scorepoint, scoring_healthscore, store_customer, store_conversation"


def main() -> None:
    """Measure every size in turn, on empty tables, and the growth from each to the next."""
    parser = argparse.ArgumentParser(prog="benchmarks.rescore", description=__doc__)
    parser.add_argument("--customers", type=int, action="append")
    parser.add_argument("--small", action="store_true", help="a quick look at a small size")
    options = parser.parse_args()
    sizes = sorted(options.customers or (SMALL if options.small else SIZES))
    with world.database():
        measured = [_measure(size) for size in sizes]
    results = [result for result, _processor in measured]
    growths = [_growth(*pair) for pair in pairwise(measured)]
    report.show([*results, *growths])


def _growth(
    small: tuple[report.Result, float], large: tuple[report.Result, float]
) -> report.Result:
    growth = report.growth("rescore", small[0], large[0], most=TARGET_GROWTH)
    return replace(growth, remark=f"in processor time {large[1] / small[1]:.1f} ×")


def _measure(size: int) -> tuple[report.Result, float]:
    """Fill, score for the first time, then change and rescore, against the bare aggregate."""
    print(f"rescore: making {size:,} customers", file=sys.stderr, flush=True)
    org_id = _fill(size)
    print("rescore: scoring them for the first time", file=sys.stderr, flush=True)
    first = _seconds(lambda: _rescore(org_id, NOW))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    rounds = [_round(org_id, NOW + timedelta(minutes=number)) for number in range(1, ROUNDS + 1)]
    print("rescore: measured", rounds, file=sys.stderr, flush=True)
    works, statements, batches, changed, processor = zip(*rounds, strict=True)
    work, single, batched = map(statistics.median, (works, statements, batches))
    floor = min(single, batched)
    spent = statistics.median(processor)
    result = report.Result(
        name="rescore",
        work=f"{size:,} customers, {changed[-1]:,} changed",
        measured=work,
        unit="s",
        floor=floor,
        ratio=work / floor,
        target=f"≤ {TARGET_RATIO:g} ×",
        passed=work / floor <= TARGET_RATIO,
        remark=f"{size / work:,.0f}/s; aggregate in one statement {single:.2f} s, in batches"
        f" {batched:.2f} s; processor {spent:.2f} s; first scoring of all {first:.2f} s;"
        f" {_durability()}",
    )
    return result, spent


def _round(org_id: int, now: datetime) -> tuple[float, float, float, int, float]:
    """Seconds of the work and of both floors after 5 % changed, how many scores moved, and what
    the work took of processors."""
    _change(org_id, now)
    everybody = [Scope(org_id, 1, 2**62)]
    single = _seconds(lambda: _aggregate(everybody, now))
    batched = _seconds(lambda: _aggregate(scopes(org_id, None), now))
    changes: list[int] = []
    before = _processor_secs()
    work = _seconds(lambda: changes.append(_rescore(org_id, now)))
    return work, single, batched, changes[0], _processor_secs() - before


def _rescore(org_id: int, now: datetime) -> int:
    # Models exist only once Django has been set up.
    from pulsescore.scoring.actions import rescore  # noqa: PLC0415

    return len(rescore(org_id=org_id, customer_ids=None, now=now))


def _aggregate(batches: Iterable[Scope], now: datetime) -> None:
    """The signals of everybody, received and thrown away."""
    for scope in batches:
        with connection.cursor() as cursor:
            whole = cursor.mogrify(
                f"COPY ({signals_query(scope)}) TO STDOUT (FORMAT BINARY)",
                {**scope.parameters(), "now": now},
            )
            with cursor.copy(whole) as copy:
                for _block in copy:
                    pass


def _fill(size: int) -> int:
    """Seeded customers with two conversations each, in an organization of their own."""
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO accounts_organization (name) VALUES ('Bench') RETURNING id")
        (org_id,) = cursor.fetchone() or (0,)
        cursor.execute(
            "INSERT INTO store_source (org_id, kind) VALUES (%s, 'intercom') RETURNING id", [org_id]
        )
        (source_id,) = cursor.fetchone() or (0,)
        values = {"org": org_id, "source": source_id, "now": NOW, "customers": size}
        cursor.execute(f"TRUNCATE {_TABLES} CASCADE")
        cursor.execute("SELECT setseed(0.42)")
        for insert in (_CUSTOMERS, _CONVERSATIONS, _PARTICIPANTS):
            cursor.execute(insert, values)
            cursor.execute("VACUUM ANALYZE")
    return int(org_id)


def _change(org_id: int, now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_CHANGE, {"org": org_id, "now": now, "of": CHANGED_OF})
        cursor.execute("CHECKPOINT")


def _durability() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('fsync'), current_setting('synchronous_commit')")
        fsync, commit = cursor.fetchone() or ("", "")
    return f"fsync {fsync}, synchronous_commit {commit}"


def _processor_secs() -> float:
    """What this process and its session of the database, on this machine, have taken so far."""
    own = resource.getrusage(resource.RUSAGE_SELF)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (session,) = cursor.fetchone() or (0,)
    # After the name in brackets; user and system time are the 14th and 15th field of proc(5).
    fields = Path(f"/proc/{session}/stat").read_text().rpartition(")")[2].split()
    ticks = int(fields[11]) + int(fields[12])
    return own.ru_utime + own.ru_stime + ticks / os.sysconf("SC_CLK_TCK")


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
