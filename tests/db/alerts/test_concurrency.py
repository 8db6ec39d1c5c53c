"""Somebody looks while scores are being written: the crossing is seen, if not now, then next."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection, transaction

from pulsescore.alerts.evaluating import evaluate
from tests.db.alerts.world import NOW, add_customers, alerts_of, found, move

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def being_written(org_id: int, customer_id: int, score: int) -> Iterator[None]:
    """Another process wrote a score and has not committed yet; at the end it does."""
    written, go_on = threading.Event(), threading.Event()

    def write() -> None:
        try:
            with transaction.atomic():
                move(org_id, {customer_id: score})
                written.set()
                assert go_on.wait(10)
        finally:
            connection.close()

    thread = threading.Thread(target=write)
    thread.start()
    try:
        assert written.wait(10)
        yield
    finally:
        go_on.set()
        thread.join(10)


def test_a_mark_is_left_alone_while_its_scores_are_being_written() -> None:
    alice = found()
    (mia,) = add_customers(alice.org_id, 62)
    move(alice.org_id, {mia: 75})
    move(alice.org_id, {mia: 62})
    with being_written(alice.org_id, mia, 31):
        assert evaluate(alice.org_id, now=NOW, settling={}).claimed == 0
    assert evaluate(alice.org_id, now=NOW, settling={}).claimed == 1

    (alert,) = alerts_of(alice.org_id)
    assert alert.facts["score"] == 31


def test_who_writes_scores_meanwhile_marks_anew() -> None:
    """The writer waits for the look to end, and its mark has what the look saw."""
    alice = found()
    (mia,) = add_customers(alice.org_id, 62)
    move(alice.org_id, {mia: 75})
    started, ended = threading.Event(), threading.Event()

    def write() -> None:
        try:
            started.set()
            move(alice.org_id, {mia: 31})
            ended.set()
        finally:
            connection.close()

    thread = threading.Thread(target=write)
    with transaction.atomic():
        assert evaluate(alice.org_id, now=NOW, settling={}).claimed == 1
        thread.start()
        assert started.wait(10)
        assert not ended.wait(0.2)
    thread.join(10)
    assert alerts_of(alice.org_id) == []
    evaluate(alice.org_id, now=NOW, settling={})

    (alert,) = alerts_of(alice.org_id)
    assert (alert.facts["score_before"], alert.facts["score"]) == (75, 31)
