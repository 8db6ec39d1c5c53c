"""The backtest: it finds what there is, nothing where there is nothing, and sees no future."""

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from pulsescore.scoring.backtest.lifecycle import MOST_ATTEMPTS, request
from pulsescore.scoring.backtest.run import execute
from pulsescore.scoring.backtest.shapes import Horizon, Result, read_result
from pulsescore.scoring.models import ScorePoint
from pulsescore.scoring.outcomes.models import Backtest, OutcomeRecord
from pulsescore.store.models import Company, CompanyMember, Customer
from tests.db.scoring.backtesting import run
from tests.db.scoring.people import NOW, ago, source_of
from tests.db.scoring.worlds import (
    Person,
    Talk,
    bad_talk,
    calm_person,
    good_talk,
    leavers_and_stayers,
    store,
    unhappy_leaver,
)

pytestmark = pytest.mark.django_db


def told(people: list[Person], *, webhooks: bool = False) -> Result:
    """The result of a backtest of these people; its figures are printed."""
    backtest = run(store(people, webhooks=webhooks))
    assert backtest.status == "succeeded", backtest.problem
    result = read_result(backtest.result or {})
    for one in result.horizons:
        print(f"{one.days} days before: AUC {one.auc:.3f}, 95 % {one.low:.3f} to {one.high:.3f}")
    return result


def tells_nothing(one: Horizon) -> bool:
    assert one.low is not None
    assert one.high is not None
    return one.low <= 0.5 <= one.high


def test_it_finds_that_people_leave_after_bad_support_and_over_what() -> None:
    result = told(leavers_and_stayers(unhappy_leaver, seed=1))

    month = result.horizons[0]
    assert month.low is not None
    assert month.low > 0.6
    assert all(one.tells for one in result.horizons)
    red, yellow, green = month.levels
    assert red.churn + yellow.churn > 3 * green.churn
    low, high = month.deciles[:5], month.deciles[5:]
    assert sum(one.left for one in low) > 3 * sum(one.left for one in high)
    assert month.warned + month.missed_count == month.counts["looked_at"] == 45
    assert [one.score for one in month.missed] == sorted(
        (one.score for one in month.missed), reverse=True
    )
    assert result.suggestion is not None
    assert result.suggestion.better
    assert result.suggestion.gain_low > 0
    assert sum(result.suggestion.weights.values()) == 100
    assert result.suggestion.weights["reopen_rate"] > 40


def test_where_people_leave_by_chance_it_finds_nothing() -> None:
    """Though who left was last seen before leaving, and who stayed was seen since."""
    result = told(leavers_and_stayers(calm_person, seed=2))

    assert all(tells_nothing(one) for one in result.horizons)
    assert result.suggestion is None or not result.suggestion.better


def spoiled_later(random: Random, *, left: float) -> Person:
    """Somebody for whom nothing was special until four weeks before, and then everything.

    Conversations of before were opened again and answered in anger; new ones went badly.
    """
    person = calm_person(random, left=left)
    before = [talk for talk in person.talks if talk.opened > left + 31]
    person.talks = [
        replace(
            talk,
            closed=-1,
            updated=left + 5,
            replied=left + 5,
            reopens=talk.reopens + 2,
            told=(*talk.told, ("reopened", left + 9), ("reopened", left + 6)),
        )
        for talk in before
    ]
    person.talks += [bad_talk(left + days, random) for days in (28, 20, 12)]
    person.seen = left
    return person


def test_what_went_wrong_later_is_not_seen_before() -> None:
    result = told(leavers_and_stayers(spoiled_later, seed=3), webhooks=True)

    assert all(tells_nothing(one) for one in result.horizons)


def test_the_calendar_tells_nothing() -> None:
    """One month was bad for everybody, and most who ever left did so a month later."""
    random = Random(5)
    people = [calm_person(random, left=float(random.randrange(8, 20))) for _ in range(45)]
    people += [calm_person(random) for _ in range(120)]
    for person in people:
        person.talks = [talk for talk in person.talks if talk.opened > 64]
        person.talks += [bad_talk(64 - random.uniform(0, 26), random) for _ in range(2)]

    assert tells_nothing(told(people).horizons[0])


def test_with_too_few_outcomes_there_are_no_figures() -> None:
    random = Random(6)
    people = [unhappy_leaver(random, left=20.0) for _ in range(29)]

    backtest = run(store([*people, *(calm_person(random) for _ in range(40))]))

    assert (backtest.status, backtest.outcomes) == ("too_few", 29)
    result = read_result(backtest.result or {})
    assert [(one.auc, one.levels, one.missed) for one in result.horizons] == [(None, [], [])] * 3
    assert result.suggestion is None


def test_a_company_that_left_is_one_outcome_however_many_people_it_had() -> None:
    random = Random(7)
    org_id = store([calm_person(random) for _ in range(80)])
    people = list(Customer.objects.for_org(org_id).order_by("id"))
    for number in range(4):
        add_firm_that_left(org_id, people[10 * number : 10 * number + 10])

    backtest = run(org_id)

    assert (backtest.status, backtest.outcomes) == ("too_few", 4)
    assert first_counts(backtest, 0)["looked_at"] == 40


def test_who_had_no_score_then_or_left_before_anything_is_known_is_counted_apart() -> None:
    random = Random(8)
    late = Person([good_talk(20, random)], seen=5, left=5)
    early = Person([Talk(300, 299, 299, 199.9)], seen=150, left=150)
    gone = calm_person(random, left=5.0)
    gone.deleted = 1.0
    org_id = store([late, early, gone, *(calm_person(random) for _ in range(20))])
    OutcomeRecord.objects.for_org(org_id).create(
        org_id=org_id,
        customer=Customer.objects.for_org(org_id).order_by("id")[3],
        left_on=ago(-20).date(),
        source="api",
        recorded_at=NOW,
    )

    counts = first_counts(run(org_id), 2)

    assert (counts["no_score"], counts["too_early"], counts["yet_to_come"]) == (1, 1, 1)
    assert counts["looked_at"] == 1


def few(random: Random) -> list[Person]:
    """As few as a backtest can be about."""
    people = [Person([good_talk(190 - one, random)], 9.0, 10.0 + one % 3) for one in range(32)]
    return people + [Person([good_talk(190 - one, random)], 1.0) for one in range(40)]


def test_what_was_recorded_on_the_day_outweighs_what_can_be_replayed() -> None:
    """Only the recorded points know that those who left had not been seen for weeks."""
    people = few(Random(10))
    org_id = store(people)
    customers = Customer.objects.for_org(org_id).order_by("id")
    ScorePoint.objects.for_org(org_id).bulk_create(
        ScorePoint(
            org_id=org_id,
            customer=customer,
            at=ago(days).replace(hour=0),
            raws=[40.0 if person.left > 0 else 1.0, 0.0, 1.0, 0.0, 0.0],
            config_version=1,
        )
        for customer, person in zip(customers, people, strict=True)
        for days in (40, 41, 42)
    )

    result = read_result(run(org_id).result or {})

    assert result.horizons[0].auc == 1.0
    assert (result.horizons[1].auc or 0) < 0.8


def test_a_result_is_bound_to_its_configuration_and_never_changed() -> None:
    org_id = store([calm_person(Random(9), left=3.0)])
    first = run(org_id)

    second = run(org_id)
    execute(first.pk, now=lambda: NOW + timedelta(days=1))

    assert first.pk != second.pk
    assert first.config_version == 1
    again = Backtest.objects.for_org(org_id).get(pk=first.pk)
    assert (again.finished_at, again.result) == (first.finished_at, first.result)


def test_asking_twice_is_asking_once_and_a_killed_one_is_taken_up_again_three_times() -> None:
    org_id = store([calm_person(Random(9))])
    first, _ = request(org_id, user_id=None, now=NOW)
    assert request(org_id, user_id=None, now=NOW) == (first, False)
    rows = Backtest.objects.for_org(org_id)

    rows.update(status="running", attempts=MOST_ATTEMPTS)
    execute(first.pk, now=lambda: NOW)

    assert rows.get().status == "failed"
    assert "stopped several times" in rows.get().problem


def test_a_failure_is_told_and_stored() -> None:
    org_id = store(few(Random(11)))
    failing, _ = request(org_id, user_id=None, now=NOW)

    def broken(*_given: object, **_named: object) -> dict[str, object]:
        raise OSError("out of memory")

    execute(failing.pk, now=lambda: NOW, judged_by=broken)

    row = Backtest.objects.for_org(org_id).get(pk=failing.pk)
    assert (row.status, row.result) == ("failed", None)
    assert "logged" in row.problem


def first_counts(backtest: Backtest, horizon: int) -> dict[str, int]:
    return read_result(backtest.result or {}).horizons[horizon].counts


def add_firm_that_left(org_id: int, people: list[Customer]) -> None:
    firm = Company.objects.for_org(org_id).create(
        org_id=org_id,
        source=source_of(org_id),
        external_id=f"firm-{people[0].pk}",
        observed_at=NOW,
    )
    CompanyMember.objects.for_org(org_id).bulk_create(
        CompanyMember(org_id=org_id, company=firm, customer=one) for one in people
    )
    OutcomeRecord.objects.for_org(org_id).create(
        org_id=org_id, company=firm, left_on=ago(10).date(), source="api", recorded_at=NOW
    )
