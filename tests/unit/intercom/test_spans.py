"""Slices cover their range without gap or overlap; searches ask for what they mean."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulsescore.connectors.intercom.inbound.spans import (
    Span,
    contacts_created,
    contacts_updated,
    conversations_updated,
    midnight_before,
    split_by_day,
    split_by_second,
)

NEW_YORK = ZoneInfo("America/New_York")
ZONES = st.sampled_from(["UTC", "America/New_York", "Asia/Kolkata", "Pacific/Auckland"])
INSTANTS = st.integers(1_577_836_800, 1_767_225_600).map(
    lambda seconds: datetime.fromtimestamp(seconds, UTC)
)


def assert_covers(parts: list[Span], whole: Span) -> None:
    assert parts[0].lower == whole.lower
    assert parts[-1].upper == whole.upper
    for before, after in pairwise(parts):
        assert before.upper == after.lower
    assert all(part.lower < part.upper for part in parts)  # type: ignore[operator]


@given(INSTANTS, st.integers(2, 2000), st.integers(1, 40), ZONES)
def test_days_are_cut_at_the_midnights_of_the_workspace(
    start: datetime, days: int, parts: int, zone_name: str
) -> None:
    zone = ZoneInfo(zone_name)
    lower = midnight_before(start, zone)
    upper = midnight_before(start + timedelta(days=days), zone)
    cut = split_by_day(zone)(Span(lower, upper), parts)
    assert_covers(cut, Span(lower, upper))
    assert len(cut) <= parts
    for span in cut:
        assert span.lower is not None
        there = span.lower.astimezone(zone)
        assert (there.hour, there.minute, there.second) == (0, 0, 0)


@given(INSTANTS, st.integers(1, 10_000_000), st.integers(1, 40))
def test_seconds_are_cut_into_whole_seconds(start: datetime, secs: int, parts: int) -> None:
    start = start.replace(microsecond=0)
    whole = Span(start, start + timedelta(seconds=secs))
    assert_covers(split_by_second(whole, parts), whole)


@given(INSTANTS, st.integers(2, 40), ZONES, st.booleans())
def test_what_cannot_be_cut_by_day_is_cut_by_the_ends_of_ids(
    start: datetime, parts: int, zone_name: str, is_open: bool
) -> None:
    lower = midnight_before(start, ZoneInfo(zone_name))
    upper = midnight_before(lower + timedelta(hours=26), ZoneInfo(zone_name))
    span = Span(lower, None if is_open else upper)
    cut = split_by_day(ZoneInfo(zone_name))(span, parts)
    assert 2 <= len(cut) <= parts
    assert {(one.lower, one.upper) for one in cut} == {(span.lower, span.upper)}
    assert sorted("".join(one.endings for one in cut)) == sorted("0123456789abcdef")
    assert split_by_day(UTC)(cut[0], 8) == [cut[0]]


def test_the_search_for_some_ends_keeps_to_the_limits_of_a_query() -> None:
    lower, upper = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)
    query = contacts_created(Span(lower, upper, "89abcdef"), UTC)
    assert query["operator"] == "AND"
    after, before, ends = query["value"]
    assert [after["field"], before["field"]] == ["created_at", "created_at"]
    assert ends["operator"] == "OR"
    assert ends["value"][0] == {"field": "id", "operator": "$", "value": "8"}
    assert len(ends["value"]) == 8
    single = contacts_created(Span(lower, None, "f"), UTC)
    assert single["value"][1] == {"field": "id", "operator": "$", "value": "f"}


def test_an_open_span_is_not_cut() -> None:
    assert split_by_second(Span(None, None), 8) == [Span(None, None)]
    assert split_by_day(NEW_YORK)(Span(None, datetime(2026, 1, 1, tzinfo=UTC)), 8)[0].lower is None


@given(INSTANTS, st.integers(1, 30), INSTANTS, ZONES)
def test_a_contact_search_shows_all_of_its_span_whether_dates_are_days_or_seconds(
    start: datetime, days: int, created_at: datetime, zone_name: str
) -> None:
    zone = ZoneInfo(zone_name)
    span = Span(midnight_before(start, zone), midnight_before(start + timedelta(days), zone))
    query = contacts_created(span, zone)
    if span.lower != span.upper and span.holds(created_at):
        for one in query["value"]:
            named = datetime.fromtimestamp(one["value"], zone)
            at = created_at.astimezone(zone)
            later = one["operator"] == ">"
            assert at.date() > named.date() if later else at.date() < named.date()
            assert at > named if later else at < named


def test_an_open_contact_search_asks_for_everything() -> None:
    assert contacts_created(Span(), UTC) == {"field": "created_at", "operator": ">", "value": 0}


def test_a_half_open_contact_search_has_one_filter() -> None:
    at = datetime(2026, 1, 10, 5, tzinfo=UTC)
    query = contacts_created(Span(None, at), NEW_YORK)
    assert query["operator"] == "<"
    assert datetime.fromtimestamp(query["value"], NEW_YORK) == datetime(
        2026, 1, 10, 12, tzinfo=NEW_YORK
    )


def test_updated_contacts_are_asked_for_with_days_to_spare() -> None:
    since = datetime(2026, 1, 10, 3, tzinfo=UTC)
    named = datetime.fromtimestamp(contacts_updated(since, NEW_YORK)["value"], NEW_YORK)
    assert named == datetime(2026, 1, 7, 12, tzinfo=NEW_YORK)


def test_a_conversation_search_is_exact_under_either_reading_of_its_operators() -> None:
    lower, upper = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)
    after, before = conversations_updated(Span(lower, upper))["value"]
    assert (after["operator"], after["value"]) == (">", int(lower.timestamp()) - 1)
    assert (before["operator"], before["value"]) == ("<", int(upper.timestamp()))


@given(
    start=INSTANTS,
    micros=st.integers(0, 999_999),
    secs=st.integers(2, 400),
    parts=st.integers(1, 40),
    is_inclusive=st.booleans(),
)
def test_whatever_was_updated_is_found_by_one_window_and_no_other(
    start: datetime, micros: int, secs: int, parts: int, is_inclusive: bool
) -> None:
    """A run begins at any moment; the times of conversations are whole seconds."""
    lower = start.replace(microsecond=micros)
    whole = Span(lower, lower + timedelta(seconds=secs))
    windows = split_by_second(whole, parts)
    for updated_at in (start + timedelta(seconds=sec) for sec in range(-1, secs + 2)):
        found = [
            window
            for window in windows
            if is_found(conversations_updated(window), updated_at, is_inclusive=is_inclusive)
            and window.holds(updated_at)
        ]
        assert len(found) == whole.holds(updated_at)


def is_found(query: dict[str, Any], updated_at: datetime, *, is_inclusive: bool) -> bool:
    after, before = (one["value"] for one in query["value"])
    at = int(updated_at.timestamp())
    return after <= at <= before if is_inclusive else after < at < before


@pytest.mark.parametrize(("secs", "inside"), [(-1, False), (0, True), (9, True), (10, False)])
def test_a_span_holds_its_lower_bound_and_not_its_upper(secs: int, inside: bool) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    span = Span(start, start + timedelta(seconds=10))
    assert span.holds(start + timedelta(seconds=secs)) is inside


def test_what_has_no_time_is_in_every_span() -> None:
    assert Span(datetime(2026, 1, 1, tzinfo=UTC), None).holds(None)
