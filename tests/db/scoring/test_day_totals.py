"""Trends read a total per day; it is what reading every point would give, whatever happens."""

import os
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from threading import Event
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pulsescore.scoring.actions import reconstruct_history, rescore
from pulsescore.scoring.models import DayTotal, ScorePoint
from pulsescore.scoring.queries import day_trend, summary
from pulsescore.scoring.rollup import past_days, roll_up_days
from pulsescore.store import erase
from pulsescore.store.models import Customer
from tests.db.scoring.people import NOW, add_customer, add_example_b, add_example_f, add_org, ago

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TODAY = NOW.date()
CASES = int(os.environ.get("PULSESCORE_CASES", "6"))
Day = tuple[int, int, int, int]


@pytest.fixture
def org_id() -> int:
    return add_org()


def level_of(score: int | None) -> str | None:
    if score is None:
        return None
    return "green" if score >= 70 else "yellow" if score >= 40 else "red"


def add_point(customer: Customer, at: datetime, score: int | None) -> None:
    ScorePoint.objects.for_org(customer.org_id).update_or_create(
        org_id=customer.org_id,
        customer=customer,
        at=at,
        defaults={"score": score, "risk_level": level_of(score), "config_version": 1},
    )


def read_every_point(org_id: int) -> dict[date, Day]:
    """The slow way: of each customer's day the last point, on past days."""
    ended: dict[tuple[date, int], ScorePoint] = {}
    for point in ScorePoint.objects.for_org(org_id).filter(at__lt=midnight()).order_by("at"):
        ended[point.at.astimezone(UTC).date(), point.customer_id] = point
    days: dict[date, list[ScorePoint]] = defaultdict(list)
    for (on, _customer), point in ended.items():
        if point.score is not None:
            days[on].append(point)
    return {on: counted(points) for on, points in days.items()}


def midnight() -> datetime:
    return NOW.replace(hour=0)


def counted(points: list[ScorePoint]) -> Day:
    levels = [point.risk_level for point in points]
    green, yellow, red = (levels.count(level) for level in ("green", "yellow", "red"))
    return green, yellow, red, sum(point.score or 0 for point in points)


def read_totals(org_id: int, days: int = 90) -> dict[date, Day]:
    found = past_days(org_id, first=TODAY - timedelta(days - 1), until=TODAY)
    return {one.on: (one.green, one.yellow, one.red, one.score_sum) for one in found}


# Hours that meet: three of one day, the ends of days, and today.
hours = st.sampled_from([1, 20, 24, 25, 30, 36, 36.5, 47, 48, 60, 61, 100, 2000])
places = st.integers(0, 2)
scores = st.none() | st.sampled_from([0, 39, 40, 69, 70, 100])
steps = st.one_of(
    st.tuples(st.just("write"), places, hours, scores),
    st.tuples(st.just("move"), places, hours, hours),
    st.tuples(st.just("remove"), places, hours),
    st.tuples(st.just("rescore"), places, hours, scores),
    st.tuples(st.just("erase"), places),
    st.tuples(st.just("roll up")),
)


def take_step(people: list[Customer], step: tuple[Any, ...]) -> None:
    kind, *values = step
    org_id = people[0].org_id
    if kind == "roll up":
        roll_up_days(org_id=org_id, now=NOW)
        return
    customer = people[values[0]]
    points = ScorePoint.objects.for_org(org_id).filter(customer=customer)
    if kind == "write":
        add_point(customer, NOW - timedelta(hours=values[1]), values[2])
    elif kind == "rescore":
        points.filter(at__lte=NOW - timedelta(hours=values[1])).update(
            score=values[2], risk_level=level_of(values[2])
        )
    elif kind == "remove":
        points.filter(at__gte=NOW - timedelta(hours=values[1])).delete()
    elif kind == "move":
        at = NOW - timedelta(hours=values[2], minutes=7 + values[0])
        if not points.filter(at=at).exists():
            points.filter(at=NOW - timedelta(hours=values[1])).update(at=at)
    else:
        erase.erase(org_id, customer.pk, now=NOW)
        people[values[0]] = add_customer(org_id)


@settings(max_examples=CASES, suppress_health_check=list(HealthCheck), deadline=None)
@given(st.lists(steps, min_size=4, max_size=12))
def test_totals_are_what_reading_every_point_gives(history: list[tuple[Any, ...]]) -> None:
    people = [add_customer(add_org()) for _ in range(3)]
    others = people.pop()
    people = [people[0], add_customer(people[0].org_id), add_customer(people[0].org_id)]
    add_point(others, ago(1.5), 50)
    roll_up_days(org_id=others.org_id, now=NOW)
    for step in history:
        take_step(people, step)
        assert read_totals(people[0].org_id) == read_every_point(people[0].org_id)
    assert read_totals(others.org_id) == {ago(1.5).date(): (0, 1, 0, 50)}


def test_a_trend_of_totalled_days_reads_no_point(org_id: int) -> None:
    add_point(add_customer(org_id), ago(3), 80)
    add_point(add_customer(org_id), ago(25), 30)
    told = day_trend(org_id, 90, NOW)
    roll_up_days(org_id=org_id, now=NOW)
    with CaptureQueriesContext(connection) as asked:
        assert day_trend(org_id, 90, NOW) == told
    assert not [one["sql"] for one in asked if one["sql"].startswith("-- How many customers ended")]
    assert [scored.on for scored, _levels in told] == [ago(25).date(), ago(3).date(), TODAY]


def test_only_the_days_without_a_total_are_read(org_id: int) -> None:
    customer = add_customer(org_id)
    for days in (1, 2, 3):
        add_point(customer, ago(days), 80)
    roll_up_days(org_id=org_id, now=NOW - DAY)
    with CaptureQueriesContext(connection) as asked:
        assert len(read_totals(org_id)) == 3
    (reading,) = [one["sql"] for one in asked if "-- How many customers ended" in one["sql"]]
    assert f"at >= '{ago(1).date()} 00:00:00+00:00'" in reading


def test_a_day_is_totalled_once(org_id: int) -> None:
    add_point(add_customer(org_id), ago(5), 80)
    assert roll_up_days(org_id=org_id, now=NOW) == 5
    assert roll_up_days(org_id=org_id, now=NOW) == 0
    assert roll_up_days(org_id=org_id, now=NOW + DAY) == 1


def test_today_has_no_total(org_id: int) -> None:
    add_point(add_customer(org_id), NOW, 80)
    assert roll_up_days(org_id=org_id, now=NOW) == 0
    assert read_totals(org_id) == {}


def test_a_rescore_that_ends_after_midnight_counts_on_its_day(org_id: int) -> None:
    add_example_b(org_id)
    late = midnight() - timedelta(minutes=1)
    add_point(add_example_f(org_id), ago(2), 90)
    roll_up_days(org_id=org_id, now=NOW)
    rescore(org_id=org_id, customer_ids=None, now=late)
    assert read_totals(org_id) == read_every_point(org_id)
    assert len(read_totals(org_id)) == 2


def test_reconstruction_is_in_the_trend_batch_by_batch(org_id: int) -> None:
    add_example_b(org_id)
    add_example_f(org_id)
    rescore(org_id=org_id, customer_ids=None, now=NOW)
    reconstruct_history(org_id=org_id, now=NOW)
    assert DayTotal.objects.for_org(org_id).count() == 90
    assert read_totals(org_id) == read_every_point(org_id)
    assert len(read_totals(org_id)) == 25


def test_whoever_is_erased_is_in_no_total(org_id: int) -> None:
    gone, stays = add_customer(org_id), add_customer(org_id)
    for days in (1, 8):
        add_point(gone, ago(days), 20)
        add_point(stays, ago(days), 80)
    roll_up_days(org_id=org_id, now=NOW)
    assert summary(org_id, NOW - DAY).red_change == -1
    erase.erase(org_id, gone.pk, now=NOW)
    assert set(read_totals(org_id).values()) == {(1, 0, 0, 80)}
    assert summary(org_id, NOW - DAY).red_change == 0


def test_what_is_taken_back_leaves_the_total_alone(org_id: int) -> None:
    customer = add_customer(org_id)
    add_point(customer, ago(2), 80)
    roll_up_days(org_id=org_id, now=NOW)
    with transaction.atomic():
        add_point(customer, ago(1.9), 20)
        assert read_totals(org_id)[ago(2).date()] == (0, 0, 1, 20)
        transaction.set_rollback(True)
    assert read_totals(org_id) == {ago(2).date(): (1, 0, 0, 80)}


@pytest.mark.django_db(transaction=True)
def test_a_day_is_totalled_after_the_writers_that_began_before() -> None:
    org_id = add_org()
    customers = [add_customer(org_id), add_customer(org_id)]
    add_point(customers[0], ago(1), 80)
    wrote, totalling = Event(), Event()

    def write() -> None:
        try:
            with transaction.atomic():
                add_point(customers[1], ago(1), 20)
                wrote.set()
                assert totalling.wait(timeout=30)
                wait_for_the_lock()
        finally:
            connection.close()

    def total() -> int:
        try:
            assert wrote.wait(timeout=30)
            totalling.set()
            return roll_up_days(org_id=org_id, now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        writing, totalled = pool.submit(write), pool.submit(total)
        writing.result(timeout=60)
        assert totalled.result(timeout=60) == 1
    assert DayTotal.objects.for_org(org_id).get().score_sum == 100


def wait_for_the_lock() -> None:
    """Until another session waits for the day."""
    with connection.cursor() as cursor:
        for _look in range(10_000):
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
            )
            if cursor.fetchone() != (0,):
                return
    raise AssertionError("nobody waited")
