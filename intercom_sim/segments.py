"""Which segments a contact is in; the rules are Intercom's own classics."""

from collections.abc import Callable

from intercom_sim.model import Contact
from intercom_sim.workspace import Workspace

DAY = 86_400
Rule = Callable[[Contact, int], bool]


def _seen_within(contact: Contact, now: int, *, days: int) -> bool:
    return contact.last_seen_at is not None and contact.last_seen_at >= now - days * DAY


def _slipping(contact: Contact, now: int) -> bool:
    return _seen_within(contact, now, days=60) and not _seen_within(contact, now, days=30)


RULES: dict[str, Rule] = {
    "all_users": lambda contact, now: contact.role == "user",
    "all_leads": lambda contact, now: contact.role == "lead",
    "active": lambda contact, now: _seen_within(contact, now, days=30),
    "new": lambda contact, now: contact.created_at >= now - DAY,
    "slipping_away": _slipping,
    "paying": lambda contact, now: contact.custom_attributes.get("plan") in ("Team", "Scale"),
}


def segments_of(contact: Contact, *, workspace: Workspace) -> list[str]:
    """Ids of the segments a contact is in right now."""
    now = workspace.now
    every = workspace.segments.values()
    return [one.id for one in every if RULES[one.rule](contact, now)]
