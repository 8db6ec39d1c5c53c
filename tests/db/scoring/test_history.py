"""Replay: scores as of an earlier instant, and the first chart filled from what is stored."""

from datetime import timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from pulsescore.scoring.actions import reconstruct_history, rescore
from pulsescore.scoring.history import scores_as_of
from pulsescore.scoring.models import DayTotal, ScorePoint
from pulsescore.scoring.queries import level_trend, score_trend
from pulsescore.store.models import ConversationActivity
from tests.db.scoring.people import (
    NOW,
    add_conversation,
    add_customer,
    add_example_b,
    add_example_f,
    add_org,
    ago,
)
from tests.db.scoring.test_signals import Person, outcome_of, people, store

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def org_id() -> int:
    return add_org()


@settings(max_examples=40, suppress_health_check=list(HealthCheck), deadline=None)
@given(people)
def test_as_of_now_the_replay_is_the_present(everybody: list[Person]) -> None:
    org_id = add_org()
    stored = [store(org_id, person, f"{n}/") for n, person in enumerate(everybody)]
    present = outcome_of(org_id, *stored)
    replayed = scores_as_of(org_id=org_id, customer_ids=[c.pk for c in stored], t=NOW)
    assert np.array_equal(replayed.raws, present.raws, equal_nan=True)
    assert replayed.scores.tolist() == present.scores.tolist()


def raws_of(org_id: int, customer_id: int, days: float) -> list[float]:
    outcome = scores_as_of(org_id=org_id, customer_ids=[customer_id], t=ago(days))
    raws: list[float] = outcome.raws[0].tolist()
    return raws


def test_a_conversation_exists_from_its_creation(org_id: int) -> None:
    customer = add_customer(org_id)
    add_conversation(customer, created=5, updated=1)
    assert np.isnan(raws_of(org_id, customer.pk, 5.1)).all()
    assert raws_of(org_id, customer.pk, 4)[1] == 1


def test_it_is_open_until_it_was_closed_and_resolved_from_then(org_id: int) -> None:
    customer = add_customer(org_id)
    add_conversation(
        customer,
        created=9,
        updated=3,
        status="closed",
        closed_at=ago(6),
        time_to_resolution_secs=3 * 86400,
    )
    before, after = raws_of(org_id, customer.pk, 6.5), raws_of(org_id, customer.pk, 5.5)
    assert (before[1], after[1]) == (1, 0)
    assert np.isnan(before[2])
    assert after[2] == 72


def test_told_reopenings_and_closings_date_the_states(org_id: int) -> None:
    customer = add_customer(org_id)
    talk = add_conversation(
        customer,
        created=9,
        updated=1,
        status="closed",
        closed_at=ago(2),
        first_closed_at=ago(8),
        reopen_count=1,
    )
    for kind, days in (("closed", 8), ("reopened", 5), ("closed", 2)):
        ConversationActivity.objects.for_org(org_id).create(
            org_id=org_id, conversation=talk, kind=kind, at=ago(days)
        )
    states = {days: raws_of(org_id, customer.pk, days) for days in (8.5, 7, 4, 1.5)}
    assert [states[days][1] for days in states] == [1, 0, 1, 0]
    assert [states[days][3] for days in states] == [0, 0, 1, 1]


def test_the_first_chart_is_filled_and_marked_reconstructed(org_id: int) -> None:
    customer = add_example_b(org_id)
    rescore(org_id=org_id, customer_ids=None, now=NOW)
    added = reconstruct_history(org_id=org_id, now=NOW)
    points = ScorePoint.objects.for_org(org_id).filter(customer=customer, reconstructed=True)
    assert added == points.count() == 25
    assert [point.at for point in points.order_by("at")][-1] == NOW - DAY
    assert all(point.score is not None for point in points)


def test_filling_again_adds_nothing(org_id: int) -> None:
    add_example_b(org_id)
    reconstruct_history(org_id=org_id, now=NOW)
    assert reconstruct_history(org_id=org_id, now=NOW + timedelta(minutes=5)) == 0


def test_a_day_that_has_a_point_is_left_alone(org_id: int) -> None:
    customer = add_example_b(org_id)
    rescore(org_id=org_id, customer_ids=None, now=NOW - 3 * DAY)
    reconstruct_history(org_id=org_id, now=NOW, days=5)
    points = ScorePoint.objects.for_org(org_id).filter(customer=customer).order_by("at")
    assert [((NOW - p.at) // DAY, p.reconstructed) for p in points] == [
        (5, True),
        (4, True),
        (3, False),
        (2, True),
        (1, True),
    ]


def test_trends_are_the_same_from_points_and_from_day_totals(org_id: int) -> None:
    add_example_b(org_id)
    add_example_f(org_id)
    rescore(org_id=org_id, customer_ids=None, now=NOW)
    reconstruct_history(org_id=org_id, now=NOW)
    assert DayTotal.objects.for_org(org_id).exists()
    stored = score_trend(org_id, 90, NOW), level_trend(org_id, 90, NOW)
    DayTotal.objects.for_org(org_id).delete()
    assert (score_trend(org_id, 90, NOW), level_trend(org_id, 90, NOW)) == stored
    today = stored[1][-1]
    assert (today.on, today.green, today.red) == (NOW.date(), 1, 1)
    assert stored[0][-1].average == (21 + 91) / 2
