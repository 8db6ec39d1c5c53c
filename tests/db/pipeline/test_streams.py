"""What arrives without end is scored all the same, while it arrives."""

import asyncio
from collections.abc import Iterator
from datetime import datetime

import psycopg
import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from pulsescore.connectors.intercom.models import Connection
from pulsescore.core.locks import own_conninfo
from pulsescore.ingest.bodies import pack
from pulsescore.ingest.calls import Call
from pulsescore.ingest.models import ArrivedBatch
from pulsescore.pipeline import work
from tests.db.intercom_inbox.conftest import connection, make_connection
from tests.db.store.conftest import new_store
from tests.unit.store.builders import at

__all__ = ["connection", "make_connection"]

NOW = at(1_000)
LENGTH = 4
PING = """
    INSERT INTO intercom_inboxnotification
        (org_id, connection_id, notification_id, topic, body, received_at, next_attempt_at)
    VALUES (%s, %s, %s, 'ping', '{}', %s, %s)
"""

pytestmark = pytest.mark.django_db(transaction=True)


class Stream:
    """Each look at the clock finds that something more arrived, for a while."""

    def __init__(self) -> None:
        self._session = psycopg.connect(own_conninfo(), autocommit=True)
        self.waiting_jobs: list[int] = []

    def __call__(self) -> datetime:
        row = self._session.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'rescore_pending'"
        ).fetchone()
        self.waiting_jobs.append(row[0] if row else 0)
        if len(self.waiting_jobs) < LENGTH:
            self.arrive(len(self.waiting_jobs))
        return NOW

    def arrive(self, number: int) -> None:
        raise NotImplementedError

    def close(self) -> None:
        self._session.close()


class Calls(Stream):
    def __init__(self, org_id: int) -> None:
        super().__init__()
        self._org_id = org_id

    def arrive(self, number: int) -> None:
        call = Call(type="identify", message_id=str(number), at=at(1), user_id=str(number))
        ArrivedBatch(
            org_id=self._org_id, calls=pack([call]), size=1, received_at=NOW, next_attempt_at=NOW
        ).save()


class Notifications(Stream):
    def __init__(self, told: Connection) -> None:
        super().__init__()
        self._connection = told

    def arrive(self, number: int) -> None:
        self._session.execute(
            PING, [self._connection.org_id, self._connection.pk, str(number), NOW, NOW]
        )


@pytest.fixture
def calls() -> Iterator[Calls]:
    stream = Calls(new_store().org_id)
    yield stream
    stream.close()


@pytest.fixture
def notifications(connection: Connection) -> Iterator[Notifications]:
    stream = Notifications(connection)
    yield stream
    stream.close()


def test_a_stream_of_calls(calls: Calls) -> None:
    assert work.apply_ingested(calls._org_id, now=calls, scores_every_secs=0) == LENGTH - 1
    assert calls.waiting_jobs == [0, 1, 1, 1]


def test_a_stream_of_notifications(notifications: Notifications, connection: Connection) -> None:
    drain = work.drain_inbox(connection.pk, now=notifications, scores_every_secs=0, gather_secs=0)
    assert asyncio.run(drain) == LENGTH - 1
    assert notifications.waiting_jobs[0] == 0
    assert 1 in notifications.waiting_jobs[:LENGTH]
    assert ProcrastinateJob.objects.filter(task_name="rescore_pending").count() == 1
