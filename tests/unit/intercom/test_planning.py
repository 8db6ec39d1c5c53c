"""Windows are even, cover everything that has records, and cost few questions."""

from datetime import UTC, datetime, timedelta
from heapq import heapreplace
from math import ceil
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulsescore.connectors.intercom.api.client import PAGE_SIZE
from pulsescore.connectors.intercom.api.errors import Failure, RequestRefused
from pulsescore.connectors.intercom.inbound.planning import (
    CURSORS,
    PlannedWindow,
    plan,
    target_size,
)
from pulsescore.connectors.intercom.inbound.spans import Span, split_by_day, split_by_second

START = datetime(2026, 1, 1, tzinfo=UTC)
DAY = 86_400
WHOLE = Span(START, START + timedelta(days=90))
TODAY = Span(WHOLE.upper, None)


class Records:
    """Times of records, each with an id, counted by span; remembers how often it was asked."""

    def __init__(self, offsets: list[int], *, ids: str = "0123456789abcdef") -> None:
        self.times = [START + timedelta(seconds=offset) for offset in sorted(offsets)]
        self.ids = [ids[number % len(ids)] for number in range(len(self.times))]
        self.asked = 0

    def holds(self, span: Span, number: int) -> bool:
        return span.holds(self.times[number]) and (
            not span.endings or self.ids[number] in span.endings
        )

    def size(self, span: Span) -> int:
        return sum(self.holds(span, number) for number in range(len(self.times)))

    async def count(self, span: Span) -> int | None:
        self.asked += 1
        return self.size(span)


async def planned(records: Records) -> list[PlannedWindow]:
    return await plan(
        WHOLE,
        open_ended=[],
        total=len(records.times),
        count=records.count,
        split=split_by_second,
    )


async def planned_by_day(records: Records) -> list[PlannedWindow]:
    return await plan(
        WHOLE,
        open_ended=[Span(None, WHOLE.lower), TODAY],
        total=len(records.times),
        count=records.count,
        split=split_by_day(UTC),
    )


def assert_each_is_read_once(records: Records, windows: list[PlannedWindow]) -> None:
    for number in range(len(records.times)):
        assert sum(records.holds(window.span, number) for window in windows) == 1


@given(st.lists(st.integers(0, 90 * DAY - 1), max_size=300))
async def test_every_record_lies_in_exactly_one_window(offsets: list[int]) -> None:
    records = Records(offsets)
    assert_each_is_read_once(records, await planned(records))


@given(st.lists(st.integers(-5 * DAY, 92 * DAY), max_size=300))
async def test_what_is_before_and_after_lies_in_exactly_one_window(offsets: list[int]) -> None:
    records = Records(offsets)
    windows = await planned_by_day(records)
    assert_each_is_read_once(records, windows)


async def test_even_records_need_one_round_of_questions() -> None:
    records = Records([index * 388 for index in range(20_000)])
    windows = await planned(records)
    assert records.asked == 7
    assert max(window.expected for window in windows) <= target_size(20_000)


async def test_a_crowded_hour_is_cut_finer() -> None:
    records = Records([index % 3600 for index in range(8_000)] + [80 * DAY])
    windows = await planned(records)
    largest = max(records.size(window.span) for window in windows)
    assert largest < 8_000 / 4
    assert records.asked < 45


async def test_empty_spans_are_left_out() -> None:
    windows = await planned(Records([5]))
    assert len(windows) == 2  # the last is not counted, so it is looked at


async def test_a_server_that_does_not_count_is_read_in_even_slices() -> None:
    async def silent(_span: Span) -> None:
        return None

    windows = await plan(WHOLE, open_ended=[], total=5_000, count=silent, split=split_by_second)
    assert len(windows) == 8


def test_windows_are_whole_pages_neither_tiny_nor_endless() -> None:
    assert target_size(1_000) == 2 * PAGE_SIZE
    assert target_size(20_000) == 5 * PAGE_SIZE
    assert target_size(10_000_000) == 20 * PAGE_SIZE


def scattered(shape: str, count: int) -> list[int]:
    """Seconds within the ninety days."""
    dice = Random(3)
    if shape == "even":
        return [dice.randrange(90 * DAY) for _ in range(count)]
    if shape == "growing":
        return [int(90 * DAY * dice.random() ** 0.3) for _ in range(count)]
    if shape == "mostly lately":
        return [int((90 * DAY - 1) * (1 - dice.random() ** 4)) for _ in range(count)]
    return [40 * DAY + dice.randrange(DAY) for _ in range(count)]


@pytest.mark.parametrize("shape", ["even", "growing", "mostly lately", "all on one day"])
async def test_a_plan_costs_few_requests_and_keeps_all_cursors_busy_to_the_end(
    shape: str,
) -> None:
    records = Records(scattered(shape, 9_000))
    pages_at_least = 9_000 // PAGE_SIZE
    for planning in (planned, planned_by_day):
        records.asked = 0
        windows = await planning(records)
        needed = [max(1, ceil(records.size(one.span) / PAGE_SIZE)) for one in windows]
        assert records.asked + sum(needed) <= pages_at_least * 2
        assert ends_after(needed) <= 2 * pages_at_least / CURSORS + 1


def ends_after(pages: list[int]) -> int:
    """Pages that the busiest cursor reads, if each takes the next window when it is free."""
    cursors = [0] * CURSORS
    for count in pages:
        heapreplace(cursors, cursors[0] + count)
    return max(cursors)


class TestADayTooFullForOneCursor:
    """Everybody was imported on one day, and a search cuts no finer than a day."""

    records = Records([40 * DAY + number for number in range(6_000)])

    async def test_it_is_read_by_the_ends_of_ids(self) -> None:
        windows = await planned_by_day(self.records)
        assert_each_is_read_once(self.records, windows)
        assert max(self.records.size(window.span) for window in windows) < 1_000

    async def test_not_where_the_parts_do_not_add_up_to_the_day(self) -> None:
        """Ids end otherwise, or the server reads the question otherwise."""
        for records in (Records([40 * DAY] * 6_000, ids="01x"), Everything([40 * DAY] * 6_000)):
            windows = await planned_by_day(records)
            assert all(not window.span.endings for window in windows)
            assert_each_is_read_once(records, windows)

    async def test_not_where_the_server_refuses_the_question(self) -> None:
        windows = await planned_by_day(Refusing([40 * DAY] * 6_000))
        assert all(not window.span.endings for window in windows)
        assert max(window.expected for window in windows) == 6_000

    async def test_today_is_cut_too_although_somebody_comes_meanwhile(self) -> None:
        records = Growing([90 * DAY + number for number in range(6_000)])
        windows = await planned_by_day(records)
        assert len([window for window in windows if window.span.endings]) > 4
        assert_each_is_read_once(records, windows)

    async def test_a_day_of_a_few_pages_is_left_to_one_cursor(self) -> None:
        records = Records([40 * DAY + number for number in range(1_000)])
        assert all(not window.span.endings for window in await planned_by_day(records))


class Everything(Records):
    """A server that passes over what it does not understand."""

    def holds(self, span: Span, number: int) -> bool:
        return super().holds(Span(span.lower, span.upper), number)


class Refusing(Records):
    """A server that knows no such operator."""

    async def count(self, span: Span) -> int | None:
        if span.endings:
            raise RequestRefused(Failure(method="POST", path="/contacts/search", status=400))
        return await super().count(span)


class Growing(Records):
    """Somebody signs up after every other question."""

    async def count(self, span: Span) -> int | None:
        if self.asked % 2:
            self.times.append(START + timedelta(days=90, seconds=self.asked))
            self.ids.append("7")
        return await super().count(span)
