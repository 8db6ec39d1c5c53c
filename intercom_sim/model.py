"""The things that live in a workspace; times are unix seconds, ids are Intercom's texts."""

from dataclasses import dataclass, field
from typing import Literal

Role = Literal["user", "lead"]
State = Literal["open", "closed", "snoozed"]
Priority = Literal["none", "low", "medium", "high", "urgent"]
Consent = Literal["opt_in", "opt_out"]
Value = str | int | float | bool | None


@dataclass(slots=True)
class Admin:
    """A teammate (or the Operator bot) of the workspace."""

    id: str
    name: str
    email: str
    job_title: str
    team_ids: list[str] = field(default_factory=list)
    has_inbox_seat: bool = True
    away: bool = False


@dataclass(slots=True)
class Team:
    """A group of teammates that conversations are assigned to."""

    id: str
    name: str
    admin_ids: list[str]


@dataclass(slots=True)
class Tag:
    """A label; names are unique whatever their case."""

    id: str
    name: str


@dataclass(slots=True)
class Applied:
    """When and by whom a tag was put on something."""

    at: int
    by: str


@dataclass(slots=True)
class Segment:
    """A saved audience; its rule is known to the simulator only."""

    id: str
    name: str
    person_type: Literal["contact", "user"]
    created_at: int
    rule: str


@dataclass(slots=True)
class DataAttribute:
    """The definition of an attribute of contacts or companies; `id` only if custom."""

    model: Literal["contact", "company"]
    name: str
    label: str
    data_type: Literal["string", "integer", "float", "boolean", "date"]
    description: str = ""
    id: int | None = None
    custom: bool = False
    api_writable: bool = True
    messenger_writable: bool = False
    archived: bool = False
    options: list[str] = field(default_factory=list)
    created_at: int | None = None
    updated_at: int | None = None
    admin_id: str | None = None


@dataclass(slots=True)
class SubscriptionType:
    """Mail or messages of one kind, which people take part in or refuse."""

    id: str
    name: str
    consent_type: Consent
    content_types: tuple[str, ...] = ("email",)


@dataclass(slots=True)
class Location:
    """Where Intercom believes a person is."""

    country: str
    country_code: str
    region: str
    city: str
    continent_code: str


@dataclass(slots=True)
class Device:
    """What a person last used."""

    browser: str
    browser_version: str
    browser_language: str
    os: str


@dataclass(slots=True)
class MergedFrom:
    """A lead that was merged into a user."""

    source_contact_id: str
    source_contact_role: Role
    merged_at: int


@dataclass(slots=True)
class Note:
    """An internal remark about a person."""

    id: str
    created_at: int
    contact_id: str
    author_id: str
    body: str


@dataclass(slots=True)
class Event:
    """Something a person did, sent by the customer's own program."""

    id: str
    name: str
    created_at: int
    contact_id: str
    metadata: dict[str, Value]


@dataclass(slots=True)
class Contact:
    """A person: a user, identified by the customer's program, or a lead, met in the messenger."""

    id: str
    role: Role
    created_at: int
    updated_at: int
    external_id: str | None = None
    email: str | None = None
    phone: str | None = None
    name: str | None = None
    avatar_url: str | None = None
    owner_id: str | None = None
    signed_up_at: int | None = None
    last_seen_at: int | None = None
    last_replied_at: int | None = None
    last_contacted_at: int | None = None
    last_email_opened_at: int | None = None
    last_email_clicked_at: int | None = None
    has_hard_bounced: bool = False
    marked_email_as_spam: bool = False
    unsubscribed_from_emails: bool = False
    language_override: str | None = None
    device: Device | None = None
    location: Location | None = None
    custom_attributes: dict[str, Value] = field(default_factory=dict)
    tags: dict[str, Applied] = field(default_factory=dict)
    company_ids: list[str] = field(default_factory=list)
    note_ids: list[str] = field(default_factory=list)
    conversation_ids: list[str] = field(default_factory=list)
    merge_history: list[MergedFrom] = field(default_factory=list)
    subscriptions: dict[str, Consent] = field(default_factory=dict)
    archived: bool = False
    blocked: bool = False
    merged_into: str | None = None
    wire: bytes | None = None


@dataclass(slots=True)
class Visitor:
    """Somebody on the customer's site of whom nothing is known yet; not a contact."""

    id: str
    user_id: str
    created_at: int
    updated_at: int
    name: str | None = None
    email: str | None = None
    custom_attributes: dict[str, Value] = field(default_factory=dict)


@dataclass(slots=True)
class Part:
    """One entry in a conversation's history, after its first message."""

    id: int
    kind: str
    created_at: int
    author: str
    body: str | None
    state: State
    assigned_to: str | None = None
    tag_ids: tuple[str, ...] = ()
    redacted: bool = False


@dataclass(slots=True)
class Source:
    """The first message of a conversation."""

    id: int
    kind: str
    delivered_as: str
    author: str
    subject: str
    body: str
    url: str | None = None
    redacted: bool = False


@dataclass(slots=True)
class Rating:
    """A satisfaction rating; asked for first, given later or never."""

    asked_at: int
    rating: int | None = None
    remark: str | None = None
    rated_at: int | None = None
    contact_id: str = ""
    admin_id: str = ""


@dataclass(slots=True)
class Ticket:
    """What makes a conversation a ticket."""

    ticket_id: str
    title: str
    category: Literal["Customer", "Back-office", "Tracker"] = "Customer"


@dataclass(slots=True)
class Conversation:
    """A thread between contacts and teammates."""

    id: str
    created_at: int
    updated_at: int
    source: Source
    contact_ids: list[str]
    state: State = "open"
    parts: list[Part] = field(default_factory=list)
    title: str | None = None
    read: bool = True
    priority: Priority = "none"
    waiting_since: int | None = None
    snoozed_until: int | None = None
    admin_assignee_id: str | None = None
    team_assignee_id: str | None = None
    company_id: str | None = None
    tags: dict[str, Applied] = field(default_factory=dict)
    rating: Rating | None = None
    ticket: Ticket | None = None
    sla: str | None = None
    bot_answered: bool = False
    without_statistics: bool = False
    archived: bool = False
    custom_attributes: dict[str, Value] = field(default_factory=dict)
    wire: bytes | None = None


@dataclass(slots=True)
class DeletedConversation:
    """What is left of a conversation that was deleted."""

    id: str
    deleted_at: int
    metrics_retained: bool


@dataclass(slots=True)
class Company:
    """An account; `company_id` is the customer's own key and never changes."""

    id: str
    company_id: str
    created_at: int
    updated_at: int
    name: str | None = None
    plan: str | None = None
    remote_created_at: int | None = None
    last_request_at: int | None = None
    size: int | None = None
    website: str | None = None
    industry: str | None = None
    monthly_spend: int = 0
    session_count: int = 0
    custom_attributes: dict[str, Value] = field(default_factory=dict)
    tag_ids: list[str] = field(default_factory=list)
    contact_ids: dict[str, None] = field(default_factory=dict)
    conversation_ids: dict[str, None] = field(default_factory=dict)
    wire: bytes | None = None
