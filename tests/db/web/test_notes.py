"""Notes about a customer: who may write, change and delete them."""

import pytest
from django.test import Client

from pulsescore.store.models import Customer, Note
from tests.seeding import Seeded


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined, no-any-return]


@pytest.fixture
def person(alices: Seeded) -> Customer:
    return Customer.objects.for_org(alices.organization.pk).earliest("id")


@pytest.fixture
def path(person: Customer) -> str:
    return f"/customers/{person.pk}/notes"


@pytest.fixture
def bobs_note(bob: Client, person: Customer, path: str) -> Note:
    bob.post(path, {"body": "Called them,\nsee https://example.com/a?b=1 or ask c@d.example"})
    return Note.objects.for_org(person.org_id).get()


def test_everybody_reads_what_one_wrote(bobs_note: Note, alice: Client, person: Customer) -> None:
    html = text(alice.get(f"/customers/{person.pk}?tab=notes"))

    assert "Called them," in html
    assert 'href="https://example.com/a?b=1"' in html
    assert 'href="mailto:c@d.example"' in html


def test_the_author_changes_and_deletes_it(bobs_note: Note, bob: Client, path: str) -> None:
    assert "Change this note" in text(
        bob.get(f"{path.removesuffix('/notes')}?tab=notes&edit={bobs_note.pk}")
    )
    assert bob.post(f"{path}/{bobs_note.pk}", {"body": "They are fine."}).status_code == 302
    bobs_note.refresh_from_db()
    assert bobs_note.body == "They are fine."
    assert bobs_note.edited_at is not None

    assert bob.post(f"{path}/{bobs_note.pk}/delete").status_code == 302
    assert not Note.objects.for_org(bobs_note.org_id).exists()


def test_an_admin_deletes_but_does_not_change_it(
    bobs_note: Note, alice: Client, person: Customer, path: str
) -> None:
    assert alice.post(f"{path}/{bobs_note.pk}", {"body": "Other words."}).status_code == 403
    html = text(alice.get(f"/customers/{person.pk}?tab=notes&edit={bobs_note.pk}"))
    assert "Change this note" not in html

    assert alice.post(f"{path}/{bobs_note.pk}/delete").status_code == 302
    assert not Note.objects.for_org(person.org_id).exists()


def test_a_member_does_not_touch_anothers_note(alice: Client, bob: Client, path: str) -> None:
    alice.post(path, {"body": "By Alice."})
    note = Note.objects.across_orgs("the test's only note").get()

    assert bob.post(f"{path}/{note.pk}", {"body": "By Bob."}).status_code == 403
    assert bob.post(f"{path}/{note.pk}/delete").status_code == 403
    note.refresh_from_db()
    assert note.body == "By Alice."


@pytest.mark.parametrize("body", ["", "   ", "x" * 10_001])
def test_an_unfit_note_is_refused_beside_the_field_and_not_lost(
    body: str, bob: Client, bobs_note: Note, path: str
) -> None:
    for address in (path, f"{path}/{bobs_note.pk}"):
        response = bob.post(address, {"body": body})
        assert response.status_code == 422
        assert 'aria-invalid="true"' in text(response)
    assert Note.objects.for_org(bobs_note.org_id).count() == 1


def test_a_note_is_found_only_beneath_its_customer(
    bobs_note: Note, bob: Client, alices: Seeded
) -> None:
    other = Customer.objects.for_org(alices.organization.pk).latest("id")
    for suffix in ("", "/delete"):
        answer = bob.post(f"/customers/{other.pk}/notes/{bobs_note.pk}{suffix}", {"body": "x"})
        assert answer.status_code == 404


@pytest.mark.parametrize("suffix", ["", "/1", "/1/delete"])
def test_notes_are_posted(suffix: str, bob: Client, path: str) -> None:
    assert bob.get(f"{path}{suffix}").status_code == 405


def test_without_a_note_the_tab_says_what_they_are_for(alice: Client, person: Customer) -> None:
    assert "No notes yet" in text(alice.get(f"/customers/{person.pk}?tab=notes"))
