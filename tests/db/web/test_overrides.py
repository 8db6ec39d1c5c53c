"""A score set by hand on the pages: asked for, shown, listed, ended; and two dates compared."""

from datetime import datetime, timedelta

import pytest
from django.test import Client

from pulsescore.accounts.models import AuditEntry
from pulsescore.scoring import queries
from pulsescore.scoring.models import HealthScore, ScoreOverride, ScorePoint
from pulsescore.store.models import Customer
from pulsescore.web.templatetags.pulse import day
from tests.db.web.test_customer import HOSTILE, text
from tests.seeding import Seeded


@pytest.fixture
def scored(alices: Seeded) -> Customer:
    """The customer with the lowest score."""
    org_id = alices.organization.pk
    page = queries.list_customers(org_id, filters=queries.CustomerFilters(), sort="score")
    return Customer.objects.for_org(org_id).get(pk=page.customers[0].id)


@pytest.fixture
def wish(now: datetime) -> dict[str, str]:
    until = (now + timedelta(days=10)).date().isoformat()
    return {"said": "score", "score": "88", "reason": "They renewed", "until": until}


def health(customer: Customer) -> HealthScore:
    return HealthScore.objects.for_org(customer.org_id).get(customer=customer)


def test_a_member_sets_a_score_and_the_page_says_who_and_why(
    bob: Client, scored: Customer, wish: dict[str, str]
) -> None:
    before = health(scored).score
    html = text(bob.post(f"/customers/{scored.pk}/override", wish, follow=True))
    assert (health(scored).score, health(scored).computed_score) == (88, before)
    assert "Set by Bob until " in html
    assert "They renewed" in html
    assert f"The factors come to <strong>{before}</strong>" in html
    assert (
        AuditEntry.objects.for_org(scored.org_id)
        .filter(action="customer.score_overridden")
        .exists()
    )


def test_the_lines_of_the_page_add_up_to_the_score(
    bob: Client, scored: Customer, wish: dict[str, str]
) -> None:
    bob.post(f"/customers/{scored.pk}/override", wish)
    context = bob.get(f"/customers/{scored.pk}").context
    lines = sum(row.points for row in context["health"].adjustments)
    assert context["total"] + context["rounding"] + lines == pytest.approx(88)


def test_the_reader_sees_the_point_on_each_curve(alice: Client, scored: Customer) -> None:
    response = alice.get(f"/customers/{scored.pk}")
    known = [line for line in response.context["lines"] if line.curve]
    assert text(response).count('class="curve-place"') == len(known) > 2
    assert "Half the points at 2 open tickets" in text(response)


def test_it_is_listed_as_set_by_hand_and_found_by_the_filter(
    bob: Client, scored: Customer, wish: dict[str, str]
) -> None:
    bob.post(f"/customers/{scored.pk}/override", wish)
    response = bob.get("/customers?overridden=1")
    assert [row.id for row, _more in response.context["listing"].rows] == [scored.pk]
    assert "Score set by hand" in text(response)
    assert "set by hand" in text(response)


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_stored(
    bob: Client, scored: Customer, wish: dict[str, str]
) -> None:
    for change, said in (
        ({"said": ""}, "Choose a level, or a score."),
        ({"score": "101"}, "A score is a whole number from 0 to 100."),
        ({"score": "many"}, "A score is a whole number from 0 to 100."),
        ({"reason": " "}, "Say why: whoever looks next will ask."),
        ({"until": "soon"}, "Choose the day on which it ends."),
        ({"until": "9999-12-31"}, "Choose the day on which it ends."),
        ({"until": "2020-01-01"}, "An override ends in the future."),
        ({"until": "2999-01-01"}, "An override ends within a year; it can be renewed."),
    ):
        response = bob.post(f"/customers/{scored.pk}/override", {**wish, **change})
        assert (response.status_code, said in text(response)) == (422, True), change
    assert not ScoreOverride.objects.for_org(scored.org_id).exists()


def test_the_form_stands_on_a_page_of_its_own_with_what_holds_filled_in(
    bob: Client, scored: Customer, wish: dict[str, str]
) -> None:
    assert 'name="reason"' in text(bob.get(f"/customers/{scored.pk}/override"))
    bob.post(f"/customers/{scored.pk}/override", {**wish, "said": "yellow"})
    html = text(bob.get(f"/customers/{scored.pk}/override"))
    assert '<option value="yellow" selected>' in html
    assert f'value="{wish["until"]}"' in html


def test_a_hostile_reason_is_text(bob: Client, scored: Customer, wish: dict[str, str]) -> None:
    bob.post(f"/customers/{scored.pk}/override", {**wish, "reason": HOSTILE})
    for path in (f"/customers/{scored.pk}", f"/customers/{scored.pk}?tab=timeline"):
        assert "<script>alert(2)" not in text(bob.get(path))


def test_anybody_can_end_it_and_is_told_when_there_is_none(
    bob: Client, scored: Customer, wish: dict[str, str]
) -> None:
    before = health(scored).score
    bob.post(f"/customers/{scored.pk}/override", wish)
    html = text(bob.post(f"/customers/{scored.pk}/override/end", follow=True))
    assert "The override has ended" in html
    assert health(scored).score == before
    again = text(bob.post(f"/customers/{scored.pk}/override/end", follow=True))
    assert "No override holds for this customer." in again
    timeline = text(bob.get(f"/customers/{scored.pk}?tab=timeline"))
    assert "Bob set the score to 88, Healthy: They renewed" in timeline
    assert f"Bob ended the override; the score is {before} again" in timeline


def test_two_dates_are_compared_with_the_conversations_behind(
    bob: Client, scored: Customer, wish: dict[str, str], now: datetime
) -> None:
    first = ScorePoint.objects.for_org(scored.org_id).filter(customer=scored).earliest("at")
    ScorePoint.objects.for_org(scored.org_id).filter(pk=first.pk).update(
        at=now - timedelta(days=300), values=[1.0] * 5, score=100, risk_level="green"
    )
    path, since = f"/customers/{scored.pk}/compare", (now - timedelta(days=290)).date()
    response = bob.get(f"{path}?since={since}&until={now.date()}")
    parts, by = response.context["parts"], response.context["by"]
    assert by == (health(scored).score or 0) - 100
    assert round(sum(part.points for part in parts), 6) == by
    assert any(part.causes for part in parts)
    assert "conversations/talk-" in text(response)
    swapped = bob.get(f"{path}?since={now.date()}&until={since}").context["parts"]
    assert [part.points for part in swapped] == [part.points for part in parts]


def test_days_that_are_replaced_are_told(bob: Client, scored: Customer, now: datetime) -> None:
    path = f"/customers/{scored.pk}/compare"
    first = ScorePoint.objects.for_org(scored.org_id).filter(customer=scored).earliest("at")
    today = now.date()

    early = text(bob.get(f"{path}?since=2001-01-01&until={today}"))
    late = text(bob.get(f"{path}?since={today - timedelta(days=1)}&until=2999-01-01"))
    swapped = text(bob.get(f"{path}?since={today}&until={today - timedelta(days=2)}"))
    broken = text(bob.get(f"{path}?since=yester%3Cday&until={today}"))
    plain = text(bob.get(f"{path}?since={first.at.date()}&until={today}"))

    assert f"begins on {day(first.at)}: compared is from there." in early
    assert "today stands for them" in late
    assert f'value="{today.isoformat()}"' in late
    assert "The days were exchanged" in swapped
    assert "“yester&lt;day” is not a day" in broken
    assert not any(
        words in plain for words in ("compared is from there", "exchanged", "stands for")
    )


def test_days_without_a_score_and_no_days_at_all_are_answered(
    bob: Client, scored: Customer
) -> None:
    path = f"/customers/{scored.pk}/compare"
    for query in ("", "?since=2001-01-01&until=2001-02-01", "?since=x&until=9999-12-31"):
        assert bob.get(f"{path}{query}").status_code == 200
    assert "Nothing to compare" in text(bob.get(f"{path}?since=2001-01-01&until=2001-02-01"))


@pytest.mark.parametrize("path", ["override", "override/end", "compare"])
def test_strangers_bad_ids_and_wrong_methods_are_turned_away(
    path: str, stranger: Client, charlie: Client, alice: Client, scored: Customer
) -> None:
    address = f"/customers/{scored.pk}/{path}"
    wrong, send = (alice.get, "post") if path == "override/end" else (alice.put, "get")
    assert getattr(stranger, send)(address).status_code == 302
    assert getattr(charlie, send)(address).status_code == 404
    assert getattr(alice, send)(f"/customers/999999999/{path}").status_code == 404
    assert wrong(address).status_code == 405
