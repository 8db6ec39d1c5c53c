"""Reads for pages and the API. Lists are lazy, ordered querysets: callers cut a page from them.

Lists that join scores live in the scoring stage.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from django.db.models import QuerySet

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

ModelT = TypeVar("ModelT", Customer, Company)

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


def list_event_names(org_id: int, customer_id: int) -> list[str]:
    """The kinds of entries on a customer's timeline, for its filter."""
    names = TimelineEvent.objects.for_org(org_id).filter(customer_id=customer_id)
    return sorted(names.values_list("name", flat=True).distinct())


def list_companies(org_id: int, *, search: str = "") -> QuerySet[Company]:
    """Companies by name. Index: company_by_name."""
    found = Company.objects.for_org(org_id).filter(deleted_at=None)
    if search:
        found = found.filter(name__icontains=search.replace("\0", ""))
    return found.order_by("name", "id")


def list_companies_of(org_id: int, customer_id: int) -> QuerySet[Company]:
    """A customer's companies by name. Index: company_member_once."""
    memberships = CompanyMember.objects.for_org(org_id).filter(customer_id=customer_id)
    return list_companies(org_id).filter(id__in=memberships.values("company_id"))


def list_members(org_id: int, company_id: int) -> QuerySet[Customer]:
    """A company's customers by name. Index: of company members by company."""
    memberships = CompanyMember.objects.for_org(org_id).filter(company_id=company_id)
    found = Customer.objects.for_org(org_id).filter(
        id__in=memberships.values("customer_id"), deleted_at=None
    )
    return found.order_by("name", "id")


def list_notes(org_id: int, customer_id: int) -> QuerySet[Note]:
    """Notes on a customer, newest first, with their authors. Index: of notes by customer."""
    found = Note.objects.for_org(org_id).filter(customer_id=customer_id)
    return found.select_related("author").order_by("-created_at", "-id")


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
