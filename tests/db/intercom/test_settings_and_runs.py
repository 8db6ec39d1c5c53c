"""Settings of a connection, and the queue of its runs."""

from datetime import timedelta

import pytest

from intercom_sim.server import Running
from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import AuditEntry
from pulsescore.connectors.intercom import actions, queries
from pulsescore.connectors.intercom.models import Connection, RunStatus, SyncRun
from pulsescore.connectors.intercom.runs import (
    cancel_runs,
    list_due_connections,
    list_waiting_runs,
    request_run,
)
from pulsescore.connectors.intercom.secrets import open_token, open_webhook_secrets
from pulsescore.core.errors import Conflict, Invalid
from tests.db.intercom.conftest import Present


def update(admin: Actor, connection: Connection, present: Present, **fields: object) -> Connection:
    return actions.update_settings(
        admin,
        connection_id=connection.pk,
        now=present.now(),
        **fields,  # type: ignore[arg-type]
    )


def test_only_what_is_given_changes(admin: Actor, connection: Connection, present: Present) -> None:
    changed = update(admin, connection, present, mode="two_way")
    assert (changed.mode, changed.conversation_days) == ("two_way", 90)
    entry = AuditEntry.objects.for_org(admin.org_id).latest("at", "id")
    assert (entry.action, entry.details) == ("intercom.settings_changed", {"mode": "two_way"})


def test_nothing_given_is_not_even_audited(
    admin: Actor, connection: Connection, present: Present
) -> None:
    update(admin, connection, present, mode="read_only")
    assert AuditEntry.objects.for_org(admin.org_id).count() == 1


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("mode", "x"),
        ("conversation_days", 0),
        ("sync_interval_secs", 5),
        ("largest_loss_percent", 0),
        ("largest_loss_percent", 101),
    ],
)
def test_impossible_settings_are_refused_by_name(
    admin: Actor, connection: Connection, present: Present, field: str, value: object
) -> None:
    with pytest.raises(Invalid) as failure:
        update(admin, connection, present, **{field: value})
    assert failure.value.faults[0].field == field


def test_a_former_webhook_secret_stays_valid_for_a_day(
    admin: Actor, connection: Connection, present: Present
) -> None:
    update(admin, connection, present, webhook_secret="first-secret-1111")
    changed = update(admin, connection, present, webhook_secret="second-secret-2222")
    assert changed.webhook_secret_last4 == "2222"
    now = present.now()
    both = ["second-secret-2222", "first-secret-1111"]
    assert open_webhook_secrets(changed, now=now) == both
    assert open_webhook_secrets(changed, now=now + timedelta(hours=25)) == both[:1]


def test_a_new_token_must_be_of_the_same_workspace(
    admin: Actor, connection: Connection, present: Present, sim: Running
) -> None:
    fresh = sim.call(lambda: sim.simulator.tokens.grant("another-token-3333"))
    changed = update(admin, connection, present, access_token=fresh)
    assert open_token(changed) == fresh
    Connection.objects.for_org(admin.org_id).update(workspace_id="elsewhere")
    with pytest.raises(Invalid, match="belongs to the workspace"):
        update(admin, connection, present, access_token=fresh)


def test_a_disconnected_one_has_no_settings(
    admin: Actor, connection: Connection, present: Present
) -> None:
    actions.disconnect(admin, connection_id=connection.pk, now=present.now())
    with pytest.raises(Conflict):
        update(admin, connection, present, mode="two_way")
    with pytest.raises(Conflict):
        request_run(connection, kind="full", trigger="user", now=present.now())


def test_one_run_waits_however_often_it_is_asked_for(
    connection: Connection, present: Present
) -> None:
    first = request_run(connection, kind="full", trigger="user", now=present.now())
    again = request_run(connection, kind="incremental", trigger="schedule", now=present.now())
    assert first.pk == again.pk
    assert len(list_waiting_runs()) == 1


def test_a_wider_run_replaces_a_narrower_one(connection: Connection, present: Present) -> None:
    request_run(connection, kind="full", trigger="user", now=present.now())
    wider = request_run(connection, kind="reconcile", trigger="user", now=present.now())
    narrower = request_run(connection, kind="full", trigger="user", now=present.now())
    assert wider.pk == narrower.pk
    assert narrower.kind == "reconcile"


def test_beside_a_running_one_another_may_wait(connection: Connection, present: Present) -> None:
    SyncRun.objects.for_org(connection.org_id).update(status=RunStatus.RUNNING)
    waiting = request_run(connection, kind="full", trigger="user", now=present.now())
    assert waiting.status == RunStatus.QUEUED
    assert len(list_waiting_runs()) == 2
    shown = queries.latest_run(connection)
    assert shown is not None
    assert shown.status == RunStatus.RUNNING


def test_a_connection_is_due_when_its_interval_has_passed(
    connection: Connection, present: Present
) -> None:
    cancel_runs(connection, reason="test", now=present.now())
    assert list_due_connections(now=present.now()) == []
    present.pass_secs(301)
    assert list_due_connections(now=present.now()) == [connection]
    request_run(connection, kind="full", trigger="schedule", now=present.now())
    assert list_due_connections(now=present.now()) == []


def test_the_share_that_is_believed_at_once_is_a_setting(
    admin: Actor, connection: Connection, present: Present
) -> None:
    changed = update(admin, connection, present, largest_loss_percent=35)
    assert changed.largest_loss_percent == 35
    entry = AuditEntry.objects.for_org(admin.org_id).latest("at", "id")
    assert entry.details == {"largest_loss_percent": 35}
