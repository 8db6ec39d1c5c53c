"""What an open page costs while nothing happens: its question, and the statement behind it.

An installation of 2,000 organizations with 500 sync runs each (1,000,000 runs). The statement has
to look into four tables, so its floor is one row by its key from each of four; the floor of the
answer is the probe that asks the database nothing, through the same middleware. Customers are not
filled in: the statement reads none of their tables. The statement is timed by the clock, the answer
by the processor time of this process, since that is what bounds how many pages can be open. Figures
are medians.

`python -m benchmarks.idle_page [--small]`
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable

from django.db import connection

from benchmarks import report, world

ORGANIZATIONS, RUNS = 2_000, 500
ROUNDS, SMALL_ROUNDS = 400, 20
WARM_UP = 20
TARGET_STATEMENT, TARGET_ANSWER_MS = 4.0, 15.0
PAGE_SECS = 5
FOUR_TABLES = (
    "accounts_organization",
    "store_source",
    "intercom_connection",
    "intercom_syncrun",
)

_FILL = (
    "INSERT INTO accounts_organization (name) SELECT 'Org ' || n FROM generate_series(1, {orgs}) n",
    "INSERT INTO store_source (org_id, kind) SELECT id, 'intercom' FROM accounts_organization",
    """
    INSERT INTO intercom_connection (
        org_id, source_id, workspace_id, workspace_name, workspace_time_zone, region, mode, status,
        token_last4, webhook_secret_last4, conversation_days, sync_interval_secs, permissions,
        last_error, attention_code, connected_at
    )
    SELECT org_id, id, 'w' || id, 'Workspace', 'UTC', 'us', 'read_only', 'connected',
        '', '', 90, 300, '{{}}', '', '', now()
    FROM store_source
    """,
    """
    INSERT INTO intercom_syncrun (
        org_id, connection_id, kind, status, trigger, phase, done, imported, skipped, failed,
        phases, created_at, error
    )
    SELECT org_id, id, 'incremental', 'succeeded', 'schedule', '', 0, 0, 0, 0,
        '{{}}', now() - n * interval '5 minutes', ''
    FROM intercom_connection, generate_series(1, {runs}) AS n
    """,
    "INSERT INTO scoring_scorerevision (org_id, revision) SELECT id, 1 FROM accounts_organization",
    "VACUUM ANALYZE",
)


def main() -> None:
    """Fill, then measure the statement and the whole answer."""
    parser = argparse.ArgumentParser(prog="benchmarks.idle_page", description=__doc__)
    parser.add_argument("--small", action="store_true", help="a quick look at a small size")
    options = parser.parse_args()
    orgs, runs = (50, 20) if options.small else (ORGANIZATIONS, RUNS)
    rounds = SMALL_ROUNDS if options.small else ROUNDS
    with world.database():
        print(f"idle_page: making {orgs * runs:,} runs", file=sys.stderr, flush=True)
        with connection.cursor() as cursor:
            for statement in _FILL:
                cursor.execute(statement.format(orgs=orgs, runs=runs))
        results = [work(orgs * runs, rounds) for work in (_statement, _answer)]
    report.show(results)


def _statement(runs: int, rounds: int) -> report.Result:
    from pulsescore.pipeline.changes import read_mark  # noqa: PLC0415 (Django is set up now)

    org_id = _one_org()
    work = _median_ms(lambda: read_mark(org_id), rounds=rounds, clock=time.perf_counter)
    floor = _median_ms(lambda: _by_key(org_id), rounds=rounds, clock=time.perf_counter)
    return report.Result(
        name="idle_page statement",
        work=f"state of one organization among {runs:,} runs",
        measured=work,
        unit="ms",
        floor=floor,
        ratio=work / floor,
        target=f"≤ {TARGET_STATEMENT:g} ×",
        passed=work / floor <= TARGET_STATEMENT,
    )


def _answer(runs: int, rounds: int) -> report.Result:
    from django.test import Client  # noqa: PLC0415 (Django is set up now)

    from pulsescore.pipeline.changes import read_mark  # noqa: PLC0415

    client, org_id = _logged_in(Client())
    seen = read_mark(org_id).seen.token
    response = client.get("/live", {"seen": seen})
    if response.status_code != 204:
        raise RuntimeError(f"the page was answered {response.status_code}")
    size = sum(len(name) + len(value) + 4 for name, value in response.items())
    work = _median_ms(
        lambda: client.get("/live", {"seen": seen}), rounds=rounds, clock=time.process_time
    )
    floor = _median_ms(lambda: client.get("/healthz"), rounds=rounds, clock=time.process_time)
    return report.Result(
        name="idle_page answer",
        work=f"/live when nothing changed, {runs:,} runs",
        measured=work,
        unit="ms",
        floor=floor,
        ratio=work / floor,
        target=f"≤ {TARGET_ANSWER_MS:g} ms",
        passed=work <= TARGET_ANSWER_MS,
        remark=f"{size} bytes of headers, no body; {3600 // PAGE_SECS} questions an hour and page",
    )


def _logged_in(client):  # type: ignore[no-untyped-def]
    from pulsescore.core.clock import utcnow  # noqa: PLC0415
    from tests import seeding  # noqa: PLC0415

    user, organization = seeding.register("bench@example.com", now=utcnow())
    seeding.connect(organization.pk, now=utcnow())
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client, organization.pk


def _one_org() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY org_id) FROM store_source"
        )
        return int((cursor.fetchone() or (0,))[0])


def _by_key(org_id: int) -> None:
    with connection.cursor() as cursor:
        for table in FOUR_TABLES:
            cursor.execute(f"SELECT id FROM {table} WHERE id = %s", [org_id])
            cursor.fetchone()


def _median_ms(work: Callable[[], object], *, rounds: int, clock: Callable[[], float]) -> float:
    for _ in range(min(WARM_UP, rounds)):
        work()
    times = []
    for _ in range(rounds):
        start = clock()
        work()
        times.append(1000 * (clock() - start))
    return statistics.median(times)


if __name__ == "__main__":
    main()
