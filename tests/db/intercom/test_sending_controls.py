"""What people do about sending: choose, look before, confirm, stop, undo, tag by hand."""

import pytest

from intercom_sim.actions import contacts
from intercom_sim.generator.build import Size
from intercom_sim.server import Running
from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import Role
from pulsescore.connectors.intercom.models import Connection, Mode, PendingRefetch
from pulsescore.connectors.intercom.outbound import actions, outbox
from pulsescore.connectors.intercom.outbound.actions import OutboundWish
from pulsescore.connectors.intercom.outbound.dry_run import plan
from pulsescore.connectors.intercom.outbound.models import (
    OutboundSettings,
    OutboundTask,
    WriteRecord,
)
from pulsescore.connectors.intercom.outbound.queries import connections_with_work
from pulsescore.core.errors import Conflict, Forbidden, Invalid, NotFound
from pulsescore.store.models import Customer
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


@pytest.fixture
def chosen(product: Product, admin: Actor) -> Product:
    """Two-way, with one segment of two people that is sent and tagged."""
    people = product.customers()[:2]
    segment = product.segment("Champions", people)
    product.connection.mode = Mode.TWO_WAY
    product.connection.save()
    wish = OutboundWish(user_segments=[segment.pk])
    actions.save_outbound(admin, product.connection.pk, wish=wish, now=product.present.now())
    return product


def test_choosing_marks_everybody_who_is_concerned(chosen: Product) -> None:
    now = chosen.present.now()
    assert connections_with_work(now=now) == [chosen.connection.pk]
    chosen.send()
    assert all("Champions" in chosen.tags_there(one) for one in chosen.customers()[:2])
    assert connections_with_work(now=chosen.present.now()) == []


def test_a_dry_run_tells_what_would_be_written_and_writes_nothing(chosen: Product) -> None:
    ann = chosen.customers()[0]
    chosen.map("title", "name")
    chosen.learn(ann, title="Dr. Ann")
    told = plan(chosen.org_id, chosen.connection.pk)
    assert (told.touched, told.updates, told.tags_added) == (2, 1, 2)
    assert told.new_tags == ["Champions"]
    change = next(one for one in told.writes if one.customer_id == ann.pk).changes[0]
    assert (change.name, change.before, change.after) == ("name", ann.name, "Dr. Ann")
    assert len(chosen.sim.simulator.log) == 0


def test_whom_choosing_would_bring_back_is_shown_first_and_then_brought_back(
    chosen: Product, admin: Actor
) -> None:
    chosen.send()
    last = chosen.customers()[-1]
    chosen.sim.call(lambda: contacts.archive(chosen.workspace, last.external_id))
    Customer.objects.for_org(chosen.org_id).filter(pk=last.pk).update(
        deleted_at=chosen.present.now(), deleted_reason="archived"
    )
    everybody = OutboundSettings.objects.for_org(chosen.org_id).get().user_segments
    wish = OutboundWish(user_segments=everybody, resend_archived=True)
    assert plan(chosen.org_id, chosen.connection.pk).touched == 0
    actions.save_outbound(admin, chosen.connection.pk, wish=wish, now=chosen.present.now())
    told = plan(chosen.org_id, chosen.connection.pk)
    assert [(one.customer_id, one.action) for one in told.writes] == [(last.pk, "restore")]
    chosen.send()
    assert not chosen.there(last).archived


def test_a_dry_run_of_a_read_only_connection_shows_the_same(chosen: Product) -> None:
    chosen.connection.mode = Mode.READ_ONLY
    chosen.connection.save()
    assert plan(chosen.org_id, chosen.connection.pk).touched == 2


def test_a_run_that_was_confirmed_is_sent(chosen: Product, admin: Actor) -> None:
    settings = actions.save_outbound(
        admin,
        chosen.connection.pk,
        wish=OutboundWish(
            user_segments=[chosen.segment("Heroes", chosen.customers()[:2]).pk], confirm_above=1
        ),
        now=chosen.present.now(),
    )
    chosen.send()
    assert chosen.writes() == []
    settings.refresh_from_db()
    assert settings.waiting_since is not None
    assert actions.confirm(admin, chosen.connection.pk, now=chosen.present.now()) == 2
    chosen.send()
    assert "Heroes" in chosen.tags_there(chosen.customers()[0])


def test_a_run_that_was_dropped_is_not_sent(chosen: Product, admin: Actor) -> None:
    wish = OutboundWish(
        user_segments=[chosen.segment("Heroes", chosen.customers()[:2]).pk], confirm_above=1
    )
    now = chosen.present.now()
    actions.save_outbound(admin, chosen.connection.pk, wish=wish, now=now)
    chosen.send()
    assert actions.discard(admin, chosen.connection.pk, now=now) == 2
    assert not OutboundTask.objects.for_org(chosen.org_id).exists()


def test_nothing_leaves_while_sending_is_stopped(chosen: Product, admin: Actor) -> None:
    actions.stop(admin, chosen.connection.pk, now=chosen.present.now())
    assert chosen.send() == 0
    assert len(chosen.sim.simulator.log) == 0
    actions.resume(admin, chosen.connection.pk, now=chosen.present.now())
    chosen.send()
    assert "Champions" in chosen.tags_there(chosen.customers()[0])


def test_an_undone_value_stays_undone_until_ours_is_another(chosen: Product, admin: Actor) -> None:
    ann = chosen.customers()[0]
    former = chosen.there(ann).name
    chosen.map("title", "name")
    chosen.learn(ann, title="Dr. Ann")
    chosen.send()
    rows = WriteRecord.objects.for_org(chosen.org_id)
    write = rows.get(kind="contact.update", customer=ann)
    actions.undo(admin, chosen.connection, write.pk, now=chosen.present.now())
    chosen.send()
    assert chosen.there(ann).name == former
    chosen.learn(ann, title="Dr. Ann")
    chosen.send()
    assert chosen.there(ann).name == former
    chosen.learn(ann, title="Prof. Ann")
    chosen.send()
    assert chosen.there(ann).name == "Prof. Ann"


def test_an_undone_tag_stays_off(chosen: Product, admin: Actor) -> None:
    ann = chosen.customers()[0]
    chosen.send()
    rows = WriteRecord.objects.for_org(chosen.org_id)
    write = rows.get(kind="tag.attach", customer=ann)
    actions.undo(admin, chosen.connection, write.pk, now=chosen.present.now())
    chosen.send()
    chosen.send()
    assert "Champions" not in chosen.tags_there(ann)
    with pytest.raises(Conflict, match="undone already"):
        actions.undo(admin, chosen.connection, write.pk, now=chosen.present.now())


def test_a_tag_is_put_on_and_taken_off_by_hand(chosen: Product, admin: Actor) -> None:
    bob = chosen.customers()[3]
    now = chosen.present.now()
    actions.tag_customer(admin, bob.pk, name="Beta group", now=now)
    chosen.send()
    assert "Beta group" in chosen.tags_there(bob)
    actions.tag_customer(admin, bob.pk, name="Beta group", is_on=False, now=now)
    chosen.send()
    assert "Beta group" not in chosen.tags_there(bob)


def test_a_tag_that_follows_a_segment_is_not_put_on_by_hand(chosen: Product, admin: Actor) -> None:
    bob = chosen.customers()[3]
    with pytest.raises(Conflict, match="follows the segment"):
        actions.tag_customer(admin, bob.pk, name="champions", now=chosen.present.now())


def test_one_contact_is_read_again_on_request(chosen: Product, admin: Actor) -> None:
    ann = chosen.customers()[0]
    actions.refresh_customer(admin, ann.pk, now=chosen.present.now())
    asked = PendingRefetch.objects.for_org(chosen.org_id).get()
    assert (asked.kind, asked.external_id) == ("contact", ann.external_id)


def test_segments_that_do_not_exist_are_refused_by_their_place(
    chosen: Product, admin: Actor
) -> None:
    wish = OutboundWish(user_segments=[987_654], events=["*", "Paid"])
    with pytest.raises(Invalid) as refusal:
        actions.save_outbound(admin, chosen.connection.pk, wish=wish, now=chosen.present.now())
    assert [one.field for one in refusal.value.faults] == ["user_segments.0", "events"]


def test_only_admins_and_only_ones_own_connections(chosen: Product, admin: Actor) -> None:
    now = chosen.present.now()
    member = Actor(user=None, org_id=admin.org_id, role=Role.MEMBER, via="command")
    with pytest.raises(Forbidden):
        actions.stop(member, chosen.connection.pk, now=now)
    stranger = Actor(user=None, org_id=admin.org_id + 1, role=admin.role, via="command")
    with pytest.raises(NotFound):
        actions.stop(stranger, chosen.connection.pk, now=now)


def test_what_is_asked_by_hand_while_it_is_being_sent_is_not_lost(chosen: Product) -> None:
    ann = chosen.customers()[0]
    chosen.send()
    now = chosen.present.now()
    outbox.ask_by_hand(chosen.connection, customer_id=ann.pk, add=["First"], now=now)
    under_way = outbox.take(chosen.connection, about="customer", now=now, above=0, limit=9)
    outbox.ask_by_hand(chosen.connection, customer_id=ann.pk, add=["Second"], now=now)
    outbox.finish(chosen.org_id, under_way, now=now)
    chosen.send()
    assert chosen.tags_there(ann) >= {"First", "Second"}
    assert not OutboundTask.objects.for_org(chosen.org_id).exists()
