"""Connecting: the token is tried before anything is stored."""

from dataclasses import replace

import pytest
from django.conf import LazySettings

from intercom_sim.server import Running
from intercom_sim.workspace import Workspace
from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import AuditEntry, Organization, Role
from pulsescore.connectors.intercom import actions, queries
from pulsescore.connectors.intercom.models import (
    Connection,
    ConnectionStatus,
    RunKind,
    RunStatus,
    SyncRun,
)
from pulsescore.connectors.intercom.problems import ConnectDelayed, ConnectFailed
from pulsescore.connectors.intercom.secrets import NotConnected, open_token, open_webhook_secrets
from pulsescore.core.errors import Conflict, Forbidden, Invalid, NotFound
from pulsescore.store.models import Source
from tests.db.intercom.conftest import TOKEN, Present


def connect(actor: Actor, present: Present, **fields: object) -> Connection:
    known = {"access_token": TOKEN, "now": present.now(), **fields}
    return actions.connect_with_token(actor, **known)  # type: ignore[arg-type]


def nothing_is_stored(actor: Actor) -> bool:
    return not (
        Connection.objects.for_org(actor.org_id).exists()
        or Source.objects.for_org(actor.org_id).exists()
        or SyncRun.objects.for_org(actor.org_id).exists()
        or AuditEntry.objects.for_org(actor.org_id).exists()
    )


def test_the_workspace_is_stored_as_it_presents_itself(
    connection: Connection, workspace: Workspace
) -> None:
    assert connection.workspace_id == workspace.identity.app_id
    assert connection.workspace_name == workspace.identity.name
    assert connection.workspace_time_zone == workspace.identity.timezone
    assert (connection.region, connection.mode) == ("us", "read_only")
    assert connection.status == ConnectionStatus.CONNECTED


def test_the_token_is_sealed_for_its_row(connection: Connection) -> None:
    assert TOKEN.encode() not in bytes(connection.sealed_token or b"")
    assert open_token(connection) == TOKEN


def test_the_first_sync_waits_at_once(connection: Connection) -> None:
    run = queries.latest_run(connection)
    assert run is not None
    assert (run.kind, run.status) == (RunKind.FULL, RunStatus.QUEUED)
    assert queries.view_connection(connection)["status"] == "syncing"


def test_it_is_written_in_the_audit_log_without_the_token(connection: Connection) -> None:
    entry = AuditEntry.objects.for_org(connection.org_id).get()
    assert entry.action == "intercom.connected"
    assert TOKEN not in str(entry.details)


def test_a_member_may_not(sim: Running, admin: Actor, present: Present) -> None:
    with pytest.raises(Forbidden):
        connect(replace(admin, role=Role.MEMBER), present)
    assert nothing_is_stored(admin)


@pytest.mark.parametrize("token", ["", "  ", "wrong", "tök", "a\nb"])
def test_a_wrong_token_is_told_in_words(
    sim: Running, admin: Actor, present: Present, token: str
) -> None:
    with pytest.raises(Invalid) as failure:
        connect(admin, present, access_token=token)
    assert failure.value.faults[0].field == "access_token"
    assert nothing_is_stored(admin)


def test_a_region_chosen_wrongly_is_told_with_the_right_one(
    sim: Running, admin: Actor, present: Present
) -> None:
    with pytest.raises(ConnectFailed, match="United States") as failure:
        connect(admin, present, region="eu")
    assert failure.value.problem.code == "wrong_region"
    assert nothing_is_stored(admin)


def test_the_right_region_may_be_chosen_in_any_spelling(
    sim: Running, admin: Actor, present: Present
) -> None:
    assert connect(admin, present, region="US").region == "us"


@pytest.mark.parametrize(
    ("field", "value"),
    [("region", "mars"), ("mode", "write"), ("conversation_days", 0)],
)
def test_settings_that_cannot_be_are_refused_before_any_call(
    sim: Running, admin: Actor, present: Present, field: str, value: object
) -> None:
    with pytest.raises(Invalid) as failure:
        connect(admin, present, **{field: value})
    assert failure.value.faults[0].field == field
    assert sim.simulator.log.total == 0


@pytest.mark.parametrize(
    ("status", "code", "problem"),
    [
        (402, "api_plan_restricted", "plan_restricted"),
        (403, "forbidden", "permission_missing"),
        (404, "not_found", "unknown"),
    ],
)
def test_refusals_of_the_probe_have_their_own_words(
    sim: Running, admin: Actor, present: Present, *, status: int, code: str, problem: str
) -> None:
    sim.simulator.faults.plan("/me", status=status, code=code)
    with pytest.raises(ConnectFailed) as failure:
        connect(admin, present)
    assert failure.value.problem.code == problem
    assert nothing_is_stored(admin)


def test_intercom_being_down_is_told_and_nothing_stored(
    sim: Running, admin: Actor, present: Present
) -> None:
    sim.simulator.faults.plan("/me", status=503, count=9)
    with pytest.raises(ConnectDelayed, match="try again"):
        connect(admin, present)
    assert nothing_is_stored(admin)


def test_nobody_answering_is_told_the_same(
    settings: LazySettings, admin: Actor, present: Present
) -> None:
    settings.CONFIG = replace(settings.CONFIG, intercom_api_url="http://127.0.0.1:9")
    with pytest.raises(ConnectDelayed):
        connect(admin, present)


def test_the_same_workspace_is_not_connected_twice(
    connection: Connection, admin: Actor, present: Present
) -> None:
    with pytest.raises(Conflict, match="already connected"):
        connect(admin, present)
    assert Source.objects.for_org(admin.org_id).count() == 1


def test_another_organization_may_connect_it_too(
    connection: Connection, admin: Actor, present: Present
) -> None:
    other = replace(admin, org_id=Organization.objects.create(name="Other").pk)
    assert connect(other, present).source_id != connection.source_id


def test_disconnecting_forgets_secrets_and_ends_runs(
    connection: Connection, admin: Actor, present: Present
) -> None:
    actions.disconnect(admin, connection_id=connection.pk, now=present.now())
    connection.refresh_from_db()
    assert connection.status == ConnectionStatus.DISCONNECTED
    assert connection.sealed_token is None
    assert connection.token_last4 == ""
    assert open_webhook_secrets(connection, now=present.now()) == []
    assert SyncRun.objects.for_org(admin.org_id).get().status == RunStatus.CANCELED
    with pytest.raises(NotConnected):
        open_token(connection)


def test_disconnecting_twice_is_written_once(
    connection: Connection, admin: Actor, present: Present
) -> None:
    for _ in range(2):
        actions.disconnect(admin, connection_id=connection.pk, now=present.now())
    entries = AuditEntry.objects.for_org(admin.org_id).filter(action="intercom.disconnected")
    assert entries.count() == 1


def test_reconnecting_keeps_row_and_source(
    connection: Connection, admin: Actor, present: Present
) -> None:
    actions.disconnect(admin, connection_id=connection.pk, now=present.now())
    again = connect(admin, present, mode="two_way")
    assert (again.pk, again.source_id) == (connection.pk, connection.source_id)
    assert (again.status, again.mode) == (ConnectionStatus.CONNECTED, "two_way")
    assert again.disconnected_at is None


def test_a_stranger_finds_nothing_to_disconnect(
    connection: Connection, admin: Actor, present: Present
) -> None:
    stranger = replace(admin, org_id=Organization.objects.create(name="Other").pk)
    with pytest.raises(NotFound):
        actions.disconnect(stranger, connection_id=connection.pk, now=present.now())


class TestByCode:
    """The code of an OAuth redirect."""

    def connect(self, actor: Actor, present: Present, code: str) -> Connection:
        return actions.connect_with_code(actor, code=code, now=present.now())

    def test_it_becomes_a_connection(self, sim: Running, admin: Actor, present: Present) -> None:
        code = sim.call(lambda: sim.simulator.tokens.issue_code(now=present.clock.time()))
        connection = self.connect(admin, present, code)
        assert connection.status == ConnectionStatus.CONNECTED
        assert open_token(connection)

    def test_used_twice_it_is_refused(self, sim: Running, admin: Actor, present: Present) -> None:
        code = sim.call(lambda: sim.simulator.tokens.issue_code(now=present.clock.time()))
        connection = self.connect(admin, present, code)
        actions.disconnect(admin, connection_id=connection.pk, now=present.now())
        with pytest.raises(ConnectFailed) as failure:
            self.connect(admin, present, code)
        assert failure.value.problem.code == "code_used"

    def test_an_app_configured_wrongly_is_told_apart(
        self, sim: Running, admin: Actor, present: Present, settings: LazySettings
    ) -> None:
        code = sim.call(lambda: sim.simulator.tokens.issue_code(now=present.clock.time()))
        settings.CONFIG = replace(settings.CONFIG, intercom_client_secret="other")
        with pytest.raises(ConnectFailed) as failure:
            self.connect(admin, present, code)
        assert failure.value.problem.code in {"invalid_client", "code_used"}
        assert nothing_is_stored(admin)

    def test_without_an_app_there_is_no_way(
        self, sim: Running, admin: Actor, present: Present, settings: LazySettings
    ) -> None:
        settings.CONFIG = replace(settings.CONFIG, intercom_client_id="")
        with pytest.raises(ConnectFailed) as failure:
            self.connect(admin, present, "x")
        assert failure.value.problem.code == "not_configured"
