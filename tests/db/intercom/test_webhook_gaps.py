"""Changes that polling finds and no webhook announced are counted and told once."""

import pytest

from intercom_sim.actions import conversations as talks
from intercom_sim.server import Running
from pulsescore.connectors.intercom.models import (
    Connection,
    InboxNotification,
    LogEntry,
    TopicDelivery,
)
from tests.db.intercom import truth
from tests.db.intercom.conftest import Present, Sync, succeeded

HOUR = 3600


@pytest.fixture
def announced(sync: Sync, connection: Connection, present: Present) -> Connection:
    """An imported workspace whose webhooks have worked so far."""
    assert succeeded(sync())
    TopicDelivery(
        org_id=connection.org_id,
        connection=connection,
        topic="conversation.user.replied",
        deliveries=1,
        last_received_at=present.now(),
    ).save(force_insert=True)
    present.pass_secs(HOUR)
    return connection


def talk(sim: Running) -> str:
    contact = min(truth.with_address(sim))
    made = sim.call(
        lambda: talks.start_conversation(sim.workspace, contact_id=contact, body="Hello")
    )
    return str(made.id)


def gaps(connection: Connection) -> list[str]:
    lines = LogEntry.objects.for_org(connection.org_id).filter(kind="webhook")
    return list(lines.values_list("message", flat=True))


def test_a_change_that_came_without_a_webhook_is_counted_once(
    announced: Connection, sync: Sync, sim: Running, present: Present
) -> None:
    talk(sim)
    present.pass_secs(180)

    assert sync("incremental").unannounced == 1
    present.pass_secs(60)
    assert sync("incremental").unannounced == 0

    assert gaps(announced) == [
        "1 conversation had changed in Intercom without a webhook announcing it"
    ]


def test_a_change_whose_webhook_may_still_come_is_not_counted(
    announced: Connection, sync: Sync, sim: Running, present: Present
) -> None:
    talk(sim)
    present.pass_secs(30)

    assert sync("incremental").unannounced == 0


def test_nothing_is_judged_while_notifications_wait(
    announced: Connection, sync: Sync, sim: Running, present: Present
) -> None:
    InboxNotification(
        org_id=announced.org_id,
        connection=announced,
        notification_id="waiting",
        topic="conversation.user.created",
        body=b"{}",
        received_at=present.now(),
    ).save(force_insert=True)
    talk(sim)
    present.pass_secs(180)

    assert sync("incremental").unannounced == 0


def test_a_full_import_announces_nothing(
    announced: Connection, sync: Sync, sim: Running, present: Present
) -> None:
    talk(sim)
    present.pass_secs(180)

    assert sync().unannounced == 0
    assert gaps(announced) == []


def test_where_webhooks_were_never_set_up_the_log_stays_quiet(
    announced: Connection, sync: Sync, sim: Running, present: Present
) -> None:
    TopicDelivery.objects.for_org(announced.org_id).delete()
    talk(sim)
    present.pass_secs(180)

    assert sync("incremental").unannounced == 1
    assert gaps(announced) == []


def test_the_log_tells_of_a_gap_once_an_hour(
    announced: Connection, sync: Sync, sim: Running, present: Present
) -> None:
    for _round in range(3):
        talk(sim)
        present.pass_secs(300)
        assert sync("incremental").unannounced == 1

    assert len(gaps(announced)) == 1
