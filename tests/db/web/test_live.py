"""What an open page is told: changes of its organization, cheaply, and when to stop asking."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from pulsescore.accounts.models import Membership, Role
from pulsescore.pipeline.changes import Seen, read_mark
from pulsescore.scoring import actions as scoring
from pulsescore.store import write
from pulsescore.store.models import Customer
from pulsescore.store.records import CustomerRecord
from tests import seeding
from tests.seeding import Seeded

SESSION_AND_PERSON = 3


def token(alices: Seeded) -> str:
    return read_mark(alices.organization.pk).seen.token


def rename(alices: Seeded, name: str, *, now: datetime) -> None:
    record = CustomerRecord(
        external_id="contact-1",
        version=now,
        observed_at=now,
        contact_role="user",
        email="somebody@example.com",
        name=name,
    )
    write.apply(
        org_id=alices.organization.pk,
        source_id=alices.connection.source_id,
        records=[record],
        now=now,
    )


def changed_since(client: Client, seen: str) -> list[str]:
    response = client.get("/live", {"seen": seen})
    if response.status_code == 204:
        return []
    changed: list[str] = response.json()["changed"]
    return changed


def test_when_nothing_changed_one_statement_says_so(
    alice: Client, alices: Seeded, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    seen = token(alices)

    with django_assert_num_queries(SESSION_AND_PERSON + 1):
        response = alice.get("/live", {"seen": seen})

    assert response.status_code == 204
    assert response.content == b""
    assert response["Pulse-Next"] == "5"
    assert "no-store" in response["Cache-Control"]


def test_a_page_carries_the_state_from_before_it_was_read(alice: Client, alices: Seeded) -> None:
    seen = token(alices)

    assert f'data-live="{seen}"' in alice.get("/customers").content.decode()


def test_a_change_of_a_customer_is_told(alice: Client, alices: Seeded, now: datetime) -> None:
    seen = token(alices)

    rename(alices, "Somebody Else", now=now + timedelta(seconds=2))

    assert changed_since(alice, seen) == ["scores"]


def test_what_says_nothing_new_is_not_told(alice: Client, alices: Seeded, now: datetime) -> None:
    rename(alices, "Somebody Else", now=now + timedelta(seconds=2))
    seen = token(alices)

    rename(alices, "Somebody Else", now=now + timedelta(seconds=2))

    assert changed_since(alice, seen) == []


def test_a_change_of_scores_is_told(alice: Client, alices: Seeded, now: datetime) -> None:
    org_id = alices.organization.pk
    Customer.objects.for_org(org_id).update(last_seen_at=now - timedelta(days=300))
    seen = token(alices)

    scoring.rescore(org_id=org_id, customer_ids=None, now=now + timedelta(seconds=5))

    assert changed_since(alice, seen) == ["scores"]


def test_rescoring_that_changes_nothing_is_not_told(
    alice: Client, alices: Seeded, now: datetime
) -> None:
    scoring.rescore(org_id=alices.organization.pk, customer_ids=None, now=now)
    seen = token(alices)

    scoring.rescore(org_id=alices.organization.pk, customer_ids=None, now=now)

    assert changed_since(alice, seen) == []


def test_a_run_that_moves_is_told_and_makes_pages_ask_faster(
    alice: Client, alices: Seeded, now: datetime
) -> None:
    run = seeding.add_run(alices.connection, status="running", now=now)
    seen = token(alices)
    type(run).objects.for_org(alices.organization.pk).filter(pk=run.pk).update(done=13_000)

    response = alice.get("/live", {"seen": seen})

    assert response.json()["changed"] == ["runs"]
    assert response["Pulse-Next"] == "2"


def test_rescoring_everybody_is_told_as_a_run(alice: Client, alices: Seeded, now: datetime) -> None:
    seen = token(alices)

    scoring.rescore_everybody(org_id=alices.organization.pk, reason="nightly", now=now)

    assert "runs" in changed_since(alice, seen)


def test_a_connection_that_needs_attention_is_told(alice: Client, alices: Seeded) -> None:
    seen = token(alices)
    seeding.Connection.objects.for_org(alices.organization.pk).update(status="needs_attention")

    assert changed_since(alice, seen) == ["runs"]
    assert "a connection needs attention" in alice.get("/customers").content.decode()


@pytest.mark.parametrize("seen", ["", "x", "1.2.3.4", "-1.2.3.4.5", "1.2.3.4.5.6", "٣.1.1.x.0"])
def test_a_page_that_knows_nothing_yet_only_learns_the_state(
    seen: str, alice: Client, alices: Seeded
) -> None:
    response = alice.get("/live", {"seen": seen})

    assert response.json() == {"seen": token(alices), "changed": []}


def test_a_stranger_is_told_to_stop_and_not_sent_anywhere(stranger: Client, alices: Seeded) -> None:
    response = stranger.get("/live", {"seen": token(alices)})

    assert response.status_code == 401
    assert response.json() == {"stop": "logged_out"}


def test_another_organization_learns_nothing(charlie: Client, alices: Seeded) -> None:
    response = charlie.get("/live", {"seen": token(alices)})

    assert response.status_code == 409
    assert response.json() == {"stop": "other_organization", "organization": "Elsewhere"}


def test_changes_elsewhere_are_not_told(
    alice: Client, alices: Seeded, db: None, now: datetime
) -> None:
    seen = token(alices)

    seeding.seed("dana@example.com", customers=3, now=now, name="Other", days=0)

    assert changed_since(alice, seen) == []


def test_who_lost_their_organization_is_told_to_stop(bob: Client, alices: Seeded) -> None:
    Membership.objects.for_org(alices.organization.pk).filter(role=Role.MEMBER).delete()

    assert bob.get("/live").status_code == 403


def test_only_looking_is_possible(alice: Client) -> None:
    assert alice.post("/live").status_code == 405


def test_a_token_reads_back_as_it_was_written() -> None:
    seen = Seen(org_id=7, scores=12, data=345, runs="0123456789ab")

    assert Seen.parse(seen.token) == seen
