"""Checking permissions: asked now, stored with the time, and mending what waited for one."""

import pytest

from intercom_sim.server import Running
from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import Role
from pulsescore.connectors.intercom.actions import check_permissions, disconnect
from pulsescore.connectors.intercom.models import Connection, ConnectionStatus, LogEntry
from pulsescore.connectors.intercom.permissions import PERMISSIONS
from pulsescore.connectors.intercom.problems import ConnectDelayed
from pulsescore.core.errors import Conflict, Forbidden, NotFound
from tests.db.intercom.conftest import Present, Sync

pytestmark = pytest.mark.django_db(transaction=True)
PATHS = {
    "tags": "/tags",
    "admins": "/admins",
    "attributes": "/data_attributes",
    "companies": "/companies",
    "tickets": "/tickets/search",
}


def check(actor: Actor, connection: Connection, present: Present) -> object:
    run = check_permissions(actor, connection_id=connection.pk, now=present.now())
    connection.refresh_from_db(from_queryset=Connection.objects.for_org(connection.org_id))
    return run


def test_all_that_is_granted_is_stored_with_the_time(
    admin: Actor, connection: Connection, present: Present
) -> None:
    assert check(admin, connection, present) is None

    assert connection.permissions == {one.key: True for one in PERMISSIONS}
    assert connection.permissions_checked_at == present.now()


@pytest.mark.parametrize("status", [403, 404])
@pytest.mark.parametrize(("key", "path"), PATHS.items())
def test_each_refusal_is_found_and_logged(
    *,
    key: str,
    path: str,
    status: int,
    admin: Actor,
    connection: Connection,
    sim: Running,
    present: Present,
) -> None:
    sim.simulator.faults.denied = {path: status}

    check(admin, connection, present)

    assert [name for name, granted in connection.permissions.items() if not granted] == [key]
    line = LogEntry.objects.for_org(connection.org_id).latest("id")
    assert (line.severity, line.details) == ("warning", {"missing": [key]})


def test_a_granted_permission_ends_needs_attention_and_syncing_goes_on(
    admin: Actor, connection: Connection, sync: Sync, sim: Running, present: Present
) -> None:
    sim.simulator.faults.denied = {"/conversations": 403}
    sync()
    assert connection.status == ConnectionStatus.NEEDS_ATTENTION
    assert connection.attention_code == "permission_missing"
    assert check(admin, connection, present) is None
    assert connection.status == ConnectionStatus.NEEDS_ATTENTION

    sim.simulator.faults.denied = {}
    run = check(admin, connection, present)

    assert run is not None
    assert (connection.status, connection.last_error) == (ConnectionStatus.CONNECTED, "")


def test_a_revoked_token_is_noticed_here_too(
    admin: Actor, connection: Connection, sim: Running, present: Present
) -> None:
    sim.simulator.faults.denied = {"/": 401}

    assert check(admin, connection, present) is None

    assert connection.status == ConnectionStatus.NEEDS_ATTENTION
    assert connection.permissions_checked_at is None


def test_what_cannot_be_asked_is_said_and_nothing_is_concluded(
    admin: Actor, connection: Connection, sim: Running, present: Present
) -> None:
    sim.simulator.faults.denied = {"/": 503}

    with pytest.raises(ConnectDelayed):
        check(admin, connection, present)

    assert connection.permissions_checked_at is None


def test_only_admins_of_the_organization_check_and_only_what_is_connected(
    admin: Actor, connection: Connection, present: Present
) -> None:
    member = Actor(user=None, org_id=admin.org_id, role=Role.MEMBER, via="command")
    stranger = Actor(user=None, org_id=admin.org_id + 1, role=Role.OWNER, via="command")
    for actor, refusal in ((member, Forbidden), (stranger, NotFound)):
        with pytest.raises(refusal):
            check_permissions(actor, connection_id=connection.pk, now=present.now())
    disconnect(admin, connection_id=connection.pk, now=present.now())
    with pytest.raises(Conflict):
        check_permissions(admin, connection_id=connection.pk, now=present.now())
