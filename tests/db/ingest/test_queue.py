"""What waits is applied once, whatever fails; erased people and old calls go."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction

from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import Organization, Role
from pulsescore.ingest.actions import retry_given_up
from pulsescore.ingest.bodies import pack
from pulsescore.ingest.calls import Call
from pulsescore.ingest.erasing import erase_calls
from pulsescore.ingest.models import ArrivedBatch, SeenMessage, VisitorCall
from pulsescore.ingest.prune import prune
from pulsescore.ingest.queries import count_waiting
from pulsescore.ingest.queue import MOST_ATTEMPTS, orgs_with_work, work_once
from pulsescore.store.models import Customer, TimelineEvent
from tests.unit.store.builders import at

pytestmark = pytest.mark.django_db
NOW = at(0)


@pytest.fixture
def actor(db: None) -> Actor:
    org = Organization.objects.create(name="Acme")
    return Actor(user=None, org_id=org.pk, role=Role.ADMIN, via="api_key", api_key_id=1)


def track(user: str = "7", **told: Any) -> Call:
    told = {"name": "Paid", "message_id": f"m{user}", **told}
    return Call(type="track", at=NOW, user_id=user, **told)


def arrive(actor: Actor, *calls: Call, packed: bytes | None = None) -> None:
    ArrivedBatch(
        org_id=actor.org_id,
        calls=pack(list(calls)) if packed is None else packed,
        size=max(1, len(calls)),
        received_at=NOW,
        next_attempt_at=NOW,
    ).save()


def apply_all(actor: Actor) -> None:
    while work_once(actor.org_id, now=NOW):
        pass


def events(actor: Actor) -> list[str]:
    rows = TimelineEvent.objects.for_org(actor.org_id).order_by("id")
    return list(rows.values_list("name", flat=True))


def test_what_cannot_be_applied_does_not_stop_the_rest_and_is_given_up_at_last(
    actor: Actor,
) -> None:
    arrive(actor, track())
    arrive(actor, packed=b"broken")
    apply_all(actor)
    assert events(actor) == ["Paid"]
    now = NOW
    for _ in range(MOST_ATTEMPTS):
        now += timedelta(days=30)
        while work_once(actor.org_id, now=now):
            pass
    assert (count_waiting(actor.org_id).waiting, count_waiting(actor.org_id).given_up) == (0, 1)
    assert retry_given_up(actor, now=now) == 1
    assert orgs_with_work(now=now) == [actor.org_id]


def test_a_worker_that_dies_gives_its_batch_back(actor: Actor) -> None:
    arrive(actor, track())
    with transaction.atomic():
        work_once(actor.org_id, now=NOW)
        transaction.set_rollback(True)
    assert events(actor) == []
    apply_all(actor)
    assert events(actor) == ["Paid"]


def test_waiting_calls_of_an_erased_person_go(actor: Actor) -> None:
    arrive(actor, track("7"), track("8"))
    arrive(actor, track("7", message_id="another"))
    erase_calls(org_id=actor.org_id, names=[("user_id", "7")])
    apply_all(actor)
    assert Customer.objects.for_org(actor.org_id).get().external_user_id == "8"


def test_what_is_old_is_forgotten(actor: Actor) -> None:
    visit = Call(type="page", at=NOW, name="Viewed page", message_id="m", anonymous_id="x")
    arrive(actor, visit)
    apply_all(actor)
    prune(now=NOW + timedelta(days=29))
    assert VisitorCall.objects.for_org(actor.org_id).count() == 1
    prune(now=NOW + timedelta(days=31))
    assert not VisitorCall.objects.for_org(actor.org_id).exists()
    assert not SeenMessage.objects.for_org(actor.org_id).exists()
