"""Nobody is stored or scored who is erased, or removed with their organization, at that moment.

The database does not look up the customer of each score, nor the two ends of each participant:
locks see to it.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Event
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.utils import timezone

from pulsescore.accounts import actions as accounts
from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import Organization, Role
from pulsescore.core import removal
from pulsescore.pipeline import run
from pulsescore.scoring.actions import rescore
from pulsescore.scoring.engine import lock_scores
from pulsescore.scoring.models import HealthScore, ScorePoint
from pulsescore.store import events, write
from pulsescore.store.ingested import lock_sources
from pulsescore.store.models import Customer, TimelineEvent
from tests.db.scoring.people import NOW, add_customer, add_example_f, add_org, source_of
from tests.unit.store.builders import contact, event, talk

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE_SECS = 30


@contextmanager
def meanwhile(
    work: Callable[[], Any],
    *,
    until: Callable[[], bool],
    at_last: Callable[[], None] = lambda: None,
) -> Iterator[None]:
    """Do the block in a transaction that ends, `at_last`, when `work`, beside it, waits for it."""
    began = Event()

    def beside() -> None:
        try:
            assert began.wait(PATIENCE_SECS)
            work()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            yield
            working = pool.submit(beside)
            began.set()
            look_until(until)
            at_last()
        working.result(PATIENCE_SECS)


def look_until(true: Callable[[], bool]) -> None:
    for _look in range(10_000):
        if true():
            return
    raise AssertionError("nobody waited")


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone() != (0,))


def rows_of(org_id: int) -> dict[str, int]:
    """The tables that keep something of an organization, and how much."""
    counts = {}
    with connection.cursor() as cursor:
        for table, column in removal.tables_of(Organization):
            name = table._meta.db_table
            cursor.execute(f'SELECT count(*) FROM "{name}" WHERE "{column}" = %s', [org_id])
            counts[name] = cursor.fetchone()[0]
    return {name: count for name, count in counts.items() if count}


def close(org_id: int) -> None:
    Organization.objects.filter(pk=org_id).update(deleted_at=timezone.now())


def test_who_is_erased_while_being_scored_keeps_no_score() -> None:
    org_id = add_org()
    erased, other = add_example_f(org_id).pk, add_example_f(org_id).pk
    admin = Actor(user=None, org_id=org_id, role=Role.ADMIN, via="command")

    with meanwhile(
        lambda: run.erase_customer(admin, customer_id=erased, now=NOW), until=somebody_waits
    ):
        rescore(org_id=org_id, customer_ids=[erased, other], now=NOW)

    for model in (HealthScore, ScorePoint):
        assert set(model.objects.for_org(org_id).values_list("customer_id", flat=True)) == {other}


def test_who_is_erased_while_a_program_tells_of_them_keeps_no_entry() -> None:
    org_id = add_org()
    erased = add_customer(org_id).pk
    admin = Actor(user=None, org_id=org_id, role=Role.ADMIN, via="command")

    with meanwhile(
        lambda: run.erase_customer(admin, customer_id=erased, now=NOW), until=somebody_waits
    ):
        lock_sources(org_id)
        events.insert({"org_id": org_id, "now": NOW}, [(erased, event())])

    assert not TimelineEvent.objects.for_org(org_id).exists()


def test_a_score_that_comes_in_behind_the_removal_of_its_organization_goes_too() -> None:
    org_id = add_org()
    customer_id = add_customer(org_id).pk
    close(org_id)

    def score() -> None:
        HealthScore.objects.for_org(org_id).create(
            org_id=org_id, customer_id=customer_id, config_version=1, calculated_at=NOW
        )

    with meanwhile(
        lambda: accounts.remove_closed(org_id, now=NOW), until=somebody_waits, at_last=score
    ):
        lock_scores(org_id)

    assert rows_of(org_id) == {}


def test_an_organization_that_is_removed_while_its_source_tells_leaves_nothing() -> None:
    org_id = add_org()
    source_id = source_of(org_id).pk
    known = contact(v=1)
    write.apply(org_id=org_id, source_id=source_id, records=[known], now=NOW)
    close(org_id)

    with meanwhile(lambda: accounts.remove_closed(org_id, now=NOW), until=somebody_waits):
        told = talk(v=1)
        write.apply(org_id=org_id, source_id=source_id, records=[told], now=NOW)

    assert rows_of(org_id) == {}


def test_every_table_without_a_key_to_its_customer_is_known() -> None:
    """A new one needs a lock that erasing and removing wait for, and then a line here."""
    unchecked = {
        f"{table._meta.db_table}.{link.column}"
        for table in apps.get_models()
        for link in removal._links(table)
        if link.related_model is Customer and not removal._is_checked(link)
    }
    assert unchecked == {
        "scoring_healthscore.customer_id",
        "scoring_scoredcustomer.customer_id",
        "scoring_scorepoint.customer_id",
        "segments_member.customer_id",
        "store_companymember.customer_id",
        "store_participant.customer_id",
        "store_timelineevent.customer_id",
    }
