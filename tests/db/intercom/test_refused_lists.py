"""What a token may not read, or a workspace does not have, costs only itself."""

import pytest

from intercom_sim.server import Running
from pulsescore.connectors.intercom.models import Connection, ConnectionStatus, RunKind
from tests.db.intercom import truth
from tests.db.intercom.conftest import Sync, succeeded

MANY = 1_000_000


@pytest.mark.parametrize("status", [403, 404])
@pytest.mark.parametrize(
    "path", ["/admins", "/teams", "/tags", "/segments", "/data_attributes", "/companies"]
)
def test_a_list_beside_the_contacts_is_done_without(
    path: str, status: int, sync: Sync, connection: Connection, sim: Running
) -> None:
    sim.simulator.faults.denied = {path: status}
    run = sync()
    assert succeeded(run), run.error
    assert set(truth.customers(connection)) == truth.with_address(sim)
    connection.refresh_from_db()
    assert connection.status == ConnectionStatus.CONNECTED


@pytest.mark.parametrize("status", [403, 404])
def test_searches_alone_are_enough_for_an_import(
    status: int, sync: Sync, connection: Connection, sim: Running
) -> None:
    """Neither the plain list nor anything beneath a contact can be read."""
    sim.simulator.faults.plan("/contacts", status=status, count=MANY, method="GET")
    run = sync()
    assert succeeded(run), run.error
    sim.simulator.faults.planned.clear()
    assert set(truth.customers(connection)) == truth.with_address(sim)


@pytest.mark.parametrize("status", [402, 403, 404])
def test_a_sweep_does_without_the_list_of_deleted_conversations(
    status: int, sync: Sync, sim: Running
) -> None:
    sim.simulator.faults.denied = {"/conversations/deleted": status}
    run = sync(RunKind.RECONCILE)
    assert succeeded(run), run.error
