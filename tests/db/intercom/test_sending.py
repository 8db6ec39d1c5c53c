"""What differs is sent, once, and what Intercom returns is stored: nothing is left to send."""

import pytest

from intercom_sim.actions import contacts
from intercom_sim.generator.build import Size
from intercom_sim.server import Running
from pulsescore.connectors.intercom.models import Connection, ConnectionStatus, Mode
from pulsescore.connectors.intercom.outbound import marks
from pulsescore.connectors.intercom.outbound.models import (
    OutboundMark,
    OutboundTask,
    SegmentTag,
    WithheldValue,
    WriteRecord,
)
from tests.db.intercom.conftest import Present, Sync
from tests.db.intercom.outbound_kit import Product


@pytest.fixture
def size() -> Size:
    return Size(8)


@pytest.fixture
def product(sim: Running, sync: Sync, connection: Connection, present: Present) -> Product:
    sync("full")
    sim.simulator.log.clear()
    return Product(connection, sim, present)


def test_a_mapped_attribute_reaches_the_contact_and_the_store(product: Product) -> None:
    ann = product.customers()[0]
    product.map("job", "phone")
    product.go_two_way(user_segments=[product.segment("VIP", [ann]).pk], tag_segments=False)
    product.learn(ann, job="+49 30 12345")
    product.send()
    assert product.there(ann).phone == "+493012345"
    ann.refresh_from_db()
    assert ann.phone == "+493012345"
    assert [path for _, path in product.writes()] == [f"/contacts/{ann.external_id}"]


def test_nothing_is_sent_a_second_time(product: Product) -> None:
    ann = product.customers()[0]
    product.map("job", "phone")
    product.go_two_way(user_segments=[product.segment("VIP", [ann]).pk])
    product.learn(ann, job="+49 30 12345")
    product.send()
    product.forget_writes()
    marks.mark(product.org_id, [one.pk for one in product.customers()])
    product.send()
    assert product.writes() == []
    assert len(product.sim.simulator.log) == 0
    assert not OutboundTask.objects.for_org(product.org_id).exists()
    assert not OutboundMark.objects.for_org(product.org_id).exists()


def test_a_segment_is_a_tag_that_follows_who_is_in_it(product: Product) -> None:
    ann, bob, _ = product.customers()[:3]
    segment = product.segment("Champions", [ann, bob])
    product.go_two_way(user_segments=[segment.pk])
    marks.mark(product.org_id, [ann.pk, bob.pk])
    product.send()
    assert "Champions" in product.tags_there(ann) & product.tags_there(bob)
    ann.refresh_from_db()
    assert "Champions" in ann.tags
    product.leave(segment, ann)
    product.send()
    assert "Champions" not in product.tags_there(ann)
    assert "Champions" in product.tags_there(bob)


def test_a_tag_goes_although_leaving_its_segment_ends_all_sending(product: Product) -> None:
    ann = product.customers()[0]
    segment = product.segment("Champions", [ann])
    settings = product.go_two_way(user_segments=[segment.pk])
    marks.mark(product.org_id, [ann.pk])
    product.send()
    settings.user_segments = []
    settings.save()
    product.send()
    assert "Champions" not in product.tags_there(ann)
    assert "Champions" not in {tag.name for tag in product.workspace.tags.values()}
    assert not SegmentTag.objects.for_org(product.org_id).exists()


def test_a_renamed_segment_renames_its_tag(product: Product) -> None:
    ann = product.customers()[0]
    segment = product.segment("Champions", [ann])
    product.go_two_way(user_segments=[segment.pk])
    marks.mark(product.org_id, [ann.pk])
    product.send()
    segment.name = "Heroes"
    segment.save()
    product.send()
    assert product.tags_there(ann) >= {"Heroes"}
    assert "Champions" not in product.tags_there(ann)
    ann.refresh_from_db()
    assert "Heroes" in ann.tags
    product.forget_writes()
    marks.mark(product.org_id, [ann.pk])
    product.send()
    assert product.writes() == []


def test_a_tag_of_that_name_is_used_and_never_deleted(product: Product) -> None:
    ann, bob, _ = product.customers()[:3]
    product.sim.call(
        lambda: contacts.tag_contact(product.workspace, bob.external_id, name="champions")
    )
    segment = product.segment("Champions", [ann])
    settings = product.go_two_way(user_segments=[segment.pk])
    marks.mark(product.org_id, [ann.pk])
    product.send()
    assert "champions" in product.tags_there(ann)
    settings.user_segments = []
    settings.save()
    product.send()
    assert "champions" not in product.tags_there(ann)
    assert "champions" in product.tags_there(bob)


def test_a_refused_value_is_shown_and_the_rest_is_sent(product: Product) -> None:
    ann = product.customers()[0]
    product.map("job", "phone")
    product.map("owner", "owner_id")
    product.go_two_way(user_segments=[product.segment("VIP", [ann]).pk], tag_segments=False)
    product.learn(ann, job="+49 30 12345", owner="99999999")
    product.send()
    assert product.there(ann).phone == "+493012345"
    withheld = WithheldValue.objects.for_org(product.org_id).get()
    assert (withheld.customer_id, withheld.key) == (ann.pk, "owner_id")
    assert withheld.message
    product.forget_writes()
    marks.mark(product.org_id, [ann.pk])
    product.send()
    assert product.writes() == []


def test_each_write_is_logged_with_before_and_after(product: Product) -> None:
    ann = product.customers()[0]
    product.map("title", "name")
    product.go_two_way(user_segments=[product.segment("VIP", [ann]).pk], tag_segments=False)
    product.learn(ann, title="Dr. Ann")
    product.send()
    line = WriteRecord.objects.for_org(product.org_id).get()
    assert (line.kind, line.customer_id) == ("contact.update", ann.pk)
    assert (line.before, line.after) == ({"name": ann.name}, {"name": "Dr. Ann"})


@pytest.mark.parametrize(
    "change",
    [
        {"mode": Mode.READ_ONLY},
        {"status": ConnectionStatus.NEEDS_ATTENTION},
        {"status": ConnectionStatus.DISCONNECTED},
    ],
)
def test_a_connection_that_may_not_send_sends_nothing(
    product: Product, change: dict[str, str]
) -> None:
    ann = product.customers()[0]
    product.go_two_way(user_segments=[product.segment("VIP", [ann]).pk])
    marks.mark(product.org_id, [ann.pk])
    Connection.objects.for_org(product.org_id).update(**change)
    assert product.send() == 0
    assert len(product.sim.simulator.log) == 0


def test_a_connection_without_settings_gets_no_marks(product: Product) -> None:
    product.connection.mode = Mode.TWO_WAY
    product.connection.save()
    assert marks.mark(product.org_id, [product.customers()[0].pk]) == 0


def test_a_large_run_waits_for_confirmation(product: Product) -> None:
    people = product.customers()[:3]
    product.go_two_way(user_segments=[product.segment("VIP", people).pk], confirm_above=2)
    marks.mark(product.org_id, [one.pk for one in people])
    assert product.send() == 0
    assert product.writes() == []
    states = OutboundTask.objects.for_org(product.org_id).values_list("state", flat=True)
    assert list(states) == ["held"] * 3
