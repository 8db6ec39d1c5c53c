"""The morning look: the sentence, the figures, who needs attention and why, and quiet days."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from pulsescore.scoring import actions as scoring
from pulsescore.scoring.models import DayTotal, HealthScore, ScorePoint
from pulsescore.scoring.surveys import take_survey
from pulsescore.store.models import Customer
from tests import seeding
from tests.db.web.conftest import logged_in
from tests.seeding import Seeded

WEEK = timedelta(days=7)


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined, no-any-return]


def stand(
    alices: Seeded,
    number: int,
    *,
    score: int,
    level: str,
    then: tuple[int, str] | None,
    raws: tuple[float, ...] = (3.0, 4.0, 10.0, 3.0, 120.0),
    now: datetime,
) -> Customer:
    """Make a customer stand like this now, and have stood like that eight days ago."""
    org_id = alices.organization.pk
    customer = Customer.objects.for_org(org_id).get(external_id=f"contact-{number}")
    values = [0.9, 0.4, 0.8, 0.1, 0.3]
    HealthScore.objects.for_org(org_id).filter(customer=customer).delete()
    HealthScore(
        org_id=org_id,
        customer=customer,
        score=score,
        risk_level=level,
        raws=list(raws),
        values=values,
        config_version=1,
        calculated_at=now,
    ).save(force_insert=True)
    ScorePoint.objects.for_org(org_id).filter(customer=customer).delete()
    points: list[tuple[datetime, int, str]] = [(now - timedelta(hours=2), score, level)]
    if then:
        points.append((now - WEEK - timedelta(days=1), *then))
    for at, points_then, level_then in points:
        ScorePoint(
            org_id=org_id,
            customer=customer,
            at=at,
            score=points_then,
            risk_level=level_then,
            values=[0.9, 0.4, 0.8, 0.9, 0.3] if then and points_then == then[0] else values,
            raws=list(raws),
            config_version=1,
            changed=True,
        ).save(force_insert=True)
    return customer


@pytest.fixture
def quiet(alices: Seeded, now: datetime) -> Seeded:
    """Alice's organization on a morning after a week in which nothing moved."""
    org_id = alices.organization.pk
    for row in HealthScore.objects.for_org(org_id).exclude(score=None):
        ScorePoint.objects.for_org(org_id).filter(customer_id=row.customer_id).delete()
        number = int(row.customer.external_id.removeprefix("contact-"))
        stand(alices, number, score=80, level="green", then=(80, "green"), now=now)
    DayTotal.objects.for_org(org_id).delete()
    return alices


def test_who_became_critical_is_said_first_and_over_what(
    alice: Client, quiet: Seeded, now: datetime
) -> None:
    stand(quiet, 1, score=31, level="red", then=(55, "yellow"), now=now)
    stand(quiet, 2, score=38, level="red", then=(41, "yellow"), now=now)

    html = text(alice.get("/"))

    assert "2 customers became critical this week, all of them over reopened tickets." in html
    assert 'href="/customers?became=red&amp;sort=score">See the 2</a>' in html


def test_the_list_tells_who_from_where_and_why(alice: Client, quiet: Seeded, now: datetime) -> None:
    customer = stand(quiet, 1, score=31, level="red", then=(55, "yellow"), now=now)

    (case,) = alice.get("/").context["morning"].attention.worse

    assert (case.customer.name, case.fall.change) == (customer.name, -24)
    assert case.customer.companies
    assert [words for _key, words in case.signals] == ["reopened 3×", "4 open", "silent 5 d"]
    assert case.fall.moved_at == now - timedelta(hours=2)


def test_who_became_critical_comes_before_who_fell_further(
    alice: Client, quiet: Seeded, now: datetime
) -> None:
    healthy = stand(quiet, 1, score=71, level="green", then=(99, "green"), now=now)
    critical = stand(quiet, 2, score=38, level="red", then=(41, "yellow"), now=now)

    cases = alice.get("/").context["morning"].attention.worse

    assert [case.customer.id for case in cases] == [critical.pk, healthy.pk]


@pytest.mark.parametrize(
    ("score", "level", "then", "listed"),
    [
        (66, "yellow", (71, "green"), True),
        (67, "yellow", (71, "green"), False),
        (75, "green", (90, "green"), True),
        (76, "green", (90, "green"), False),
        (39, "red", (40, "yellow"), True),
    ],
)
def test_what_time_alone_takes_is_no_news(
    *,
    score: int,
    level: str,
    then: tuple[int, str],
    listed: bool,
    alice: Client,
    quiet: Seeded,
    now: datetime,
) -> None:
    stand(quiet, 1, score=score, level=level, then=then, now=now)

    assert bool(alice.get("/").context["morning"].attention.worse) is listed


def test_a_quiet_week_is_good_news(alice: Client, quiet: Seeded) -> None:
    html = text(alice.get("/"))

    assert "No customer became critical this week." in html
    assert "Nobody got worse this week" in html


def test_who_has_been_critical_for_longer_is_not_forgotten(
    alice: Client, quiet: Seeded, now: datetime
) -> None:
    customer = stand(quiet, 1, score=22, level="red", then=(22, "red"), now=now)

    response = alice.get("/")

    assert "Critical for longer" in text(response)
    (case,) = response.context["morning"].attention.still_critical
    assert (case.customer.id, case.fall) == (customer.pk, None)


def test_figures_are_doors_and_tell_the_change_of_a_week(
    alice: Client, quiet: Seeded, now: datetime
) -> None:
    stand(quiet, 1, score=31, level="red", then=(80, "green"), now=now)
    on = (now - WEEK).date()
    DayTotal(org_id=quiet.organization.pk, on=on, green=11, yellow=0, red=0, score_sum=880).save(
        force_insert=True
    )

    figures = {one.name: one for one in alice.get("/").context["morning"].figures}

    assert (figures["Critical"].value, figures["Critical"].change) == (1, 1)
    assert figures["Critical"].query == "risk=red&sort=score"


def test_the_first_look_compares_with_nothing(alice: Client, alices: Seeded) -> None:
    html = text(alice.get("/"))

    assert "A first look: of 11 customers with a score" in html
    assert "No customer became critical" not in html


def test_before_anybody_has_a_score_the_page_says_what_is_missing(
    alice: Client, alices: Seeded, now: datetime
) -> None:
    org_id = alices.organization.pk
    HealthScore.objects.for_org(org_id).delete()
    ScorePoint.objects.for_org(org_id).delete()

    html = text(alice.get("/"))

    assert "12 customers are in, and scores are being worked out." in html
    assert "No scores yet" in html


def test_while_the_first_import_runs_customers_are_on_their_way(now: datetime, db: None) -> None:
    user, organization = seeding.register("eve@example.com", now=now)
    seeding.add_run(seeding.connect(organization.pk, now=now), status="running", now=now)

    html = text(logged_in(user).get("/"))

    assert "Your customers are on their way" in html
    assert "pulse:runs from:body" in html


def test_without_a_customer_the_runs_tell_why(now: datetime, db: None) -> None:
    user, organization = seeding.register("eve@example.com", now=now)
    seeding.connect(organization.pk, now=now)

    assert "No customers yet" in text(logged_in(user).get("/"))


def test_without_a_connection_one_is_led_to_the_first_steps(charlie: Client) -> None:
    assert charlie.get("/")["Location"] == "/welcome"


@pytest.mark.parametrize("trend", ["", "average", "sideways"])
def test_the_board_alone_is_what_an_open_page_asks_for(trend: str, alice: Client) -> None:
    response = alice.get("/", {"trend": trend}, headers={"HX-Request": "true"})

    html = text(response)
    assert response.status_code == 200
    assert "<html" not in html
    assert html.strip().startswith('<div id="board"')


@pytest.mark.parametrize("query", ["", "?trend=average"])
def test_fifteen_queries_tell_it_all(
    query: str, alice: Client, alices: Seeded, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    alice.get("/")

    with django_assert_max_num_queries(15):
        alice.get(f"/{query}")


def test_deleted_customers_need_no_attention(alice: Client, quiet: Seeded, now: datetime) -> None:
    gone = stand(quiet, 1, score=31, level="red", then=(55, "yellow"), now=now)
    still = stand(quiet, 2, score=20, level="red", then=(20, "red"), now=now)
    ids = [gone.pk, still.pk]
    Customer.objects.for_org(quiet.organization.pk).filter(pk__in=ids).update(deleted_at=now)

    found: Any = alice.get("/").context["morning"].attention

    assert (found.worse, found.still_critical, found.week.became_critical) == ([], [], 0)


def test_the_sentence_and_its_list_agree_after_a_change_of_weights(
    alice: Client, alices: Seeded, now: datetime
) -> None:
    scoring.rescore_everybody(org_id=alices.organization.pk, reason="configuration", now=now)

    assert alice.get("/").status_code == 200


def test_a_large_organization_is_told_when_it_was_counted(
    alice: Client, alices: Seeded, now: datetime
) -> None:
    assert "Everybody was counted" not in text(alice.get("/"))
    take_survey(alices.organization.pk, now=now, larger_than=10)
    assert "Everybody was counted" in text(alice.get("/"))
