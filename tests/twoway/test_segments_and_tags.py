"""What Intercom holds after segments were entered, left, renamed and deleted."""

from intercom_sim.actions import contacts, tags
from intercom_sim.actions.attributes import declare_attribute
from pulsescore.connectors.intercom.mappings.models import OutgoingMapping
from pulsescore.pipeline import segmenting
from pulsescore.segments.models import Segment
from tests.convergence.crash import Reaper
from tests.twoway.scenarios import found, play
from tests.twoway.world import World


def who_enters_is_tagged_and_who_leaves_is_not(world: World) -> None:
    found(world, ann={}, bob={})
    world.tell(world.customer("ann"), {"tier": "gold"})
    world.settle()
    assert (world.tags_of("ann"), world.tags_of("bob")) == (["Gold", "Reachable"], ["Reachable"])
    world.tell(world.customer("ann"), {"tier": "silver"})
    world.settle()
    assert world.tags_of("ann") == ["Reachable"]
    assert world.workspace.tag_named("Gold") is not None


def leaving_the_last_segment_that_is_sent_takes_its_tag_along(world: World) -> None:
    found(world, ann={})
    world.left_out = {world.segments["Reachable"]}
    world.choose()
    world.tell(world.customer("ann"), {"tier": "gold", "title": "Dr"})
    world.settle()
    assert (world.tags_of("ann"), world.people["ann"].name) == (["Gold"], "Dr")
    world.tell(world.customer("ann"), {"tier": None, "title": "Prof"})
    world.settle()
    assert (world.tags_of("ann"), world.people["ann"].name) == ([], "Dr")


def a_rule_that_comes_to_ask_for_its_own_tag_gets_none(world: World) -> None:
    found(world, ann={})
    rule = {"field": "tags", "op": "has_not", "value": "Reachable"}
    key = world.segments["Reachable"]
    before = Segment.objects.for_org(world.connection.org_id).get(pk=key).rule
    segmenting.update_segment(world.actor, key, rule=rule, now=world.now())
    world.settle()
    assert world.tags_of("ann") == []
    sent = len(world.sent)
    world.settle()
    assert len(world.sent) == sent
    segmenting.update_segment(world.actor, key, rule=before, now=world.now())
    world.settle()
    assert world.tags_of("ann") == ["Reachable"]


def a_renamed_segment_renames_its_tag(world: World) -> None:
    found(world, ann={})
    before = world.workspace.tag_named("Reachable")
    key = world.segments["Reachable"]
    segmenting.update_segment(world.actor, key, name="Has mail", now=world.now())
    world.settle()
    after = world.workspace.tag_named("Has mail")
    assert before is not None
    assert after is before
    assert world.tags_of("ann") == ["Has mail"]
    assert world.customer("ann").tags == ["Has mail"]


def a_renamed_segment_is_renamed_where_its_name_is_mapped(world: World) -> None:
    declare_attribute(world.workspace, model="contact", name="Groups", data_type="string")
    OutgoingMapping(
        org_id=world.connection.org_id,
        connection=world.connection,
        object="contact",
        attribute="segments",
        intercom="custom_attributes.Groups",
        overwrite=True,
        position=9,
    ).save(force_insert=True)
    found(world, ann={})
    assert world.people["ann"].custom_attributes["Groups"] == "New this month, Reachable"
    key = world.segments["Reachable"]
    segmenting.update_segment(world.actor, key, name="Has mail", now=world.now())
    world.settle()
    assert world.people["ann"].custom_attributes["Groups"] == "Has mail, New this month"


def a_deleted_segment_takes_its_tag_off_everybody_and_away(world: World) -> None:
    found(world, ann={}, bob={})
    segmenting.delete_segment(world.actor, world.segments.pop("Reachable"), now=world.now())
    world.settle()
    assert (world.tags_of("ann"), world.tags_of("bob")) == ([], [])
    assert world.workspace.tag_named("Reachable") is None


def a_tag_that_was_there_before_is_used_and_never_deleted(world: World) -> None:
    contacts.tag_contact(world.workspace, world.meet("old").id, name="gold")
    found(world, ann={})
    world.tell(world.customer("ann"), {"tier": "gold"})
    world.settle()
    assert "gold" in world.tags_of("ann")
    assert world.workspace.tag_named("GOLD") is not None
    segmenting.delete_segment(world.actor, world.segments.pop("Gold"), now=world.now())
    world.settle()
    assert world.tags_of("ann") == ["Reachable"]
    assert "gold" in world.tags_of("old")


def a_tag_taken_off_by_hand_comes_back(world: World) -> None:
    found(world, ann={})
    contacts.untag_contact(world.workspace, world.people["ann"].id, name="Reachable")
    world.settle()
    assert world.tags_of("ann") == ["Reachable"]


def a_tag_put_on_a_stranger_to_the_segment_is_taken_off(world: World) -> None:
    found(world, ann={}, bob={})
    world.tell(world.customer("ann"), {"tier": "gold"})
    world.settle()
    contacts.tag_contact(world.workspace, world.people["bob"].id, name="Gold")
    world.settle()
    assert world.tags_of("bob") == ["Reachable"]


def a_tag_deleted_by_hand_is_made_again_for_who_enters_next(world: World) -> None:
    found(world, ann={})
    gone = world.workspace.tag_named("Gold")
    assert gone is not None
    tags.delete_tag(world.workspace, gone.id)
    world.tell(world.customer("ann"), {"tier": "gold"})
    world.settle()
    assert world.tags_of("ann") == ["Gold", "Reachable"]


def members_of_a_merged_contact_end_as_the_survivor(world: World) -> None:
    found(world, user={}, lead={"role": "lead"})
    world.tell(world.customer("lead"), {"tier": "gold"})
    world.settle()
    lead, user = world.people["lead"].id, world.people["user"].id
    contacts.merge(world.workspace, lead, into=user)
    world.settle()
    assert world.tags_of("user") == ["Gold", "Reachable"]
    assert world.customer("user").traits == {"tier": "gold"}


def test_tags_are_what_segments_say(reaper: Reaper) -> None:
    lasting = (
        who_enters_is_tagged_and_who_leaves_is_not,
        a_tag_taken_off_by_hand_comes_back,
        a_tag_put_on_a_stranger_to_the_segment_is_taken_off,
        members_of_a_merged_contact_end_as_the_survivor,
        a_rule_that_comes_to_ask_for_its_own_tag_gets_none,
        a_renamed_segment_renames_its_tag,
    )
    deleting = (
        a_tag_deleted_by_hand_is_made_again_for_who_enters_next,
        a_deleted_segment_takes_its_tag_off_everybody_and_away,
    )
    alone = (
        [leaving_the_last_segment_that_is_sent_takes_its_tag_along],
        [a_renamed_segment_is_renamed_where_its_name_is_mapped],
        [a_tag_that_was_there_before_is_used_and_never_deleted],
    )
    play([lasting, deleting, *alone], reaper)
