"""Which segments are worth the calls that reading their members costs."""

from pulsescore.connectors.intercom.api.pages import Page
from pulsescore.connectors.intercom.inbound.segments import (
    ALWAYS_LISTED,
    MOST_CALLS,
    Begun,
    choose,
)


def segment(size: int, name: str = "one") -> Begun:
    return Begun(name, name, Page(items=[], cursor="more" if size > 150 else None, total=size))


def names(chosen: list[Begun]) -> list[str]:
    return [one.name for one in chosen]


def test_segments_of_most_people_are_not_listed() -> None:
    listed, large = choose([segment(90_000, "all"), segment(40_000, "paying")], people=100_000)
    assert (names(listed), names(large)) == (["paying"], ["all"])


def test_in_a_small_workspace_every_segment_is_listed() -> None:
    listed, large = choose([segment(ALWAYS_LISTED, "all")], people=ALWAYS_LISTED)
    assert (names(listed), names(large)) == (["all"], [])


def test_calls_are_limited_and_the_smallest_come_first() -> None:
    pages = MOST_CALLS // 2 + 10
    many = [segment(pages * 150, "large"), segment(100, "tiny"), segment(pages * 150 - 1, "middle")]
    listed, large = choose(many, people=100_000_000)
    assert (names(listed), names(large)) == (["tiny", "middle"], ["large"])


def test_an_answer_that_tells_no_total_costs_at_least_a_call() -> None:
    begun = Begun("a", "a", Page(items=[], cursor="more", total=None))
    assert (begun.size, begun.calls_left) == (0, 1)
