"""The SQL aggregate agrees with a slow reading of the rules, whatever the conversations."""

from datetime import datetime, timedelta
from random import Random

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pulsescore.scoring.config import DEFAULTS
from pulsescore.scoring.factors import NO_SCORE, Outcome, evaluate
from pulsescore.scoring.signals import Scope, read_signals, scopes
from pulsescore.store.models import Conversation, Customer, Participant
from tests.db.scoring import reading
from tests.db.scoring.people import (
    NOW,
    add_conversation,
    add_customer,
    add_example_b,
    add_org,
    ago,
    source_of,
)
from tests.db.scoring.reading import Talk

pytestmark = pytest.mark.django_db

# Steps of six hours and the exact ends of the windows make ties and edges likely.
edges = st.sampled_from([timedelta(days=30), timedelta(days=90), timedelta(days=90, seconds=1)])
spans = st.one_of(st.integers(0, 480).map(lambda n: timedelta(hours=6 * n)), edges)
instants = spans.map(lambda span: NOW - span)
maybe_instants = st.one_of(st.none(), instants)


@st.composite
def talks(draw: st.DrawFn) -> list[Talk]:
    ids = draw(
        st.lists(st.text("aB1é9-", min_size=1, max_size=3), unique=True, min_size=0, max_size=6)
    )
    return [
        Talk(
            id=name,
            state=draw(st.sampled_from(["open", "closed", "snoozed"])),
            created_at=draw(instants),
            updated_at=draw(instants),
            closed_at=draw(maybe_instants),
            admin_reply_at=draw(maybe_instants),
            time_to_resolution_secs=draw(st.one_of(st.none(), st.integers(0, 3_000_000))),
            reopen_count=draw(st.integers(0, 3)),
            deleted=draw(st.integers(0, 5)) == 0,
        )
        for name in ids
    ]


people = st.lists(st.tuples(talks(), maybe_instants, maybe_instants), min_size=1, max_size=4)
Person = tuple[list[Talk], datetime | None, datetime | None]


def store(org_id: int, person: Person, prefix: str) -> Customer:
    held, seen, replied = person
    customer = add_customer(org_id, last_seen_at=seen, last_replied_at=replied)
    for talk in held:
        row = Conversation.objects.for_org(org_id).create(
            org_id=org_id,
            source=source_of(org_id),
            external_id=f"{prefix}{talk.id}",
            observed_at=NOW,
            status=talk.state,
            opened_at=talk.created_at,
            remote_updated_at=talk.updated_at,
            closed_at=talk.closed_at,
            last_admin_reply_at=talk.admin_reply_at,
            time_to_resolution_secs=talk.time_to_resolution_secs,
            reopen_count=talk.reopen_count,
            deleted_at=NOW if talk.deleted else None,
        )
        Participant.objects.for_org(org_id).create(
            org_id=org_id, conversation=row, customer=customer
        )
    return customer


def outcome_of(org_id: int, *customers: Customer) -> Outcome:
    (scope,) = scopes(org_id, [customer.pk for customer in customers])
    return evaluate(read_signals(scope, NOW), DEFAULTS, NOW)


@settings(max_examples=60, suppress_health_check=list(HealthCheck), deadline=None)
@given(people)
def test_scores_agree_with_the_slow_reading(everybody: list[Person]) -> None:
    org_id = add_org()
    stored = [store(org_id, person, f"{n}/") for n, person in enumerate(everybody)]
    outcome = outcome_of(org_id, *stored)
    assert outcome.customer_ids.tolist() == [customer.pk for customer in stored]
    for row, (held, seen, replied) in enumerate(everybody):
        values = reading.factors(held, seen, replied, NOW)
        if values is None:
            assert outcome.scores[row] == NO_SCORE
            continue
        expected = [np.nan if value is None else value for value in values]
        assert outcome.values[row] == pytest.approx(expected, abs=1e-9, nan_ok=True)
        assert abs(float(outcome.scores[row]) - reading.score(values)) <= 0.5 + 1e-9


@settings(max_examples=20, suppress_health_check=list(HealthCheck), deadline=None)
@given(people, st.randoms())
def test_order_of_storing_and_size_of_the_batch_are_irrelevant(
    everybody: list[Person], random: Random
) -> None:
    org_id = add_org()
    stored = [store(org_id, person, f"{n}/") for n, person in enumerate(everybody)]
    together = outcome_of(org_id, *stored)
    other_org = add_org("Other")
    for row, (held, seen, replied) in enumerate(everybody):
        shuffled = random.sample(held, len(held))
        again = store(other_org, (shuffled, seen, replied), f"{row}/")
        for alone in (outcome_of(org_id, stored[row]), outcome_of(other_org, again)):
            assert alone.values.tobytes() == together.values[row : row + 1].tobytes()
            assert alone.scores[0] == together.scores[row]


def test_worked_example_b_comes_out_of_stored_conversations() -> None:
    org_id = add_org()
    outcome = outcome_of(org_id, add_example_b(org_id))
    assert outcome.values[0] == pytest.approx([0.2228, 0.2612, 0.1614, 0.1614, 0.2387], abs=5e-5)
    assert outcome.scores.tolist() == [21]


def test_deleted_customers_and_those_of_others_are_not_read() -> None:
    org_id, other_org = add_org(), add_org("Other")
    gone = add_customer(org_id, deleted_at=NOW)
    stranger = add_example_b(other_org)
    here = add_customer(org_id)
    scope = Scope(org_id, 1, here.pk, (gone.pk, stranger.pk, here.pk))
    assert read_signals(scope, NOW).customer_ids.tolist() == [here.pk]


def test_a_shared_conversation_counts_for_each_of_its_people() -> None:
    org_id = add_org()
    both = add_customer(org_id), add_customer(org_id)
    add_conversation(*both, created=2, updated=1)
    assert outcome_of(org_id, *both).raws[:, 1].tolist() == [1, 1]


def test_a_conversation_without_an_update_counts_from_its_creation() -> None:
    org_id = add_org()
    customer = add_customer(org_id)
    add_conversation(customer, created=4, updated=1)
    Conversation.objects.for_org(org_id).update(remote_updated_at=None)
    assert outcome_of(org_id, customer).raws[0, 0] == pytest.approx(4)


def test_batches_of_everybody_cover_each_customer_once() -> None:
    org_id = add_org()
    everybody = [add_customer(org_id).pk for _ in range(5)]
    add_customer(org_id, deleted_at=ago(1))
    add_customer(add_org("Other"))
    batches = list(scopes(org_id, None, size=2))
    assert len(batches) == 3
    read = [i for scope in batches for i in read_signals(scope, NOW).customer_ids.tolist()]
    assert read == everybody
