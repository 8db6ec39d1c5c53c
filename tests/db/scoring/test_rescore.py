"""Rescoring writes what changed, keeps the history, tells the timeline, and nothing else."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from pulsescore.scoring.actions import rescore, rescore_dirty, rescore_everybody
from pulsescore.scoring.decide import ScoreChange
from pulsescore.scoring.models import HealthScore, RescoreRun, ScorePoint
from pulsescore.store import dirty
from pulsescore.store.models import Conversation, Customer, DirtyCustomer, TimelineEvent
from tests.db.scoring.people import (
    NOW,
    add_conversation,
    add_customer,
    add_example_b,
    add_example_f,
    add_org,
    ago,
)

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def org_id() -> int:
    return add_org()


def health(customer: Customer) -> HealthScore:
    return HealthScore.objects.for_org(customer.org_id).get(customer=customer)


def history(customer: Customer) -> list[tuple[float, int | None, bool]]:
    points = ScorePoint.objects.for_org(customer.org_id).filter(customer=customer).order_by("at")
    return [((p.at - NOW) / HOUR, p.score, p.changed) for p in points]


def events(customer: Customer) -> list[str]:
    rows = TimelineEvent.objects.for_org(customer.org_id).filter(customer=customer)
    return sorted(rows.values_list("name", flat=True))


def close_everything(org_id: int) -> None:
    Conversation.objects.for_org(org_id).update(status="closed", closed_at=ago(1), reopen_count=0)


@transaction.atomic
def rescore_and_crash(org_id: int) -> None:
    rescore_dirty(org_id=org_id, now=NOW)
    raise KeyboardInterrupt


def test_a_score_is_stored_with_its_factors_and_where_it_comes_from(org_id: int) -> None:
    customer = add_example_b(org_id)
    rescore(org_id=org_id, customer_ids=[customer.pk], now=NOW)
    row = health(customer)
    assert (row.score, row.risk_level, row.reason) == (21, "red", None)
    assert row.raws == pytest.approx([24, 4, 72, 3, 156])
    assert row.values == pytest.approx([0.2228, 0.2612, 0.1614, 0.1614, 0.2387], abs=5e-5)
    assert (row.config_version, row.calculated_at) == (1, NOW)


def test_a_customer_without_conversation_has_no_score_and_the_reason(org_id: int) -> None:
    customer = add_customer(org_id)
    assert rescore(org_id=org_id, customer_ids=None, now=NOW) == []
    row = health(customer)
    assert (row.score, row.risk_level, row.reason) == (None, None, "no_conversation")
    assert history(customer) == []
    assert events(customer) == []


def test_changes_of_score_and_level_are_returned(org_id: int) -> None:
    customer = add_example_b(org_id)
    first = rescore(org_id=org_id, customer_ids=None, now=NOW)
    assert first == [ScoreChange(customer.pk, None, 21, None, "red")]
    close_everything(org_id)
    (change,) = rescore(org_id=org_id, customer_ids=None, now=NOW + HOUR)
    assert (change.score_before, change.level_before) == (21, "red")
    assert change.score_after == health(customer).score


def test_running_twice_writes_nothing_more(org_id: int) -> None:
    customers = [add_example_b(org_id), add_example_f(org_id), add_customer(org_id)]
    rescore(org_id=org_id, customer_ids=None, now=NOW)
    before = [(health(c).calculated_at, history(c), events(c)) for c in customers]
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert rescore(org_id=org_id, customer_ids=None, now=NOW) == []
    written = [q["sql"] for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert written == []
    assert [(health(c).calculated_at, history(c), events(c)) for c in customers] == before


def test_one_organization_is_scored_without_touching_another(org_id: int) -> None:
    stranger = add_example_b(add_org("Other"))
    rescore(org_id=org_id, customer_ids=[stranger.pk, add_example_f(org_id).pk], now=NOW)
    assert not HealthScore.objects.for_org(stranger.org_id).exists()
    assert HealthScore.objects.for_org(org_id).count() == 1


def test_a_deleted_customer_keeps_the_last_score(org_id: int) -> None:
    customer = add_example_b(org_id)
    rescore(org_id=org_id, customer_ids=None, now=NOW)
    Customer.objects.for_org(org_id).update(deleted_at=NOW)
    close_everything(org_id)
    assert rescore(org_id=org_id, customer_ids=[customer.pk], now=NOW + HOUR) == []
    assert (health(customer).score, health(customer).calculated_at) == (21, NOW)


def test_deleted_conversations_take_the_score_away(org_id: int) -> None:
    customer = add_example_b(org_id)
    rescore(org_id=org_id, customer_ids=None, now=NOW)
    Conversation.objects.for_org(org_id).update(deleted_at=NOW)
    assert rescore(org_id=org_id, customer_ids=None, now=NOW + HOUR) == [
        ScoreChange(customer.pk, 21, None, "red", None)
    ]
    assert health(customer).reason == "no_conversation"
    assert history(customer) == [(0, 21, True), (1, None, True)]


def test_an_older_result_never_replaces_a_newer_one(org_id: int) -> None:
    customer = add_example_b(org_id)
    rescore(org_id=org_id, customer_ids=None, now=NOW)
    close_everything(org_id)
    assert rescore(org_id=org_id, customer_ids=None, now=NOW - HOUR) == []
    assert health(customer).calculated_at == NOW


def test_recalculating_by_hand_renews_the_time_even_if_nothing_moved(org_id: int) -> None:
    customer = add_customer(org_id)
    rescore(org_id=org_id, customer_ids=None, now=NOW)
    rescore(org_id=org_id, customer_ids=[customer.pk], now=NOW + HOUR, fresh=True)
    assert health(customer).calculated_at == NOW + HOUR


class TestHistory:
    def test_of_a_days_points_without_change_the_last_is_kept(self, org_id: int) -> None:
        customer = add_example_b(org_id)
        rescore(org_id=org_id, customer_ids=None, now=NOW)
        for hours in (24, 25, 26, 34):
            rescore(org_id=org_id, customer_ids=None, now=NOW + hours * HOUR)
        kept = history(customer)
        days = [int((at + 12) // 24) for at, _score, _changed in kept]
        last_of_day = [at for at, _score, changed in kept if not changed]
        assert days[-1] == 1
        assert kept[0] == (0, 21, True)
        assert kept[-1][0] == 34
        assert len(last_of_day) <= 1

    def test_every_change_of_score_keeps_its_point(self, org_id: int) -> None:
        customer = add_example_b(org_id)
        rescore(org_id=org_id, customer_ids=None, now=NOW)
        close_everything(org_id)
        rescore(org_id=org_id, customer_ids=None, now=NOW + HOUR)
        Conversation.objects.for_org(org_id).update(status="open")
        rescore(org_id=org_id, customer_ids=None, now=NOW + 2 * HOUR)
        assert [(at, changed) for at, _score, changed in history(customer)] == [
            (0, True),
            (1, True),
            (2, True),
        ]

    def test_a_day_without_change_still_has_its_point(self, org_id: int) -> None:
        customer = add_customer(org_id, last_seen_at=ago(3000), last_replied_at=NOW)
        add_conversation(customer, created=3000, updated=2999, status="closed", closed_at=ago(2999))
        for day in range(3):
            rescore(org_id=org_id, customer_ids=None, now=NOW + day * 24 * HOUR)
        assert [at for at, *_ in history(customer)] == [0, 24, 48]


class TestTimeline:
    def test_the_first_score_is_told_once_in_a_life(self, org_id: int) -> None:
        customer = add_example_b(org_id)
        rescore(org_id=org_id, customer_ids=None, now=NOW)
        Conversation.objects.for_org(org_id).update(deleted_at=NOW)
        rescore(org_id=org_id, customer_ids=None, now=NOW + HOUR)
        Conversation.objects.for_org(org_id).update(deleted_at=None)
        rescore(org_id=org_id, customer_ids=None, now=NOW + 2 * HOUR)
        assert events(customer) == ["First health score"]

    def test_ten_points_and_a_new_level_are_told_with_before_and_after(self, org_id: int) -> None:
        customer = add_example_b(org_id)
        rescore(org_id=org_id, customer_ids=None, now=NOW)
        close_everything(org_id)
        rescore(org_id=org_id, customer_ids=None, now=NOW + HOUR)
        assert events(customer) == [
            "First health score",
            "Health score changed",
            "Risk level changed",
        ]
        told = TimelineEvent.objects.for_org(org_id).get(name="Risk level changed")
        assert (told.source, told.occurred_at) == ("pulsescore", NOW + HOUR)
        assert told.properties == {
            "score": health(customer).score,
            "score_before": 21,
            "risk_level": "yellow",
            "risk_level_before": "red",
            "config_version": 1,
        }

    def test_a_small_change_within_the_level_is_not_told(self, org_id: int) -> None:
        customer = add_example_f(org_id)
        rescore(org_id=org_id, customer_ids=None, now=NOW)
        (change,) = rescore(org_id=org_id, customer_ids=None, now=NOW + 72 * HOUR)
        assert change.score_after != change.score_before
        assert events(customer) == ["First health score"]


class TestMarks:
    def test_marked_customers_are_scored_and_their_marks_go(self, org_id: int) -> None:
        customer, unmarked = add_example_b(org_id), add_example_f(org_id)
        dirty.mark(org_id, [customer.pk])
        assert rescore_dirty(org_id=org_id, now=NOW) == 1
        assert health(customer).score == 21
        assert not HealthScore.objects.for_org(org_id).filter(customer=unmarked).exists()
        assert not DirtyCustomer.objects.for_org(org_id).exists()

    def test_a_crash_gives_the_marks_back(self, org_id: int) -> None:
        customer = add_example_b(org_id)
        dirty.mark(org_id, [customer.pk])
        with pytest.raises(KeyboardInterrupt):
            rescore_and_crash(org_id)
        assert DirtyCustomer.objects.for_org(org_id).count() == 1
        assert not HealthScore.objects.for_org(org_id).exists()

    def test_nothing_marked_is_nothing_done(self, org_id: int) -> None:
        assert rescore_dirty(org_id=org_id, now=NOW) == 0


def test_everybody_is_rescored_with_progress(org_id: int) -> None:
    for _ in range(3):
        add_example_f(org_id)
    seen: list[tuple[int, int]] = []
    run = rescore_everybody(
        org_id=org_id,
        reason="nightly",
        now=NOW,
        progress=lambda run: seen.append((run.done, run.total)),
    )
    assert seen == [(3, 3), (3, 3)]
    stored = RescoreRun.objects.for_org(org_id).get(pk=run.pk)
    assert (stored.done, stored.total, stored.finished_at) == (3, 3, NOW)


def test_the_number_of_queries_does_not_grow_with_the_customers(org_id: int) -> None:
    rescore(org_id=org_id, customer_ids=[add_example_f(org_id).pk], now=NOW)
    counts = []
    for size in (1, 12):
        ids = [add_example_f(org_id).pk for _ in range(size)]
        with CaptureQueriesContext(connection) as queries:
            rescore(org_id=org_id, customer_ids=ids, now=NOW)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 25
