"""A reconciliation finds who is gone, whatever way of searching by id the server understands."""

from functools import partial

import pytest

from intercom_sim.actions import contacts as people
from intercom_sim.requestlog import Logged
from intercom_sim.server import Running
from pulsescore.connectors.intercom.models import Connection
from pulsescore.store.models import Customer
from tests.db.intercom import truth
from tests.db.intercom.conftest import Present, Sync, succeeded

HOUR = 3600
GONE = 20


@pytest.fixture
def losing(sync: Sync, connection: Connection, sim: Running, present: Present) -> list[str]:
    """Imported; then one contact was archived, and many deleted."""
    assert succeeded(sync())
    some = sorted(truth.with_address(sim))[: GONE + 1]
    sim.call(lambda: people.archive(sim.workspace, some[0]))
    for one in some[1:]:
        sim.call(partial(people.delete_contact, sim.workspace, one))
    sim.simulator.log.clear()
    present.pass_secs(HOUR)
    return some


def fates(connection: Connection, ids: list[str]) -> list[str | None]:
    found = Customer.objects.for_org(connection.org_id).filter(external_id__in=ids)
    rows = {row.external_id: row for row in found}
    return [rows[one].deleted_reason if rows[one].deleted_at else None for one in ids]


def searches_by_id(sim: Running) -> list[Logged]:
    return [one for one in sim.simulator.log if b'"field":"id"' in one.body]


def test_a_list_of_ids_is_asked_for_at_once(
    losing: list[str], sync: Sync, sim: Running, connection: Connection
) -> None:
    assert succeeded(sync("reconcile"))
    assert fates(connection, losing) == ["archived", *["deleted"] * GONE]
    assert [b'"IN"' in one.body for one in searches_by_id(sim)] == [True]


def test_where_lists_are_refused_ids_are_asked_for_in_groups(
    losing: list[str], sync: Sync, sim: Running, connection: Connection
) -> None:
    sim.simulator.faults.refused_filters = {"id": ["IN"]}
    assert succeeded(sync("reconcile"))
    assert fates(connection, losing) == ["archived", *["deleted"] * GONE]
    refused, *understood = searches_by_id(sim)
    assert refused.status == 400
    assert [one.status for one in understood] == [200]


def test_where_no_id_can_be_searched_each_is_read_and_nobody_who_is_there_is_taken_for_gone(
    losing: list[str], sync: Sync, sim: Running, connection: Connection
) -> None:
    sim.simulator.faults.refused_filters = {"id": ["IN", "="]}
    assert succeeded(sync("reconcile"))
    assert fates(connection, losing)[1:] == ["deleted"] * GONE
    assert [one.status for one in searches_by_id(sim)] == [400, 400]
