"""Ten minutes of trouble with the rate limit, told by the log of the server that was asked.

Three imports of sixteen cursors each and somebody who waits for an answer share one app's limit.
The limit falls to a tenth, answers tell less and less of it, and another app eats from it.
"""

import asyncio
from contextlib import AsyncExitStack
from itertools import pairwise

import pytest

from pulsescore.connectors.intercom.api.session import Session
from tests.convergence import instant_loop
from tests.unit.intercom.storm import LATENCY, Sent, World, read_on

CURSORS = 16
IMPORTS = ("import a", "import b", "import c")
CALM, LOW, EATEN = 1200, 120, 600
FALLS_AT, HALF_TOLD_AT, UNTOLD_AT, EATEN_AT, OVER_AT, ENDS_AT = 65, 200, 330, 450, 540, 600
CALM_WINDOWS = (*range(6), *range(54, 60))


async def weather(world: World) -> None:
    limiter = world.simulator.limiter
    await asyncio.sleep(FALLS_AT)
    limiter.per_minute = LOW
    await asyncio.sleep(HALF_TOLD_AT - world.now())
    limiter.tells = "retry_after"
    await asyncio.sleep(UNTOLD_AT - world.now())
    limiter.tells = "nothing"
    await asyncio.sleep(EATEN_AT - world.now())
    limiter.tells, limiter.per_minute = "headers", EATEN
    while world.now() < OVER_AT:
        world.others_take(30)
        await asyncio.sleep(3)
    limiter.per_minute = CALM


async def ten_minutes(world: World) -> None:
    async with AsyncExitStack() as stack, asyncio.TaskGroup() as group:
        group.create_task(weather(world))
        for name in IMPORTS:
            session = await stack.enter_async_context(world.session(name))
            for _ in range(CURSORS):
                group.create_task(read_on(session, world, until=ENDS_AT))
        person = await stack.enter_async_context(world.session("person", share_left=0))
        group.create_task(read_on(person, world, until=ENDS_AT, pause=1))


@pytest.fixture(scope="module")
def storm() -> World:
    world = World(CALM)
    instant_loop.run(ten_minutes(world))
    return world


def limit_of(window: int) -> int:
    """Requests that the server lets through in these ten seconds."""
    if window * 10 < FALLS_AT or window * 10 >= OVER_AT:
        return CALM // 6
    return EATEN // 6 if window * 10 >= EATEN_AT else LOW // 6


def test_nothing_failed_for_good_and_work_went_on_all_the_time(storm: World) -> None:
    assert all(storm.of_window(number) for number in range(60))
    assert all(any(not one.is_refused for one in storm.of_window(n)) for n in range(60))


def test_in_calm_nobody_is_refused(storm: World) -> None:
    for number in CALM_WINDOWS:
        assert not [one for one in storm.of_window(number) if one.is_refused]


def test_a_window_has_hardly_more_requests_than_its_limit_even_unannounced(storm: World) -> None:
    """More than the limit are only those under way when the first refusal was made."""
    for number in range(60):
        sent = storm.of_window(number)
        assert len(sent) <= limit_of(number) + len(IMPORTS) * CURSORS // 2 + 1
        if number * 10 < HALF_TOLD_AT:
            assert len(sent) <= limit_of(number) + len(IMPORTS) + 1


def test_after_a_refusal_its_client_is_silent_until_the_reset(storm: World) -> None:
    for client in (*IMPORTS, "person"):
        mine = [one for one in storm.sent if one.client == client]
        refusals = [one for one in mine if one.is_refused]
        assert client != "person" or refusals
        for refusal in refusals:
            reset = (refusal.window + 1) * 10
            assert not [one for one in mine if refusal.answered_at < one.sent_at < reset]


def test_while_headers_tell_a_window_refuses_imports_once_at_most(storm: World) -> None:
    for number in range(HALF_TOLD_AT // 10):
        assert sum(one.is_refused for one in storm.of_window(number, "import")) <= 1


def test_full_speed_is_back_with_the_first_window_after_the_storm(storm: World) -> None:
    share_for_imports = CALM // 6 * 0.9
    for number in range(OVER_AT // 10, 60):
        assert len(storm.of_window(number, "import")) >= 0.98 * share_for_imports


def test_who_waited_for_a_reset_comes_back_little_by_little(storm: World) -> None:
    full_speed = len(IMPORTS) * CURSORS * 0.2 / LATENCY
    for number in (*range(1, 6), *range(7, 60)):
        opening = [one for one in storm.of_window(number) if one.sent_at % 10 < 0.2]
        assert len(opening) <= full_speed / 4


def test_somebody_who_waits_is_answered_at_once_although_imports_use_their_part_up(
    storm: World,
) -> None:
    for number in CALM_WINDOWS:
        imports = storm.of_window(number, "import")
        assert 0.85 * limit_of(number) <= len(imports) <= 0.9 * limit_of(number) + len(IMPORTS)
    for before, after in pairwise(calm_answers(storm)):
        assert after - before < 2 or before < FALLS_AT < OVER_AT < after


def calm_answers(storm: World) -> list[float]:
    """When the person was answered, in calm weather."""
    mine: list[Sent] = [one for one in storm.sent if one.client == "person"]
    return [one.answered_at for one in mine if one.window in CALM_WINDOWS]


def test_a_process_that_starts_in_the_middle_is_refused_no_more_than_it_dares_at_first() -> None:
    world = World(LOW)

    async def story() -> None:
        async with AsyncExitStack() as stack, asyncio.TaskGroup() as group:
            for name, starts_at in (("old", 0.0), ("new", 5.0)):
                session = await stack.enter_async_context(world.session(name))
                group.create_task(join(session, starts_at))

    async def join(session: Session, starts_at: float) -> None:
        await asyncio.sleep(starts_at)
        async with asyncio.TaskGroup() as group:
            for _ in range(CURSORS):
                group.create_task(read_on(session, world, until=60))

    instant_loop.run(story())
    refused = [one for one in world.sent if one.client == "new" and one.is_refused]
    assert 0 < len(refused) <= 8
    assert {one.window for one in refused} == {0}


def test_slow_answers_lower_the_number_under_way_and_quick_ones_raise_it_again() -> None:
    world = World(10_000)
    allowed: dict[str, int] = {}

    async def story(session: Session) -> None:
        await asyncio.sleep(10)
        allowed["at first"] = session.budget.allowed
        world.latency = 4
        await asyncio.sleep(25)
        allowed["while slow"] = session.budget.allowed
        world.latency = 0.15
        await asyncio.sleep(20)
        allowed["afterwards"] = session.budget.allowed

    async def main() -> None:
        async with world.session("import") as session, asyncio.TaskGroup() as group:
            group.create_task(story(session))
            for _ in range(CURSORS):
                group.create_task(read_on(session, world, until=55))

    instant_loop.run(main())
    assert allowed["at first"] == allowed["afterwards"] == CURSORS
    assert allowed["while slow"] <= CURSORS // 2
