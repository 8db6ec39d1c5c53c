"""Events that go out: each once, whatever becomes of whom they are of."""

from intercom_sim.actions import contacts
from tests.convergence.crash import Reaper
from tests.twoway.ingested import Said
from tests.twoway.scenarios import found, play
from tests.twoway.tables import Tables
from tests.twoway.world import World


def events_of_a_lead_that_becomes_part_of_a_user_are_told_once(world: World) -> None:
    found(world, user={}, lead={"role": "lead", "email": "person1@example.com"})
    world.arrive([Said("identify", who=0, how=1, ago=0, message=1)])
    world.arrive([Said("track", who=0, how=3, ago=0, message=2)])
    world.settle()
    lead, user = world.people["lead"].id, world.people["user"].id
    assert [one.metadata["n"] for one in world.all_events()] == [2]
    contacts.merge(world.workspace, lead, into=user)
    world.arrive([Said("track", who=0, how=3, ago=0, message=3)])
    assert world.settle() == []
    assert [one.metadata["n"] for one in world.all_events()] == [2, 3]
    assert [one.metadata["n"] for one in world.workspace.events[user]] == [3]


def test_events_are_told_once(reaper: Reaper) -> None:
    play(
        [[events_of_a_lead_that_becomes_part_of_a_user_are_told_once]],
        reaper,
        tables=Tables(events=("*",)),
    )
