"""Whatever statement a process dies at, memberships come out right, and each move is told once."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction

from pulsescore.delivery.models import Delivery, WebhookEndpoint
from pulsescore.pipeline import segmenting
from pulsescore.scoring import scored
from pulsescore.segments import sweeps
from pulsescore.segments.models import Member, Segment
from pulsescore.store.models import Customer, TimelineEvent
from tests.db.delivery.test_dying import lived
from tests.db.scoring.people import add_customer, add_org
from tests.db.segments.test_membership import FREE, make
from tests.db.segments.truth import NOW

pytestmark = pytest.mark.django_db(transaction=True)


class World:
    """Two customers whose plan changes from free to paid and back, and who is told of it."""

    def __init__(self) -> None:
        self.org_id = add_org()
        self.ids = [add_customer(self.org_id, metadata={"plan": "pro"}).pk for _ in range(2)]
        WebhookEndpoint.objects.for_org(self.org_id).create(
            org_id=self.org_id,
            url="https://example.com/in",
            events=["segment.entered", "segment.left"],
        )
        self.free = make(self.org_id, "Free", FREE)
        self.now, self.is_free = NOW, False
        segmenting.refresh_everybody(self.org_id, now=NOW)

    @transaction.atomic
    def turn(self, mark: Callable[[], object]) -> None:
        """Both change their plan; nothing of before is left to be told."""
        self.is_free = not self.is_free
        self.now += timedelta(minutes=1)
        rows = Customer.objects.for_org(self.org_id).filter(pk__in=self.ids)
        rows.update(metadata={"plan": "free" if self.is_free else "pro"})
        Delivery.objects.for_org(self.org_id).delete()
        TimelineEvent.objects.for_org(self.org_id).delete()
        mark()

    def check(self, made: Segment | None = None) -> None:
        """Both are where they belong, and that was told once."""
        assert members(self.free) == (set(self.ids) if self.is_free else set())
        if made is not None:
            assert members(made) == set(self.ids)
        word = "Entered segment" if self.is_free else "Left segment"
        told = TimelineEvent.objects.for_org(self.org_id).values_list("customer_id", "name")
        assert Counter(told) == dict.fromkeys([(one, word) for one in self.ids], 1)
        sent = Delivery.objects.for_org(self.org_id).values_list("customer_id", flat=True)
        assert Counter(sent) == dict.fromkeys(self.ids, 1)


def members(segment: Segment) -> set[int]:
    rows = Member.objects.for_org(segment.org_id).filter(segment=segment)
    found = set(rows.values_list("customer_id", flat=True))
    segment.refresh_from_db()
    assert segment.size == len(found)
    return found


def test_dying_between_batches_of_changed_customers_loses_and_doubles_nothing() -> None:
    world, deaths, finished = World(), 0, False

    def work() -> None:
        segmenting.refresh_marked(world.org_id, now=world.now, batch=1)

    while not finished:
        world.turn(lambda: scored.mark(world.org_id, world.ids))
        finished = lived(work, after=deaths)
        work()
        assert scored.orgs_with_marks() == []
        world.check()
        deaths += 2
    assert deaths > 20


def test_dying_while_everybody_is_looked_at_loses_and_doubles_nothing() -> None:
    world, deaths, finished = World(), 0, False
    everybody = make(world.org_id, "Everybody", {"all": []})

    def ask() -> None:
        Member.objects.for_org(world.org_id).filter(segment=everybody).delete()
        Segment.objects.for_org(world.org_id).filter(pk=everybody.pk).update(
            size=0, filled_revision=0
        )
        sweeps.request_sweep(world.org_id, now=world.now)

    def work() -> None:
        segmenting.refresh_everybody(world.org_id, now=world.now, batch=1)

    while not finished:
        world.turn(ask)
        finished = lived(work, after=deaths)
        assert world.org_id in [*sweeps.orgs_waiting(), *[world.org_id] * finished]
        work()
        assert sweeps.orgs_waiting() == []
        world.check(everybody)
        deaths += 3
    assert deaths > 20
