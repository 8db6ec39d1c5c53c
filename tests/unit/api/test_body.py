"""Reading request bodies."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulsescore.api.body import decode, raise_if_unstorable
from pulsescore.api.problems import Malformed
from pulsescore.core.errors import Invalid

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"NaN", b'{"a": Infinity}', b"\xff", b'"\\ud800"', b"[" * 100_000, b"{'a': 1}"],
)
def test_what_is_no_json_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        decode(body)


@pytest.mark.parametrize(
    ("value", "field"),
    [
        ("\x00", "body"),
        ({"a": "\x00"}, "a"),
        ({"a": [{"b": "x\x00"}]}, "a.0.b"),
        ([1, "\x00"], "1"),
        ({"\x00": 1}, "body"),
        ({"a": "\ud800"}, "a"),
    ],
)
def test_text_that_cannot_be_stored_is_named_by_its_path(value: object, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        raise_if_unstorable(value)
    assert [fault.field for fault in refused.value.faults] == [field]


def test_deep_nesting_is_refused() -> None:
    value: object = "x"
    for _ in range(40):
        value = [value]
    with pytest.raises(Malformed):
        raise_if_unstorable(value)


@given(JSON)
def test_any_value_is_either_storable_or_refused(value: object) -> None:
    try:
        raise_if_unstorable(value)
    except (Invalid, Malformed):
        return
    assert "\x00" not in repr(value).replace("\\x00", "\x00")
