"""A mark is never taken by a rescore that could not have seen the change behind it."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connection, transaction

from pulsescore.store import dirty
from tests.db.scoring.people import add_example_f, add_org

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE_SECS = 30


def test_a_mark_renewed_by_an_open_transaction_is_left_to_the_next_rescore() -> None:
    org_id = add_org()
    customer_id = add_example_f(org_id).pk
    dirty.mark(org_id, [customer_id])
    marked, may_commit = Event(), Event()

    def change_customer() -> None:
        try:
            with transaction.atomic():
                dirty.mark(org_id, [customer_id])
                marked.set()
                assert may_commit.wait(PATIENCE_SECS)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        writer = pool.submit(change_customer)
        assert marked.wait(PATIENCE_SECS)
        with transaction.atomic():
            assert dirty.claim(org_id, 10) == []
        may_commit.set()
        writer.result()
    with transaction.atomic():
        assert dirty.claim(org_id, 10) == [customer_id]


def test_a_mark_that_is_there_is_not_written_again() -> None:
    org_id = add_org()
    customer_id = add_example_f(org_id).pk
    assert dirty.mark(org_id, [customer_id]) == 1
    before = written_by(customer_id)
    assert dirty.mark(org_id, [customer_id]) == dirty.mark_own(org_id, [customer_id]) == 0
    assert dirty.mark_all(org_id) == 0
    assert written_by(customer_id) == before


def written_by(customer_id: int) -> tuple[str, str]:
    """The row of a mark: which transaction wrote it, and where it lies."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT xmin::text, ctid::text FROM store_dirtycustomer WHERE customer_id = %s",
            [customer_id],
        )
        row: tuple[str, str] = cursor.fetchone()
        return row
