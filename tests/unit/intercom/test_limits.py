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


def budget(clock: HandClock, *, most: int = 4, share_left: float = 0.02) -> Budget:
    return Budget(most=most, timing=clock.timing(), share_left=share_left)


def quick(limited: Budget, headers: dict[str, str]) -> None:
    limited.learn(headers, secs=0.1, size=500)


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
        quick(limited, window(clock, remaining=50))
    for _ in range(20):
        async with limited.slot():
            pass
    assert clock.slept == []


async def test_a_window_used_up_is_waited_for(clock: HandClock) -> None:
    limited = budget(clock)
    began_at = clock.now
    async with limited.slot():
        quick(limited, window(clock, remaining=2))
    async with limited.slot():
        pass
    assert clock.now >= began_at + 10


async def test_the_reserve_of_each_window_is_left_to_others(clock: HandClock) -> None:
    limited = budget(clock)
    began_at = clock.now
    async with limited.slot():
        quick(limited, window(clock, remaining=5))
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
        quick(limited, {})
    assert limited.allowed == 4


async def test_headers_that_are_no_numbers_are_passed_over(clock: HandClock) -> None:
    limited = budget(clock)
    quick(limited, {"X-RateLimit-Remaining": "many", "X-RateLimit-Reset": ""})
    async with limited.slot():
        pass
    assert clock.slept == []


async def test_a_late_answer_does_not_bring_back_an_old_window(clock: HandClock) -> None:
    limited = budget(clock)
    old = window(clock, remaining=0)
    clock.now += 10
    async with limited.slot():
        quick(limited, window(clock, remaining=90))
        quick(limited, old)
    async with limited.slot():
        pass
    assert clock.slept == []


async def test_who_is_in_a_hurry_may_use_the_whole_window(clock: HandClock) -> None:
    hurried = budget(clock, share_left=0)
    async with hurried.slot():
        quick(hurried, window(clock, remaining=2))
    for _ in range(2):
        async with hurried.slot():
            pass
    assert clock.slept == []
    async with hurried.slot():
        assert len(clock.slept) == 1


async def test_what_others_used_counts(clock: HandClock) -> None:
    limited = budget(clock, share_left=0)
    async with limited.slot():
        quick(limited, window(clock, remaining=90))
    async with limited.slot():
        quick(limited, window(clock, remaining=0))
    began_at = clock.now
    async with limited.slot():
        assert clock.now >= began_at + 10


async def test_the_next_window_is_taken_to_be_like_the_last_until_an_answer_tells(
    clock: HandClock,
) -> None:
    limited = budget(clock, share_left=0)
    async with limited.slot():
        quick(limited, window(clock, remaining=0, limit=3))
    sent_at = []
    for _ in range(4):
        async with limited.slot():
            sent_at.append(clock.now)
    assert sent_at[2] < sent_at[0] + 1
    assert sent_at[3] >= sent_at[0] + 9


async def test_fewer_are_under_way_as_a_window_runs_out(clock: HandClock) -> None:
    limited = budget(clock, most=16, share_left=0)
    async with limited.slot():
        quick(limited, window(clock, remaining=9))
    inside, highest = 0, 0

    async def work() -> None:
        nonlocal inside, highest
        async with limited.slot():
            inside += 1
            highest = max(highest, inside)
            await asyncio.sleep(0)
            inside -= 1

    await asyncio.gather(*(work() for _ in range(9)))
    assert highest == 2
    assert clock.slept == []


async def test_a_client_that_knows_nothing_begins_with_a_few(clock: HandClock) -> None:
    limited = budget(clock, most=16)
    inside = 0

    async def work() -> None:
        nonlocal inside
        async with limited.slot():
            inside += 1
            await asyncio.Event().wait()

    waiting = [asyncio.create_task(work()) for _ in range(16)]
    for _ in range(5):
        await asyncio.sleep(0)
    assert inside == 8
    for one in waiting:
        one.cancel()


async def test_who_gives_up_waiting_leaves_the_turn_to_the_next(clock: HandClock) -> None:
    limited = budget(clock, most=1)
    entered = []

    async def work(name: str) -> None:
        async with limited.slot():
            entered.append(name)
            await asyncio.sleep(0)

    first, second, third = (asyncio.create_task(work(name)) for name in "abc")
    await asyncio.sleep(0)
    second.cancel()
    await asyncio.gather(first, third)
    assert entered == ["a", "c"]
