"""What passed the door survives being sent to another process."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pulsescore.store.admission import Admitted, admit_all, together
from pulsescore.store.packed import pack, unpack
from pulsescore.store.records import ActivityRecord, DeletionRecord, Malformed, MergeRecord
from tests.unit.store.builders import NOON, at, company, contact, event, partial_contact, talk

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text(),
    lambda items: st.lists(items, max_size=3) | st.dictionaries(st.text(), items, max_size=3),
    max_leaves=6,
)


@settings(max_examples=30)
@given(metadata=st.dictionaries(st.text(max_size=5), JSON, max_size=4), as_new=st.booleans())
def test_documents_of_any_depth_come_through(metadata: dict[str, Any], *, as_new: bool) -> None:
    admitted = admit_all([contact(metadata=metadata)], as_new=as_new)
    came = unpack(pack(admitted))
    assert repr(came) == repr(admitted)


def test_what_was_told_is_told_apart_from_what_was_not() -> None:
    admitted = admit_all(
        [
            partial_contact(v=None, name=None, tags_added=["vip"]),
            contact("ben", seen=9, authoritative=True, companies=["acme"]),
            company(monthly_spend=Decimal("12.50"), size=2**40),
            talk(first_closed_at=datetime(1900, 1, 1, tzinfo=UTC), statistics={}),
        ]
    )
    assert unpack(pack(admitted)) == admitted


def test_records_of_every_other_type_come_through() -> None:
    admitted = admit_all(
        [
            ActivityRecord(conversation="c1", kind="closed", at=NOON),
            event(contacts=["ann"]),
            DeletionRecord(kind="customer", external_id="ann", at=NOON, reason="archived"),
            MergeRecord(source="ann", target="ben", at=NOON),
            Malformed(kind="company", external_id="x", detail="no", observed_at=NOON),
        ]
    )
    assert unpack(pack(admitted)) == admitted


def test_several_records_of_a_thing_stay_in_their_order() -> None:
    admitted = admit_all([contact(v=2, name="B"), contact(v=1, name="A"), contact(v=3, name="C")])
    names = [one.record.name for one in unpack(pack(admitted)).customers["ann"]]  # type: ignore[union-attr]
    assert names == ["B", "A", "C"]


def test_a_number_beyond_sixty_four_bits_is_refused() -> None:
    with pytest.raises(OverflowError):
        pack(admit_all([contact(metadata={"huge": 2**70})]))


def test_two_halves_are_put_together_thing_by_thing() -> None:
    first = admit_all([contact(v=1), talk("c1")])
    second = admit_all([contact(v=2), contact("ben"), talk("c2")])
    whole = together(first, second)
    assert whole.customers.keys() == {"ann", "ben"}
    assert [one.record.version for one in whole.customers["ann"]] == [at(1), at(2)]
    assert whole.conversations.keys() == {"c1", "c2"}
    assert together(Admitted({}, {}, {}), first) == first
