"""Our own attributes: per name the newest fact, whatever came in which order."""

from datetime import UTC, datetime
from itertools import permutations

import pytest

from pulsescore.store import dirty
from pulsescore.store.records import MergeRecord
from pulsescore.store.traits import (
    MOST_NAMES,
    CompanyTraitChange,
    TraitChange,
    apply_company_traits,
    apply_traits,
)
from tests.db.store.conftest import Store, new_store
from tests.unit.store.builders import at, company, contact


def tell(
    store: Store, v: int, name: str = "ann", *, weak: bool = False, **values: object
) -> frozenset[int]:
    change = TraitChange(
        customer_id=store.customer(name).pk, values=values, at=at(v), only_if_empty=weak
    )
    return apply_traits(org_id=store.org_id, changes=[change], now=store.now)


@pytest.fixture
def ann(store: Store) -> Store:
    store.apply(contact("ann"))
    dirty.claim(store.org_id, 10)
    return store


def test_a_value_is_kept_with_its_instant_and_the_customer_is_marked(ann: Store) -> None:
    changed = tell(ann, 3, plan="pro", seats=4, tags=["a"], nested={"x": None})
    customer = ann.customer()
    assert changed == {customer.pk}
    assert customer.traits == {"plan": "pro", "seats": 4, "tags": ["a"], "nested": {"x": None}}
    assert datetime.fromisoformat(customer.trait_times["plan"]) == at(3)
    assert dirty.claim(ann.org_id, 10) == [customer.pk]


@pytest.mark.parametrize("order", list(permutations([(1, "a"), (2, None), (3, "c")])))
def test_the_newest_value_wins_in_every_order(
    ann: Store, order: tuple[tuple[int, str | None], ...]
) -> None:
    for v, value in order:
        tell(ann, v, plan=value)
    assert ann.customer().traits == {"plan": "c"}


def test_a_removed_value_is_not_brought_back_by_an_older_one(ann: Store) -> None:
    tell(ann, 2, plan=None)
    assert tell(ann, 1, plan="pro") == frozenset()
    assert ann.customer().traits == {}


def test_what_is_known_writes_no_row_and_marks_nobody(ann: Store) -> None:
    tell(ann, 2, plan="pro")
    dirty.claim(ann.org_id, 10)
    before = ann.row_versions()
    assert tell(ann, 2, plan="pro") == frozenset()
    assert tell(ann, 1, plan="free") == frozenset()
    assert ann.row_versions() == before


def test_the_same_value_told_later_is_newer_but_no_change(ann: Store) -> None:
    tell(ann, 1, plan="pro")
    assert tell(ann, 3, plan="pro") == frozenset()
    assert tell(ann, 2, plan="free") == frozenset()
    assert ann.customer().traits == {"plan": "pro"}


def test_a_value_for_gaps_only_fills_what_is_empty(ann: Store) -> None:
    tell(ann, 1, plan="pro", note="")
    tell(ann, 2, weak=True, plan="free", note="vip", city="Rome")
    assert ann.customer().traits == {"plan": "pro", "note": "vip", "city": "Rome"}


def test_several_changes_in_one_call_count_like_single_ones(ann: Store) -> None:
    pk = ann.customer().pk
    changes = [
        TraitChange(customer_id=pk, values={"plan": "new"}, at=at(5)),
        TraitChange(customer_id=pk, values={"plan": "old", "city": "Rome"}, at=at(4)),
        TraitChange(customer_id=pk, values={"plan": "x"}, at=at(9), only_if_empty=True),
    ]
    apply_traits(org_id=ann.org_id, changes=changes, now=ann.now)
    assert ann.customer().traits == {"plan": "new", "city": "Rome"}


def test_imports_leave_our_attributes_alone(ann: Store) -> None:
    tell(ann, 1, plan="pro")
    ann.apply(contact("ann", v=7, name="Ann the Second", metadata={"plan": "theirs"}))
    customer = ann.customer()
    assert (customer.traits, customer.metadata) == ({"plan": "pro"}, {"plan": "theirs"})


def test_customers_of_another_organization_are_passed_over(ann: Store) -> None:
    other = new_store("Other")
    other.apply(contact("eve"))
    change = TraitChange(customer_id=other.customer("eve").pk, values={"a": 1}, at=at(1))
    assert apply_traits(org_id=ann.org_id, changes=[change], now=ann.now) == frozenset()
    assert other.customer("eve").traits == {}


def test_hostile_names_and_values_do_no_harm(ann: Store) -> None:
    tell(ann, 1, **{"a\0b": "x\0y", "": 1, "n" * 256: 2, "inf": float("inf")})
    assert ann.customer().traits == {"ab": "xy"}


def test_a_customer_holds_so_many_names_and_no_more(ann: Store) -> None:
    tell(ann, 1, **{f"n{n}": n for n in range(MOST_NAMES)})
    tell(ann, 2, n1="known", more="new")
    traits = ann.customer().traits
    assert len(traits) == MOST_NAMES
    assert traits["n1"] == "known"


def test_traits_of_a_company_mark_it_and_its_customers(store: Store) -> None:
    store.apply(company("acme"), contact("ann", companies=["acme"]), contact("bob"))
    dirty.claim(store.org_id, 10)
    dirty.claim_companies(store.org_id, 10)
    acme = store.company().pk
    change = CompanyTraitChange(company_id=acme, values={"tier": 1}, at=at(1))
    assert apply_company_traits(org_id=store.org_id, changes=[change], now=store.now) == {acme}
    assert store.company().traits == {"tier": 1}
    assert dirty.claim(store.org_id, 10) == [store.customer().pk]
    assert dirty.claim_companies(store.org_id, 10) == [acme]


def test_instants_are_compared_whatever_their_zone(ann: Store) -> None:
    pk = ann.customer().pk
    zoned = datetime.fromisoformat("2026-01-01T12:00:00+05:00")
    later = datetime(2026, 1, 1, 8, tzinfo=UTC)
    for instant, value in ((later, "later"), (zoned, "earlier")):
        change = TraitChange(customer_id=pk, values={"plan": value}, at=instant)
        apply_traits(org_id=ann.org_id, changes=[change], now=ann.now)
    assert ann.customer().traits == {"plan": "later"}


def test_the_survivor_of_a_merge_has_the_newest_of_both(ann: Store) -> None:
    ann.apply(contact("bob"))
    tell(ann, 1, "ann", plan="free", city="Rome")
    tell(ann, 2, "bob", plan="pro")
    ann.apply(MergeRecord(source="ann", target="bob", at=at(3)))
    assert ann.customer("bob").traits == {"plan": "pro", "city": "Rome"}
