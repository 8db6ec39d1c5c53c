"""What Intercom holds after people were archived, deleted or converted, here or there."""

from intercom_sim.actions import contacts
from tests.convergence.crash import Reaper
from tests.twoway.scenarios import found, play
from tests.twoway.world import World


def writes_to(world: World, name: str, *, since: int) -> list[str]:
    """Requests about one person since so many had been sent."""
    key = world.people[name].id
    return [str(one) for one in world.sent[since:] if key in one.path]


def who_was_archived_there_is_left_alone(world: World) -> None:
    found(world, ann={})
    contacts.archive(world.workspace, world.people["ann"].id)
    world.settle()
    before = len(world.sent)
    world.tell(world.customer("ann"), {"tier": "gold"})
    world.settle()
    assert writes_to(world, "ann", since=before) == []
    assert world.people["ann"].archived


def who_was_archived_there_comes_back_where_that_is_chosen(world: World) -> None:
    found(world, ann={})
    world.choose(resend_archived=True)
    world.settle()
    contacts.archive(world.workspace, world.people["ann"].id)
    world.settle()
    assert not world.people["ann"].archived
    assert world.tags_of("ann") == ["Reachable"]
    world.choose(resend_archived=False)


def who_was_deleted_there_is_not_made_again(world: World) -> None:
    found(world, ann={}, bob={})
    contacts.delete_contact(world.workspace, world.people["ann"].id)
    world.tell(world.customer("ann"), {"tier": "gold"})
    world.settle()
    emails = [one.email for one in world.workspace.contacts.values()]
    assert world.people["ann"].email not in emails
    assert world.people["bob"].email in emails


def a_lead_chosen_as_a_user_is_converted_only_where_that_is_allowed(world: World) -> None:
    found(world, lea={"role": "lead"})
    assert (world.people["lea"].role, world.tags_of("lea")) == ("lead", ["Reachable"])
    world.choose(convert_leads=True)
    world.settle()
    assert (world.people["lea"].role, world.tags_of("lea")) == ("user", ["Reachable"])


def a_lead_whose_address_is_a_users_becomes_part_of_that_user(world: World) -> None:
    found(
        world, user={"email": "user@two.example"}, lea={"role": "lead", "email": "user@two.example"}
    )
    world.choose(convert_leads=True)
    world.settle()
    assert world.people["lea"].merged_into == world.people["user"].id
    assert len([one for one in world.customers() if one.email == "user@two.example"]) == 1


def ours_wins_or_only_fills_what_is_empty_standard_and_custom_alike(world: World) -> None:
    found(world, full={"name": "Theirs"}, bare={})
    full, bare = world.people["full"], world.people["bare"]
    theirs = {"job_title": "Theirs", "seats": 7}
    contacts.update_contact(
        world.workspace, full.id, fields={"phone": "+49 30 1"}, custom_attributes=theirs
    )
    world.settle()
    ours = {"title": "Ours", "tier": "gold", "number": "+1 555 0100", "seat_count": 3}
    for name in ("full", "bare"):
        world.tell(world.customer(name), ours)
    world.settle()
    held = [(one.name, one.custom_attributes["job_title"]) for one in (full, bare)]
    assert held == [("Ours", "gold")] * 2
    filled = [(one.phone, one.custom_attributes["seats"]) for one in (full, bare)]
    assert filled == [("+49 30 1", 7), ("+15550100", 3)]
    contacts.update_contact(world.workspace, bare.id, custom_attributes={"job_title": "Theirs"})
    world.settle()
    assert bare.custom_attributes["job_title"] == "gold"


def what_was_removed_here_is_emptied_there_where_ours_wins(world: World) -> None:
    found(world, ann={})
    world.tell(world.customer("ann"), {"tier": "gold", "seat_count": 3})
    world.settle()
    world.tell(world.customer("ann"), {"tier": None, "seat_count": None})
    world.settle()
    held = world.people["ann"].custom_attributes
    assert "job_title" not in held
    assert held["seats"] == 3


def two_processes_that_die_send_what_is_due_and_nothing_twice(world: World) -> None:
    found(world, ann={}, bob={})
    for statement in range(0, 90, 15):
        world.tell(world.customer("ann"), {"tier": f"tier {statement}", "size": statement})
        world.judge()
        world.send(dies_after=statement)
    world.settle()
    assert world.people["ann"].custom_attributes["job_title"] == "tier 75"
    assert world.tags_of("ann") == ["Big", "Reachable"]


def test_people_are_what_both_sides_say(reaper: Reaper) -> None:
    first = (
        who_was_archived_there_is_left_alone,
        who_was_archived_there_comes_back_where_that_is_chosen,
        who_was_deleted_there_is_not_made_again,
        ours_wins_or_only_fills_what_is_empty_standard_and_custom_alike,
        what_was_removed_here_is_emptied_there_where_ours_wins,
        two_processes_that_die_send_what_is_due_and_nothing_twice,
        a_lead_chosen_as_a_user_is_converted_only_where_that_is_allowed,
        a_lead_whose_address_is_a_users_becomes_part_of_that_user,
    )
    play([first], reaper)
