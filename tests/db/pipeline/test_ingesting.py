"""What arrives is applied, joined and scored by the worker, whoever wakes it."""

import pytest

from pulsescore.accounts.models import Organization
from pulsescore.ingest.bodies import pack
from pulsescore.ingest.calls import Call
from pulsescore.ingest.models import ArrivedBatch
from pulsescore.pipeline import work
from pulsescore.scoring.models import HealthScore
from pulsescore.store import dirty
from pulsescore.store.models import Customer
from tests.db.store.conftest import Store, new_store
from tests.unit.store.builders import at, contact

NOW = at(1_000)


@pytest.fixture
def store(db: None) -> Store:
    return new_store()


def arrive(org_id: int, call: Call) -> None:
    ArrivedBatch(
        org_id=org_id, calls=pack([call]), size=1, received_at=NOW, next_attempt_at=NOW
    ).save()


def test_calls_become_scored_customers(store: Store) -> None:
    call = Call(type="identify", message_id="m", at=at(1), user_id="7", traits={"plan": "pro"})
    arrive(store.org_id, call)
    assert work.apply_ingested(store.org_id, now=lambda: NOW) == 1
    assert work.apply_ingested(store.org_id, now=lambda: NOW) == 0
    assert work.rescore_pending(store.org_id, now=NOW) == 1
    assert HealthScore.objects.for_org(store.org_id).get().customer.external_user_id == "7"
    assert dirty.orgs_with_marks() == []


def test_somebody_imported_later_is_joined_before_they_are_scored(store: Store) -> None:
    call = Call(type="track", message_id="m", at=at(1), user_id="7", name="Paid")
    arrive(store.org_id, call)
    work.apply_ingested(store.org_id, now=lambda: NOW)
    store.apply(contact("ann", external_user_id="7"))
    work.rescore_pending(store.org_id, now=NOW)
    living = Customer.objects.for_org(store.org_id).get(deleted_at=None)
    assert living.external_id == "ann"
    assert len(store.events_of("ann")) >= 1


def test_another_organization_waits_for_its_own_turn(store: Store) -> None:
    other = Organization.objects.create(name="Other")
    arrive(other.pk, Call(type="track", message_id="m", at=at(1), user_id="7", name="Paid"))
    assert work.apply_ingested(store.org_id, now=lambda: NOW) == 0
    assert ArrivedBatch.objects.for_org(other.pk).exists()
