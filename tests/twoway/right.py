"""How Intercom must look in the end, said without the code that makes it so."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from intercom_sim.actions.tags import users_of_tag
from intercom_sim.model import Contact
from pulsescore.connectors.intercom.outbound.models import WithheldValue
from pulsescore.scoring.models import HealthScore
from pulsescore.segments.models import Member, Segment
from pulsescore.store.models import CompanyMember, Customer, Identity, TimelineEvent
from tests.twoway.world import World

LONGEST = 255
_TEXTS = ("name", "phone", "job_title", "level", "region")


def wrongs(world: World) -> list[str]:
    """Everything in Intercom that is not as tables and segments say."""
    found = _tags_themselves(world) + list(_told(world)) + list(_doubles(world))
    for customer in world.customers():
        found += _memberships(world, customer)
        contact = world.workspace.contacts.get(customer.external_id)
        if customer.source_id != world.connection.source_id:
            found += _unsent(world, customer)
            continue
        if contact is None or contact.archived or contact.merged_into:
            found.append(f"{customer.external_id} is alive here and not there")
            continue
        found += _of_contact(world, customer, contact)
    found += _put_away(world)
    return found


def _of_contact(world: World, customer: Customer, contact: Contact) -> Iterator[str]:
    yield from _tags(world, customer, contact)
    is_sent = bool(_within(world, customer) & set(world.chosen()))
    refused = _withheld(customer)
    for one in _brought_in(world, customer, contact, is_sent=is_sent and not refused):
        yield f"{contact.id}: {one}"
    if is_sent:
        yield from (f"{contact.id}: {one}" for one in _values(world, customer, contact, refused))
        yield from (f"{contact.id}: {one}" for one in _role(world, customer, contact))
        yield from (f"{contact.id}: {one}" for one in _events(world, customer, contact))
        yield from (f"{contact.id}: {one}" for one in _companies(world, customer, contact))


def _within(world: World, customer: Customer) -> set[int]:
    rows = Member.objects.for_org(world.connection.org_id).filter(customer=customer)
    return set(rows.values_list("segment_id", flat=True)) & set(world.segments.values())


def _withheld(customer: Customer) -> set[str]:
    rows = WithheldValue.objects.for_org(customer.org_id).filter(customer=customer)
    return set(rows.values_list("key", flat=True))


def _memberships(world: World, customer: Customer) -> Iterator[str]:
    """The rules of the world, judged here anew."""
    rows = Segment.objects.for_org(world.connection.org_id)
    within = _within(world, customer)
    for segment in rows.filter(pk__in=world.segments.values()):
        (rule,) = segment.rule.get("all") or segment.rule["any"]
        name = rule["field"].removeprefix("attributes.")
        value = customer.email if name == "email" else customer.traits.get(name)
        if _holds(rule["op"], value, rule["value"]) != (segment.pk in within):
            state = "in" if segment.pk in within else "not in"
            yield f"{customer.external_id}: {state} {segment.name} with {value!r}"


def _holds(how: str, value: Any, wanted: Any) -> bool:
    if how == "gte":
        return isinstance(value, int) and not isinstance(value, bool) and value >= wanted
    return value == wanted if how == "eq" else wanted in (value or "")


def _tags_themselves(world: World) -> list[str]:
    """Each chosen segment has a tag of its name; of us no other is left but what others use."""
    names = {one.name.casefold() for one in world.workspace.tags.values()}
    wanted = {name.casefold() for name, key in world.segments.items() if key in world.chosen()}
    found = [f"no tag of the name {one}" for one in sorted(wanted - names)]
    surplus = [
        one.name
        for one in world.made_tags()
        if one.name.casefold() not in wanted and not users_of_tag(world.workspace, one.id)
    ]
    return found + [f"the tag {one} is left" for one in surplus]


def _tags(world: World, customer: Customer, contact: Contact) -> Iterator[str]:
    """Members bear the tag, and nobody else, unless it is one that others made."""
    borne = {world.workspace.tags[one].name.casefold() for one in contact.tags}
    within, ours = _within(world, customer), {one.name.casefold() for one in world.made_tags()}
    for name, key in world.segments.items():
        is_borne, is_within = name.casefold() in borne, key in within
        if key not in world.chosen() or is_borne == is_within:
            continue
        if is_within or name.casefold() in ours:
            state = "is in" if is_within else "is not in"
            yield f"{contact.id} {state} {name} and bears {sorted(borne)}"


def _values(world: World, customer: Customer, contact: Contact, refused: set[str]) -> Iterator[str]:
    score = HealthScore.objects.for_org(customer.org_id).filter(customer=customer).first()
    measured = None if score is None or score.score is None else float(score.score)
    told = {name: customer.traits.get(name) for name in customer.trait_times}
    told["score"] = measured
    for ours, target, wins in world.tables.outgoing:
        value, held = told.get(ours), _held(contact, target)
        if ours not in told or target in refused:
            continue
        if wins and _undialed(target, held) != _as_taken(target, value):
            yield f"{target} is {held!r} and ours is {value!r}"
        if not wins and value not in (None, "", " ") and held in (None, ""):
            yield f"{target} is empty and ours is {value!r}"


def _held(contact: Contact, target: str) -> Any:
    name = target.removeprefix("custom_attributes.")
    return getattr(contact, name) if name == target else contact.custom_attributes.get(name)


def _as_taken(target: str, value: Any) -> Any:
    """One of our values as Intercom holds it."""
    name = target.removeprefix("custom_attributes.")
    if value is None or value in ("", " "):
        return None
    if name in _TEXTS:
        text = str(value).lower() if isinstance(value, bool) else str(value)
        text = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
        return _undialed(name, text)
    if name == "onboarded":
        return value in (True, "yes")
    return value


def _undialed(target: str, value: Any) -> Any:
    """A phone number without what nobody dials: it is the same with and without."""
    return value.replace(" ", "") if target == "phone" and value else value


def _brought_in(
    world: World, customer: Customer, contact: Contact, *, is_sent: bool
) -> Iterator[str]:
    """Rows of the incoming table. One that stands in both is the same on both sides."""
    out = {ours: (target, wins) for ours, target, wins in world.tables.outgoing}
    for source, ours, wins in world.tables.incoming:
        held, known = _held(contact, source), customer.traits.get(ours)
        if ours not in out and held != known and (held is not None or known is not None):
            yield f"here {ours} is {known!r} and in Intercom {held!r}"
        elif ours in out and held is not None and known in (None, "", " "):
            if wins or ours not in customer.trait_times:
                yield f"here {ours} is {known!r} and in Intercom {held!r}"
        elif ours != "region" or not is_sent or not (wins or out[ours][1]):
            continue
        elif _as_taken(source, known) != held:
            yield f"{ours} is {known!r} here and {held!r} there"


def _role(world: World, customer: Customer, contact: Contact) -> Iterator[str]:
    within, as_leads = _within(world, customer) & set(world.chosen()), set(world.as_leads())
    rows = Identity.objects.for_org(customer.org_id).filter(customer=customer, kind="user_id")
    is_due = rows.exists() or (bool(within) and not within & as_leads)
    if world.tables.converts and is_due and contact.role != "user":
        yield "is a lead still"


def _told(world: World) -> Iterator[str]:
    """Of each attribute that our programs tell, the newest call about somebody counts."""
    org = world.connection.org_id
    rows = Identity.objects.for_org(org).filter(customer__deleted_at=None)
    owner = {(one.kind, one.key): one.customer for one in rows.select_related("customer")}
    newest: dict[tuple[int, str], Any] = {}
    people = {}
    for call in sorted(world.said.values(), key=lambda one: one.at):
        name = ("user_id", call.user_id) if call.user_id else ("anonymous_id", call.anonymous_id)
        if call.type == "identify" and name in owner:
            one = people[owner[name].pk] = owner[name]
            newest |= {(one.pk, key): value for key, value in call.traits.items()}
    both = {ours for _, ours, _ in world.tables.incoming} | world.edited | {"email"}
    for (pk, key), value in newest.items():
        if key not in both and people[pk].traits.get(key) != value:
            yield f"{pk}: {key} is {people[pk].traits.get(key)!r}, told was {value!r} at last"


def _events(world: World, customer: Customer, contact: Contact) -> Iterator[str]:
    """Each chosen event of somebody who is sent is there."""
    names = world.tables.events
    rows = TimelineEvent.objects.for_org(customer.org_id).filter(customer=customer, source="ingest")
    there = {told.metadata.get("n") for told in world.all_events()}
    for one in rows:
        wanted = "*" in names or one.name in names
        if wanted and one.properties["n"] not in there:
            yield f"the event {one.name} {one.properties} is missing"


def _doubles(world: World) -> Iterator[str]:
    """No event is there twice, and none that was not chosen; nobody was made twice by us."""
    told = [one.metadata["n"] for one in world.all_events() if "n" in one.metadata]
    yield from (f"the event {one} is there {n} times" for one, n in Counter(told).items() if n > 1)
    names = world.tables.events
    for one in world.all_events():
        if "*" not in names and one.name not in names:
            yield f"the event {one.name} was not chosen"
    made = Counter(one.email for one in world.made_people() if one.email)
    yield from (f"{email} was made {count} times" for email, count in made.items() if count > 1)


def _companies(world: World, customer: Customer, contact: Contact) -> Iterator[str]:
    if not world.tables.companies:
        return
    rows = CompanyMember.objects.for_org(customer.org_id).filter(
        customer=customer, company__source__kind="ingest", company__deleted_at=None
    )
    theirs = {world.workspace.companies[one].company_id for one in contact.company_ids}
    for key in set(rows.values_list("company__company_key", flat=True)) - theirs:
        yield f"does not belong to the company {key}"


def _unsent(world: World, customer: Customer) -> Iterator[str]:
    """Somebody known by our programs alone is not sent, or cannot be."""
    if not customer.email or not _within(world, customer) & set(world.chosen()):
        return
    people = world.workspace.contacts.values()
    ids = set(
        Identity.objects.for_org(customer.org_id)
        .filter(customer=customer, kind="user_id")
        .values_list("key", flat=True)
    )
    taken = [
        one.id
        for one in people
        if one.archived and (one.email == customer.email or one.external_id in ids)
    ]
    if not taken and not _withheld(customer):
        yield f"{customer.email} {sorted(ids)} is not in Intercom"


def _put_away(world: World) -> Iterator[str]:
    """Whoever is chosen is brought back, where that is set."""
    if not world.tables.restores:
        return
    for contact in world.workspace.contacts.values():
        reachable = world.segments.get("Reachable") in world.chosen()
        if contact.archived and not contact.merged_into and contact.email and reachable:
            rule = Segment.objects.for_org(world.connection.org_id).get(
                pk=world.segments["Reachable"]
            )
            if "email" in str(rule.rule):
                yield f"{contact.id} is archived still"
