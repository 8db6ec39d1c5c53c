"""The inbox in parts by day: nothing is refused for want of one, and old days go at once."""

import json
from datetime import UTC, datetime, timedelta
from threading import Thread

import psycopg
from django.db import connection as database

from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import Organization, Role
from pulsescore.connectors.intercom.inbox.accept import accept
from pulsescore.connectors.intercom.inbox.actions import replay_filtered
from pulsescore.connectors.intercom.inbox.admission import Delivery
from pulsescore.connectors.intercom.inbox.drain import work_batch
from pulsescore.connectors.intercom.inbox.erasing import erase_notifications
from pulsescore.connectors.intercom.inbox.partitions import (
    DAYS_AHEAD,
    list_parts,
    make_ahead,
)
from pulsescore.connectors.intercom.inbox.purge import KEPT, purge
from pulsescore.connectors.intercom.inbox.queries import DeliveryFilters, list_deliveries
from pulsescore.connectors.intercom.inbox.signatures import sign
from pulsescore.connectors.intercom.inbox.storing import INSERT, parameters
from pulsescore.connectors.intercom.models import (
    Connection,
    InboxNotification,
    InboxState,
    NotificationReceipt,
)
from pulsescore.core.locks import own_conninfo
from pulsescore.core.removal import remove_rows
from tests.db.intercom_inbox.conftest import NOW, SECRET, MakeConnection
from tests.unit.intercom_inbox import payloads

DAY = timedelta(days=1)
MIDNIGHT = datetime(2026, 1, 11, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def receive(name: str, *, at: datetime, contact: str = payloads.ADA) -> None:
    body = payloads.body("contact.user.updated", payloads.contact(id=contact), id=name)
    answer = accept({"X-Hub-Signature": sign(body, secret=SECRET)}, body, now=at)
    assert answer.status == 200


def places(connection: Connection) -> dict[str, str]:
    """The day of the part that each notification lies in, by its name."""
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT notification_id, tableoid::regclass::text FROM intercom_inboxnotification"
            " WHERE org_id = %s ORDER BY received_at",
            [connection.org_id],
        )
        return {name: part.rpartition("_")[2] for name, part in cursor.fetchall()}


def days() -> list[str]:
    return [part.name.rpartition("_")[2] for part in list_parts()]


def plan_of(query: str, parameters: object) -> str:
    with database.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {query}", parameters)
        return json.dumps(cursor.fetchone()[0])


def test_the_days_to_come_have_their_parts_before_they_come(connection: Connection) -> None:
    made = make_ahead(now=NOW)
    assert made == [NOW.date() + ahead * DAY for ahead in range(DAYS_AHEAD + 1)]
    assert make_ahead(now=NOW) == []
    assert make_ahead(now=NOW + DAY) == [NOW.date() + (DAYS_AHEAD + 1) * DAY]


def test_a_fresh_installation_has_parts_from_today_on(db: None) -> None:
    assert days()[-1] == "any"
    assert len(days()) >= DAYS_AHEAD


def test_arrivals_around_midnight_lie_in_the_parts_of_their_days(connection: Connection) -> None:
    make_ahead(now=NOW)
    receive("before", at=MIDNIGHT - SECOND)
    receive("at", at=MIDNIGHT)
    assert places(connection) == {"before": "20260110", "at": "20260111"}
    assert work_batch(connection.pk, now=MIDNIGHT) == 2


def test_what_comes_on_a_day_without_a_part_is_kept_and_moves_when_there_is_one(
    connection: Connection,
) -> None:
    receive("early", at=NOW)
    receive("next-day", at=NOW + DAY)
    assert places(connection) == {"early": "any", "next-day": "any"}
    make_ahead(now=NOW, days=0)
    assert places(connection) == {"early": "20260110", "next-day": "any"}
    assert work_batch(connection.pk, now=NOW + DAY) == 2


def test_a_notification_told_again_on_another_day_counts_once(connection: Connection) -> None:
    make_ahead(now=NOW)
    for at in (NOW, NOW, NOW + DAY, NOW + 20 * DAY):
        receive("told", at=at)
    assert places(connection) == {"told": "20260110"}


def test_days_that_are_old_enough_are_dropped_and_their_receipts_too(
    connection: Connection,
) -> None:
    make_ahead(now=NOW)
    receive("old", at=NOW)
    receive("younger", at=NOW + DAY)
    work_batch(connection.pk, now=NOW + DAY)
    assert purge(now=MIDNIGHT + KEPT - SECOND) == 0
    assert "20260110" in days()
    assert purge(now=MIDNIGHT + KEPT) == 1
    assert "20260110" not in days()
    assert places(connection) == {"younger": "20260111"}
    receipts = NotificationReceipt.objects.for_org(connection.org_id)
    assert [receipt.notification_id for receipt in receipts] == ["younger"]


def test_a_day_in_which_something_still_waits_stays_until_it_was_worked_on(
    connection: Connection,
) -> None:
    make_ahead(now=NOW, days=0)
    receive("done", at=NOW)
    work_batch(connection.pk, now=NOW)
    receive("waiting", at=NOW)
    assert purge(now=MIDNIGHT + KEPT) == 1
    assert places(connection) == {"waiting": "20260110"}
    work_batch(connection.pk, now=MIDNIGHT + KEPT)
    assert purge(now=MIDNIGHT + KEPT) == 1
    assert "20260110" not in days()


def test_a_range_is_replayed_across_days(connection: Connection) -> None:
    make_ahead(now=NOW)
    for number in range(4):
        receive(f"day-{number}", at=NOW + number * DAY)
    work_batch(connection.pk, now=NOW + 3 * DAY)
    actor = Actor(user=None, org_id=connection.org_id, role=Role.ADMIN, via="command")
    chosen = DeliveryFilters(connection_id=connection.pk, since=NOW + DAY, until=NOW + 3 * DAY)
    assert replay_filtered(actor, filters=chosen, now=NOW + 3 * DAY) == 2
    pending = DeliveryFilters(connection_id=connection.pk, state=InboxState.PENDING)
    waiting = list_deliveries(connection.org_id, pending)
    assert [row.notification_id for row in waiting] == ["day-2", "day-1"]
    assert work_batch(connection.pk, now=NOW + 3 * DAY) == 2


def test_erasing_a_person_takes_their_bodies_of_every_day_and_none_comes_back(
    connection: Connection,
) -> None:
    make_ahead(now=NOW)
    receive("hers", at=NOW)
    receive("hers-later", at=NOW + DAY)
    receive("hers-without-a-part", at=NOW - DAY)
    receive("his", at=NOW + DAY, contact=payloads.LEAD)
    erased = erase_notifications(
        org_id=connection.org_id,
        source_id=connection.source_id,
        contacts=[payloads.ADA],
        conversations=[],
    )
    assert erased == 3
    receive("hers", at=NOW + DAY)
    assert places(connection) == {"his": "20260111"}


def test_removing_an_organization_leaves_the_others_rows_of_other_days(
    make_connection: MakeConnection,
) -> None:
    """The first rows of two parts have the same place within their files."""
    make_ahead(now=NOW)
    leaving, staying = make_connection("wrk_one"), make_connection("wrk_two")
    for one, at in ((leaving, NOW), (staying, NOW + DAY)):
        InboxNotification(
            org_id=one.org_id, connection=one, notification_id="n", body=b"{}", received_at=at
        ).save(force_insert=True)
    remove_rows(Organization, leaving.org_id)
    assert places(leaving) == {}
    assert places(staying) == {"n": "20260111"}


def test_each_question_asks_only_the_parts_and_indexes_that_it_needs(
    connection: Connection,
) -> None:
    make_ahead(now=NOW)
    with database.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    scope = {"connection": connection.pk, "org": connection.org_id, "now": NOW}
    one_day = plan_of(
        "SELECT body FROM intercom_inboxnotification WHERE org_id = %(org)s AND id = ANY('{1,2}')"
        " AND received_at BETWEEN %(now)s AND %(now)s",
        scope,
    )
    assert one_day.count('"Relation Name"') == 1
    waiting = plan_of(
        "SELECT id FROM intercom_inboxnotification WHERE org_id = %(org)s AND state = 'pending'"
        " AND connection_id = %(connection)s AND next_attempt_at <= %(now)s"
        " ORDER BY next_attempt_at, id LIMIT 500",
        scope,
    )
    shown = DeliveryFilters(connection_id=connection.pk, since=NOW + DAY)
    newest = list_deliveries(connection.org_id, shown)[:50].explain(format="json")
    for plan in (waiting, newest):
        assert "Seq Scan" not in plan
    assert "AND (next_attempt_at <=" in waiting.replace("\\", "")
    assert '"Sort"' not in waiting
    assert "20260111" in newest
    assert "20260110" not in newest


def test_of_two_who_tell_one_notification_at_once_the_second_waits_for_the_first(
    transactional_db: None, make_connection: MakeConnection
) -> None:
    connection = make_connection()
    told = Delivery(
        org_id=connection.org_id,
        connection_id=connection.pk,
        notification_id="told-twice",
        topic="ping",
        body=b"{}",
        notified_at=None,
        received_at=NOW,
    )
    stored: list[int] = []

    def tell_again() -> None:
        with psycopg.connect(own_conninfo(), autocommit=True) as session:
            stored.append(len(session.execute(INSERT, parameters([told, told])).fetchall()))

    with psycopg.connect(own_conninfo()) as first:
        assert len(first.execute(INSERT, parameters([told])).fetchall()) == 1
        second = Thread(target=tell_again)
        second.start()
        second.join(0.2)
        assert stored == [], "the second may not be answered before the first is durable"
        first.rollback()
        second.join(10)
    assert stored == [1]
