"""Notes, and erasing a person for good."""

import pytest

from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import AuditEntry, Role, User
from pulsescore.core.errors import Forbidden, Invalid, NotFound
from pulsescore.store import actions, queries
from pulsescore.store.models import Customer, TimelineEvent
from pulsescore.store.records import MergeRecord
from tests.db.store.conftest import Store, new_store
from tests.unit.store.builders import at, contact, event, partial_talk, talk


def acting(store: Store, role: Role = Role.ADMIN, name: str = "alice") -> Actor:
    user, _ = User.objects.get_or_create(email=f"{name}@example.com")
    return Actor(user=user, org_id=store.org_id, role=role, via="session")


def audited(store: Store) -> list[str]:
    entries = AuditEntry.objects.for_org(store.org_id).order_by("id")
    return list(entries.values_list("action", flat=True))


def test_a_member_writes_and_deletes_a_note(store: Store) -> None:
    store.apply(contact())
    bob = acting(store, Role.MEMBER, "bob")
    note = actions.add_note(bob, customer_id=store.customer().pk, body=" Call\0 her ", now=at(1))
    assert [one.body for one in queries.list_notes(store.org_id, store.customer().pk)] == [
        "Call her"
    ]
    actions.delete_note(bob, note_id=note.pk, now=at(2))
    assert not queries.list_notes(store.org_id, store.customer().pk)
    assert audited(store) == ["note.added", "note.deleted"]


def test_only_the_author_or_an_admin_deletes_a_note(store: Store) -> None:
    store.apply(contact())
    bob, eve = (acting(store, Role.MEMBER, name) for name in ("bob", "eve"))
    note = actions.add_note(bob, customer_id=store.customer().pk, body="Hello", now=at(1))
    with pytest.raises(Forbidden):
        actions.delete_note(eve, note_id=note.pk, now=at(2))
    actions.delete_note(acting(store), note_id=note.pk, now=at(2))


@pytest.mark.parametrize("body", ["", "  \n", "\0", "x" * 10_001])
def test_a_note_says_something_of_a_readable_length(store: Store, body: str) -> None:
    store.apply(contact())
    with pytest.raises(Invalid):
        actions.add_note(acting(store), customer_id=store.customer().pk, body=body, now=at(1))


def test_notes_of_other_organizations_are_out_of_reach(store: Store) -> None:
    other = new_store("Other")
    other.apply(contact())
    with pytest.raises(NotFound):
        actions.add_note(acting(store), customer_id=other.customer().pk, body="Hi", now=at(1))
    note = actions.add_note(acting(other), customer_id=other.customer().pk, body="Hi", now=at(1))
    with pytest.raises(NotFound):
        actions.delete_note(acting(store), note_id=note.pk, now=at(2))


def test_erasing_removes_the_person_and_what_is_theirs_alone(store: Store) -> None:
    store.apply(
        contact("ann"),
        contact("lead"),
        contact("bob"),
        talk("alone", contacts=["ann"]),
        talk("shared", contacts=["ann", "bob"]),
        event("e1", contacts=["ann", "bob"]),
        MergeRecord(source="lead", target="ann", at=at(5)),
    )
    erased = actions.erase_customer(acting(store), customer_id=store.customer().pk, now=at(9))
    names = Customer.objects.for_org(store.org_id).values_list("external_id", flat=True)
    assert list(names) == ["bob"]
    assert store.people_of("shared") == ["bob"]
    assert TimelineEvent.objects.for_org(store.org_id).count() == 1
    assert erased.contacts == {"ann", "lead"}
    assert erased.conversations == {"alone"}
    assert audited(store) == ["customer.erased"]


def test_sync_does_not_bring_an_erased_person_back(store: Store) -> None:
    everything = [contact("ann"), talk("alone"), event("e1", contacts=["ann"])]
    store.apply(*everything)
    actions.erase_customer(acting(store), customer_id=store.customer().pk, now=at(9))
    store.apply(*everything)
    store.apply(
        contact("ann", v=99),
        contact("ann", v=100, email=None),
        talk("alone", v=99),
        talk("new", v=99),
        partial_talk("slim", v=99, contacts=["ann"]),
        event("e2", contacts=["ann"]),
    )
    assert not Customer.objects.for_org(store.org_id).exists()
    assert store.held() == {}
    assert set(store.tombstones().values()) == {"erased"}


def test_erasing_needs_an_admin_of_this_organization(store: Store) -> None:
    store.apply(contact())
    with pytest.raises(Forbidden):
        actions.erase_customer(
            acting(store, Role.MEMBER), customer_id=store.customer().pk, now=at(9)
        )
    with pytest.raises(NotFound):
        actions.erase_customer(
            acting(new_store("Other")), customer_id=store.customer().pk, now=at(9)
        )
    assert store.has_customer()
