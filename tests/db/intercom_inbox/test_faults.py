"""What goes wrong while working: nothing half, nobody else held up, everything tried again.

A trigger plays the fault, so that it happens inside the database and not in a patched function.
"""

from datetime import timedelta

import pytest
from django.db import connection as database
from django.db.utils import OperationalError

from pulsescore.connectors.intercom.inbox.accept import accept
from pulsescore.connectors.intercom.inbox.drain import work_batch
from pulsescore.connectors.intercom.inbox.signatures import sign
from pulsescore.connectors.intercom.models import Connection, InboxNotification
from pulsescore.store.models import Conversation, Customer, TimelineEvent
from tests.db.intercom_inbox.conftest import NOW, SECRET
from tests.unit.intercom_inbox import payloads

POISON = "boom@example.com"


def _receive(number: int, *, email: str) -> None:
    person = payloads.contact(id=f"{number:024x}", email=email)
    body = payloads.body("contact.email.updated", person, id=f"notif_{number}")
    answer = accept({"X-Hub-Signature": sign(body, secret=SECRET)}, body, now=NOW)
    assert answer.status == 200


def _trigger(table: str, event: str, *, when: str, code: str) -> None:
    with database.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION play_fault() RETURNS trigger LANGUAGE plpgsql AS $$"
            f" BEGIN RAISE EXCEPTION 'played' USING ERRCODE = '{code}'; END $$"
        )
        cursor.execute(
            f"CREATE TRIGGER fault BEFORE {event} ON {table} FOR EACH ROW WHEN ({when})"
            " EXECUTE FUNCTION play_fault()"
        )


def _heal(table: str) -> None:
    with database.cursor() as cursor:
        cursor.execute(f"DROP TRIGGER fault ON {table}")
        cursor.execute("DROP FUNCTION play_fault()")


def _rows(connection: Connection) -> list[tuple[str, int, str]]:
    rows = InboxNotification.objects.for_org(connection.org_id).order_by("id")
    return list(rows.values_list("state", "attempts", "error"))


@pytest.fixture
def poisoned(connection: Connection) -> Connection:
    """Nine good notifications and one that the database refuses."""
    for number in range(10):
        _receive(number, email=POISON if number == 6 else f"p{number}@example.com")
    _trigger(
        "store_timelineevent", "INSERT", code="22000", when=f"NEW.properties->>'email' = '{POISON}'"
    )
    return connection


def test_one_that_cannot_be_applied_does_not_hold_up_the_others(poisoned: Connection) -> None:
    assert work_batch(poisoned.pk, now=NOW) == 10
    rows = _rows(poisoned)
    assert [state for state, _, _ in rows] == ["done"] * 6 + ["pending"] + ["done"] * 3
    assert rows[6][1:] == (1, "The database refused it (DataError).")
    assert Customer.objects.for_org(poisoned.org_id).count() == 9


def test_it_is_tried_again_ever_later_and_then_a_dead_letter(poisoned: Connection) -> None:
    work_batch(poisoned.pk, now=NOW)
    at, tries = NOW, 1
    for wait in (10, 30, 120, 300):
        assert work_batch(poisoned.pk, now=at + timedelta(seconds=wait - 1)) == 0
        at += timedelta(seconds=wait)
        assert work_batch(poisoned.pk, now=at) == 1
        tries += 1
        assert _rows(poisoned)[6][1] == tries
    assert _rows(poisoned)[6][0] == "dead"


def test_it_is_applied_when_the_fault_is_gone(poisoned: Connection) -> None:
    work_batch(poisoned.pk, now=NOW)
    _heal("store_timelineevent")
    assert work_batch(poisoned.pk, now=NOW + timedelta(seconds=10)) == 1
    assert _rows(poisoned)[6] == ("done", 1, "")
    assert TimelineEvent.objects.for_org(poisoned.org_id).count() == 10


def test_dying_between_applying_and_marking_leaves_nothing_half(connection: Connection) -> None:
    _receive(1, email="a@example.com")
    _trigger("intercom_inboxnotification", "UPDATE", code="57P01", when="NEW.state = 'done'")
    with pytest.raises(OperationalError):
        work_batch(connection.pk, now=NOW)
    assert Customer.objects.for_org(connection.org_id).count() == 0
    assert _rows(connection) == [("pending", 0, "")]
    _heal("intercom_inboxnotification")
    assert work_batch(connection.pk, now=NOW) == 1
    assert Customer.objects.for_org(connection.org_id).count() == 1
    assert _rows(connection) == [("done", 0, "")]


def test_one_that_stands_in_for_older_ones_and_fails_takes_nothing_with_it(
    connection: Connection,
) -> None:
    _receive(1, email="ada@example.com")
    for second, subject in enumerate(("Export", "boom")):
        source = {"type": "conversation", "subject": subject, "author": {"type": "user"}}
        people = {"contacts": [{"type": "contact", "id": f"{1:024x}"}]}
        told = payloads.conversation(
            source=source, contacts=people, updated_at=payloads.AT + second
        )
        changes = {"created_at": payloads.AT + second, "id": f"notif_talk_{second}"}
        body = payloads.body("conversation.admin.closed", told, **changes)
        accept({"X-Hub-Signature": sign(body, secret=SECRET)}, body, now=NOW)
    _trigger("store_conversation", "INSERT OR UPDATE", when="NEW.subject = 'boom'", code="22000")
    assert work_batch(connection.pk, now=NOW) == 3
    assert [state for state, _, _ in _rows(connection)] == ["done", "done", "pending"]
    assert Conversation.objects.for_org(connection.org_id).get().subject == "Export"
