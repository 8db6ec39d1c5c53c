"""Whatever statement a process dies at, what fired is told once: nothing is lost, nothing doubled.

The one place where a crash may repeat something is between a message that left and the note that
it did; there the repeat carries the same id, by which receivers tell.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection, transaction

from pulsescore.accounts.access import Actor
from pulsescore.alerts.models import Alert, Notification
from pulsescore.delivery import actions, outbox
from pulsescore.delivery.models import Delivery
from pulsescore.delivery.outbox import LEASE
from pulsescore.pipeline import alerting
from pulsescore.pipeline.delivering import deliver_due
from pulsescore.scoring import watching
from tests.db.alerts.world import NOW, add_customers, found, move
from tests.db.delivery.servers import Mailbox, Receiver, mailing, receiving

pytestmark = pytest.mark.django_db(transaction=True)


class Killed(BaseException):
    """The process is gone. No handler of ours may catch it."""


class Reaper:
    """Lets so many statements pass; from then on the process is dead, its clean-up included."""

    def __init__(self, left: int) -> None:
        self.left = left

    def __call__(self, execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        self.left -= 1
        if self.left < 0:
            raise Killed
        return execute(sql, params, many, context)


def lived(work: Callable[[], object], *, after: int) -> bool:
    """Work until that many statements were made; whether the process lived to the end."""
    with connection.execute_wrapper(Reaper(after)):
        try:
            work()
        except Killed:
            connection.close()
            return False
    return True


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as one:
        yield one


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Mailbox]:
    settings.CONFIG = replace(settings.CONFIG, allow_private_targets=True)
    with mailing(settings) as one:
        yield one


def crossing(actor: Actor) -> None:
    ids = add_customers(actor.org_id, 62, 62)
    move(actor.org_id, dict.fromkeys(ids, 31))


def test_dying_anywhere_while_deciding_neither_loses_nor_doubles(
    mailbox: Mailbox, receiver: Receiver
) -> None:
    alice, deaths, finished = found(), 0, False
    actions.save_endpoint(alice, url=receiver.url, events=["alert.fired"], now=NOW)

    def work() -> None:
        alerting.evaluate_pending(alice.org_id, now=NOW)

    while not finished:
        with transaction.atomic():
            Alert.objects.for_org(alice.org_id).delete()
            Delivery.objects.for_org(alice.org_id).delete()
            crossing(alice)
        finished = lived(work, after=deaths)
        work()
        assert watching.orgs_with_marks() == []
        assert Alert.objects.for_org(alice.org_id).count() == 2
        assert Notification.objects.for_org(alice.org_id).count() == 2
        channels = Delivery.objects.for_org(alice.org_id).values_list("channel", flat=True)
        assert Counter(channels) == {"email": 2, "webhook": 2}
        deaths += 1
    assert deaths > 20


def test_dying_anywhere_while_sending_repeats_no_more_than_what_was_under_way(
    mailbox: Mailbox, receiver: Receiver
) -> None:
    alice, deaths, finished, repeats = found(), 0, False, 0
    actions.save_endpoint(alice, url=receiver.url, events=["alert.fired"], now=NOW)
    crossing(alice)
    alerting.evaluate_pending(alice.org_id, now=NOW)
    rows = Delivery.objects.for_org(alice.org_id)
    while not finished:
        rows.update(state="pending", attempts=0, lease_until=None, next_at=NOW)
        mailbox.letters.clear()
        receiver.requests.clear()
        finished = lived(lambda: deliver_due(now=lambda: NOW), after=deaths)
        deliver_due(now=lambda: NOW + LEASE)
        assert set(rows.values_list("state", flat=True)) == {"sent"}
        letters = Counter(str(letter["Message-ID"]) for _, letter in mailbox.letters)
        events = Counter(headers["webhook-id"] for headers, _ in receiver.requests)
        assert (len(letters), len(events)) == (2, 2), "each was told, under its own id"
        told_again = letters.total() + events.total() - 4
        assert told_again <= 2, "what was under way when the process died"
        repeats += told_again > 0
        deaths += 1
    assert deaths > 10
    assert 0 < repeats < deaths, "a death between sending and noting cannot but repeat"


def test_a_worker_that_lost_its_lease_changes_nothing(mailbox: Mailbox) -> None:

    alice = found()
    crossing(alice)
    alerting.evaluate_pending(alice.org_id, now=NOW)
    (slow, _) = outbox.claim(now=NOW, limit=2)
    assert outbox.claim(now=NOW, limit=2) == []
    later = NOW + LEASE
    (quick, _) = outbox.claim(now=later, limit=2)
    outbox.settle_failed(slow, error="too late", status_code=None)
    assert Delivery.objects.for_org(alice.org_id).get(pk=slow.pk).state == "pending"
    outbox.settle_sent(quick, status_code=None, now=later)
    assert Delivery.objects.for_org(alice.org_id).get(pk=quick.pk).state == "sent"
