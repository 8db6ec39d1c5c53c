"""Fewer requests at once while answers are slow or fail, more again when they are not."""

from hypothesis import given
from hypothesis import strategies as st

from pulsescore.connectors.intercom.api.flow import Flow

PAGE, COUNT = 300_000, 600


def answered(flow: Flow, times: int, *, secs: float, size: int = PAGE) -> Flow:
    for _ in range(times):
        flow.answered(secs=secs, size=size)
    return flow


def test_rising_times_of_answers_lower_the_number() -> None:
    flow = answered(Flow(16), 100, secs=0.6)
    assert answered(flow, 40, secs=3).allowed < 10


def test_it_recovers_within_a_few_rounds_of_usual_answers() -> None:
    flow = answered(answered(Flow(16), 100, secs=0.6), 60, secs=4)
    assert answered(flow, 200, secs=0.6).allowed == 16


def test_an_answer_within_a_second_is_never_slow() -> None:
    flow = answered(Flow(16), 100, secs=0.01)
    assert answered(flow, 100, secs=0.9).allowed == 16


def test_large_pages_are_not_slow_because_small_answers_are_quick() -> None:
    flow = answered(Flow(16), 100, secs=0.08, size=COUNT)
    assert answered(flow, 100, secs=1.5, size=PAGE).allowed == 16


def test_what_stays_slow_becomes_usual() -> None:
    flow = answered(Flow(16), 100, secs=0.6)
    assert answered(flow, 600, secs=2).allowed == 16


def test_one_slow_answer_among_many_changes_nothing() -> None:
    flow = answered(Flow(16), 100, secs=0.6)
    for _ in range(10):
        answered(flow, 1, secs=30)
        answered(flow, 30, secs=0.6)
    assert flow.allowed >= 15


def test_a_server_that_fails_is_asked_less() -> None:
    flow = Flow(16)
    for _ in range(40):
        flow.failed()
    assert flow.allowed < 8


@given(
    st.lists(
        st.one_of(
            st.tuples(st.floats(0, 200), st.integers(0, 2_000_000)),
            st.sampled_from(["halve", "failed"]),
        )
    )
)
def test_somebody_may_always_ask_and_never_too_many(
    happenings: list[tuple[float, int] | str],
) -> None:
    flow = Flow(16)
    for one in happenings:
        if isinstance(one, str):
            getattr(flow, one)()
        else:
            flow.answered(secs=one[0], size=one[1])
        assert 1 <= flow.allowed <= 16
