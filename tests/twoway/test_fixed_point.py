"""Whatever changes on either side, both end in one state, and then nothing is sent any more.

Each case is a history of edits here and in Intercom, of notifications that are doubled, delayed
and reordered, and of sending over a faulty network by processes that die at any statement.

`PULSESCORE_CASES=500` tries that many cases, `PULSESCORE_FIRST_CASE=250` begins at that one.
"""

import os

import pytest

from tests.convergence.crash import Reaper
from tests.twoway.cases import Case, case
from tests.twoway.right import wrongs
from tests.twoway.world import World

_CASES = int(os.environ.get("PULSESCORE_CASES", "4"))
_FIRST = int(os.environ.get("PULSESCORE_FIRST_CASE", "0"))
_HOUR = 3600


def test_both_sides_reach_a_fixed_point(reaper: Reaper) -> None:
    for number in range(_FIRST, _FIRST + _CASES):
        failure = _failure_of(case(number), reaper)
        if failure is not None:
            pytest.fail(f"case {number}: {failure}\n\n{case(number)}")


def _failure_of(one: Case, reaper: Reaper) -> str | None:
    """What is not as it should be in the end, if anything is."""
    world = World(reaper, generation=one.generation, tables=one.tables)
    try:
        for step in one.history:
            step(world)
        return _settled(world) or _is_still(world)
    finally:
        world.close()


def _settled(world: World) -> str | None:
    """All is told and read: Intercom looks as it should."""
    world.clock.advance(_HOUR)
    world.sync("incremental")
    restless = world.settle()
    # Somebody archived whom we wrote to in the same minute: only the night's check can tell.
    world.sync("incremental")
    world.sync("nightly")
    restless += world.settle()
    if restless:
        return "it never ends: " + "; ".join(map(str, restless))
    if world.complaints:
        return f"not as Intercom describes: {world.complaints}"
    return "\n".join(wrongs(world)) or None


def _is_still(world: World) -> str | None:
    """All that was told is told again, all is read and judged again: nobody asks for anything."""
    asked = len(world.asked)
    world.deliver(list(world.courier.delivered))
    world.drain()
    world.sync("incremental")
    world.clock.advance(24 * _HOUR)
    world.drain()
    world.judge()
    world.send()
    late = world.asked[asked:]
    return f"asked although nothing changed: {late}" if late else None
