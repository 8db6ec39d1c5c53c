"""Many short scenarios in one test, each in a world of its own: the database is swept once."""

import traceback
from collections.abc import Callable, Sequence

import pytest

from tests.convergence.crash import Reaper
from tests.twoway.world import World

Scenario = Callable[[World], None]


def play(scenarios: Sequence[Scenario], reaper: Reaper) -> None:
    """Fail with the names of the scenarios that fail, where and why."""
    failures = [_failure_of(one, reaper) for one in scenarios]
    if any(failures):
        pytest.fail("\n\n".join(filter(None, failures)))


def _failure_of(scenario: Scenario, reaper: Reaper) -> str:
    world = World(reaper)
    try:
        scenario(world)
    except AssertionError as error:
        lines = [one.lineno for one in traceback.extract_tb(error.__traceback__)]
        return f"{scenario.__name__}, line {lines[1]}: {error}"
    finally:
        world.close()
    return ""


def found(world: World, **people: dict[str, object]) -> None:
    """Have people in Intercom, all of them imported and sent."""
    for name, facts in people.items():
        world.meet(name, **facts)
    world.sync("full")
    assert world.settle() == []
