"""Many short scenarios in one test: the database is swept once."""

import traceback
from collections.abc import Callable, Iterator, Sequence

import pytest

from tests.convergence.crash import Reaper
from tests.twoway.tables import Tables
from tests.twoway.world import World

Scenario = Callable[[World], None]


def play(
    groups: Sequence[Sequence[Scenario]], reaper: Reaper, *, tables: Tables | None = None
) -> None:
    """Fail with the names of the scenarios that fail, where and why; a group shares a world."""
    set_up = tables or Tables()
    failures = [one for group in groups for one in _failures_of(group, reaper, set_up)]
    if failures:
        pytest.fail("\n\n".join(failures))


def _failures_of(group: Sequence[Scenario], reaper: Reaper, tables: Tables) -> Iterator[str]:
    world = World(reaper, tables=tables)
    try:
        for scenario in group:
            world.people = {}
            try:
                scenario(world)
            except AssertionError as error:
                lines = [one.lineno for one in traceback.extract_tb(error.__traceback__)]
                yield f"{scenario.__name__}, line {lines[1]}: {error}"
    finally:
        world.close()


def found(world: World, **people: dict[str, object]) -> None:
    """Have people come to Intercom, all of them known to us and sent."""
    for name, facts in people.items():
        world.meet(name, **facts)
    if not world.is_imported:
        world.sync("full")
        world.is_imported = True
    assert world.settle() == []
