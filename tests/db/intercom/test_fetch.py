"""A fetch reads all users, leads or companies anew, and leaves what other runs go on from alone."""

import asyncio
from collections.abc import Callable

import pytest

from intercom_sim.generator.build import Size
from intercom_sim.server import Running
from pulsescore.connectors.intercom import queries
from pulsescore.connectors.intercom.inbound.run import execute
from pulsescore.connectors.intercom.models import Connection, RunStatus, Scope, SyncRun
from pulsescore.connectors.intercom.runs import (
    cancel_runs,
    list_due_connections,
    request_fetch,
    request_run,
)
from pulsescore.core.errors import Conflict
from pulsescore.store.models import Company
from tests.db.intercom import truth
from tests.db.intercom.conftest import Present, Sync, succeeded

Fetch = Callable[[Scope], SyncRun]


@pytest.fixture
def size() -> Size:
    return Size(16)


@pytest.fixture
def fetch(sync: Sync, connection: Connection, present: Present) -> Fetch:
    """After a first import: executes the fetch and gives it back as it ended."""
    assert succeeded(sync())

    def run(scope: Scope) -> SyncRun:
        requested = request_fetch(connection, scope=scope, trigger="person", now=present.now())
        asyncio.run(
            execute(
                requested.pk,
                now=present.now,
                on_changed=lambda _org_id: None,
                timing=present.timing(),
            )
        )
        requested.refresh_from_db()
        connection.refresh_from_db()
        return requested

    return run


def of_role(sim: Running, role: str) -> list[truth.Told]:
    return [one for one in truth.contacts(sim) if one["role"] == role]


@pytest.mark.parametrize(("scope", "role"), [(Scope.USERS, "user"), (Scope.LEADS, "lead")])
def test_all_contacts_of_one_role_are_read_and_no_others(
    fetch: Fetch, sim: Running, scope: Scope, role: str
) -> None:
    run = fetch(scope)
    assert succeeded(run), run.error
    assert run.title == f"Fetch of {role}s"
    assert run.phases.keys() == {"contacts"}
    wanted = of_role(sim, role)
    assert len(wanted) > 0
    assert (run.done, run.total) == (len(wanted), len(wanted))
    assert run.imported + run.skipped == len(wanted)


def test_all_companies_are_read_and_no_contacts(fetch: Fetch, connection: Connection) -> None:
    run = fetch(Scope.COMPANIES)
    assert succeeded(run), run.error
    assert run.phases.keys() == {"companies"}
    assert run.imported == Company.objects.for_org(connection.org_id).count() > 0


def test_what_the_next_sync_goes_on_from_stays(fetch: Fetch, connection: Connection) -> None:
    connection.refresh_from_db()
    before = (connection.synced_through, connection.last_sync_at)
    fetch(Scope.USERS)
    assert (connection.synced_through, connection.last_sync_at) == before


def test_a_fetch_does_not_put_off_the_next_sync(
    fetch: Fetch, connection: Connection, present: Present
) -> None:
    present.pass_secs(connection.sync_interval_secs)
    fetch(Scope.LEADS)
    assert list_due_connections(now=present.now()) == [connection]


def test_each_scope_waits_once_and_beside_another_run(
    fetch: Fetch, connection: Connection, present: Present
) -> None:
    told = {"connection": connection, "trigger": "person", "now": present.now()}
    incremental = request_run(kind="incremental", **told)  # type: ignore[arg-type]
    runs = [request_fetch(scope=scope, **told) for scope in Scope for _ in range(2)]  # type: ignore[arg-type]
    assert len({run.pk for run in runs}) == len(Scope)
    assert incremental.pk not in {run.pk for run in runs}


@pytest.mark.parametrize("kind", ["full", "reconcile"])
def test_a_run_that_waits_to_read_everything_is_enough(
    fetch: Fetch, connection: Connection, present: Present, kind: str
) -> None:
    waiting = request_run(connection, kind=kind, trigger="person", now=present.now())
    asked = request_fetch(connection, scope=Scope.USERS, trigger="person", now=present.now())
    assert asked == waiting


def test_without_a_first_import_there_is_that_instead(
    connection: Connection, present: Present
) -> None:
    run = request_fetch(connection, scope=Scope.USERS, trigger="person", now=present.now())
    assert (run.kind, run.scope) == ("full", "")


def test_nothing_is_fetched_over_a_disconnected_connection(
    fetch: Fetch, connection: Connection, present: Present
) -> None:
    connection.status = "disconnected"
    connection.save()
    with pytest.raises(Conflict):
        request_fetch(connection, scope=Scope.USERS, trigger="person", now=present.now())


def test_an_interrupted_fetch_is_taken_up_before_what_waits(
    fetch: Fetch, sim: Running, connection: Connection, present: Present
) -> None:
    lost = request_fetch(connection, scope=Scope.LEADS, trigger="person", now=present.now())
    lost.status, lost.started_at, lost.since = RunStatus.RUNNING, present.now(), present.now()
    lost.save()
    run = fetch(Scope.USERS)
    lost.refresh_from_db()
    assert (lost.status, run.status) == (RunStatus.SUCCEEDED, RunStatus.SUCCEEDED)
    assert lost.done == len(of_role(sim, "lead"))


def test_the_newest_fetch_of_each_scope_is_known(
    fetch: Fetch, connection: Connection, present: Present
) -> None:
    fetch(Scope.USERS)
    present.pass_secs(60)
    newest = fetch(Scope.USERS)
    waiting = request_fetch(connection, scope=Scope.LEADS, trigger="person", now=present.now())
    assert queries.last_fetches(connection) == {"users": newest, "leads": waiting}
    cancel_runs(connection, reason="", now=present.now())
