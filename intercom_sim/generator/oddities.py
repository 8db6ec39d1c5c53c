"""What every real workspace has somewhere: strange names, shared addresses, archived people."""

import random

from intercom_sim.generator import names
from intercom_sim.model import Applied, Contact, Conversation, Ticket
from intercom_sim.workspace import Workspace

ANONYMOUS = 0.04
SHARED_EMAIL = 0.5


def make_odd(workspace: Workspace, contacts: list[Contact], *, rng: random.Random) -> None:
    """Spread unusual and hostile names, long tag lists and archived people, few of each."""
    ordinary = [one for one in contacts if one.email]
    places = rng.sample(range(len(ordinary)), min(len(ordinary), 40))
    chosen = [ordinary[one] for one in sorted(places)]
    for contact, name in zip(chosen, names.UNUSUAL + names.HOSTILE, strict=False):
        contact.name = name
    rest = chosen[len(names.UNUSUAL + names.HOSTILE) :]
    for contact in rest[:3]:
        _tag_richly(workspace, contact)
    for contact in rest[3:6]:
        contact.archived = True
    for contact in rest[6:8]:
        contact.name = None


def _tag_richly(workspace: Workspace, contact: Contact) -> None:
    by = next(iter(workspace.admins))
    at = contact.created_at
    hostile = list(workspace.tags)[-1]
    wanted = [*list(workspace.tags)[:13], hostile]
    contact.tags = {one: Applied(at, by) for one in wanted}


def make_anonymous(contacts: list[Contact], *, rng: random.Random) -> list[Contact]:
    """Turn a few people into leads without an address; gives the others back."""
    count = round(len(contacts) * ANONYMOUS)
    nameless = {id(one) for one in rng.sample(contacts, count)}
    for contact in contacts:
        if id(contact) in nameless:
            contact.role = "lead"
            contact.email = contact.name = contact.signed_up_at = None
            contact.external_id = contact.id[::-1][:8] + "-0000-4000-8000-" + contact.id[:12]
            contact.company_ids = []
    return [one for one in contacts if id(one) not in nameless]


def share_addresses(contacts: list[Contact], *, rng: random.Random) -> None:
    """Leads may have an address that a user, or another lead, has as well."""
    leads = [one for one in contacts if one.role == "lead"]
    users = [one for one in contacts if one.role == "user"]
    for lead in leads[: max(2, len(leads) // 50)] if users else ():
        lead.email = rng.choice(users).email


def make_tickets(
    workspace: Workspace, conversations: list[Conversation], *, rng: random.Random
) -> None:
    """Some conversations are tickets, some have urgency, one a hostile subject."""
    if not conversations:
        return
    for conversation in rng.sample(conversations, len(conversations) // 25):
        title = conversation.title or "Request"
        conversation.ticket = Ticket(str(workspace.ids.number()), title)
    for conversation in rng.sample(conversations, len(conversations) // 12):
        conversation.priority = rng.choice(("low", "medium", "high", "urgent"))
    victim = rng.choice(conversations)
    victim.source.subject = victim.title = names.HOSTILE_SUBJECT
