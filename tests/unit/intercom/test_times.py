"""Times in every form Intercom uses are the same instant, to the second."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from pulsescore.connectors.intercom.times import moment, parse_time

INSTANT = datetime(2026, 1, 10, 4, 39, 55, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [
        1768019995,
        1768019995.9,
        "1768019995",
        "1768019995.0",
        "2026-01-10T04:39:55Z",
        "2026-01-10T04:39:55.465+00:00",
        "2026-01-10T05:39:55.999+01:00",
        " 2026-01-10T04:39:55 ",
    ],
)
def test_every_form_names_the_same_second(value: object) -> None:
    assert parse_time(value) == INSTANT  # type: ignore[arg-type]


def test_null_and_empty_text_are_no_time() -> None:
    assert parse_time(None) is None
    assert parse_time("  ") is None


def test_an_absent_time_stays_absent() -> None:
    assert parse_time(UNSET) is UNSET
    assert moment(UNSET) is None


@pytest.mark.parametrize("value", ["soon", 1768019995000, "2026-13-01", [], "9" * 400])
def test_what_is_no_time_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_time(value)  # type: ignore[arg-type]


@given(st.integers(0, 4_000_000_000), st.integers(-14, 14))
def test_text_and_number_agree_in_any_time_zone(seconds: int, hours: int) -> None:
    there = datetime.fromtimestamp(seconds, timezone(timedelta(hours=hours)))
    assert parse_time(there.isoformat()) == parse_time(seconds) == parse_time(str(seconds))
