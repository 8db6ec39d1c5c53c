"""Tags take their new names in all that carries them, however they were told."""

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pulsescore.store.models import Customer, Source
from pulsescore.store.tags import rename_tags
from tests.db.store.conftest import Store
from tests.unit.store.builders import contact, partial_contact

LETTERS = "abcdeZ~é"


def rename(store: Store, batch: int = 100, **changes: str) -> int:
    return rename_tags(
        org_id=store.org_id,
        source_id=store.source_id,
        changes=changes,
        now=store.now,
        batch=batch,
    )


def tags(store: Store, name: str = "ann") -> list[str]:
    return store.customer(name).tags


def test_a_name_is_replaced_and_the_list_stays_sorted(store: Store) -> None:
    store.apply(contact(tags=["a", "b", "c"]))
    assert rename(store, a="z") == 1
    assert tags(store) == ["b", "c", "z"]


def test_two_tags_that_become_one_are_listed_once(store: Store) -> None:
    store.apply(contact(tags=["a", "b"]))
    rename(store, a="b")
    assert tags(store) == ["b"]


def test_a_removed_tag_leaves_an_empty_list_rather_than_none(store: Store) -> None:
    store.apply(contact(tags=["a"]))
    rename(store, a="")
    assert tags(store) == []


def test_what_does_not_carry_it_is_left_alone(store: Store) -> None:
    store.apply(contact(tags=["b"]))
    before = store.customer().updated_at
    assert rename(store, a="z") == 0
    assert store.customer().updated_at == before


def test_more_than_a_batch_is_renamed(store: Store) -> None:
    store.apply(*(contact(f"c{n}", tags=["a"]) for n in range(7)))
    assert rename(store, batch=2, a="b", b="a") == 7
    assert {tuple(tags(store, f"c{n}")) for n in range(7)} == {("b",)}


def test_what_was_added_after_the_list_is_renamed_with_it(store: Store) -> None:
    store.apply(contact(v=10, seen=11, tags=["b"]))
    store.apply(partial_contact(v=20, seen=20, tags_added=["a"]))
    rename(store, a="z")
    assert tags(store) == ["b", "z"]
    store.apply(contact(v=15, seen=16, tags=["c"]))
    assert tags(store) == ["c", "z"]


def test_the_next_read_settles_it_and_writes_nothing_more(store: Store) -> None:
    store.apply(contact(tags=["a"]))
    rename(store, a="z")
    read = contact(tags=["z"], seen=9_000)
    store.apply(read)
    settled = store.customer().updated_at
    store.apply(read)
    assert (tags(store), store.customer().updated_at) == (["z"], settled)


def test_another_source_is_left_alone(store: Store) -> None:
    store.apply(contact(tags=["a"]))
    other = Source.objects.for_org(store.org_id).create(org_id=store.org_id, kind="intercom")
    changed = rename_tags(
        org_id=store.org_id, source_id=other.pk, changes={"a": "z"}, now=store.now
    )
    assert (changed, tags(store)) == (0, ["a"])


@pytest.mark.django_db
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    had=st.lists(st.sampled_from(LETTERS), max_size=5, unique=True),
    changes=st.dictionaries(
        st.sampled_from(LETTERS), st.sampled_from(["", *LETTERS]), min_size=1, max_size=4
    ),
)
def test_all_names_change_at_once(store: Store, had: list[str], changes: dict[str, str]) -> None:
    Customer.objects.for_org(store.org_id).delete()
    store.apply(contact(tags=had))
    rename(store, **changes)
    found = tags(store)
    assert found == sorted({changes.get(one, one) for one in had} - {""})
    assert all(one < other for one, other in pairwise(found))
