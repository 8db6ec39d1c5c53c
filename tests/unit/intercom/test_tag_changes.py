"""What became of tags, told by two lists of them."""

from hypothesis import given
from hypothesis import strategies as st

from pulsescore.connectors.intercom.inbound.tag_changes import compare

NAMES = st.dictionaries(st.sampled_from("123456"), st.sampled_from("abcdef"), max_size=6)


def test_a_new_name_is_followed() -> None:
    assert compare({"1": "gold"}, {"1": "very gold"}, believed=0).changes == {"gold": "very gold"}


def test_a_tag_that_is_no_longer_listed_is_removed() -> None:
    assert compare({"1": "gold", "2": "b"}, {"2": "b"}, believed=0).changes == {"gold": ""}


def test_names_may_change_places() -> None:
    changes = compare({"1": "a", "2": "b"}, {"1": "b", "2": "a"}, believed=0).changes
    assert changes == {"a": "b", "b": "a"}


def test_a_new_tag_is_no_change() -> None:
    fate = compare({"1": "a"}, {"1": "a", "2": "b"}, believed=0)
    assert (fate.changes, fate.doubtful) == ({}, frozenset())


def test_many_that_vanish_at_once_are_doubted_and_kept() -> None:
    known = {str(n): f"tag {n}" for n in range(20)}
    fate = compare(known, {"0": "new name"}, believed=4)
    assert fate.changes == {"tag 0": "new name"}
    assert fate.doubtful == {str(n) for n in range(1, 20)}
    assert compare(known, {}, believed=20).doubtful == frozenset()


@given(known=NAMES, told=NAMES)
def test_lists_that_are_alike_change_nothing(known: dict[str, str], told: dict[str, str]) -> None:
    assert compare(known, known, believed=0).changes == {}
    if len(set(known.values())) == len(known) and len(set(told.values())) == len(told):
        fate = compare(known, told, believed=10)
        after = {fate.changes.get(name, name) for name in known.values()} - {""}
        assert after == {told[tag] for tag in known if tag in told}
