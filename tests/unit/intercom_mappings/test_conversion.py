"""How one of our values becomes what a field of Intercom takes."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from pulsescore.connectors.intercom.mappings.conversion import Unfit, convert, is_empty, is_same

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SECONDS = 1_772_366_400


@pytest.mark.parametrize(
    ("value", "kind", "sent"),
    [
        ("  Enterprise ", "string", "Enterprise"),
        (12, "string", "12"),
        (3.0, "string", "3"),
        (0.5, "string", "0.5"),
        (True, "string", "true"),
        (NOON, "string", "2026-03-01T12:00:00Z"),
        (["At risk", "Trial"], "string", "At risk, Trial"),
        ("12", "integer", 12),
        ("12.0", "integer", 12),
        (7.0, "integer", 7),
        (" 12.5 ", "float", 12.5),
        (4, "float", 4.0),
        (False, "boolean", False),
        ("Yes", "boolean", True),
        (0, "boolean", False),
        (NOON, "date", SECONDS),
        ("2026-03-01T12:00:00Z", "date", SECONDS),
        ("2026-03-01T13:00:00+01:00", "datetime", SECONDS),
        ("2026-03-01", "date", SECONDS - 43_200),
        (date(2026, 3, 1), "date", SECONDS - 43_200),
        (SECONDS, "date", SECONDS),
        (str(SECONDS), "date", SECONDS),
        (SECONDS * 1000, "date", SECONDS),
        (155.98, "money", 155),
        ("ann@example.com", "email", "ann@example.com"),
        ("+353 87 123 4567", "phone", "+353 87 123 4567"),
        ("https://example.com/a.png", "url", "https://example.com/a.png"),
        (5017690, "admin", "5017690"),
        (42, "key", "42"),
    ],
)
def test_a_value_is_sent_as_the_field_takes_it(value: Any, kind: str, sent: Any) -> None:
    fitted = convert(value, kind)
    assert (fitted.value, type(fitted.value)) == (sent, type(sent))


@pytest.mark.parametrize(
    ("value", "kind", "reason"),
    [
        ("a dozen", "integer", "“a dozen” is not a number."),
        (12.5, "integer", "12.5 is not a whole number."),
        (True, "integer", "“True” is not a number."),
        (2**53, "integer", "9007199254740992 is too large a number."),
        (float("nan"), "float", "“nan” is not a number."),
        ("maybe", "boolean", "“maybe” is neither true nor false."),
        ("soon", "date", "“soon” is not a date."),
        (True, "date", "“True” is not a date."),
        ("12", "date", "“12” is not a date."),
        ({"a": 1}, "string", "It holds several values under names of their own, so it is no text."),
        ("ann", "email", "“ann” is not an e-mail address."),
        ("unknown", "phone", "“unknown” is not a phone number."),
        ("javascript:1", "url", "“javascript:1” is not an address that begins with https://."),
        ("Ann", "admin", "“Ann” is not the number of a team mate in Intercom."),
        ("k" * 256, "key", "It has 256 characters; Intercom takes 255 at most."),
    ],
)
def test_a_value_that_does_not_fit_is_refused_in_words(value: Any, kind: str, reason: str) -> None:
    with pytest.raises(Unfit) as refusal:
        convert(value, kind)
    assert str(refusal.value) == reason


def test_a_text_of_255_characters_is_sent_whole() -> None:
    assert convert("x" * 255, "string").length is None


def test_a_longer_text_is_cut_visibly() -> None:
    fitted = convert("x" * 256, "string")
    assert (len(fitted.value), fitted.value[-2:], fitted.length) == (255, "x…", 256)


def test_an_option_is_written_as_intercom_spells_it() -> None:
    assert convert("GOLD", "options", ("Gold", "Silver")).value == "Gold"


def test_what_is_none_of_the_options_is_refused() -> None:
    with pytest.raises(Unfit, match="“Iron” is none of the options: Gold, Silver"):
        convert("Iron", "options", ("Gold", "Silver"))


@pytest.mark.parametrize("value", [None, "", "  ", [], {}])
def test_nothing_and_blank_text_are_empty(value: Any) -> None:
    assert is_empty(value)


@pytest.mark.parametrize("value", [False, 0, 0.0, "0", [0]])
def test_false_and_zero_are_values(value: Any) -> None:
    assert not is_empty(value)


@pytest.mark.parametrize(
    ("sent", "held", "kind"),
    [
        ("Ann@Example.com", "ann@example.com", "email"),
        ("+353 87 123 4567", "+353871234567", "phone"),
        (SECONDS, "2026-03-01T12:00:00Z", "date"),
        (12, "12", "integer"),
        (155, 155.98, "money"),
        ("5017690", 5017690, "admin"),
        (None, "", "string"),
    ],
)
def test_what_intercom_holds_in_its_own_way_is_the_same(sent: Any, held: Any, kind: str) -> None:
    assert is_same(sent, held, kind)


@pytest.mark.parametrize(
    ("sent", "held", "kind"),
    [(1, "one", "integer"), (False, None, "boolean"), (None, "x", "string"), ("a", "A", "string")],
)
def test_what_differs_is_not_the_same(sent: Any, held: Any, kind: str) -> None:
    assert not is_same(sent, held, kind)
