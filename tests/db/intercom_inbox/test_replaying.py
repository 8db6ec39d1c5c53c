"""Replaying what filters show: exactly that, in its order, and never what has not had its turn."""

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import AuditEntry, Role
from pulsescore.connectors.intercom.inbox.actions import read_body, replay_filtered, replay_one
from pulsescore.connectors.intercom.inbox.queries import DeliveryFilters
from pulsescore.connectors.intercom.models import Connection, InboxNotification
from pulsescore.core.errors import Conflict, Forbidden, NotFound
from tests.db.intercom_inbox.conftest import NOW, MakeConnection

TOPICS = ("ping", "contact.deleted", "company.updated")
LATER = NOW + timedelta(hours=1)
rows = st.tuples(
    st.sampled_from(("pending", "done", "dead", "ignored")),
    st.sampled_from(TOPICS),
    st.integers(0, 5),
    st.integers(0, 3),
)
moments = st.none() | st.integers(0, 6)


def admin_of(connection: Connection) -> Actor:
    return Actor(user=None, org_id=connection.org_id, role=Role.ADMIN, via="command")


def store(connection: Connection, number: int, row: tuple[str, str, int, int]) -> InboxNotification:
    state, topic, hour, attempts = row
    one = InboxNotification(
        org_id=connection.org_id,
        connection=connection,
        notification_id=f"n{number}",
        topic=topic,
        body=b"{}",
        received_at=NOW - timedelta(hours=hour),
        next_attempt_at=NOW,
        state=state,
        attempts=attempts,
        processed_at=None if state == "pending" else NOW,
        error="why" if state == "dead" else "",
    )
    one.save(force_insert=True)
    return one


def hours_ago(hours: int | None) -> datetime | None:
    return None if hours is None else NOW - timedelta(hours=hours)


def is_meant(row: tuple[str, str, int, int], filters: DeliveryFilters) -> bool:
    state, topic, hour, attempts = row
    received = NOW - timedelta(hours=hour)
    return (
        (filters.state is None or state == filters.state)
        and (filters.topic is None or topic == filters.topic)
        and (filters.since is None or received >= filters.since)
        and (filters.until is None or received < filters.until)
        and not (state == "pending" and attempts == 0)
    )


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    stored=st.lists(rows, max_size=8),
    state=st.none() | st.sampled_from(("pending", "done", "dead", "ignored")),
    topic=st.none() | st.sampled_from(TOPICS),
    since=moments,
    until=moments,
)
def test_exactly_what_the_filters_show_is_worked_on_again(
    *,
    make_connection: MakeConnection,
    stored: list[tuple[str, str, int, int]],
    state: str | None,
    topic: str | None,
    since: int | None,
    until: int | None,
) -> None:
    connection, other = make_connection(), make_connection()
    placed = [store(connection, number, row) for number, row in enumerate(stored)]
    for number, row in enumerate(stored):
        store(other, number, row)
    filters = DeliveryFilters(
        connection_id=connection.pk,
        state=state,
        topic=topic,
        since=hours_ago(since),
        until=hours_ago(until),
    )
    meant = [one.pk for one, row in zip(placed, stored, strict=True) if is_meant(row, filters)]

    count = replay_filtered(admin_of(connection), filters=filters, now=LATER)

    assert count == len(meant)
    again = InboxNotification.objects.for_org(connection.org_id).filter(next_attempt_at=LATER)
    assert sorted(again.values_list("pk", flat=True)) == meant
    assert set(again.values_list("state", "attempts", "error")) <= {("pending", 0, "")}
    untouched = InboxNotification.objects.for_org(other.org_id).filter(next_attempt_at=LATER)
    assert not untouched.exists()
    InboxNotification.objects.for_org(connection.org_id).delete()
    InboxNotification.objects.for_org(other.org_id).delete()


def test_a_replay_is_audited_with_what_was_chosen(connection: Connection) -> None:
    filters = DeliveryFilters(connection_id=connection.pk, state="dead", since=NOW)

    replay_filtered(admin_of(connection), filters=filters, now=LATER)

    entry = AuditEntry.objects.for_org(connection.org_id).get(action="webhooks.replayed")
    assert entry.details == {"count": 0, "state": "dead", "since": NOW.isoformat()}


def test_nobody_replays_or_reads_without_leave(
    connection: Connection, make_connection: MakeConnection
) -> None:
    one = store(connection, 1, ("dead", "ping", 0, 5))
    member = Actor(user=None, org_id=connection.org_id, role=Role.MEMBER, via="command")
    stranger = admin_of(make_connection())
    filters = DeliveryFilters(connection_id=connection.pk)
    for actor, refusal in ((member, Forbidden), (stranger, NotFound)):
        with pytest.raises(refusal):
            replay_one(actor, delivery_id=one.pk, now=LATER)
        with pytest.raises(refusal):
            replay_filtered(actor, filters=filters, now=LATER)
        with pytest.raises(refusal):
            read_body(actor, delivery_id=one.pk, now=LATER)


def test_a_disconnected_connection_has_nobody_to_replay_for(connection: Connection) -> None:
    one = store(connection, 1, ("dead", "ping", 0, 5))
    Connection.objects.for_org(connection.org_id).update(status="disconnected")

    with pytest.raises(Conflict):
        replay_one(admin_of(connection), delivery_id=one.pk, now=LATER)
    with pytest.raises(Conflict):
        replay_filtered(
            admin_of(connection),
            filters=DeliveryFilters(connection_id=connection.pk),
            now=LATER,
        )


def test_each_look_at_a_body_is_audited(connection: Connection) -> None:
    one = store(connection, 1, ("done", "ping", 0, 1))

    assert read_body(admin_of(connection), delivery_id=one.pk, now=LATER) == b"{}"

    looks = AuditEntry.objects.for_org(connection.org_id).filter(action="webhook.body_viewed")
    assert looks.get().subject == f"delivery:{one.pk}"
