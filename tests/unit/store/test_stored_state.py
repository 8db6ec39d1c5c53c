"""States survive being written down and read back."""

from typing import Any

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from pulsescore.core import copy_format
from pulsescore.store.kinds import CUSTOMER
from pulsescore.store.stored_state import (
    array_literal,
    content_of,
    content_of_entry,
    held_json,
    state_of_held,
    state_of_row,
    told_columns,
    told_line,
    told_values,
)
from tests.unit.store.builders import contact, entry, partial_contact
from tests.unit.store.test_merge import histories, merged


@given(history=histories())
def test_a_row_gives_back_its_state(history: list[Any]) -> None:
    state = merged(*history)
    assert state_of_row(CUSTOMER, as_row(state)) == state


@given(history=histories())
def test_a_held_record_gives_back_its_state(history: list[Any]) -> None:
    state = merged(*history)
    content = content_of(CUSTOMER, state)
    assert state_of_held(CUSTOMER, held_json(content.record, content)) == state


def test_a_state_told_by_one_record_has_that_records_digest() -> None:
    whole = entry(contact(v=3, name="Ann", tags=["b", "a"], metadata={"x": 1, "a": [1, 2.5]}))
    state = merged(contact(v=1, name="Old"), whole.record)
    assert content_of(CUSTOMER, state).digest == whole.digest


def test_a_state_of_mixed_versions_has_no_digest() -> None:
    state = merged(contact(v=1, name="Ann"), partial_contact(v=2, phone="1"))
    assert content_of(CUSTOMER, state).digest is None


@given(st.lists(st.text(), max_size=4))
def test_an_array_literal_escapes_quotes_and_backslashes(items: list[str]) -> None:
    literal = array_literal(items)
    assert literal is not None
    assert _unescaped(literal) == items


def _unescaped(literal: str) -> list[str]:
    if literal == "{}":
        return []
    items, current, inside, escaped = [], "", False, False
    for character in literal[1:-1]:
        if escaped:
            current, escaped = current + character, False
        elif character == "\\":
            escaped = True
        elif character == '"':
            if inside:
                items.append(current)
            current, inside = "", not inside
        elif inside:
            current += character
    return items


def as_row(state: Any) -> dict[str, Any]:
    """What PostgreSQL would give back of this state."""
    content = content_of(CUSTOMER, state)
    row: dict[str, Any] = dict(
        zip(told_columns(CUSTOMER), told_values(CUSTOMER, content), strict=True)
    )
    for column in ("tags", "company_external_ids"):
        row[column] = _unescaped(row[column])
    return row


def test_json_documents_are_compact_text() -> None:
    told = content_of_entry(CUSTOMER, entry(contact(metadata={"b": 1, "a": 2})))
    assert msgspec.json.encode({"b": 1, "a": 2}).decode() in told_values(CUSTOMER, told)


def test_a_line_for_copy_says_what_the_values_say_documents_last() -> None:
    awkward = {"quote": 'say "hi"', "slash": "a\\b", "break": "one\ntwo", "tab": "\t"}
    told = content_of_entry(CUSTOMER, entry(contact(metadata=awkward, tags=['a "tag"'])))
    ends = [copy_format.line((one,)) for one in told_values(CUSTOMER, told)]
    assert told_line(CUSTOMER, told) == b",".join(ends)
