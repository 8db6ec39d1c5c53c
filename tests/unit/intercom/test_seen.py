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


def test_ids_take_nine_bytes_each_and_asking_for_them_a_fixed_amount() -> None:
    def ids() -> Iterator[str]:
        return (f"{number:024x}" for number in range(30_000))

    remembered = Seen()
    tracemalloc.start()
    for one in ids():
        remembered.add("customer", one)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.reset_peak()
    assert remembered.missing("customer", ids()) == []
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert held < 1_30_000
    assert peak - held < 3_500_000
