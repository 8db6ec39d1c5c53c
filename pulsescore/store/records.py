"""The typed records that every source produces and `store.write.apply` takes.

A field left `UNSET` says nothing: it blanks nothing. `None` says that the value is empty. Instants
are aware UTC; durations are seconds. `version` is the source's own `updated_at` to the second;
`observed_at` is when the fact was read (the request was sent, or the notification was created).
`fingerprint` is a digest of all that the record was made of, where the source wants to know what it
sent before (`recognition`). Records never contain themselves, so the garbage collector need not
look at them.
"""

from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from msgspec import UNSET, Struct, UnsetType

ConversationStatus = Literal["open", "closed", "snoozed"]
ObjectKind = Literal["customer", "conversation", "company"]
ActivityKind = Literal["opened", "reopened", "closed", "assigned"]


class CustomerRecord(Struct, kw_only=True, gc=False):
    """One person as a source describes them."""

    external_id: str
    version: datetime | None
    observed_at: datetime
    authoritative: bool = False
    fingerprint: bytes | UnsetType = UNSET
    contact_role: str | UnsetType = UNSET
    external_user_id: str | None | UnsetType = UNSET
    email: str | None | UnsetType = UNSET
    name: str | None | UnsetType = UNSET
    phone: str | None | UnsetType = UNSET
    avatar_url: str | None | UnsetType = UNSET
    owner_external_id: str | None | UnsetType = UNSET
    country: str | None | UnsetType = UNSET
    region: str | None | UnsetType = UNSET
    city: str | None | UnsetType = UNSET
    browser: str | None | UnsetType = UNSET
    os: str | None | UnsetType = UNSET
    language: str | None | UnsetType = UNSET
    unsubscribed_from_emails: bool | None | UnsetType = UNSET
    has_hard_bounced: bool | None | UnsetType = UNSET
    marked_email_as_spam: bool | None | UnsetType = UNSET
    first_seen_at: datetime | None | UnsetType = UNSET
    signed_up_at: datetime | None | UnsetType = UNSET
    last_seen_at: datetime | None | UnsetType = UNSET
    last_replied_at: datetime | None | UnsetType = UNSET
    last_contacted_at: datetime | None | UnsetType = UNSET
    tags: list[str] | UnsetType = UNSET
    tags_added: list[str] = []
    tags_removed: list[str] = []
    metadata: dict[str, Any] | UnsetType = UNSET
    attributes: dict[str, Any] | UnsetType = UNSET
    companies: list[str] | UnsetType = UNSET
    companies_added: list[str] = []
    companies_removed: list[str] = []


class CompanyRecord(Struct, kw_only=True, gc=False):
    """One company as a source describes it."""

    external_id: str
    version: datetime | None
    observed_at: datetime
    authoritative: bool = False
    fingerprint: bytes | UnsetType = UNSET
    company_key: str | None | UnsetType = UNSET
    name: str | None | UnsetType = UNSET
    plan: str | None | UnsetType = UNSET
    size: int | None | UnsetType = UNSET
    industry: str | None | UnsetType = UNSET
    website: str | None | UnsetType = UNSET
    monthly_spend: Decimal | None | UnsetType = UNSET
    remote_created_at: datetime | None | UnsetType = UNSET
    last_request_at: datetime | None | UnsetType = UNSET
    tags: list[str] | UnsetType = UNSET
    metadata: dict[str, Any] | UnsetType = UNSET


class ConversationRecord(Struct, kw_only=True, gc=False):
    """One conversation as a source describes it; `contacts` are external ids of its people."""

    external_id: str
    version: datetime | None
    observed_at: datetime
    authoritative: bool = False
    fingerprint: bytes | UnsetType = UNSET
    status: ConversationStatus | UnsetType = UNSET
    subject: str | None | UnsetType = UNSET
    opened_at: datetime | UnsetType = UNSET
    closed_at: datetime | None | UnsetType = UNSET
    waiting_since: datetime | None | UnsetType = UNSET
    snoozed_until: datetime | None | UnsetType = UNSET
    last_admin_reply_at: datetime | None | UnsetType = UNSET
    last_contact_reply_at: datetime | None | UnsetType = UNSET
    first_admin_reply_at: datetime | None | UnsetType = UNSET
    first_closed_at: datetime | None | UnsetType = UNSET
    time_to_first_response_secs: int | None | UnsetType = UNSET
    time_to_resolution_secs: int | None | UnsetType = UNSET
    reopens: int | UnsetType = UNSET
    assignments: int | UnsetType = UNSET
    assignee_external_id: str | None | UnsetType = UNSET
    team_external_id: str | None | UnsetType = UNSET
    priority: str | None | UnsetType = UNSET
    rating: int | None | UnsetType = UNSET
    rating_remark: str | None | UnsetType = UNSET
    source_type: str | None | UnsetType = UNSET
    delivered_as: str | None | UnsetType = UNSET
    author_type: str | None | UnsetType = UNSET
    tags: list[str] | UnsetType = UNSET
    tags_added: list[str] = []
    statistics: dict[str, Any] | UnsetType = UNSET
    contacts: list[str] | UnsetType = UNSET
    contacts_added: list[str] = []
    contacts_removed: list[str] = []


class ActivityRecord(Struct, kw_only=True, frozen=True, gc=False):
    """Something happened to a conversation at `at`; the same (kind, at) counts once."""

    conversation: str
    kind: ActivityKind
    at: datetime


class EventRecord(Struct, kw_only=True, gc=False):
    """A timeline entry for each of `contacts`, or for the people of `conversation`."""

    dedupe_key: str
    name: str
    source: str
    occurred_at: datetime
    contacts: list[str] = []
    conversation: str | None = None
    properties: dict[str, Any] = {}
    context: dict[str, Any] = {}


class DeletionRecord(Struct, kw_only=True, frozen=True, gc=False):
    """A thing is gone at its source: deleted, archived, merged or blocked."""

    kind: ObjectKind
    external_id: str
    at: datetime
    reason: Literal["deleted", "archived", "blocked"] = "deleted"


class MergeRecord(Struct, kw_only=True, frozen=True, gc=False):
    """One contact was merged into another; `source` keeps pointing to `target`."""

    source: str
    target: str
    at: datetime


class Malformed(Struct, kw_only=True, frozen=True, gc=False):
    """A record that could not be read; it waits in quarantine with the reason."""

    kind: ObjectKind
    external_id: str
    detail: str
    observed_at: datetime


Record = (
    CustomerRecord
    | CompanyRecord
    | ConversationRecord
    | ActivityRecord
    | EventRecord
    | DeletionRecord
    | MergeRecord
    | Malformed
)
