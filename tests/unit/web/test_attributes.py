"""Attributes are shown as what they are, by where they come from."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulsescore.web.customers.attributes import group, split_by_origin, typed

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@pytest.mark.parametrize(
    ("name", "value", "kind", "text"),
    [
        ("a", None, "none", ""),
        ("a", "", "none", ""),
        ("a", True, "flag", "Yes"),
        ("a", 1234567, "number", "1,234,567"),
        ("a", 0.5, "number", "0.5"),
        ("a", "Team", "text", "Team"),
        ("a", "x" * 200, "long", "x" * 200),
        ("a", "one\ntwo", "long", "one\ntwo"),
        ("a", ["x", 2], "text", "x, 2"),
        ("a", {"b": 1}, "nested", '{\n  "b": 1\n}'),
        ("a", "https://example.com/x", "link", "https://example.com/x"),
        ("a", "https://not a link", "text", "https://not a link"),
        ("a", "javascript:alert(1)", "text", "javascript:alert(1)"),
        ("a", "mia@example.com", "mail", "mia@example.com"),
        ("a", "2026-06-01", "day", "2026-06-01"),
        ("a", "2026-13-01", "text", "2026-13-01"),
        ("renewed_at", 1_772_000_000, "moment", "1772000000"),
        ("seats", 1_772_000_000, "number", "1,772,000,000"),
    ],
)
def test_values_are_recognized(name: str, value: Any, kind: str, text: str) -> None:
    shown = typed(name, value)

    assert (shown.kind, shown.text) == (kind, text)


def test_moments_know_their_instant() -> None:
    at = datetime(2026, 3, 1, 12, tzinfo=UTC)

    assert typed("a", "2026-03-01T12:00:00Z").at == at
    assert typed("a", "2026-03-01 13:00+01:00").at == at
    assert typed("a", at).at == at


@given(st.text(), values)
def test_any_value_can_be_shown(name: str, value: Any) -> None:
    assert typed(name, value).kind


def test_a_group_is_searched_by_name_and_value() -> None:
    found = group("Intercom", {"Plan": "Team", "os": "Plan 9", "x": 1}, search="plan")

    assert found is not None
    assert [name for name, _value in found.rows] == ["os", "Plan"]
    assert found.total == 3
    assert group("Intercom", {}) is None


def test_attributes_are_split_by_origin() -> None:
    split = split_by_origin({"intercom/os": "x", "score": 1, "segment/a/b": 2, "/odd": 3})

    assert split == {"intercom": {"os": "x"}, "": {"score": 1, "/odd": 3}, "segment": {"a/b": 2}}
