"""What happened in a workspace, in words of the simulator; webhooks are made from these."""

from dataclasses import dataclass
from typing import Literal

from intercom_sim.model import Company, Contact, Conversation, Event, Part, SubscriptionType, Tag

Kind = Literal[
    "contact_created",
    "contact_updated",
    "contact_email_added",
    "contact_email_changed",
    "contact_signed_up",
    "contact_tagged",
    "contact_untagged",
    "contact_subscribed",
    "subscription_taken",
    "subscription_refused",
    "visitor_signed_up",
    "contact_unsubscribed",
    "contact_archived",
    "contact_unarchived",
    "contact_deleted",
    "contact_merged",
    "conversation_started_by_contact",
    "conversation_started_by_admin",
    "contact_replied",
    "contact_reopened",
    "admin_replied",
    "bot_replied",
    "noted",
    "assigned",
    "assigned_and_reopened",
    "opened",
    "closed",
    "snoozed",
    "unsnoozed",
    "rated",
    "prioritized",
    "conversation_tagged",
    "part_redacted",
    "conversation_read",
    "participant_added",
    "participant_removed",
    "conversation_deleted",
    "company_created",
    "company_updated",
    "company_deleted",
    "company_attached",
    "company_detached",
    "event_tracked",
    "ping",
]


@dataclass(frozen=True, slots=True)
class Change:
    """One change at `at` (unix seconds, with fraction), with whatever it is about."""

    kind: Kind
    at: float
    contact: Contact | None = None
    other: Contact | None = None
    conversation: Conversation | None = None
    parts: tuple[Part, ...] = ()
    company: Company | None = None
    tag: Tag | None = None
    event: Event | None = None
    subscription: SubscriptionType | None = None
