"""Windows are even, cover everything that has records, and cost few questions."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from pulsescore.connectors.intercom.inbound.planning import PlannedWindow, plan, target_size
from pulsescore.connectors.intercom.inbound.spans import Span, split_by_second

START = datetime(2026, 1, 1, tzinfo=UTC)
WHOLE = Span(START, START + timedelta(days=90))


class Records:
    """Times of records, counted by span; remembers how often it was asked."""

    def __init__(self, offsets: list[int]) -> None:
        self.times = [START + timedelta(seconds=offset) for offset in offsets]
        self.asked = 0

    async def count(self, span: Span) -> int:
        self.asked += 1
        return sum(span.holds(at) for at in self.times)


async def planned(records: Records) -> list[PlannedWindow]:
    return await plan(
        WHOLE,
        open_ended=[],
        total=len(records.times),
        count=records.count,
        split=split_by_second,
    )


@given(st.lists(st.integers(0, 90 * 86_400 - 1), max_size=300))
async def test_every_record_lies_in_exactly_one_window(offsets: list[int]) -> None:
    records = Records(offsets)
    windows = await planned(records)
    for at in records.times:
        assert sum(window.span.holds(at) for window in windows) == 1


async def test_even_records_need_one_round_of_questions() -> None:
    records = Records([index * 388 for index in range(20_000)])
    windows = await planned(records)
    assert records.asked == 16
    assert max(window.expected for window in windows) <= 1.5 * target_size(20_000)


async def test_a_crowded_hour_is_cut_finer() -> None:
    records = Records([index % 3600 for index in range(8_000)] + [80 * 86_400])
    windows = await planned(records)
    largest = max([sum(w.span.holds(at) for at in records.times) for w in windows])
    assert largest < 8_000 / 4
    assert records.asked < 70


async def test_empty_spans_are_left_out() -> None:
    windows = await planned(Records([5]))
    assert len(windows) == 1


async def test_a_server_that_does_not_count_is_read_in_even_slices() -> None:
    async def silent(_span: Span) -> None:
        return None

    windows = await plan(WHOLE, open_ended=[], total=5_000, count=silent, split=split_by_second)
    assert len(windows) == 16


def test_windows_are_neither_tiny_nor_endless() -> None:
    assert target_size(1_000) == 300
    assert target_size(20_000) == 416
    assert target_size(10_000_000) == 3_000
