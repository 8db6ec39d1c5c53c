"""A full import brings the whole workspace, right to the second, and writes nothing there."""

from datetime import UTC, datetime

import pytest

from intercom_sim.actions import contacts as people
from intercom_sim.generator.build import Size
from intercom_sim.server import Running
from pulsescore.connectors.intercom import queries
from pulsescore.connectors.intercom.models import Connection, ConnectionStatus, SyncWindow
from tests.db.intercom import truth
from tests.db.intercom.conftest import PRESENT, Present, Sync, succeeded

DAY = 86_400


def instant(seconds: int | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


@pytest.fixture
def imported(sync: Sync, connection: Connection) -> Connection:
    run = sync()
    assert succeeded(run), run.error
    return connection


def test_every_contact_with_an_address_is_a_customer_and_nobody_else(
    imported: Connection, sim: Running
) -> None:
    assert set(truth.customers(imported)) == truth.with_address(sim)


def test_contacts_without_an_address_are_held_with_their_reason(
    imported: Connection, sim: Running
) -> None:
    without = {one["id"] for one in truth.contacts(sim) if not one["email"]}
    assert truth.held(imported, "customer", "no_email") == without
    assert queries.view_connection(imported)["counts"]["skipped_contacts"] == len(without)


def test_fields_tags_and_companies_of_each_contact_are_right(
    imported: Connection, sim: Running
) -> None:
    stored = truth.customers(imported)
    for contact in truth.contacts(sim):
        if not contact["email"]:
            continue
        customer = stored[contact["id"]]
        assert customer.email == contact["email"]
        assert customer.contact_role == contact["role"]
        assert customer.metadata == contact["custom_attributes"]
        assert customer.first_seen_at == instant(contact["created_at"])
        assert customer.last_seen_at == instant(contact["last_seen_at"])
        assert customer.last_replied_at == instant(contact["last_replied_at"])
        assert customer.remote_updated_at == instant(contact["updated_at"])
        assert customer.attributes["intercom/is_lead"] == (contact["role"] == "lead")
        assert sorted(customer.tags) == truth.tag_names(sim, contact["id"])
        if not contact["companies"]["has_more"]:
            linked = {one["id"] for one in contact["companies"]["data"]}
            assert truth.companies_of(imported, customer) == linked


def test_somebody_has_more_tags_than_a_page_shows(imported: Connection) -> None:
    assert max(len(one.tags) for one in truth.customers(imported).values()) > 10


def test_conversations_of_ninety_days_have_the_state_and_statistics_of_the_workspace(
    imported: Connection, sim: Running
) -> None:
    stored = truth.stored_conversations(imported)
    known = set(truth.customers(imported))
    expected = {}
    for conversation in truth.conversations(sim, updated_since=PRESENT - 90 * DAY):
        people = {one["id"] for one in conversation["contacts"]["contacts"]}
        if people & known:
            expected[conversation["id"]] = (conversation, people & known)
    assert set(stored) == set(expected)
    for one, (conversation, people) in expected.items():
        statistics = conversation["statistics"] or {}
        row = stored[one]
        assert row.status == conversation["state"]
        assert row.opened_at == instant(conversation["created_at"])
        assert row.remote_updated_at == instant(conversation["updated_at"])
        assert row.closed_at == instant(statistics.get("last_close_at"))
        assert row.time_to_first_response_secs == statistics.get("time_to_admin_reply")
        assert row.time_to_resolution_secs == statistics.get("time_to_last_close")
        assert row.reopen_count == (statistics.get("count_reopens") or 0)
        assert row.assignment_count == (statistics.get("count_assignments") or 0)
        assert row.tags == sorted(tag["name"] for tag in conversation["tags"]["tags"])
        assert truth.people_of(imported, row) == people


def test_conversations_of_nobody_known_are_held(imported: Connection, sim: Running) -> None:
    known = set(truth.customers(imported))
    of_nobody = {
        one["id"]
        for one in truth.conversations(sim, updated_since=PRESENT - 90 * DAY)
        if not {person["id"] for person in one["contacts"]["contacts"]} & known
    }
    assert truth.held(imported, "conversation", "no_contact") == of_nobody


def test_all_companies_come_even_those_without_people(imported: Connection, sim: Running) -> None:
    listed = sim.call(lambda: set(sim.workspace.companies))
    assert set(truth.companies(imported)) == listed


def test_the_directory_knows_names(imported: Connection, sim: Running) -> None:
    for kind, path, name in (
        ("admin", "/admins", "admins"),
        ("team", "/teams", "teams"),
        ("tag", "/tags", "data"),
        ("segment", "/segments", "segments"),
    ):
        told = {str(one["id"]): one["name"] for one in truth.ask(sim, path)[name]}
        assert queries.directory_names(imported, kind) == told
    definitions = queries.list_directory(imported, "contact_attribute")
    assert len(definitions) == len(truth.ask(sim, "/data_attributes?model=contact")["data"])


def test_nothing_was_written_in_the_workspace(imported: Connection, sim: Running) -> None:
    assert sim.simulator.log.total > 10
    assert sim.simulator.log.writes() == []


def test_every_request_names_the_version_and_the_program(
    imported: Connection, sim: Running
) -> None:
    for request in sim.simulator.log:
        headers = {name.lower(): value for name, value in request.headers.items()}
        assert headers["intercom-version"] == "2.16"
        assert headers["user-agent"].startswith("PulseScore/")
        assert headers["accept"] == "application/json"


def test_the_run_counts_what_it_did(imported: Connection, sim: Running) -> None:
    run = queries.latest_run(imported)
    assert run is not None
    contacts = run.phases["contacts"]
    assert contacts["done"] == contacts["total"] == len(truth.contacts(sim))
    assert contacts["imported"] == len(truth.customers(imported))
    assert contacts["skipped"] == len(truth.held(imported, "customer", "no_email"))
    assert run.phases["conversations"]["imported"] == len(truth.stored_conversations(imported))
    assert (run.failed, run.error) == (0, "")


def test_the_connection_stands_connected_and_knows_through_when(imported: Connection) -> None:
    assert imported.status == ConnectionStatus.CONNECTED
    assert imported.synced_through == instant(PRESENT)
    assert imported.last_sync_at == instant(PRESENT)


def test_no_checkpoints_are_left_behind(imported: Connection) -> None:
    assert not SyncWindow.objects.for_org(imported.org_id).exists()


def test_a_second_import_of_the_same_changes_nothing(imported: Connection, sync: Sync) -> None:
    before = truth.snapshot(imported)
    assert succeeded(sync())
    assert truth.snapshot(imported) == before


class TestALargeWorkspace:
    """Large enough that ranges are cut into windows."""

    @pytest.fixture
    def size(self) -> Size:
        return Size(700)

    def test_nothing_is_lost_between_windows(self, imported: Connection, sim: Running) -> None:
        assert set(truth.customers(imported)) == truth.with_address(sim)
        searches = [one for one in sim.simulator.log if one.path == "/contacts/search"]
        assert len(searches) > 16


class TestAnEmptyWorkspace:
    """A workspace where nobody is yet."""

    @pytest.fixture
    def size(self) -> Size:
        return Size(0)

    def test_it_is_imported_all_the_same(self, imported: Connection) -> None:
        assert truth.customers(imported) == {}
        assert truth.stored_conversations(imported) == {}


def test_one_malformed_contact_is_quarantined_and_the_rest_goes_on(
    sync: Sync, connection: Connection, sim: Running, present: Present
) -> None:
    broken = min(truth.with_address(sim))
    sim.call(lambda: people.update_contact(sim.workspace, broken, fields={"phone": 7}))
    run = sync()
    assert succeeded(run)
    assert run.failed == 1
    assert truth.held(connection, "customer", "malformed") == {broken}
    assert set(truth.customers(connection)) == truth.with_address(sim) - {broken}
    present.pass_secs(60)
    sim.call(lambda: people.update_contact(sim.workspace, broken, fields={"phone": None}))
    assert succeeded(sync())
    assert set(truth.customers(connection)) == truth.with_address(sim)
    assert truth.held(connection, "customer", "malformed") == set()
