"""The page of one customer: why the score is what it is, and what stands behind it."""

import json
from datetime import datetime, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from pulsescore.accounts.models import AuditEntry
from pulsescore.scoring import queries
from pulsescore.scoring.actions import rescore
from pulsescore.scoring.models import HealthScore
from pulsescore.store.models import Conversation, Customer
from tests import seeding
from tests.db.web.conftest import logged_in
from tests.seeding import Seeded

HOSTILE = '"><img src=x onerror=alert(1)><script>alert(2)</script>'


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined, no-any-return]


def part(client: Client, path: str, target: str, **headers: str) -> object:
    return client.get(path, headers={"HX-Request": "true", "HX-Target": target, **headers})


@pytest.fixture
def scored(alices: Seeded) -> Customer:
    """The customer with the lowest score."""
    org_id = alices.organization.pk
    page = queries.list_customers(
        org_id, filters=queries.CustomerFilters(), sort="score", order="asc"
    )
    return Customer.objects.for_org(org_id).get(pk=page.customers[0].id)


def test_every_factor_is_told_in_words_with_points_that_add_up(
    alice: Client, scored: Customer
) -> None:
    response = alice.get(f"/customers/{scored.pk}")

    html, lines = text(response), response.context["lines"]
    for line in lines:
        assert line.row.name in html
        assert line.row.words.casefold() in html.casefold()
        assert f"{line.points:.1f}" in html
    health = response.context["health"]
    assert abs(sum(line.points for line in lines) - health.score) < 1
    assert round(sum(line.points for line in lines), 1) == response.context["total"]


@pytest.mark.parametrize("factor", ["open_tickets", "resolution_time", "reopen_rate"])
def test_a_factor_opens_exactly_the_conversations_it_counts(
    factor: str, alice: Client, alices: Seeded
) -> None:
    counted = 0
    for health in HealthScore.objects.for_org(alices.organization.pk).exclude(score=None):
        response = alice.get(f"/customers/{health.customer_id}?show={factor}")
        talks = [row.talk for row in response.context["rows"]]
        raw = {row.key: row.raw for row in response.context["health"].factors}[factor]
        counted += len(talks)
        if factor == "open_tickets":
            assert len(talks) == raw
        elif factor == "reopen_rate":
            assert sum(talk.reopen_count for talk in talks) == raw
        else:
            hours = [min(talk.time_to_resolution_secs, 336 * 3600) / 3600 for talk in talks]
            assert (sum(hours) / len(hours) if hours else None) == pytest.approx(raw)
    assert counted > 3


def test_recency_opens_the_latest_activity_and_response_the_latest_conversation(
    alice: Client, scored: Customer
) -> None:
    def talks(show: str) -> list[Conversation]:
        rows = alice.get(f"/customers/{scored.pk}?show={show}").context["rows"]
        return [row.talk for row in rows]

    own = list(
        Conversation.objects.for_org(scored.org_id).filter(
            external_id__startswith=f"talk-{scored.external_id.split('-')[1]}-"
        )
    )
    assert talks("support_recency")[0].remote_updated_at == max(
        one.remote_updated_at or one.opened_at for one in own
    )
    assert talks("response_rate") == [max(own, key=lambda one: one.opened_at)]


def test_conversations_lead_to_intercom(alice: Client, scored: Customer) -> None:
    html = text(alice.get(f"/customers/{scored.pk}?show=open"))

    assert "https://app.eu.intercom.com/a/apps/ab12cd34/conversations/talk-" in html


def test_who_waits_longest_comes_first(alice: Client, scored: Customer, now: datetime) -> None:
    waiting = [
        row.talk.waiting_since
        for row in alice.get(f"/customers/{scored.pk}?sort=waiting").context["rows"]
    ]
    known = [at for at in waiting if at]
    assert known == sorted(known)
    assert waiting[: len(known)] == known


def test_a_waiting_conversation_says_on_whom_and_for_how_long(
    alice: Client, alices: Seeded
) -> None:
    talk = Conversation.objects.for_org(alices.organization.pk).filter(status="open").earliest("id")
    Conversation.objects.for_org(talk.org_id).filter(pk=talk.pk).update(
        waiting_since=alices.connection.connected_at
    )
    owner = Customer.objects.for_org(talk.org_id).get(
        external_id="contact-" + talk.external_id.split("-")[1]
    )

    assert "Waiting on us for 1 month" in text(alice.get(f"/customers/{owner.pk}?show=open"))


def test_what_changed_adds_up_to_the_difference(
    alice: Client, scored: Customer, now: datetime
) -> None:
    Conversation.objects.for_org(scored.org_id).update(status="closed", reopen_count=0)
    rescore(org_id=scored.org_id, customer_ids=None, now=now + timedelta(days=8))

    response = alice.get(f"/customers/{scored.pk}?since=30")

    moved, parts = response.context["moved"], response.context["parts"]
    assert moved.by
    assert round(sum(part.points for part in parts), 1) == moved.by
    assert response.context["headline"].startswith("Up" if moved.by > 0 else "Down")


def test_recalculating_says_so(alice: Client, scored: Customer) -> None:
    response = alice.post(f"/customers/{scored.pk}/recalculate", follow=True)

    assert "calculated again" in text(response)


def test_a_deleted_customer_is_shown_as_deleted(alice: Client, scored: Customer) -> None:
    Customer.objects.for_org(scored.org_id).filter(pk=scored.pk).update(
        deleted_at=scored.observed_at
    )

    html = text(alice.get(f"/customers/{scored.pk}"))

    assert "Deleted in Intercom" in html
    assert "Recalculate" not in html


def test_marks_of_the_contact_are_told(alice: Client, scored: Customer) -> None:
    Customer.objects.for_org(scored.org_id).filter(pk=scored.pk).update(
        unsubscribed_from_emails=True,
        has_hard_bounced=True,
        marked_email_as_spam=True,
        owner_external_id="admin-1",
    )

    html = text(alice.get(f"/customers/{scored.pk}"))

    for words in ("Unsubscribed", "bounce", "spam", "owner Tom Walsh"):
        assert words in html


def test_without_a_score_the_reason_is_told(alice: Client, alices: Seeded) -> None:
    none = queries.list_customers(
        alices.organization.pk, filters=queries.CustomerFilters(risk="none")
    ).customers[0]

    html = text(alice.get(f"/customers/{none.id}"))

    assert "Not enough data: no conversation yet" in html
    assert "No conversation yet" in html


def test_the_timeline_can_be_narrowed(alice: Client, scored: Customer, now: datetime) -> None:
    path = f"/customers/{scored.pk}?tab=timeline"

    def events(query: str) -> list[object]:
        days = alice.get(f"{path}&{query}").context["entry_days"]
        return [entry.event for _day, entries in days for entry in entries]

    everything = events("")
    started = events("type=User+started+conversation")
    assert started
    assert {event.name for event in started} == {"User started conversation"}  # type: ignore[attr-defined]
    assert {event.source for event in events("source=pulsescore")} == {"pulsescore"}  # type: ignore[attr-defined]
    assert len(everything) > len(started)
    tomorrow = (now + timedelta(days=2)).date()
    assert events(f"from={tomorrow}") == []
    assert events(f"to={tomorrow}") == everything
    assert events("from=not-a-day&to=9999-12-31") == everything


def test_the_timeline_goes_on_into_the_past(
    alice: Client, scored: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = f"/customers/{scored.pk}?tab=timeline"
    monkeypatch.setattr("pulsescore.web.customers.timeline.PER_PAGE", 1)
    first = alice.get(path)
    second = alice.get(f"{path}&older={first.context['next_older']}")

    ids = [
        entries[0].event.pk for page in (first, second) for _, entries in page.context["entry_days"]
    ]
    assert len(set(ids)) == 2
    assert "Newest" in text(second)


def test_attributes_are_searched_by_name_and_value(alice: Client, scored: Customer) -> None:
    Customer.objects.for_org(scored.org_id).filter(pk=scored.pk).update(
        metadata={"plan": "Team", "renewal": "2026-06-01", "nested": {"a": [1, {"b": None}]}},
        attributes={"intercom/os": "Plan 9"},
    )
    path = f"/customers/{scored.pk}?tab=attributes"

    html = text(alice.get(path))
    assert "1 Jun 2026" in html
    assert "&quot;a&quot;" in html
    found = alice.get(f"{path}&q=plan").context["groups"]
    assert [name for one in found[:2] for name, _value in one.rows] == ["os", "plan"]
    assert "No attribute matches" in text(alice.get(f"{path}&q=zzz-nothing"))


def test_companies_come_with_their_scores(alice: Client, scored: Customer) -> None:
    response = alice.get(f"/customers/{scored.pk}?tab=companies")

    (company,) = response.context["memberships"]
    assert company.name in text(response)
    assert company.members > 0


def test_hostile_texts_stay_text(alice: Client, scored: Customer) -> None:
    Customer.objects.for_org(scored.org_id).filter(pk=scored.pk).update(
        name=HOSTILE,
        email=HOSTILE,
        city=HOSTILE,
        tags=[HOSTILE],
        metadata={HOSTILE: HOSTILE, "url": "javascript:alert(1)", "x": {"y": HOSTILE}},
    )
    Conversation.objects.for_org(scored.org_id).update(
        subject=HOSTILE, rating=1, rating_remark=HOSTILE, tags=[HOSTILE]
    )
    alice.post(f"/customers/{scored.pk}/notes", {"body": f"{HOSTILE} javascript:alert(1)"})

    for tab in ("conversations", "timeline", "attributes", "companies", "notes"):
        html = text(alice.get(f"/customers/{scored.pk}?tab={tab}"))
        assert "<img" not in html
        assert "<script>alert" not in html
        assert 'href="javascript' not in html
        assert "&amp;lt;" not in html, "escaped twice"


@pytest.mark.parametrize("tab", ["conversations", "timeline", "attributes", "companies", "notes"])
@pytest.mark.parametrize("query", ["", "&page=9999999999", "&show=x&sort=y&days=-1&since=zz"])
def test_odd_addresses_are_read_as_the_nearest_sense(
    tab: str, query: str, alice: Client, scored: Customer
) -> None:
    assert alice.get(f"/customers/{scored.pk}?tab={tab}{query}").status_code == 200


def test_htmx_gets_a_part_alone_and_nothing_where_nothing_changed(
    alice: Client, scored: Customer
) -> None:
    path = f"/customers/{scored.pk}"
    for target in ("now", "tabs"):
        response = part(alice, path, target)
        assert (
            text(response)
            .strip()
            .startswith(f'<{"div" if target == "now" else "section"} id="{target}"')
        )
        known = response.context[f"{target}_mark"]  # type: ignore[attr-defined]
        again = part(alice, path, target, **{"Pulse-Known": known})
        assert again.status_code == 204  # type: ignore[attr-defined]


def test_a_part_comes_again_once_something_changed(
    alice: Client, scored: Customer, now: datetime
) -> None:
    path = f"/customers/{scored.pk}"
    marks = {
        target: part(alice, path, target).context[f"{target}_mark"]  # type: ignore[attr-defined]
        for target in ("now", "tabs")
    }
    later = now + timedelta(minutes=1)
    Conversation.objects.for_org(scored.org_id).update(status="closed", updated_at=later)
    rescore(org_id=scored.org_id, customer_ids=[scored.pk], now=later)
    for target, mark in marks.items():
        response = part(alice, path, target, **{"Pulse-Known": mark})
        assert response.status_code == 200, target  # type: ignore[attr-defined]


def test_going_back_gets_the_whole_page(alice: Client, scored: Customer) -> None:
    headers = {"HX-History-Restore-Request": "true"}

    assert "<html" in text(part(alice, f"/customers/{scored.pk}", "tabs", **headers))


@pytest.mark.parametrize("tab", ["conversations", "timeline", "attributes", "companies", "notes"])
def test_the_page_takes_few_queries_whoever_it_shows(
    tab: str, db: None, now: datetime, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for email, customers in (("few@example.com", 4), ("many@example.com", 24)):
        seeded = seeding.seed(email, customers=customers, now=now, days=20 if customers > 9 else 0)
        client = logged_in(seeded.user)
        worst = queries.list_customers(
            seeded.organization.pk, filters=queries.CustomerFilters(), sort="score"
        ).customers[0]
        with django_assert_max_num_queries(19):
            assert client.get(f"/customers/{worst.id}?tab={tab}").status_code == 200


@pytest.mark.parametrize("path", ["", "/erase", "/export", "?tab=notes", "?show=open"])
def test_another_organizations_customer_is_not_there(
    path: str, charlie: Client, scored: Customer
) -> None:
    assert charlie.get(f"/customers/{scored.pk}{path}").status_code == 404
    assert charlie.get(f"/customers/999999999{path}").status_code == 404


@pytest.mark.parametrize("path", ["recalculate", "notes", "notes/1", "notes/1/delete", "erase"])
def test_another_organizations_customer_cannot_be_changed(
    path: str, charlie: Client, scored: Customer
) -> None:
    response = charlie.post(f"/customers/{scored.pk}/{path}", {"body": "x"})
    assert response.status_code == 404


@pytest.mark.parametrize("path", ["", "/export", "/erase"])
def test_strangers_are_sent_to_the_log_in(path: str, stranger: Client, scored: Customer) -> None:
    response = stranger.get(f"/customers/{scored.pk}{path}")
    assert response.status_code == 302
    assert "/login" in response["Location"]


def test_an_admin_takes_a_persons_data_along(alice: Client, scored: Customer) -> None:
    alice.post(f"/customers/{scored.pk}/notes", {"body": "Called them."})

    response = alice.get(f"/customers/{scored.pk}/export")

    document = json.loads(text(response))
    assert response["Content-Disposition"].startswith("attachment")
    assert [one["email"] for one in document["contacts"]] == [scored.email]
    assert document["conversations"]
    assert document["timeline"]
    assert [note["body"] for note in document["notes"]] == ["Called them."]
    assert document["scores"][0]["score"] is not None
    assert AuditEntry.objects.for_org(scored.org_id).filter(action="customer.exported").count() == 1


def test_a_member_neither_exports_nor_erases(bob: Client, scored: Customer) -> None:
    for path in ("export", "erase"):
        assert bob.get(f"/customers/{scored.pk}/{path}").status_code == 403
    assert bob.post(f"/customers/{scored.pk}/erase").status_code == 403
    html = text(bob.get(f"/customers/{scored.pk}"))
    assert "/erase" not in html
    assert "/export" not in html


def test_erasing_asks_first_and_leaves_nothing(alice: Client, scored: Customer) -> None:
    asked = alice.get(f"/customers/{scored.pk}/erase")
    assert "Erase for good" in text(asked)
    assert Customer.objects.for_org(scored.org_id).filter(pk=scored.pk).exists()

    response = alice.post(f"/customers/{scored.pk}/erase", follow=True)

    assert "was erased" in text(response)
    assert not Customer.objects.for_org(scored.org_id).filter(pk=scored.pk).exists()
    assert alice.get(f"/customers/{scored.pk}").status_code == 404


def test_a_part_keeps_the_rest_of_the_address(alice: Client, scored: Customer) -> None:
    path = f"/customers/{scored.pk}"
    here = f"http://testserver{path}?tab=notes&days=90"

    def asked(query: str, target: str) -> object:
        return part(
            alice, f"{path}?{query}", target, **{"HX-Current-URL": here, "HX-Boosted": "true"}
        )

    assert asked("since=1&tab=timeline&days=90", "now")["HX-Push-Url"] == (  # type: ignore[index]
        f"{path}?tab=notes&days=90&since=1"
    )
    assert asked("tab=companies", "tabs")["HX-Push-Url"] == f"{path}?tab=companies&days=90"  # type: ignore[index]
