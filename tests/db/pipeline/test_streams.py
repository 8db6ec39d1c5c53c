"""What arrives without end is scored all the same, while it arrives."""

import asyncio
from collections.abc import Callable, Iterator
from datetime import datetime

import psycopg
import pytest
from asgiref.sync import sync_to_async

from pulsescore.connectors.intercom.models import Connection
from pulsescore.core.locks import own_conninfo
from pulsescore.ingest.bodies import pack
from pulsescore.ingest.calls import Call
from pulsescore.ingest.models import ArrivedBatch
from pulsescore.pipeline import work
from tests.convergence.product import close_database
from tests.db.intercom_inbox.conftest import connection, make_connection
from tests.db.store.conftest import new_store
from tests.unit.store.builders import at

__all__ = ["connection", "make_connection"]

NOW = at(1_000)
LENGTH = 4
WAITING = "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'rescore_pending'"
PING = """
    INSERT INTO intercom_inboxnotification
        (org_id, connection_id, notification_id, topic, body, received_at, next_attempt_at)
    VALUES (%s, %s, %s, 'ping', '{}', %s, %s)
"""


class Stream:
    """Each look at the clock finds that something more arrived, for a while."""

    def __init__(self, session: psycopg.Connection, arrive: Callable[[int], object]) -> None:
        self._session, self._arrive = session, arrive
        self.waiting_jobs: list[int] = []

    def __call__(self) -> datetime:
        row = self._session.execute(WAITING).fetchone()
        self.waiting_jobs.append(row[0] if row else 0)
        if len(self.waiting_jobs) < LENGTH:
            self._arrive(len(self.waiting_jobs))
        return NOW


@pytest.fixture
def session(transactional_db: None) -> Iterator[psycopg.Connection]:
    with psycopg.connect(own_conninfo(), autocommit=True) as session:
        yield session


def test_a_stream_of_calls(session: psycopg.Connection) -> None:
    org_id = new_store().org_id

    def arrive(number: int) -> None:
        call = Call(type="identify", message_id=str(number), at=at(1), user_id=str(number))
        ArrivedBatch(
            org_id=org_id, calls=pack([call]), size=1, received_at=NOW, next_attempt_at=NOW
        ).save()

    stream = Stream(session, arrive)
    assert work.apply_ingested(org_id, now=stream, scores_every_secs=0) == LENGTH - 1
    assert stream.waiting_jobs == [0, 1, 1, 1]


def test_a_stream_of_notifications(session: psycopg.Connection, connection: Connection) -> None:
    def arrive(number: int) -> None:
        told = [connection.org_id, connection.pk, str(number), NOW, NOW]
        session.execute(PING, told)

    stream = Stream(session, arrive)

    async def drain() -> int:
        try:
            return await work.drain_inbox(
                connection.pk, now=stream, scores_every_secs=0, gather_secs=0
            )
        finally:
            await sync_to_async(close_database)()

    assert asyncio.run(drain()) == LENGTH - 1
    assert stream.waiting_jobs[0] == 0
    assert 1 in stream.waiting_jobs[:LENGTH]
