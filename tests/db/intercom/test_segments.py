"""Who is in which of Intercom's segments is read now and then, whole lists at a time."""

import pytest

from intercom_sim.actions import contacts as people
from intercom_sim.segments import segments_of
from intercom_sim.server import Running
from pulsescore.connectors.intercom.models import Connection
from pulsescore.store.models import Customer, Source, SourceSegment, SourceSegmentMember
from pulsescore.store.source_segments import names_by_customer
from tests.db.intercom import truth
from tests.db.intercom.conftest import Present, Sync, succeeded

HOUR, DAY = 3600, 86_400


@pytest.fixture
def imported(sync: Sync, connection: Connection, present: Present) -> Connection:
    assert succeeded(sync())
    present.pass_secs(HOUR)
    return connection


def told(sim: Running) -> dict[str, list[str]]:
    """Names of segments by contact, by the simulator's own rules."""
    workspace = sim.workspace
    return {
        one: sorted(
            workspace.segments[key].name
            for key in segments_of(workspace.contacts[one], workspace=workspace)
        )
        for one in truth.with_address(sim)
    }


def stored(connection: Connection) -> dict[str, list[str]]:
    names = {row.pk: key for key, row in truth.customers(connection).items()}
    found = names_by_customer(connection.org_id, names)
    return {key: found.get(pk, []) for pk, key in names.items()}


def rows(connection: Connection) -> dict[int, tuple[int, int]]:
    members = SourceSegmentMember.objects.for_org(connection.org_id)
    return {pk: (one, other) for pk, one, other in members.values_list("id", "customer", "segment")}


def test_an_import_of_few_knows_everybodys_segments(imported: Connection, sim: Running) -> None:
    assert stored(imported) == told(sim)
    assert any(stored(imported).values())


@pytest.mark.parametrize("kind", ["nightly", "reconcile"])
def test_who_joined_and_who_left_is_found(
    kind: str, imported: Connection, sync: Sync, sim: Running, present: Present
) -> None:
    one = sorted(truth.with_address(sim))[0]
    before = stored(imported)
    present.pass_secs(40 * DAY)
    sim.call(lambda: people.seen(sim.workspace, one))
    run = sync(kind)
    assert succeeded(run)
    assert stored(imported) == told(sim) != before
    assert run.phases["sweep"]["segment_changes"] > 0


def test_a_list_that_says_what_is_known_writes_nothing(imported: Connection, sync: Sync) -> None:
    def revision() -> int:
        return Source.objects.for_org(imported.org_id).get().revision

    assert succeeded(sync("reconcile"))
    before = rows(imported), revision()
    run = sync("nightly")
    assert run.phases["sweep"]["segment_changes"] == 0
    assert (rows(imported), revision()) == before


def test_a_removed_segment_disappears_and_a_renamed_one_is_renamed(
    imported: Connection, sync: Sync, sim: Running
) -> None:
    gone, renamed = [
        key for key, one in sim.workspace.segments.items() if one.name in ("Paying", "Active")
    ]

    def change() -> None:
        del sim.workspace.segments[gone]
        sim.workspace.segments[renamed].name = "Zealous"

    sim.call(change)
    assert succeeded(sync("nightly"))
    assert stored(imported) == told(sim)
    names = SourceSegment.objects.for_org(imported.org_id).values_list("name", flat=True)
    assert "Zealous" in names
    assert len(names) == len(sim.workspace.segments)


def test_an_incremental_run_leaves_segments_alone_once_they_were_read(
    imported: Connection, sync: Sync, present: Present, sim: Running
) -> None:
    before = stored(imported)
    present.pass_secs(40 * DAY)
    assert succeeded(sync("incremental"))
    assert stored(imported) == before != told(sim)


def test_what_an_import_left_out_the_next_run_reads(
    imported: Connection, sync: Sync, sim: Running
) -> None:
    """As it stands when the import left them out."""
    SourceSegment.objects.for_org(imported.org_id).delete()
    assert not any(stored(imported).values())
    assert succeeded(sync("incremental"))
    assert stored(imported) == told(sim)


@pytest.mark.parametrize("path", ["/segments", "/contacts/search"])
def test_what_may_not_be_read_stays_as_it_is_known(
    path: str, imported: Connection, sync: Sync, sim: Running
) -> None:
    before = stored(imported)
    sim.simulator.faults.denied = {path: 403}
    run = sync("nightly")
    assert succeeded(run) is (path == "/segments")
    assert stored(imported) == before


def test_an_erased_person_is_in_no_segment(imported: Connection) -> None:
    one = SourceSegmentMember.objects.for_org(imported.org_id).values_list("customer", flat=True)[0]
    Customer.objects.for_org(imported.org_id).filter(pk=one).delete()
    assert one not in {customer for customer, _ in rows(imported).values()}
