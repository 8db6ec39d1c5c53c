"""Competing facts about one thing become one state."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from pulsescore.store.kinds import CUSTOMER
from pulsescore.store.merge import (
    State,
    is_contested,
    is_unchanged,
    merge,
    settles,
    start,
)
from tests.unit.store.builders import at, contact, entry, partial_contact


def merged(*records: Any) -> State:
    first, *rest = (entry(record) for record in records)
    state = start(CUSTOMER, first)
    for one in rest:
        state = merge(CUSTOMER, state, one)
    return state


def test_the_newer_version_wins_whichever_comes_first() -> None:
    old, new = contact(v=1, name="Old"), contact(v=2, name="New")
    assert merged(old, new).values["name"] == merged(new, old).values["name"] == "New"


def test_of_one_version_the_later_observed_wins() -> None:
    early, late = contact(v=1, seen=5, name="Early"), contact(v=1, seen=9, name="Late")
    assert merged(late, early).values["name"] == merged(early, late).values["name"] == "Late"


def test_versions_are_compared_to_the_second() -> None:
    first, second = contact(v=1.9, seen=5, name="First"), contact(v=1.1, seen=6, name="Second")
    assert merged(first, second).values["name"] == "Second"


def test_what_a_record_leaves_unset_is_not_blanked() -> None:
    state = merged(contact(v=1, name="Ann", phone="1"), partial_contact(v=2, phone="2"))
    assert (state.values["name"], state.values["phone"]) == ("Ann", "2")


def test_none_is_a_value_and_blanks() -> None:
    assert merged(contact(v=1, phone="1"), contact(v=2, phone=None)).values["phone"] is None


def test_an_older_record_fills_in_what_the_newer_left_unset() -> None:
    state = merged(partial_contact(v=9, phone="9"), contact(v=1, name="Ann", phone="1"))
    assert (state.values["name"], state.values["phone"]) == ("Ann", "9")


def test_an_older_record_does_not_undo_that_a_newer_one_blanked_a_field() -> None:
    assert merged(contact(v=9, name=None), contact(v=1, name="Ann")).values["name"] is None


def test_activity_times_never_go_backwards() -> None:
    state = merged(contact(v=1, last_seen_at=at(50)), contact(v=2, last_seen_at=at(40)))
    assert state.values["last_seen_at"] == at(50)
    assert merged(contact(v=1, last_seen_at=at(50)), contact(v=2, last_seen_at=None)).values[
        "last_seen_at"
    ] == at(50)


def test_a_tag_is_added_to_the_list_that_was_told() -> None:
    state = merged(contact(v=1, tags=["a"]), partial_contact(v=2, tags_added=["b"]))
    assert state.values["tags"] == ["a", "b"]


def test_an_addition_older_than_the_full_list_says_nothing() -> None:
    state = merged(contact(v=5, tags=["a"]), partial_contact(v=2, tags_added=["b"]))
    assert state.values["tags"] == ["a"]


def test_additions_survive_a_late_full_list_that_is_older() -> None:
    added = partial_contact(v=9, tags_added=["b"], tags_removed=["c"])
    late = contact(v=5, tags=["a", "c"])
    assert merged(contact(v=1, tags=["x"]), added, late).values["tags"] == ["a", "b"]


def test_two_additions_may_arrive_in_the_wrong_order() -> None:
    one, two = partial_contact(v=3, tags_added=["b"]), partial_contact(v=4, tags_added=["c"])
    assert merged(contact(v=1, tags=["a"]), two, one).values["tags"] == ["a", "b", "c"]


def test_a_record_without_a_version_competes_by_when_it_was_seen() -> None:
    state = merged(contact(v=10, name="Ten"), partial_contact(v=None, seen=20, name="Seen at 20"))
    assert (state.values["name"], state.version) == ("Seen at 20", at(10))
    assert (
        merged(contact(v=30, name="Thirty"), partial_contact(v=None, seen=20, name="x")).values[
            "name"
        ]
        == "Thirty"
    )


def test_seeing_the_same_version_again_is_no_news() -> None:
    before = merged(contact(v=1, seen=2, name="Ann"))
    assert is_unchanged(before, merge(CUSTOMER, before, entry(contact(v=1, seen=99, name="Ann"))))


def test_what_was_seen_after_the_second_of_its_version_is_settled() -> None:
    within, after = contact(v=5, seen=5.9), contact(v=5, seen=6)
    assert not merged(within).is_settled
    assert merged(after).is_settled
    assert settles(merged(within), merged(within, after))
    assert not settles(merged(after), merged(after, within))


def test_two_that_were_seen_in_the_second_of_one_version_contest_it() -> None:
    state = merged(contact(v=5, seen=5, name="Ann"))
    other = entry(contact(v=5, seen=5, name="Anna"))
    assert is_contested(CUSTOMER, state, other)
    assert not is_contested(CUSTOMER, state, entry(contact(v=5, seen=5, name="Ann")))
    assert not is_contested(CUSTOMER, state, entry(partial_contact(v=5, seen=5, phone="1")))
    assert not is_contested(CUSTOMER, state, entry(contact(v=6, seen=6, name="Anna")))


def test_a_list_is_contested_by_what_was_added_or_taken_away_in_the_second_it_was_seen() -> None:
    state = merged(contact(v=5, seen=5.4, tags=["vip"]))
    for told in ({"tags_added": ["beta"]}, {"tags_removed": ["vip"]}):
        assert is_contested(CUSTOMER, state, entry(partial_contact(v=5, seen=5, **told)))
        assert not is_contested(CUSTOMER, state, entry(partial_contact(v=6, seen=6, **told)))
    for told in ({"tags_added": ["vip"]}, {"tags_removed": ["beta"]}):
        assert not is_contested(CUSTOMER, state, entry(partial_contact(v=5, seen=5, **told)))


def test_nothing_contests_what_is_settled() -> None:
    state = merged(contact(v=5, seen=7, name="Ann"))
    assert not is_contested(CUSTOMER, state, entry(contact(v=5, seen=5, name="Anna")))


def test_a_new_version_is_news_even_if_all_else_is_the_same() -> None:
    before = merged(contact(v=1, name="Ann"))
    assert not is_unchanged(before, merge(CUSTOMER, before, entry(contact(v=2, name="Ann"))))


words = st.sampled_from(["a", "b", "c"])
values = st.one_of(st.none(), words)


@st.composite
def histories(draw: st.DrawFn) -> list[Any]:
    """Records about one contact; no two share a key, as no two states of one instant exist."""
    keys = draw(
        st.lists(
            st.tuples(st.one_of(st.none(), st.integers(0, 5)), st.integers(0, 30)),
            min_size=1,
            max_size=6,
            unique_by=(lambda key: (key[1] if key[0] is None else key[0], key[1])),
        )
    )
    return [draw(records(v, seen)) for v, seen in keys]


@st.composite
def records(draw: st.DrawFn, v: int | None, seen: int) -> Any:
    """A record that tells any part of a contact."""
    told = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "name": values,
                "phone": values,
                "email": values,
                "tags": st.lists(words, max_size=3),
                "metadata": st.dictionaries(words, st.integers()),
                "tags_added": st.lists(words, max_size=2),
                "last_seen_at": st.one_of(st.none(), st.integers(0, 9).map(at)),
            },
        )
    )
    if "tags_added" in told:
        told["tags_removed"] = draw(st.lists(words.filter(lambda w: w not in told["tags_added"])))
    return partial_contact("ann", v=v, seen=seen, **told)


@given(history=histories(), data=st.data())
def test_order_does_not_matter(history: list[Any], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(history))
    assert merged(*shuffled) == merged(*history)


@given(history=histories(), data=st.data())
def test_repetition_does_not_matter(history: list[Any], data: st.DataObject) -> None:
    state = merged(*history)
    repeated = data.draw(st.lists(st.sampled_from(history), max_size=6))
    for record in repeated:
        state = merge(CUSTOMER, state, entry(record))
    assert state == merged(*history)
