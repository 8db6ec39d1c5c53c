"""Large organizations are counted by the worker; their pages read what it found."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pulsescore.pipeline.changes import read_mark
from pulsescore.scoring.actions import rescore
from pulsescore.scoring.models import Survey
from pulsescore.scoring.queries import attention, histogram, summary, week, worst_changes
from pulsescore.scoring.surveys import is_survey_due, surveyed_orgs, take_survey
from pulsescore.store.models import Customer
from tests.db.scoring.people import NOW, add_example_b, add_fallen, add_org

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


@pytest.fixture
def org_id() -> int:
    """Somebody who fell within the week, and somebody critical for longer."""
    org_id = add_org()
    for name in ("Mia Chen", "Noah Berg"):
        add_fallen(org_id, name=name)
    add_example_b(org_id)
    rescore(org_id=org_id, customer_ids=None, now=NOW)
    return org_id


def told(org_id: int, now: Any) -> Any:
    """Everything that a survey stands in for."""
    seen = attention(org_id, now)
    return (
        summary(org_id, now),
        histogram(org_id, now),
        [(case.customer.id, case.fall, case.cause) for case in seen.worse],
        [(case.customer.id, case.signals) for case in seen.still_critical],
        seen.week,
        week(org_id, now),
        worst_changes(org_id, now),
    )


def take(org_id: int, now: Any) -> bool:
    return take_survey(org_id, now=now, larger_than=2)


def test_a_survey_tells_exactly_what_counting_tells(org_id: int) -> None:
    counted = told(org_id, NOW)
    assert counted[-2].became_critical == len(counted[2]) == len(counted[-1]) == 2
    assert take(org_id, NOW)
    assert told(org_id, NOW) == counted


def test_pages_read_the_survey_instead_of_everybody(org_id: int) -> None:
    take(org_id, NOW)
    with CaptureQueriesContext(connection) as asked:
        told(org_id, NOW + MINUTE)
    looks_at_everybody = ("-- Who got noticeably worse", "-- Customers whose score is lower")
    counts = ("-- How many customers stand where", *looks_at_everybody)
    assert not [one["sql"] for one in asked if one["sql"].startswith(counts)]


def test_a_small_organization_is_counted_for_each_page(org_id: int) -> None:
    assert not take_survey(org_id, now=NOW, larger_than=3)
    assert not Survey.objects.for_org(org_id).exists()


def test_another_is_taken_once_something_changed_but_not_each_second(org_id: int) -> None:
    take(org_id, NOW)
    customer = add_example_b(org_id)
    rescore(org_id=org_id, customer_ids=[customer.pk], now=NOW)
    assert not take(org_id, NOW + MINUTE / 2)
    assert surveyed_orgs(now=NOW + MINUTE / 2) == []
    assert surveyed_orgs(now=NOW + MINUTE) == [org_id]
    assert take(org_id, NOW + MINUTE)
    assert summary(org_id, NOW + MINUTE).total == 4


def test_without_change_it_is_renewed_before_pages_hold_it_for_too_old(org_id: int) -> None:
    take(org_id, NOW)
    assert not is_survey_due(org_id, now=NOW + 5 * MINUTE, larger_than=2)
    assert is_survey_due(org_id, now=NOW + 8 * MINUTE, larger_than=2)


def test_one_that_nobody_renews_is_not_believed_for_long(org_id: int) -> None:
    take(org_id, NOW)
    customer = add_example_b(org_id)
    rescore(org_id=org_id, customer_ids=[customer.pk], now=NOW)
    assert summary(org_id, NOW + 9 * MINUTE).total == 3
    assert summary(org_id, NOW + 11 * MINUTE).total == 4


def test_an_open_page_notices_another_survey(org_id: int) -> None:
    before = read_mark(org_id)
    take(org_id, NOW)
    assert "scores" in read_mark(org_id).seen.kinds_changed_since(before.seen)


def test_an_erased_customer_is_not_told_from_a_survey(org_id: int) -> None:
    take(org_id, NOW)
    mia = Customer.objects.for_org(org_id).get(name="Mia Chen")
    Customer.objects.for_org(org_id).filter(pk=mia.pk).update(deleted_at=NOW)
    assert mia.pk not in {one.customer_id for one in worst_changes(org_id, NOW)}
    assert "Mia" not in str(list(Survey.objects.for_org(org_id).values()))
