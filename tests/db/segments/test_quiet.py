"""What reading makes of segments is told to nobody; and what erasing a person leaves of them."""

from datetime import timedelta

import pytest

from pulsescore.alerts.models import Alert
from pulsescore.connectors.intercom.models import Connection, RunKind, RunStatus, SyncRun
from pulsescore.delivery.models import Delivery, WebhookEndpoint
from pulsescore.pipeline import run, segmenting
from pulsescore.pipeline.work import rescore_pending
from pulsescore.segments.models import Member
from pulsescore.store import write
from pulsescore.store.models import Customer, TimelineEvent
from tests.db.scoring.people import add_customer, add_org, source_of
from tests.db.segments.test_alerts import rule_of
from tests.db.segments.test_membership import FREE, admin, change, make, members
from tests.db.segments.truth import NOW
from tests.unit.store.builders import contact

pytestmark = pytest.mark.django_db


def told_of(org_id: int) -> tuple[int, int, int]:
    """How many timeline entries, deliveries and alerts there are of segments."""
    entries = TimelineEvent.objects.for_org(org_id).filter(name__endswith="segment")
    rows = Delivery.objects.for_org(org_id).filter(event__startswith="segment.")
    return entries.count(), rows.count(), Alert.objects.for_org(org_id).count()


def test_a_first_import_fills_segments_without_a_word_and_life_after_it_is_told() -> None:
    org_id = add_org()
    source = source_of(org_id)
    connection = Connection.objects.for_org(org_id).create(
        org_id=org_id, source=source, workspace_id="w1", connected_at=NOW
    )
    free = make(org_id, "Free", FREE)
    segmenting.refresh_everybody(org_id, now=NOW)
    rule_of(org_id, "enters_segment", {"segment": free.pk})
    WebhookEndpoint.objects.for_org(org_id).create(
        org_id=org_id, url="https://example.com/in", events=["segment.entered"]
    )
    records = [contact(f"c{at}", v=1, metadata={"plan": "free"}) for at in range(4)]
    write.apply(org_id=org_id, source_id=source.pk, records=records, now=NOW)
    rescore_pending(org_id, now=NOW)
    free.refresh_from_db()
    assert (free.size, told_of(org_id)) == (4, (0, 0, 0))

    ended = NOW + timedelta(minutes=1)
    Connection.objects.for_org(org_id).filter(pk=connection.pk).update(last_sync_at=ended)
    SyncRun.objects.for_org(org_id).create(
        org_id=org_id,
        connection=connection,
        kind=RunKind.FULL,
        status=RunStatus.SUCCEEDED,
        created_at=NOW,
        started_at=NOW,
        finished_at=ended,
    )
    later = NOW + timedelta(days=1)
    write.apply(
        org_id=org_id,
        source_id=source.pk,
        records=[contact("late", v=1, metadata={"plan": "free"})],
        now=later,
    )
    rescore_pending(org_id, now=later)
    late = Customer.objects.for_org(org_id).get(external_id="late")
    assert late.pk in members(free)
    told = told_of(org_id)
    assert (told[0], told[2]) == (told[1], 1)
    entries = TimelineEvent.objects.for_org(org_id).filter(name="Entered segment")
    assert set(entries.values_list("customer_id", flat=True)) == {late.pk}


def test_an_erased_person_is_counted_in_no_segment() -> None:
    org_id = add_org()
    ada, bob = (add_customer(org_id, metadata={"plan": "free"}) for _ in range(2))
    free, other = make(org_id, "Free", FREE), make(org_id, "Others", {"not": FREE})
    # Merged into Ada, and not looked at since.
    was = add_customer(org_id, metadata={"plan": "free"})
    segmenting.refresh_everybody(org_id, now=NOW)
    change(was, merged_into=ada, deleted_at=NOW)
    run.erase_customer(admin(org_id), customer_id=ada.pk, now=NOW)
    free.refresh_from_db()
    other.refresh_from_db()
    assert members(free) == {bob.pk}
    assert (free.size, other.size) == (1, 0)
    left = Member.objects.for_org(org_id).values_list("customer_id", flat=True)
    assert set(left) == {bob.pk}
