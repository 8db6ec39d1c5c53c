"""Whatever interrupts an import, the next execution ends where one without interruption would."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection as database

from intercom_sim.generator.build import Size
from intercom_sim.server import Running
from pulsescore.connectors.intercom.inbound.run import execute
from pulsescore.connectors.intercom.models import (
    Connection,
    LogEntry,
    RunStatus,
    SyncRun,
    SyncWindow,
)
from pulsescore.connectors.intercom.runs import request_run
from tests.db.intercom import truth
from tests.db.intercom.conftest import Present, Sync, succeeded


class Killed(BaseException):
    """What a process that dies looks like from inside."""


@pytest.fixture
def size() -> Size:
    return Size(500)


def killed_after(batches: int) -> Callable[[int], None]:
    """An `on_changed` that ends the process after so many batches."""
    left = batches

    def count(_org_id: int) -> None:
        nonlocal left
        left -= 1
        if not left:
            raise Killed

    return count


def execute_once(
    run: SyncRun, present: Present, on_changed: Callable[[int], None] = lambda _org_id: None
) -> None:
    asyncio.run(execute(run.pk, now=present.now, on_changed=on_changed, timing=present.timing()))


@pytest.mark.parametrize("batches", [1, 2, 3])
def test_a_killed_import_is_completed_by_the_next_execution(
    transactional_db: None,
    connection: Connection,
    present: Present,
    sim: Running,
    batches: int,
) -> None:
    run = request_run(connection, kind="full", trigger="test", now=present.now())
    with pytest.raises((Killed, BaseExceptionGroup)):
        execute_once(run, present, killed_after(batches))
    run.refresh_from_db()
    assert run.status == RunStatus.RUNNING
    execute_once(run, present)
    run.refresh_from_db()
    assert succeeded(run), run.error
    assert set(truth.customers(connection)) == truth.with_address(sim)
    interrupted = truth.snapshot(connection)
    execute_once(request_run(connection, kind="full", trigger="test", now=present.now()), present)
    assert truth.snapshot(connection) == interrupted


def test_what_was_read_is_not_read_again(
    transactional_db: None, connection: Connection, present: Present, sim: Running
) -> None:
    run = request_run(connection, kind="full", trigger="test", now=present.now())
    with pytest.raises((Killed, BaseExceptionGroup)):
        execute_once(run, present, killed_after(3))
    finished = SyncWindow.objects.for_org(connection.org_id).filter(finished=True).count()
    assert finished > 0
    sim.simulator.log.clear()
    execute_once(run, present)
    again = sim.simulator.log.total
    sim.simulator.log.clear()
    execute_once(request_run(connection, kind="full", trigger="test", now=present.now()), present)
    assert again < sim.simulator.log.total


def test_an_outage_fails_the_run_in_words_and_keeps_what_came(
    sync: Sync, connection: Connection, sim: Running
) -> None:
    sim.simulator.faults.plan("/conversations/search", status=503, count=10_000)
    run = sync(tries=2)
    assert run.status == RunStatus.FAILED
    assert "Intercom" in run.error
    assert "503" in run.error
    assert connection.last_error == run.error
    assert set(truth.customers(connection)) == truth.with_address(sim)


def test_after_an_outage_the_next_import_goes_on_where_it_failed(
    sync: Sync, connection: Connection, sim: Running
) -> None:
    sim.simulator.faults.plan("/conversations/search", status=503, count=10_000)
    sync(tries=2)
    sim.simulator.faults.planned.clear()
    sim.simulator.log.clear()
    run = sync()
    assert succeeded(run)
    oldest_first = [
        one
        for one in sim.simulator.log
        if one.path == "/contacts/search" and b"created_at" in one.body
    ]
    assert oldest_first == []
    assert run.phases["contacts"]["imported"] == len(truth.with_address(sim))
    assert connection.last_error == ""


@pytest.mark.parametrize("status", [500, 502, 503, 429, 408])
def test_hiccups_are_ridden_out(
    sync: Sync, connection: Connection, sim: Running, status: int
) -> None:
    sim.simulator.faults.error_rates = {status: 0.15}
    assert succeeded(sync())
    sim.simulator.faults.error_rates = {}
    assert set(truth.customers(connection)) == truth.with_address(sim)


def test_cut_connections_are_ridden_out(sync: Sync, connection: Connection, sim: Running) -> None:
    sim.simulator.faults.cut_rate = 0.1
    assert succeeded(sync())
    sim.simulator.faults.cut_rate = 0
    assert set(truth.customers(connection)) == truth.with_address(sim)


def test_failed_calls_are_in_the_connection_log(
    sync: Sync, connection: Connection, sim: Running
) -> None:
    sim.simulator.faults.plan("/contacts/search", status=500, count=2, code="server_error")
    assert succeeded(sync())
    calls = LogEntry.objects.for_org(connection.org_id).filter(kind="call")
    assert [(one.details["status"], one.details["code"]) for one in calls] == [
        (500, "server_error")
    ] * 2
    assert all(one.details["request_id"] for one in calls)


def test_a_small_rate_limit_is_kept_to(sync: Sync, connection: Connection, sim: Running) -> None:
    sim.simulator.limiter.per_minute = 120
    assert succeeded(sync())
    by_window: dict[int, int] = {}
    for one in sim.simulator.log:
        by_window[int(one.at) // 10] = by_window.get(int(one.at) // 10, 0) + (one.status != 429)
    assert max(by_window.values()) <= 20
    sim.simulator.limiter.per_minute = 10_000
    assert set(truth.customers(connection)) == truth.with_address(sim)


def test_a_refused_cursor_starts_its_window_again(
    sync: Sync, connection: Connection, sim: Running
) -> None:
    # The scroll of companies meets up to three of them.
    sim.simulator.faults.cursors_to_expire = 4
    run = sync()
    assert succeeded(run), run.error
    refused = {one.path for one in sim.simulator.log if one.status == 400}
    assert "/conversations/search" in refused
    assert set(truth.customers(connection)) == truth.with_address(sim)


def test_a_canceled_run_stops_and_says_so(
    transactional_db: None, connection: Connection, present: Present, sim: Running
) -> None:
    run = request_run(connection, kind="full", trigger="test", now=present.now())
    with ThreadPoolExecutor(max_workers=1) as elsewhere:

        def cancel(_org_id: int) -> None:
            elsewhere.submit(_cancel_everything, connection).result()

        execute_once(run, present, cancel)
    run.refresh_from_db()
    assert run.status == RunStatus.CANCELED
    assert len(truth.stored_conversations(connection)) == 0


def _cancel_everything(connection: Connection) -> None:
    SyncRun.objects.for_org(connection.org_id).update(status=RunStatus.CANCELED)
    database.close()
