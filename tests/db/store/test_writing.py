"""The door as a whole: one transaction, one organization, marks with the change."""

import threading
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import Model
from django.test.utils import CaptureQueriesContext
from msgspec import UNSET

from pulsescore.core.errors import NotFound
from pulsescore.store import dirty
from pulsescore.store.admission import admit_all
from pulsescore.store.models import Company, Conversation, Customer, HeldRecord
from pulsescore.store.sources import create_source
from pulsescore.store.write import apply_admitted
from tests.db.store.conftest import TABLES, Store, new_store
from tests.unit.store.builders import at, company, contact, event, talk


def test_a_source_of_another_organization_is_refused(store: Store) -> None:
    stranger = new_store("Other")
    with pytest.raises(NotFound):
        Store(stranger.org_id, store.source_id).apply(contact())
    assert store.row_versions() == stranger.row_versions() == []


def test_rows_formatted_beforehand_are_the_rows_formatted_when_they_are_written(
    store: Store,
) -> None:
    beforehand = new_store("Other")
    told = [
        company("acme", name="Acme\tLtd", monthly_spend=Decimal("12.5")),
        contact("ann", name='An "n"\n\\', tags=["b", "a,"], companies=["acme"], metadata={"x": 1}),
        contact("bob", email=None),
        contact("cid", name=UNSET),
        talk(contacts=["ann", "eve"], reopens=2, assignments=1, subject="null"),
    ]
    store.apply(*told)
    apply_admitted(
        admit_all(told, as_new=True),
        org_id=beforehand.org_id,
        source_id=beforehand.source_id,
        now=store.now,
    )

    assert contents(beforehand) == contents(store)
    assert beforehand.apply(*told).counts.keys() <= {
        "company.unchanged",
        "customer.unchanged",
        "customer.held_no_email",
        "conversation.unchanged",
    }


def contents(store: Store) -> list[list[dict[str, Any]]]:
    """All facts in the store's rows, without the ids of rows."""
    kinds: list[type[Model]] = [Company, Customer, Conversation, HeldRecord]
    return [
        [
            {name: value for name, value in row.items() if name not in _IDS}
            for row in kind.objects.for_org(store.org_id).order_by("external_id").values()  # type: ignore[attr-defined]
        ]
        for kind in kinds
    ]


_IDS = {"id", "org_id", "source_id"}


def test_another_organization_is_left_untouched(store: Store) -> None:
    other = new_store("Other")
    other.apply(contact("ann", name="Theirs"), talk(), talk("c2", contacts=["eve"]))
    before = other.row_versions()
    store.apply(contact("eve"), contact("ann", v=9, name="Ours"), talk(v=9, status="closed"))
    assert other.row_versions() == before
    assert other.customer().name == "Theirs"


def test_the_same_person_in_two_sources_is_two_customers(store: Store) -> None:
    from_one, from_other = contact("ann"), contact("ann")
    other = Store(store.org_id, create_source(store.org_id, "intercom").pk)
    store.apply(from_one)
    other.apply(from_other, talk())
    found = Customer.objects.for_org(store.org_id).filter(external_id="ann")
    assert sorted(found.values_list("source_id", flat=True)) == [store.source_id, other.source_id]
    assert list(other.talk().unknown_contacts or []) == []


def test_what_fails_halfway_leaves_nothing(store: Store) -> None:
    with transaction.atomic():
        store.apply(contact(), talk(), event("e1", contacts=["ann"]))
        transaction.set_rollback(True)
    assert store.row_versions() == []


def test_changed_customers_are_marked_with_the_change(store: Store) -> None:
    changed = store.apply(contact("ann"), contact("bob"), contact("eve", email=None))
    assert sorted(dirty.claim(store.org_id, 10)) == sorted(changed.customers)
    assert dirty.claim(store.org_id, 10) == []
    store.apply(contact("ann"))
    assert dirty.orgs_with_marks() == []


def test_marks_are_claimed_oldest_first_and_in_portions(store: Store) -> None:
    with connection.cursor() as cursor:
        store.apply(contact("ann"), contact("bob"))
        cursor.execute(
            "UPDATE store_dirtycustomer SET marked_at = marked_at - interval '1 hour'"
            " WHERE customer_id = %s",
            [store.customer("bob").pk],
        )
    assert dirty.orgs_with_marks() == [store.org_id]
    assert dirty.claim(store.org_id, 1) == [store.customer("bob").pk]
    assert dirty.claim(store.org_id, 5) == [store.customer("ann").pk]


def test_marks_of_another_organization_cannot_be_made_or_claimed(store: Store) -> None:
    other = new_store("Other")
    other.apply(contact())
    dirty.claim(other.org_id, 10)
    assert dirty.mark(store.org_id, [other.customer().pk]) == 0
    assert dirty.mark_all(other.org_id) == 1
    assert dirty.claim(store.org_id, 10) == []


def test_a_failed_claim_gives_its_marks_back(store: Store) -> None:
    store.apply(contact())
    with transaction.atomic():
        dirty.claim(store.org_id, 10)
        transaction.set_rollback(True)
    assert dirty.claim(store.org_id, 10) == [store.customer().pk]


def statements_for(store: Store, records: list[Any]) -> int:
    with CaptureQueriesContext(connection) as captured:
        store.apply(*records)
    return len(captured)


def test_the_number_of_statements_does_not_depend_on_the_number_of_records(store: Store) -> None:
    def story(size: int, prefix: str, v: int) -> list[Any]:
        people = [contact(f"{prefix}{n}", v=v, city=str(v)) for n in range(size)]
        talks = [talk(f"{prefix}{n}", v=v, contacts=[f"{prefix}{n}"]) for n in range(size)]
        return [*people, *talks]

    assert statements_for(store, story(2, "a", 1)) == statements_for(store, story(90, "b", 1))
    assert statements_for(store, story(2, "a", 2)) == statements_for(store, story(90, "b", 2))


@pytest.mark.django_db(transaction=True)
def test_two_writers_of_one_source_take_turns_and_end_in_the_newest() -> None:
    store = new_store()
    versions = [contact("ann", v=v, name=f"v{v}") for v in range(1, 9)]
    failures: list[BaseException] = []

    def write(records: list[Any]) -> None:
        try:
            for record in records:
                store.apply(record, talk("c1", v=record.version.second, seen=99))
        except BaseException as failure:  # noqa: BLE001 - handed to the test below
            failures.append(failure)
        finally:
            connection.close()

    writers = [threading.Thread(target=write, args=(versions[n::2],)) for n in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert failures == []
    assert store.customer().name == "v8"
    assert store.talk().remote_updated_at == at(8)


def test_every_table_of_the_store_is_watched_for_writes(db: None) -> None:
    with connection.cursor() as cursor:
        names = connection.introspection.table_names(cursor)
    stored = {name.removeprefix("store_") for name in names if name.startswith("store_")}
    apart = {"source", "note", "sourcesegment", "sourcesegmentmember"}
    assert stored == {*TABLES, *apart}
