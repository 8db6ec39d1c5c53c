"""How Intercom must look in the end, said without the code that makes it so."""

from collections.abc import Iterator
from typing import Any

from intercom_sim.model import Contact
from pulsescore.scoring.models import HealthScore
from pulsescore.segments.models import Member
from pulsescore.store.models import Customer
from tests.twoway.world import World

LONGEST = 255


def wrongs(world: World) -> list[str]:
    """Everything in Intercom that is not as tables and segments say."""
    found = _tags_themselves(world)
    sent = _sent(world)
    for customer in world.customers():
        contact = world.workspace.contacts.get(customer.external_id)
        if contact is None or contact.archived or contact.merged_into:
            found.append(f"{customer.external_id} is alive here and not there")
            continue
        found += [f"{contact.id}: {one}" for one in _brought_in(customer, contact)]
        found += _tags(world, customer, contact)
        if customer.pk in sent:
            found += [f"{contact.id}: {one}" for one in _values(customer, contact)]
    return found


def _sent(world: World) -> set[int]:
    rows = Member.objects.for_org(world.connection.org_id)
    chosen = world.chosen()
    return set(rows.filter(segment_id__in=chosen).values_list("customer_id", flat=True))


def _tags_themselves(world: World) -> list[str]:
    """Each chosen segment that has somebody has one tag of its name; no other tag is left of us."""
    names = {one.name for one in world.workspace.tags.values()}
    wanted = {name for name, key in world.segments.items() if key in world.chosen()}
    found = [f"no tag of the name {one}" for one in sorted(wanted - names)]
    surplus = names & world.names_used - wanted
    return found + [f"the tag {one} is left" for one in sorted(surplus)]


def _tags(world: World, customer: Customer, contact: Contact) -> Iterator[str]:
    borne = {world.workspace.tags[one].name for one in contact.tags}
    members = Member.objects.for_org(world.connection.org_id).filter(customer=customer)
    within = set(members.values_list("segment_id", flat=True))
    for name, key in world.segments.items():
        if key not in world.chosen():
            continue
        if (name in borne) != (key in within):
            state = "is in" if key in within else "is not in"
            yield f"{contact.id} {state} {name} and bears {sorted(borne)}"


def _values(customer: Customer, contact: Contact) -> Iterator[str]:
    told = customer.traits
    score = HealthScore.objects.for_org(customer.org_id).filter(customer=customer).first()
    wins = {"job_title": _cut(told.get("tier")), "name": told.get("title")}
    theirs: dict[str, Any] = {"name": contact.name, **contact.custom_attributes}
    known = {"job_title": "tier", "name": "title"}
    for name, value in wins.items():
        if known[name] in customer.trait_times and theirs.get(name) != value:
            yield f"{name} is {theirs.get(name)!r} and ours is {value!r}"
    wanted = None if score is None or score.score is None else float(score.score)
    if theirs.get("monthly_value") != wanted:
        yield f"the score is {theirs.get('monthly_value')!r} and ours is {wanted!r}"
    for name, ours in (("seats", "seat_count"), ("phone", "number")):
        value = contact.phone if name == "phone" else theirs.get(name)
        if told.get(ours) not in (None, "") and value in (None, ""):
            yield f"{name} is empty and ours is {told[ours]!r}"


def _brought_in(customer: Customer, contact: Contact) -> Iterator[str]:
    told = customer.traits
    if told.get("nick") != (contact.name or None):
        yield f"here the name is {told.get('nick')!r} and in Intercom {contact.name!r}"
    if contact.phone and not told.get("number") and "number" not in customer.trait_times:
        yield f"here is no number, and in Intercom {contact.phone!r}"


def _cut(value: str | None) -> str | None:
    if value is None or len(value) <= LONGEST:
        return value
    return value[: LONGEST - 1] + "…"
