"""Reads for pages and the API. Lists are lazy, ordered querysets: callers cut a page from them.

Lists that join scores live in the scoring stage.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db.models import F, Q, QuerySet

from pulsescore.core.errors import NotFound
from pulsescore.store import statements
from pulsescore.store.models import (
    Company,
    CompanyMember,
    Conversation,
    Customer,
    HeldRecord,
    Note,
    Participant,
    TimelineEvent,
)

ModelT = TypeVar("ModelT", Customer, Company, Note)

_MAX_ID = 2**63 - 1
_HELD_OBJECTS = ("customer", "conversation", "company")


@dataclass(frozen=True, kw_only=True)
class Counts:
    """How much a source has given us (deleted things not counted), and how much waits."""

    customers: int
    conversations: int
    companies: int
    held_contacts: int
    held_conversations: int


def get_customer(org_id: int, customer_id: int) -> Customer:
    """The customer, deleted or not; raises `NotFound`. Index: primary key."""
    return _get(Customer.objects.for_org(org_id), customer_id, "customer")


def get_company(org_id: int, company_id: int) -> Company:
    """The company, deleted or not; raises `NotFound`. Index: primary key."""
    return _get(Company.objects.for_org(org_id), company_id, "company")


def list_conversations(
    org_id: int, customer_id: int, *, status: str | None = None
) -> QuerySet[Conversation]:
    """A customer's conversations, newest first. Index: of participants by customer."""
    taken_part = Participant.objects.for_org(org_id).filter(customer_id=customer_id)
    found = Conversation.objects.for_org(org_id).filter(
        id__in=taken_part.values("conversation_id"), deleted_at=None
    )
    if status is not None:
        found = found.filter(status=status)
    return found.order_by("-opened_at", "-id")


def list_company_conversations(
    org_id: int, company_id: int, *, status: str | None = None
) -> QuerySet[Conversation]:
    """Conversations of a company's people, those that wait longest first.

    Index: of company members by company, of participants by customer.
    """
    members = CompanyMember.objects.for_org(org_id).filter(
        company_id=company_id, customer__deleted_at=None
    )
    taken_part = Participant.objects.for_org(org_id).filter(
        customer_id__in=members.values("customer_id")
    )
    found = Conversation.objects.for_org(org_id).filter(
        id__in=taken_part.values("conversation_id"), deleted_at=None
    )
    if status is not None:
        found = found.filter(status=status)
    return longest_waiting_first(found)


def longest_waiting_first(found: QuerySet[Conversation]) -> QuerySet[Conversation]:
    """Conversations in which somebody waits for us, the longest first; then the others."""
    return found.order_by(F("waiting_since").asc(nulls_last=True), "-opened_at", "-id")


def count_open_conversations(org_id: int, customer_id: int) -> int:
    """How many of a customer's conversations are open (snoozed ones are not)."""
    return list_conversations(org_id, customer_id, status="open").count()


def people_of(org_id: int, conversation_ids: Iterable[int]) -> dict[int, list[Customer]]:
    """The customers of each conversation, in one query. Index: participant_once."""
    people: dict[int, list[Customer]] = {}
    taken_part = Participant.objects.for_org(org_id).filter(
        conversation_id__in=list(conversation_ids)
    )
    for one in taken_part.select_related("customer").order_by("customer_id"):
        people.setdefault(one.conversation_id, []).append(one.customer)
    return people


def list_events(
    org_id: int,
    customer_id: int,
    *,
    name: str | None = None,
    source: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> QuerySet[TimelineEvent]:
    """A customer's timeline from `since` to `until` inclusive. Index: timeline_newest_first."""
    found = TimelineEvent.objects.for_org(org_id).filter(customer_id=customer_id)
    if name is not None:
        found = found.filter(name=name)
    if source is not None:
        found = found.filter(source=source)
    if since is not None:
        found = found.filter(occurred_at__gte=since)
    if until is not None:
        found = found.filter(occurred_at__lte=until)
    return found.order_by("-occurred_at", "-id")


def older_events(found: QuerySet[TimelineEvent], event_id: int) -> QuerySet[TimelineEvent]:
    """The entries after this one on the way into the past; all, where it is not there."""
    last = found.filter(id=event_id).first()
    if last is None:
        return found
    at = last.occurred_at
    return found.filter(Q(occurred_at__lt=at) | Q(occurred_at=at, id__lt=event_id))


def list_event_kinds(org_id: int, customer_id: int) -> list[tuple[str, str]]:
    """The sources and names of entries on a customer's timeline, for its filters."""
    found = TimelineEvent.objects.for_org(org_id).filter(customer_id=customer_id)
    return list(found.order_by("source", "name").values_list("source", "name").distinct())


def list_notes(org_id: int, customer_id: int) -> QuerySet[Note]:
    """Notes on a customer, newest first, with their authors. Index: of notes by customer."""
    found = Note.objects.for_org(org_id).filter(customer_id=customer_id)
    return found.select_related("author").order_by("-created_at", "-id")


def get_note(org_id: int, note_id: int) -> Note:
    """A note; raises `NotFound`. Index: primary key."""
    return _get(Note.objects.for_org(org_id), note_id, "note")


def list_held(
    org_id: int, source_id: int, *, kind: str | None = None, reason: str | None = None
) -> QuerySet[HeldRecord]:
    """Contacts, conversations and companies that may not enter, with the reason.

    Index: held_once, whose order this is. What merely waits for them is left out.
    """
    found = HeldRecord.objects.for_org(org_id).filter(source_id=source_id)
    found = found.filter(kind__in=_HELD_OBJECTS) if kind is None else found.filter(kind=kind)
    if reason is not None:
        found = found.filter(reason=reason)
    return found.order_by("kind", "external_id")


def count_living(org_id: int, source_id: int) -> int:
    """How many customers a source has given us, deleted ones not counted."""
    return Customer.objects.for_org(org_id).filter(source_id=source_id, deleted_at=None).count()


def counts(org_id: int, source_id: int) -> Counts:
    """How much is stored and how much is held, in one statement. Index: the identity keys."""
    params = {"org_id": org_id, "source_id": source_id}
    ((customers, conversations, companies, contacts, talks),) = statements.fetch(
        statements.COUNTS, params
    )
    return Counts(
        customers=customers,
        conversations=conversations,
        companies=companies,
        held_contacts=contacts,
        held_conversations=talks,
    )


def _get(rows: QuerySet[ModelT], row_id: int, word: str) -> ModelT:
    row = rows.filter(id=row_id).first() if 0 < row_id <= _MAX_ID else None
    if row is None:
        raise NotFound(f"There is no such {word} in this organization.")
    return row
