"""Who gets what: workspaces, organizations and secrets, down to the rows after draining."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from pulsescore.connectors.intercom.inbox.accept import accept
from pulsescore.connectors.intercom.inbox.drain import work_batch
from pulsescore.connectors.intercom.inbox.queries import connections_with_work
from pulsescore.connectors.intercom.inbox.signatures import sign
from pulsescore.connectors.intercom.models import (
    Connection,
    ConnectionStatus,
    DirectoryEntry,
    InboxNotification,
)
from pulsescore.connectors.intercom.secrets import seal_token, seal_webhook_secret
from pulsescore.store.models import Conversation, Customer, DirtyCustomer, TimelineEvent
from pulsescore.store.sources import create_source
from tests.db.intercom_inbox.conftest import APP_SECRET, NOW, SECRET, MakeConnection
from tests.unit.intercom_inbox import payloads

ELSEWHERE = "wrk_elsewhere"
STORY: Mapping[str, dict[str, Any]] = {
    "contact.email.updated": payloads.contact(),
    "conversation.user.created": payloads.conversation(),
    "conversation.admin.closed": payloads.conversation(
        state="closed", open=False, updated_at=payloads.AT + 1
    ),
}
TOLD = ["Updated email address", "User started conversation", "Admin closed conversation"]


def send_story(*, secret: str = SECRET, workspace_id: str = payloads.WORKSPACE) -> None:
    """Each notification twice, as Intercom may."""
    for topic, item in STORY.items():
        body = payloads.body(topic, item, app_id=workspace_id, id=f"notif_{topic}")
        headers = {"X-Hub-Signature": sign(body, secret=secret)}
        assert [accept(headers, body, now=NOW).status for _ in range(2)] == [200, 200]


def drain_all() -> None:
    for connection_id in connections_with_work(now=NOW):
        while work_batch(connection_id, now=NOW):
            pass


def has_story(connection: Connection) -> bool:
    """Whether its rows are those of the story, each once."""
    org_id = connection.org_id
    (customer,) = Customer.objects.for_org(org_id).filter(source=connection.source_id)
    (talk,) = Conversation.objects.for_org(org_id).filter(source=connection.source_id)
    events = TimelineEvent.objects.for_org(org_id).filter(customer=customer, source="intercom")
    marks = DirtyCustomer.objects.for_org(org_id).values_list("customer_id", flat=True)
    return (
        (customer.email, talk.status) == ("ada@example.com", "closed")
        and sorted(event.name for event in events) == sorted(TOLD)
        and customer.pk in marks
    )


def is_untouched(connection: Connection) -> bool:
    tables = (InboxNotification, Customer, Conversation, TimelineEvent, DirtyCustomer)
    return not any(table.objects.for_org(connection.org_id).exists() for table in tables)


def another_workspace_of(connection: Connection, workspace_id: str, *, secret: str) -> Connection:
    second = Connection(
        org_id=connection.org_id,
        source=create_source(connection.org_id, "intercom"),
        workspace_id=workspace_id,
        status=ConnectionStatus.CONNECTED,
        connected_at=NOW,
    )
    second.save(force_insert=True)
    seal_token(second, "tok_9876543210")
    seal_webhook_secret(second, secret, now=NOW)
    second.save()
    DirectoryEntry(
        org_id=connection.org_id,
        connection=second,
        kind="tag",
        external_id="71",
        name="vip",
        seen_at=NOW,
    ).save(force_insert=True)
    return second


def test_two_organizations_of_one_workspace_each_have_the_story_once_and_a_third_nothing(
    make_connection: MakeConnection,
) -> None:
    one, other = make_connection(), make_connection()
    stranger = make_connection(ELSEWHERE)
    send_story()
    drain_all()
    assert has_story(one)
    assert has_story(other)
    assert is_untouched(stranger)


def test_the_same_ids_in_two_workspaces_are_two_people(make_connection: MakeConnection) -> None:
    one, other = make_connection(), make_connection(ELSEWHERE, secret="another-secret")
    send_story()
    send_story(workspace_id=ELSEWHERE, secret="another-secret")
    drain_all()
    assert has_story(one)
    assert has_story(other)


def test_so_they_are_in_two_workspaces_of_one_organization(connection: Connection) -> None:
    second = another_workspace_of(connection, ELSEWHERE, secret="another-secret")
    send_story()
    drain_all()
    assert has_story(connection)
    assert not Customer.objects.for_org(second.org_id).filter(source=second.source_id).exists()
    send_story(workspace_id=ELSEWHERE, secret="another-secret")
    drain_all()
    assert has_story(second)
    assert has_story(connection)


@pytest.mark.parametrize(("secret", "heard"), [(SECRET, "own"), (APP_SECRET, "apps")])
def test_only_whose_secret_signed_has_the_story(
    make_connection: MakeConnection, app_secret: str, secret: str, heard: str
) -> None:
    own, apps = make_connection(), make_connection()
    apps.sealed_webhook_secret = None
    apps.save()
    send_story(secret=secret)
    drain_all()
    hears, deaf = (own, apps) if heard == "own" else (apps, own)
    assert has_story(hears)
    assert is_untouched(deaf)


def test_a_workspace_cannot_speak_for_another(make_connection: MakeConnection) -> None:
    one, other = make_connection(), make_connection(ELSEWHERE, secret="another-secret")
    body = payloads.body("contact.user.updated", payloads.contact(), app_id=ELSEWHERE)
    answer = accept({"X-Hub-Signature": sign(body, secret=SECRET)}, body, now=NOW)
    assert answer.status == 401
    drain_all()
    assert is_untouched(one)
    assert is_untouched(other)


def test_what_one_organization_cannot_apply_another_still_does(
    make_connection: MakeConnection,
) -> None:
    """A disconnection between arrival and work stops one copy, not the other."""
    one, other = make_connection(), make_connection()
    send_story()
    one.status = ConnectionStatus.DISCONNECTED
    one.save()
    drain_all()
    assert not Customer.objects.for_org(one.org_id).exists()
    assert has_story(other)


def test_copies_hold_the_same_bytes(make_connection: MakeConnection) -> None:
    connections = [make_connection(), make_connection()]
    send_story()
    bodies = [
        {
            row.notification_id: json.loads(bytes(row.body))
            for row in InboxNotification.objects.for_org(one.org_id)
        }
        for one in connections
    ]
    assert bodies[0] == bodies[1]
    assert len(bodies[0]) == len(STORY)
