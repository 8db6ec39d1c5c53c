"""The public status: what works and what is behind, of nobody in particular, database or not."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from pulsescore.connectors.intercom.models import InboxNotification
from pulsescore.pipeline.health import State, report
from pulsescore.store.models import Customer, DirtyCustomer
from tests import seeding
from tests.seeding import Seeded

WITHOUT_DATABASE = """
import django, sys
django.setup()
from django.test import Client
client = Client(headers={"cookie": "sessionid=abcdefghijklmnopqrstuvwxyz123456"})
page, machine = client.get("/status"), client.get("/status.json")
print(page.status_code, machine.status_code, "Something does not work" in page.content.decode())
"""


@pytest.fixture(autouse=True)
def _no_worker(db: None) -> None:
    """Whatever gave a sign of life before is gone."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_workers")


@pytest.fixture
def worker(db: None, now: datetime) -> None:
    """A worker that lives."""
    seeding.beat(now)


@pytest.fixture
def later(now: datetime, request: pytest.FixtureRequest) -> Iterator[datetime]:
    """An hour of its own for a test: the answer is remembered for seconds."""
    hours = 1 + sum(map(ord, request.node.name))
    instant = now + timedelta(hours=hours)
    with time_machine.travel(instant, tick=False):
        yield instant


def states(now: datetime) -> dict[str, State]:
    return {part.key: part.state for part in report(now=now).parts}


def wait_in_inbox(alices: Seeded, *, since: datetime) -> None:
    InboxNotification(
        org_id=alices.organization.pk,
        connection=alices.connection,
        notification_id="waits",
        topic="contact.user.updated",
        body=b"{}",
        received_at=since,
        next_attempt_at=since,
        state="pending",
    ).save(force_insert=True)


def test_with_a_worker_and_nothing_waiting_everything_works(worker: None, now: datetime) -> None:
    assert set(states(now).values()) == {State.WORKING}


def test_without_a_worker_nothing_goes_on(db: None, now: datetime) -> None:
    assert states(now)["worker"] is State.DOWN


def test_a_worker_that_fell_silent_is_none(db: None, now: datetime) -> None:
    seeding.beat(now - timedelta(seconds=61))

    assert states(now)["worker"] is State.DOWN


def test_notifications_that_wait_for_long_are_behind(
    worker: None, alices: Seeded, now: datetime
) -> None:
    wait_in_inbox(alices, since=now - timedelta(minutes=10))

    part = next(part for part in report(now=now).parts if part.key == "inbox")
    assert (part.state, part.words) == (State.SLOW, "Behind by 10 minutes.")


def test_a_notification_that_waits_for_its_next_attempt_is_not_behind(
    worker: None, alices: Seeded, now: datetime
) -> None:
    wait_in_inbox(alices, since=now + timedelta(minutes=3))

    assert states(now)["inbox"] is State.WORKING


def test_scores_that_wait_for_long_are_behind(worker: None, alices: Seeded, now: datetime) -> None:
    customer = Customer.objects.for_org(alices.organization.pk).earliest("id")
    DirtyCustomer.objects.for_org(alices.organization.pk).delete()
    DirtyCustomer(
        org_id=alices.organization.pk, customer=customer, marked_at=now - timedelta(hours=3)
    ).save(force_insert=True)

    part = next(part for part in report(now=now).parts if part.key == "scores")
    assert part.words == "Behind by 3 h."


def test_everybody_may_look_and_learns_nothing_of_anybody(
    stranger: Client, alices: Seeded, later: datetime
) -> None:
    DirtyCustomer.objects.for_org(alices.organization.pk).delete()
    seeding.beat(later)

    response = stranger.get("/status")

    assert response.status_code == 200
    html = response.content.decode()
    assert "Everything works" in html
    assert alices.organization.name not in html
    assert alices.connection.workspace_name not in html
    assert "no-store" in response["Cache-Control"]


def test_programs_read_the_same(stranger: Client, db: None, later: datetime) -> None:
    response = stranger.get("/status.json")

    assert response.status_code == 503
    body = response.json()
    assert body["status"] == "down"
    assert {part["key"]: part["status"] for part in body["parts"]}["worker"] == "down"


def test_many_who_ask_cost_one_look(
    alice: Client, later: datetime, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        for _ in range(3):
            alice.get("/status")


def test_only_looking_is_possible(stranger: Client) -> None:
    assert stranger.post("/status").status_code == 405


def test_it_is_told_when_the_database_is_away() -> None:
    environment = {
        **os.environ,
        "PULSESCORE_DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none",
        "PULSESCORE_DATABASE_POOL": "0",
    }

    told = subprocess.run(
        [sys.executable, "-c", WITHOUT_DATABASE],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    assert told.stdout.split() == ["503", "503", "True"], json.dumps(told.stderr[-500:])
