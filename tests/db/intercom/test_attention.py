"""Refusals that only a person can mend: told once, in words, and calling stops."""

import pytest

from intercom_sim.server import Running
from pulsescore.accounts.access import Actor
from pulsescore.connectors.intercom import actions
from pulsescore.connectors.intercom.api.errors import Failure, TokenRefused
from pulsescore.connectors.intercom.attention import needs_attention
from pulsescore.connectors.intercom.models import (
    Connection,
    ConnectionStatus,
    LogEntry,
    RunStatus,
    SyncRun,
)
from pulsescore.connectors.intercom.runs import list_due_connections, request_run
from tests.db.intercom import truth
from tests.db.intercom.conftest import TOKEN, Present, Sync, succeeded

REVOKED = TokenRefused(Failure(method="GET", path="/me", status=401, code="token_revoked"))


def test_a_revoked_token_ends_the_run_and_asks_for_attention(
    sync: Sync, connection: Connection, sim: Running
) -> None:
    sim.call(lambda: sim.simulator.tokens.revoke(TOKEN))
    run = sync()
    assert run.status == RunStatus.FAILED
    assert "token" in run.error
    assert connection.status == ConnectionStatus.NEEDS_ATTENTION
    assert connection.attention_code == "token_refused"
    assert "revoked" in connection.last_error


def test_it_is_told_once_and_waiting_runs_are_canceled(
    connection: Connection, present: Present
) -> None:
    assert needs_attention(connection, REVOKED, now=present.now())
    assert not needs_attention(connection, REVOKED, now=present.now())
    assert SyncRun.objects.for_org(connection.org_id).get().status == RunStatus.CANCELED
    lines = LogEntry.objects.for_org(connection.org_id).filter(kind="attention")
    assert lines.count() == 1


def test_nothing_is_called_any_more(connection: Connection, present: Present) -> None:
    needs_attention(connection, REVOKED, now=present.now())
    present.pass_secs(3600)
    assert list_due_connections(now=present.now()) == []


def test_a_disconnected_one_does_not_ask(
    connection: Connection, admin: Actor, present: Present
) -> None:
    actions.disconnect(admin, connection_id=connection.pk, now=present.now())
    assert not needs_attention(connection, REVOKED, now=present.now())


def test_reconnecting_recovers_with_the_same_customers(
    sync: Sync, connection: Connection, sim: Running, admin: Actor, present: Present
) -> None:
    assert succeeded(sync())
    before = {one.pk for one in truth.customers(connection).values()}
    sim.call(lambda: sim.simulator.tokens.revoke(TOKEN))
    sync("incremental")
    fresh = sim.call(lambda: sim.simulator.tokens.grant("a-fresh-token"))
    again = actions.connect_with_token(admin, access_token=fresh, now=present.now())
    assert again.pk == connection.pk
    assert succeeded(sync())
    assert connection.status == ConnectionStatus.CONNECTED
    assert connection.attention_code == ""
    assert {one.pk for one in truth.customers(connection).values()} == before


@pytest.mark.parametrize(
    ("status", "code"), [(402, "plan_restricted"), (403, "permission_missing")]
)
def test_plan_and_permission_refusals_have_their_own_words(
    sync: Sync, connection: Connection, sim: Running, status: int, code: str
) -> None:
    sim.simulator.faults.denied = {"/conversations/search": status}
    assert sync().status == RunStatus.FAILED
    assert connection.attention_code == code
    assert connection.permissions["conversations"] is False
    sim.simulator.faults.denied = {}
    assert succeeded(sync())
    assert connection.status == ConnectionStatus.CONNECTED
    assert connection.permissions["conversations"] is True


def test_a_missing_permission_for_extras_does_not_stop_the_import(
    sync: Sync, connection: Connection, sim: Running
) -> None:
    sim.simulator.faults.denied = {"/companies": 403, "/admins": 403, "/segments": 403}
    assert succeeded(sync())
    assert connection.permissions["companies"] is False
    assert connection.permissions["admins"] is False
    assert connection.permissions["tags"] is True
    assert set(truth.customers(connection)) == truth.with_address(sim)


def test_a_new_run_may_be_asked_for_by_hand(connection: Connection, present: Present) -> None:
    needs_attention(connection, REVOKED, now=present.now())
    run = request_run(connection, kind="full", trigger="user", now=present.now())
    assert run.status == RunStatus.QUEUED
