"""What a notification told and Intercom does not find yet is late before it is gone."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.conf import LazySettings

from intercom_sim.actions import contacts
from intercom_sim.clock import ManualClock
from intercom_sim.generator.build import Size, generate
from intercom_sim.model import Contact
from intercom_sim.server import run_in_thread
from intercom_sim.workspace import Identity, Workspace
from pulsescore.connectors.intercom.inbox.accept import accept
from pulsescore.connectors.intercom.inbox.drain import drain
from pulsescore.connectors.intercom.inbox.signatures import sign
from pulsescore.connectors.intercom.models import Connection, PendingRefetch
from pulsescore.connectors.intercom.secrets import seal_token
from pulsescore.store.models import Conversation, Customer
from tests.db.intercom_inbox.conftest import NOW, SECRET, MakeConnection
from tests.unit.intercom_inbox import payloads

EARLY, LATE = timedelta(minutes=14), timedelta(minutes=16)


@pytest.fixture
def empty_there(make_connection: MakeConnection, settings: LazySettings) -> Iterator[Connection]:
    """A workspace in which Intercom finds nothing by its id."""
    workspace = generate(
        Size(0), clock=ManualClock(NOW.timestamp()), identity=Identity(app_id=payloads.WORKSPACE)
    )
    with run_in_thread(workspace) as running:
        settings.CONFIG = replace(settings.CONFIG, intercom_api_url=running.url)
        connection = make_connection()
        seal_token(connection, running.token)
        connection.save()
        yield connection


def _tell(topic: str, item: dict[str, Any]) -> None:
    body = payloads.body(topic, item)
    assert accept({"X-Hub-Signature": sign(body, secret=SECRET)}, body, now=NOW).status == 200


def _work(connection: Connection, *, after: timedelta = timedelta()) -> None:
    async_to_sync(drain)(connection.pk, now=lambda: NOW + after)


def _slim_contact_and_conversation() -> None:
    old = int(datetime(2025, 6, 1, tzinfo=UTC).timestamp())
    _tell("contact.created", {"type": "contact", "id": "c1", "email": "c1@example.com"})
    people = {"contacts": [{"type": "contact", "id": "c1"}]}
    conversation = {"type": "conversation", "id": "7", "created_at": old, "updated_at": old}
    _tell("conversation.created", {**conversation, "state": "open", "contacts": people})


def test_what_was_just_told_stays_though_it_cannot_be_read_yet(empty_there: Connection) -> None:
    _slim_contact_and_conversation()
    for after in (timedelta(), EARLY):
        _work(empty_there, after=after)
        customer = Customer.objects.for_org(empty_there.org_id).get()
        conversation = Conversation.objects.for_org(empty_there.org_id).get()
        assert customer.deleted_at is None
        assert conversation.deleted_at is None


def test_what_still_is_not_there_after_a_quarter_of_an_hour_is_gone(
    empty_there: Connection,
) -> None:
    _slim_contact_and_conversation()
    _work(empty_there)
    _work(empty_there, after=LATE)
    assert Customer.objects.for_org(empty_there.org_id).get().deleted_at == NOW + LATE
    assert Conversation.objects.for_org(empty_there.org_id).get().deleted_at == NOW + LATE
    assert not PendingRefetch.objects.for_org(empty_there.org_id).exists()


@dataclass
class _Put:
    """A workspace in which one person exists, and our connection to it."""

    connection: Connection
    person: Contact
    workspace: Workspace

    def tell_of_old(self, *, ago: timedelta) -> None:
        """A notification made that long ago arrives now, about somebody never heard of."""
        told = payloads.contact(id=self.person.id, email=self.person.email)
        at = int((NOW - ago).timestamp())
        told |= {"created_at": at, "updated_at": at}
        body = payloads.body("contact.created", told, created_at=at)
        assert accept({"X-Hub-Signature": sign(body, secret=SECRET)}, body, now=NOW).status == 200
        _work(self.connection)

    @property
    def customer(self) -> Customer:
        return Customer.objects.for_org(self.connection.org_id).get()


@pytest.fixture
def person_there(make_connection: MakeConnection, settings: LazySettings) -> Iterator[_Put]:
    clock = ManualClock((NOW - timedelta(hours=2)).timestamp())
    workspace = generate(Size(0), clock=clock, identity=Identity(app_id=payloads.WORKSPACE))
    person = contacts.create_contact(workspace, email="ada@example.com")
    with run_in_thread(workspace) as running:
        settings.CONFIG = replace(settings.CONFIG, intercom_api_url=running.url)
        connection = make_connection()
        seal_token(connection, running.token)
        connection.save()
        yield _Put(connection, person, workspace)


def test_somebody_archived_before_we_heard_of_them_does_not_come_in_by_an_old_notification(
    person_there: _Put,
) -> None:
    contacts.archive(person_there.workspace, person_there.person.id)
    person_there.tell_of_old(ago=timedelta(hours=1))
    assert person_there.customer.deleted_reason == "archived"


def test_somebody_who_is_there_comes_in_by_an_old_notification(person_there: _Put) -> None:
    person_there.tell_of_old(ago=timedelta(hours=1))
    assert person_there.customer.deleted_at is None


def test_a_fresh_notification_is_believed_without_asking(person_there: _Put) -> None:
    contacts.archive(person_there.workspace, person_there.person.id)
    person_there.tell_of_old(ago=timedelta(minutes=14))
    assert person_there.customer.deleted_at is None


def test_an_old_end_within_the_second_of_a_return_does_not_last(person_there: _Put) -> None:
    person_there.tell_of_old(ago=timedelta(hours=2))
    ended_at = int((NOW - timedelta(hours=2)).timestamp())
    slim = {"type": "contact", "id": person_there.person.id}
    body = payloads.body("contact.deleted", slim, created_at=ended_at)
    assert accept({"X-Hub-Signature": sign(body, secret=SECRET)}, body, now=NOW).status == 200
    _work(person_there.connection)
    assert person_there.customer.deleted_at is None
