"""A complete read remembers what it came across, by kind, in little memory."""

import tracemalloc
from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from pulsescore.connectors.intercom.inbound.seen import Seen

IDS = st.sets(st.text(max_size=12))


@given(IDS, IDS, IDS)
def test_ids_are_told_apart_by_whether_they_were_seen(
    seen: set[str], asked: set[str], others: set[str]
) -> None:
    remembered = Seen()
    for one in seen:
        remembered.add("customer", one)
    for one in others:
        remembered.add("company", one)
    assert set(remembered.met("customer", sorted(asked))) == asked & seen
    assert set(remembered.missing("customer", sorted(asked))) == asked - seen
    assert remembered.met("conversation", asked) == []


def test_what_is_seen_after_a_question_counts_for_the_next() -> None:
    remembered = Seen()
    assert remembered.missing("customer", ["a"]) == ["a"]
    remembered.add("customer", "a")
    assert remembered.missing("customer", ["a"]) == []


def ids(count: int) -> Iterator[str]:
    return (f"{number:024x}" for number in range(count))


def test_an_id_takes_nine_bytes_at_most() -> None:
    remembered = Seen()
    tracemalloc.start()
    for one in ids(20_000):
        remembered.add("customer", one)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 20_000 * 9


def test_asking_for_more_takes_no_more_memory() -> None:
    remembered = Seen()
    remembered.add("customer", "somebody")
    peaks = []
    for count in (20_000, 40_000):
        tracemalloc.start()
        assert remembered.met("customer", ids(count)) == []
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.1 * peaks[0]
