"""The budget follows what the rate-limit headers tell, on a clock turned by hand."""

import asyncio

import pytest

from pulsescore.connectors.intercom.api.limits import Budget
from tests.unit.intercom.hand_clock import HandClock


def window(
    clock: HandClock, *, remaining: int, secs: float = 10, limit: int = 100
) -> dict[str, str]:
    return {
        "X-RateLimit-Limit": str(limit),
        "X-RateLimit-Remaining": str(remaining),
        "X-RateLimit-Reset": str(int(clock.now + secs)),
    }


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


def budget(clock: HandClock, **options: int) -> Budget:
    return Budget(most=options.get("most", 4), timing=clock.timing(), reserve=2)


async def test_no_more_than_most_are_in_flight(clock: HandClock) -> None:
    limited = budget(clock)
    inside, highest = 0, 0

    async def work() -> None:
        nonlocal inside, highest
        async with limited.slot():
            inside += 1
            highest = max(highest, inside)
            await asyncio.sleep(0)
            inside -= 1

    await asyncio.gather(*(work() for _ in range(20)))
    assert highest == 4


async def test_requests_flow_while_the_window_has_room(clock: HandClock) -> None:
    limited = budget(clock)
    async with limited.slot():
        limited.learn(window(clock, remaining=50))
    for _ in range(20):
        async with limited.slot():
            pass
    assert clock.slept == []


async def test_a_window_used_up_is_waited_for(clock: HandClock) -> None:
    limited = budget(clock)
    began_at = clock.now
    async with limited.slot():
        limited.learn(window(clock, remaining=2))
    async with limited.slot():
        pass
    assert clock.now >= began_at + 10


async def test_the_reserve_of_each_window_is_left_to_others(clock: HandClock) -> None:
    limited = budget(clock)
    began_at = clock.now
    async with limited.slot():
        limited.learn(window(clock, remaining=5))
    taken = 0
    while clock.now == began_at:
        async with limited.slot():
            taken += clock.now == began_at
    assert taken == 3


async def test_a_429_waits_for_the_reset_and_halves_the_flow(clock: HandClock) -> None:
    limited = budget(clock)
    async with limited.slot():
        until = limited.refused(window(clock, remaining=0, secs=7))
    assert until == pytest.approx(int(clock.now + 7) + 0.5)
    assert limited.allowed == 2
    async with limited.slot():
        assert clock.now >= until


async def test_a_herd_of_429_halves_once(clock: HandClock) -> None:
    limited = budget(clock, most=16)
    for _ in range(10):
        limited.refused(window(clock, remaining=0))
    assert limited.allowed == 8


async def test_retry_after_counts_where_there_is_no_reset(clock: HandClock) -> None:
    assert budget(clock).refused({"Retry-After": "3"}) == pytest.approx(clock.now + 3.5)


async def test_a_429_that_tells_nothing_waits_for_a_whole_window(clock: HandClock) -> None:
    assert budget(clock).refused({}) == pytest.approx(clock.now + 10.5)


async def test_calm_lets_the_flow_grow_back(clock: HandClock) -> None:
    limited = budget(clock)
    limited.refused({"Retry-After": "1"})
    clock.now += 60
    for _ in range(100):
        limited.learn({})
    assert limited.allowed == 4


async def test_headers_that_are_no_numbers_are_passed_over(clock: HandClock) -> None:
    limited = budget(clock)
    limited.learn({"X-RateLimit-Remaining": "many", "X-RateLimit-Reset": ""})
    async with limited.slot():
        pass
    assert clock.slept == []


async def test_a_late_answer_does_not_bring_back_an_old_window(clock: HandClock) -> None:
    limited = budget(clock)
    old = window(clock, remaining=0)
    clock.now += 10
    async with limited.slot():
        limited.learn(window(clock, remaining=90))
        limited.learn(old)
    async with limited.slot():
        pass
    assert clock.slept == []
