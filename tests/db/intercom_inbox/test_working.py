"""Stored notifications worked on: applied once, dead letters set apart, replayed on demand."""

from datetime import timedelta
from typing import Any

import pytest

from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import Role
from pulsescore.connectors.intercom.inbox.accept import accept
from pulsescore.connectors.intercom.inbox.actions import replay_dead, replay_filtered, replay_one
from pulsescore.connectors.intercom.inbox.drain import work_batch
from pulsescore.connectors.intercom.inbox.purge import KEPT, purge
from pulsescore.connectors.intercom.inbox.queries import (
    DeliveryFilters,
    connections_with_work,
    inbox_health,
    list_deliveries,
    list_topics,
)
from pulsescore.connectors.intercom.inbox.signatures import sign
from pulsescore.connectors.intercom.models import (
    Connection,
    ConnectionStatus,
    InboxNotification,
    PendingRefetch,
)
from pulsescore.core.errors import Forbidden, NotFound
from pulsescore.store.models import (
    Company,
    CompanyMember,
    Conversation,
    Customer,
    Participant,
    TimelineEvent,
)
from tests.db.intercom_inbox.conftest import NOW, SECRET, MakeConnection
from tests.unit.intercom_inbox import payloads

Json = dict[str, Any]


def _receive(topic: str, item: Json, **changes: Any) -> None:
    body = payloads.body(topic, item, **changes)
    answer = accept({"X-Hub-Signature": sign(body, secret=SECRET)}, body, now=NOW)
    assert answer.status == 200


def _work(connection: Connection, *, after: timedelta = timedelta()) -> int:
    return work_batch(connection.pk, now=NOW + after)


def _told(connection: Connection, topic: str, item: Json, **changes: Any) -> None:
    _receive(topic, item, **changes)
    assert _work(connection) == 1


def _customer(connection: Connection, external_id: str = payloads.ADA) -> Customer:
    return Customer.objects.for_org(connection.org_id).get(external_id=external_id)


def _conversation(connection: Connection) -> Conversation:
    return Conversation.objects.for_org(connection.org_id).get(external_id=payloads.TALK)


def _states(connection: Connection) -> list[str]:
    rows = InboxNotification.objects.for_org(connection.org_id).order_by("id")
    return list(rows.values_list("state", flat=True))


def _events(connection: Connection) -> list[str]:
    rows = TimelineEvent.objects.for_org(connection.org_id).filter(source="intercom")
    return list(rows.order_by("id").values_list("name", flat=True))


def _admin(connection: Connection, role: Role = Role.ADMIN) -> Actor:
    return Actor(user=None, org_id=connection.org_id, role=role, via="command")


@pytest.fixture
def ada(connection: Connection) -> Connection:
    """Ada is a customer and has a conversation, open, reopened once."""
    _told(connection, "contact.user.created", payloads.contact())
    _told(connection, "conversation.updated", payloads.conversation())
    return connection


def test_a_contact_becomes_a_customer(ada: Connection) -> None:
    customer = _customer(ada)
    assert (customer.email, customer.tags) == ("ada@example.com", ["vip"])
    assert _states(ada) == ["done", "done"]


@pytest.mark.parametrize("topic", ["contact.deleted", "user.deleted", "contact.archived"])
def test_an_end_marks_the_customer_deleted(ada: Connection, topic: str) -> None:
    _told(ada, topic, {"id": payloads.ADA}, created_at=payloads.AT + 1)
    assert _customer(ada).deleted_at is not None


def test_an_end_stands_against_a_version_that_a_clock_ahead_gave(connection: Connection) -> None:
    """The versions lie an hour ahead of the notifications' arrival; both instants are cut there."""
    ahead = int(NOW.timestamp()) + 3600
    _told(connection, "contact.user.created", payloads.contact(updated_at=ahead), created_at=ahead)
    _told(connection, "contact.deleted", {"id": payloads.ADA}, created_at=ahead + 60)
    assert _customer(connection).deleted_at is not None


def test_an_unarchived_contact_is_back(ada: Connection) -> None:
    _told(ada, "contact.archived", {"id": payloads.ADA}, created_at=payloads.AT + 1)
    _told(ada, "contact.unarchived", payloads.contact(), created_at=payloads.AT + 2)
    assert _customer(ada).deleted_at is None


def test_a_slim_payload_leaves_the_customer_whole(ada: Connection) -> None:
    slim = {"type": "contact", "id": payloads.ADA, "name": "Ada Lovelace"}
    _told(ada, "contact.updated", slim, created_at=payloads.AT + 5)
    customer = _customer(ada)
    assert (customer.name, customer.email) == ("Ada Lovelace", "ada@example.com")
    assert (customer.tags, customer.metadata) == (["vip"], {"plan": "pro", "seats": 4})
    assert customer.attributes["intercom/browser"] == "chrome"


def test_tags_come_and_go_by_name(ada: Connection) -> None:
    item = {"tag": {"id": "72", "name": "beta"}, "contact": payloads.contact()}
    _told(ada, "contact.user.tag.created", item, created_at=payloads.AT + 1)
    assert _customer(ada).tags == ["beta", "vip"]
    _told(ada, "contact.user.tag.deleted", item, created_at=payloads.AT + 2)
    assert _customer(ada).tags == ["vip"]
    assert _events(ada) == ["Added Tag", "Removed Tag"]


def test_a_lead_that_signed_up_is_the_same_customer(connection: Connection) -> None:
    _told(connection, "contact.lead.created", payloads.contact(role="lead"))
    before = _customer(connection)
    user = payloads.contact(role="user", updated_at="2026-01-10T04:39:58.000Z")
    _told(connection, "contact.lead.signed_up", user, created_at=payloads.AT + 3)
    after = _customer(connection)
    assert (before.contact_role, after.contact_role) == ("lead", "user")
    assert before.pk == after.pk


def test_a_merge_hands_everything_to_the_survivor(ada: Connection) -> None:
    lead = payloads.contact(id=payloads.LEAD, role="lead", email="ada@home.example")
    _told(ada, "contact.lead.created", lead)
    item = payloads.contact(merged_from={"type": "contact", "id": payloads.LEAD})
    _told(ada, "contact.merged", item, created_at=payloads.AT + 1)
    assert _customer(ada, payloads.LEAD).merged_into_id == _customer(ada).pk


REOPENED = ["conversation.admin.opened", "conversation.reopened"]
LATER = payloads.AT + 60


@pytest.mark.parametrize("topic", REOPENED)
@pytest.mark.parametrize(
    "item",
    [
        {"type": "conversation", "id": payloads.TALK},
        payloads.older_conversation(updated_at=LATER),
        payloads.conversation(updated_at=LATER, statistics=payloads.statistics(count_reopens=2)),
    ],
    ids=["slim", "older", "present"],
)
def test_a_reopening_opens_and_counts_once_in_any_words(
    connection: Connection, topic: str, item: Json
) -> None:
    _told(connection, "contact.user.created", payloads.contact())
    _told(connection, "conversation.closed", payloads.conversation(state="closed", open=False))
    assert (_conversation(connection).status, _conversation(connection).reopen_count) == (
        "closed",
        1,
    )
    _told(connection, topic, item, created_at=LATER)
    assert (_conversation(connection).status, _conversation(connection).reopen_count) == ("open", 2)


def test_a_reopening_told_twice_in_the_same_second_counts_once(ada: Connection) -> None:
    for topic in REOPENED:
        _told(ada, topic, {"id": payloads.TALK}, created_at=LATER)
        _told(ada, topic, {"id": payloads.TALK}, created_at=LATER, id=f"again_{topic}")
    assert _conversation(ada).reopen_count == 2


def test_later_statistics_contain_the_reopening_already_told(ada: Connection) -> None:
    _told(ada, "conversation.reopened", {"id": payloads.TALK}, created_at=LATER)
    item = payloads.conversation(updated_at=LATER, statistics=payloads.statistics(count_reopens=2))
    _told(ada, "conversation.updated", item, created_at=LATER + 1)
    assert _conversation(ada).reopen_count == 2


def test_a_notification_a_second_after_its_own_statistics_is_not_counted_on_top(
    ada: Connection,
) -> None:
    item = payloads.conversation(
        updated_at=LATER - 1, statistics=payloads.statistics(count_reopens=2)
    )
    _told(ada, "conversation.admin.opened", item, created_at=LATER)
    assert _conversation(ada).reopen_count == 2


@pytest.mark.parametrize("topic", ["conversation.assigned", "conversation.admin.assigned"])
def test_an_assignment_counts(ada: Connection, topic: str) -> None:
    before = _conversation(ada).assignment_count
    _told(ada, topic, {"id": payloads.TALK}, created_at=LATER)
    assert _conversation(ada).assignment_count == before + 1


def test_a_deleted_conversation_is_gone(ada: Connection) -> None:
    item = {"conversation_id": payloads.TALK}
    _told(ada, "conversation.deleted", item, created_at=LATER)
    assert _conversation(ada).deleted_at is not None


def test_people_join_and_leave_a_conversation(ada: Connection) -> None:
    bob = payloads.contact(id=payloads.LEAD, email="bob@example.com")
    item = {"conversation": {"model": {"id": int(payloads.TALK)}}, "contact": bob}
    _told(ada, "conversation.contact.attached", item, created_at=LATER)
    assert Participant.objects.for_org(ada.org_id).count() == 2
    _told(ada, "conversation.contact.detached", item, created_at=LATER + 1)
    assert Participant.objects.for_org(ada.org_id).count() == 1


def test_a_company_and_its_people(ada: Connection) -> None:
    item = {"company": payloads.company(), "contact": payloads.contact()}
    _told(ada, "company.contact.attached", item, created_at=LATER)
    company = Company.objects.for_org(ada.org_id).get()
    assert (company.name, company.plan, company.tags) == ("Acme", "Gold", ["vip"])
    assert CompanyMember.objects.for_org(ada.org_id).count() == 1
    _told(ada, "company.contact.detached", item, created_at=LATER + 1)
    assert CompanyMember.objects.for_org(ada.org_id).count() == 0
    _told(ada, "company.deleted", {"id": payloads.COMPANY}, created_at=LATER + 2)
    company.refresh_from_db()
    assert company.deleted_at is not None


def test_a_timeline_entry_is_made_once_however_often_it_is_told(ada: Connection) -> None:
    item = payloads.conversation(payloads.part())
    _told(ada, "conversation.user.replied", item)
    _receive("conversation.user.replied", item)
    assert _work(ada) == 0
    assert replay_filtered(_admin(ada), filters=DeliveryFilters(connection_id=ada.pk), now=NOW) == 3
    assert _work(ada) == 3
    assert _events(ada) == ["User replied to conversation"]


def test_an_entry_about_a_conversation_not_known_yet_appears_when_it_is(
    connection: Connection,
) -> None:
    _told(connection, "conversation.admin.closed", {"id": payloads.TALK})
    refetch = PendingRefetch.objects.for_org(connection.org_id).get()
    assert (refetch.kind, refetch.external_id) == ("conversation", payloads.TALK)
    _told(connection, "contact.user.created", payloads.contact())
    _told(connection, "conversation.updated", payloads.conversation())
    assert _events(connection) == ["Admin closed conversation"]


def test_what_is_wanted_twice_waits_once(connection: Connection) -> None:
    for topic in ("conversation.updated", "conversation.admin.noted"):
        _told(connection, topic, {"id": payloads.TALK})
    refetch = PendingRefetch.objects.for_org(connection.org_id).get()
    assert (refetch.marks, len(refetch.because)) == (2, 2)


def test_unknown_topics_are_stored_counted_and_no_error(connection: Connection) -> None:
    _told(connection, "quantum.entangled", {"id": 1})
    _told(connection, "ticket.created", {"id": 1})
    assert _states(connection) == ["ignored", "ignored"]
    topics = list_topics(connection.org_id, connection.pk)
    assert [(one.topic, one.deliveries) for one in topics] == [
        ("quantum.entangled", 1),
        ("ticket.created", 1),
    ]


def test_what_cannot_be_understood_is_a_dead_letter_and_the_rest_goes_on(
    connection: Connection,
) -> None:
    _receive("contact.user.updated", {"name": "nobody"})
    _receive("contact.user.updated", payloads.contact(), id="notif_good")
    assert _work(connection) == 2
    assert _states(connection) == ["dead", "done"]
    dead = list_deliveries(connection.org_id, DeliveryFilters(state="dead")).get()
    assert dead.error == "the payload names no contact id"
    assert _customer(connection).email == "ada@example.com"


def test_a_dead_letter_can_be_replayed_alone_or_with_the_others(connection: Connection) -> None:
    for number in range(3):
        _receive("contact.user.updated", {"name": "nobody"}, id=f"notif_{number}")
    _work(connection)
    first = list_deliveries(connection.org_id, DeliveryFilters()).last()
    assert first is not None
    assert replay_one(_admin(connection), delivery_id=first.pk, now=NOW) == connection.pk
    assert _states(connection) == ["pending", "dead", "dead"]
    assert replay_dead(_admin(connection), connection_id=connection.pk, now=NOW) == 2
    assert _work(connection) == 3
    assert _states(connection) == ["dead", "dead", "dead"]


def test_only_admins_replay_and_only_in_their_organization(
    connection: Connection, make_connection: MakeConnection
) -> None:
    _receive("contact.user.updated", payloads.contact())
    delivery = list_deliveries(connection.org_id, DeliveryFilters()).get()
    with pytest.raises(Forbidden):
        replay_one(_admin(connection, Role.MEMBER), delivery_id=delivery.pk, now=NOW)
    stranger = _admin(make_connection("wrk_other"))
    with pytest.raises(NotFound):
        replay_one(stranger, delivery_id=delivery.pk, now=NOW)
    with pytest.raises(NotFound):
        replay_dead(stranger, connection_id=connection.pk, now=NOW)


def test_a_disconnected_connection_is_left_alone(connection: Connection) -> None:
    _receive("contact.user.updated", payloads.contact())
    connection.status = ConnectionStatus.DISCONNECTED
    connection.save()
    assert _work(connection) == 0
    assert _states(connection) == ["pending"]
    assert connections_with_work(now=NOW) == []


def test_lag_counts_and_last_delivery_are_told(connection: Connection) -> None:
    _receive("contact.user.updated", payloads.contact())
    health = inbox_health(connection.org_id, connection.pk, now=NOW + timedelta(seconds=9))
    assert (health.counts, health.lag) == ({"pending": 1}, timedelta(seconds=9))
    assert connections_with_work(now=NOW) == [connection.pk]
    _work(connection)
    health = inbox_health(connection.org_id, connection.pk, now=NOW)
    assert (health.counts, health.lag, health.last_received_at) == ({"done": 1}, timedelta(), NOW)
    connection.refresh_from_db()
    assert connection.last_webhook_at == NOW


def test_deliveries_are_filtered_by_state_topic_and_time(connection: Connection) -> None:
    _told(connection, "contact.user.updated", payloads.contact())
    _receive("ping", {"type": "ping"}, id=None)
    shown = [
        (DeliveryFilters(), 2),
        (DeliveryFilters(state="pending"), 1),
        (DeliveryFilters(topic="ping"), 1),
        (DeliveryFilters(since=NOW), 2),
        (DeliveryFilters(until=NOW), 0),
        (DeliveryFilters(connection_id=connection.pk + 1), 0),
    ]
    for filters, count in shown:
        assert list_deliveries(connection.org_id, filters).count() == count, filters


def test_bodies_are_forgotten_after_thirty_days_but_not_what_still_waits(
    connection: Connection,
) -> None:
    for number in range(5):
        _receive("contact.user.updated", payloads.contact(), id=f"notif_{number}")
    _work(connection)
    _receive("ping", {"type": "ping"}, id="notif_waiting")
    assert purge(now=NOW + KEPT, step=2) == 0
    assert purge(now=NOW + KEPT + timedelta(seconds=1), step=2) == 5
    assert _states(connection) == ["pending"]


def test_large_backlogs_are_worked_on_in_batches(connection: Connection) -> None:
    for number in range(7):
        _receive("contact.user.updated", payloads.contact(), id=f"notif_{number}")
    worked = [work_batch(connection.pk, now=NOW, limit=3) for _ in range(4)]
    assert worked == [3, 3, 1, 0]


def test_a_batch_of_large_bodies_is_cut_short(connection: Connection) -> None:
    for number in range(3):
        _receive("contact.user.updated", payloads.contact(), id=f"notif_{number}")
    worked = [work_batch(connection.pk, now=NOW, most_bytes=1_200) for _ in range(4)]
    assert worked == [1, 1, 1, 0]
