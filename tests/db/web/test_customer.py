"""The page of one customer: why the score is what it is, and what stands behind it."""

import pytest
from django.test import Client

from pulsescore.scoring import queries
from pulsescore.store.models import Conversation, Customer, Note
from tests.seeding import Seeded


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined, no-any-return]


@pytest.fixture
def scored(alices: Seeded) -> Customer:
    """The customer with most conversations."""
    org_id = alices.organization.pk
    page = queries.list_customers(
        org_id, filters=queries.CustomerFilters(), sort="score", order="asc"
    )
    return Customer.objects.for_org(org_id).get(pk=page.customers[0].id)


def test_every_factor_is_told_in_words_with_its_points(alice: Client, scored: Customer) -> None:
    html = text(alice.get(f"/customers/{scored.pk}"))

    health = queries.get_health(scored.org_id, scored.pk)
    for factor in health.factors:
        assert factor.name in html
        assert factor.words in html
        if factor.value is not None:
            assert f"{factor.points:.1f}" in html


def test_a_factor_opens_the_conversations_behind_it(alice: Client, scored: Customer) -> None:
    response = alice.get(f"/customers/{scored.pk}?tab=conversations&show=open")

    rows = [one["row"] for one in response.context["conversations"]]
    assert rows
    assert {row.status for row in rows} == {"open"}
    assert "https://app.eu.intercom.com/a/apps/ab12cd34/conversations/talk-" in text(response)


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


def test_members_write_notes_and_delete_their_own(
    bob: Client, alice: Client, scored: Customer
) -> None:
    path = f"/customers/{scored.pk}/notes"
    bob.post(path, {"body": "Called them,\nthey are fine."})
    note = Note.objects.for_org(scored.org_id).get()

    assert "Called them," in text(alice.get(f"/customers/{scored.pk}?tab=notes"))
    assert bob.post(f"{path}/{note.pk}/delete").status_code == 302
    assert not Note.objects.for_org(scored.org_id).exists()


def test_an_empty_note_is_refused_beside_the_field(bob: Client, scored: Customer) -> None:
    response = bob.post(f"/customers/{scored.pk}/notes", {"body": "  "})

    assert response.status_code == 422
    assert "Write something." in text(response)


def test_the_timeline_can_be_narrowed_to_one_kind(alice: Client, scored: Customer) -> None:
    path = f"/customers/{scored.pk}?tab=timeline&event=User+started+conversation"

    events = alice.get(path).context["events"]

    assert events
    assert {event.name for event in events} == {"User started conversation"}
