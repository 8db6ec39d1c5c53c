"""Writes to Intercom, read as a diff."""

from pulsescore.web.integrations.write_words import DiffLine, diff_lines, kind_words, shown


def test_only_what_differs_is_a_line() -> None:
    before = {"name": "XYZ", "custom_attributes": {"plan": "Pro", "seats": 3}}
    after = {"name": "XYZ Inc.", "custom_attributes": {"plan": "Pro", "seats": None, "vip": True}}

    assert diff_lines(before, after) == [
        DiffLine("name", "XYZ", "XYZ Inc."),
        DiffLine("seats", "3", ""),
        DiffLine("vip", "", "yes"),
    ]


def test_nothing_and_something_are_told_apart() -> None:
    assert diff_lines({}, {"vip": False}) == [DiffLine("vip", "", "no")]
    assert diff_lines({"vip": False}, {}) == [DiffLine("vip", "no", "")]
    assert diff_lines({"a": 1}, {"a": 1}) == []


def test_values_are_shown_short() -> None:
    assert shown(["a", "b"]) == "a, b"
    assert shown("x" * 300) == "x" * 200 + "…"


def test_a_write_of_a_new_kind_still_has_words() -> None:
    assert kind_words("contact.create") == "Created the contact"
    assert kind_words("company.merge_all") == "Company: merge all"
