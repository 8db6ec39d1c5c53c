"""Erasing a person takes the raw notifications about them, and nobody else's."""

import json

import pytest

from pulsescore.connectors.intercom.inbox.erasing import erase_notifications
from pulsescore.connectors.intercom.models import Connection, InboxNotification
from tests.db.intercom_inbox.conftest import NOW, MakeConnection

pytestmark = pytest.mark.django_db


def receive(connection: Connection, name: str, item: object) -> None:
    InboxNotification(
        org_id=connection.org_id,
        connection=connection,
        notification_id=name,
        topic="contact.user.updated",
        body=json.dumps({"id": name, "data": {"item": item}}).encode(),
        received_at=NOW,
    ).save(force_insert=True)


def kept(connection: Connection) -> set[str]:
    rows = InboxNotification.objects.for_org(connection.org_id)
    return set(rows.values_list("notification_id", flat=True))


def erase(connection: Connection) -> int:
    return erase_notifications(
        org_id=connection.org_id,
        source_id=connection.source_id,
        contacts=["aaa"],
        conversations=["12"],
    )


def test_notifications_that_name_the_person_or_their_conversation_go(
    connection: Connection,
) -> None:
    receive(connection, "about-her", {"id": "aaa"})
    receive(connection, "in-a-list", {"id": "9", "contacts": [{"id": "aaa"}]})
    receive(connection, "her-conversation", {"id": "12"})
    receive(connection, "by-number", {"conversation": {"model": {"id": 12, "x": 1}}})
    receive(connection, "somebody-else", {"id": "aaab"})
    receive(connection, "another-number", {"id": "123", "n": 112})
    assert erase(connection) == 4
    assert kept(connection) == {"somebody-else", "another-number"}


def test_another_organization_keeps_its_copy(
    connection: Connection, make_connection: MakeConnection
) -> None:
    other = make_connection()
    for one in (connection, other):
        receive(one, "about-her", {"id": "aaa"})
    erase(connection)
    assert kept(connection) == set()
    assert kept(other) == {"about-her"}
