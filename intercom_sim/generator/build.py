"""Puts a whole workspace together: people, companies, plans of what happens, and the histories."""

import gc
import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from intercom_sim.clock import Clock
from intercom_sim.generator import oddities, stories
from intercom_sim.generator.catalog import furnish
from intercom_sim.generator.people import DAY, give_email, make_company, make_contact
from intercom_sim.generator.plots import PLOTS
from intercom_sim.generator.profiles import PROFILES, Plot, Profile
from intercom_sim.generator.scribe import Scribe, Story
from intercom_sim.model import Company, Contact, Conversation, Event, Note
from intercom_sim.workspace import Identity, Workspace

FREE_MAIL = ("mailbox.example", "post.example", "letters.example")


@dataclass(frozen=True)
class Size:
    """How much to make up; by default two conversations a contact, a company for eight."""

    contacts: int = 300
    conversations: int | None = None
    companies: int | None = None


def generate(
    size: Size, *, seed: int = 7, identity: Identity | None = None, clock: Clock | None = None
) -> Workspace:
    """A workspace as of the clock's present; the same arguments give the same workspace."""
    workspace = Workspace(identity=identity, clock=clock, seed=seed)
    furnish(workspace)
    if size.contacts > 0:
        with _without_collection():
            _populate(workspace, size, rng=random.Random(seed))
    return workspace


@contextmanager
def _without_collection() -> Iterator[None]:
    """Millions of new objects and no garbage: the collector would only walk them again."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _populate(workspace: Workspace, size: Size, *, rng: random.Random) -> None:
    now = workspace.now
    profiles = rng.choices(PROFILES, [one.share for one in PROFILES], k=size.contacts)
    contacts = [
        make_contact(workspace, rng=rng, number=number, profile=profile, now=now)
        for number, profile in enumerate(profiles)
    ]
    companies = _companies(workspace, size, rng=rng)
    _employ(contacts, companies, rng=rng)
    known = oddities.make_anonymous(contacts, rng=rng)
    oddities.share_addresses(known, rng=rng)
    oddities.make_odd(workspace, contacts, rng=rng)
    scribe = Scribe(workspace, rng=rng, now=now)
    conversations = _histories(scribe, contacts, profiles, companies, size=size)
    oddities.make_tickets(workspace, conversations, rng=rng)
    _settle(workspace, contacts, conversations, rng=rng)
    for contact in contacts:
        for company_id in contact.company_ids:
            workspace.companies[company_id].contact_ids[contact.id] = None
    _date_companies(workspace, contacts)
    workspace.load(contacts=contacts, conversations=conversations)


def _companies(workspace: Workspace, size: Size, *, rng: random.Random) -> list[Company]:
    count = max(3, size.contacts // 8) if size.companies is None else size.companies
    made = [
        make_company(workspace, rng=rng, number=number, now=workspace.now)
        for number in range(count)
    ]
    workspace.companies.update((one.id, one) for one in made)
    return made


def _employ(contacts: list[Contact], companies: list[Company], *, rng: random.Random) -> None:
    """Most people work for a company, a few for several; every tenth company has nobody."""
    hiring = [one for number, one in enumerate(companies) if number % 10 != 2]
    for number, contact in enumerate(contacts):
        domain = rng.choice(FREE_MAIL)
        dice = rng.random()
        if hiring and dice < 0.85:
            count = min(len(hiring), 1 if dice < 0.81 else rng.randrange(2, 4))
            chosen = rng.sample(hiring, count)
            contact.company_ids = [one.id for one in chosen]
            domain = (chosen[0].website or "").removeprefix("https://")
        give_email(contact, domain=domain, number=number)


def _histories(
    scribe: Scribe,
    contacts: list[Contact],
    profiles: list[Profile],
    companies: list[Company],
    *,
    size: Size,
) -> list[Conversation]:
    told = _told_accounts(scribe, contacts, companies)
    written = [story.conversation for story in told]
    taken = {story.contact.id for story in told}
    plans = _plans(scribe.rng, contacts, profiles, taken=taken)
    target = 2 * size.contacts if size.conversations is None else size.conversations
    if size.contacts < 8 or target < len(written):
        written = written[:target]
    _fit(plans, contacts, profiles, target=target - len(written), rng=scribe.rng, taken=taken)
    for contact, plot in plans:
        story = PLOTS[plot](scribe, contact)
        written.append(story.conversation)
    _join_colleagues(written, contacts, rng=scribe.rng)
    return written


def _told_accounts(
    scribe: Scribe, contacts: list[Contact], companies: list[Company]
) -> list[Story]:
    """The two stories, where there is room for them."""
    if len(contacts) < 8 or len(companies) < 2:
        return []
    told = []
    for account, at in ((stories.WORSENING, 0), (stories.RECOVERING, 1)):
        contact = contacts[at]
        contact.created_at = min(contact.created_at, scribe.now - 120 * DAY)
        told += stories.tell(account, scribe, contact=contact, company=companies[at])
    return told


Plans = list[tuple[Contact, Plot]]


def _plans(
    rng: random.Random, contacts: list[Contact], profiles: list[Profile], *, taken: set[str]
) -> Plans:
    plans: Plans = []
    for contact, profile in zip(contacts, profiles, strict=True):
        if contact.id in taken:
            continue
        plans += [(contact, plot) for plot in profile.must]
        plans += [(contact, plot) for plot, chance in profile.may if rng.random() < chance]
        if profile.must and rng.random() < 0.06:
            plans.append((contact, "outreach"))
    return plans


def _fit(
    plans: Plans,
    contacts: list[Contact],
    profiles: list[Profile],
    *,
    target: int,
    rng: random.Random,
    taken: set[str],
) -> None:
    """Make it exactly `target` conversations: happy people get more, or everybody fewer."""
    happy = [
        contact
        for contact, profile in zip(contacts, profiles, strict=True)
        if profile.name in ("content", "regular") and contact.id not in taken
    ]
    while len(plans) < target and (happy or contacts):
        plot: Plot = "quick" if rng.random() < 0.6 else "ancient"
        plans.append((rng.choice(happy or contacts), plot))
    if len(plans) > target:
        kept = sorted(rng.sample(range(len(plans)), max(0, target)))
        plans[:] = [plans[one] for one in kept]


def _join_colleagues(
    conversations: list[Conversation], contacts: list[Contact], *, rng: random.Random
) -> None:
    """In a few conversations a second person takes part."""
    for conversation in conversations:
        if rng.random() < 0.03:
            other = rng.choice(contacts)
            if other.id not in conversation.contact_ids and not other.archived:
                conversation.contact_ids.append(other.id)


def _settle(
    workspace: Workspace,
    contacts: list[Contact],
    conversations: list[Conversation],
    *,
    rng: random.Random,
) -> None:
    """Bring the people's own times in line with what happened to them."""
    people = {one.id: one for one in contacts}
    for conversation in conversations:
        for contact_id in conversation.contact_ids:
            people[contact_id].conversation_ids.append(conversation.id)
        _spoke(people[conversation.contact_ids[0]], conversation)
    now = workspace.now
    author = next(iter(workspace.admins))
    for contact in contacts:
        edited = now - int(rng.expovariate(1 / 25) * DAY)
        known = (contact.created_at, contact.last_replied_at or 0, min(edited, now))
        contact.updated_at = max(known)
        if rng.random() < 0.05:
            _remark(workspace, contact, author=author)
        if contact.role == "user" and rng.random() < 0.1:
            _event(workspace, contact, rng=rng)


def _spoke(contact: Contact, conversation: Conversation) -> None:
    contact.created_at = min(contact.created_at, conversation.created_at - 3_600)
    if contact.signed_up_at is not None:
        contact.signed_up_at = contact.created_at
    times = [one.created_at for one in conversation.parts if one.author.startswith("contact:")]
    if conversation.source.author.startswith("contact:"):
        times.append(conversation.created_at)
    if times:
        contact.last_replied_at = max(*times, contact.last_replied_at or 0)
    answers = [one.created_at for one in conversation.parts if one.author.startswith("admin:")]
    if answers:
        contact.last_contacted_at = max(*answers, contact.last_contacted_at or 0)


def _remark(workspace: Workspace, contact: Contact, *, author: str) -> None:
    note = Note(
        str(workspace.ids.number()),
        contact.created_at + 60,
        contact.id,
        author,
        "<p>Met at the spring fair, wants a call in autumn.</p>",
    )
    workspace.notes[note.id] = note
    contact.note_ids.append(note.id)


def _event(workspace: Workspace, contact: Contact, *, rng: random.Random) -> None:
    at = workspace.now - int(rng.uniform(1, 80) * DAY)
    name = rng.choice(("exported-report", "invited-teammate", "upgraded-plan"))
    event = Event(workspace.ids.uuid(), name, max(at, contact.created_at), contact.id, {"count": 1})
    workspace.events[contact.id] = [event]


def _date_companies(workspace: Workspace, contacts: list[Contact]) -> None:
    for contact in contacts:
        for company_id in contact.company_ids:
            company = workspace.companies[company_id]
            seen = contact.last_seen_at or company.last_request_at
            company.last_request_at = max(seen or 0, company.last_request_at or 0) or None
