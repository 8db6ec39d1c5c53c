"""How customers and what surrounds them look in the API."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from pulsescore.api.areas.score_shapes import HealthOut
from pulsescore.api.paging import Pagination
from pulsescore.connectors.intercom import desk
from pulsescore.connectors.intercom.inbox.workspace import Workspace
from pulsescore.scoring.queries import CompanyRow, CustomerRow
from pulsescore.store.models import Conversation, Customer, TimelineEvent
from pulsescore.store.source_segments import names_by_customer

LEAD = "lead"


class CustomerOut(BaseModel):
    """A person; `score_reason` says in words why there is no score."""

    id: int
    external_id: str
    source: str
    email: str | None
    name: str | None
    contact_role: str
    is_lead: bool
    score: int | None
    risk_level: str | None
    score_reason: str | None
    overridden: bool
    first_seen_at: datetime | None
    last_seen_at: datetime | None
    last_replied_at: datetime | None
    tags: list[str]
    metadata: dict[str, Any]
    attributes: dict[str, Any]
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None


class CustomersOut(BaseModel):
    """A page of customers."""

    customers: list[CustomerOut]
    pagination: Pagination


class WorstMemberOut(BaseModel):
    """The member with the lowest score."""

    customer_id: int
    name: str | None
    score: int | None
    risk_level: str | None


class CompanyOut(BaseModel):
    """A group of customers with the weighted mean of their scores; nobody scored, no score."""

    id: int
    external_id: str
    company_key: str | None
    name: str | None
    plan: str | None
    size: int | None
    industry: str | None
    website: str | None
    monthly_spend: float | None
    score: int | None
    risk_level: str | None
    members: int
    scored_members: int
    worst_member: WorstMemberOut | None
    tags: list[str]
    metadata: dict[str, Any]
    remote_created_at: datetime | None
    last_request_at: datetime | None
    created_at: datetime
    updated_at: datetime
    deleted_at: datetime | None


class CustomerDetailOut(BaseModel):
    """A customer with score, the number of open conversations, and groups."""

    customer: CustomerOut
    health_score: HealthOut
    open_conversations: int
    segments: list[str]
    companies: list[CompanyOut]


class PersonOut(BaseModel):
    """A team mate or team of the workspace."""

    name: str | None
    email: str | None


class ParticipantOut(BaseModel):
    """A customer who takes part."""

    customer_id: int
    external_id: str
    name: str | None
    email: str | None


class ConversationOut(BaseModel):
    """A support conversation; its instants are those of its source."""

    id: int
    external_id: str
    status: str
    subject: str | None
    created_at: datetime
    updated_at: datetime | None
    closed_at: datetime | None
    time_to_first_response_secs: int | None
    time_to_resolution_secs: int | None
    reopen_count: int
    assignment_count: int
    tags: list[str]
    rating: int | None
    rating_remark: str | None
    priority: str | None
    waiting_since: datetime | None
    snoozed_until: datetime | None
    assignee: PersonOut | None
    participants: list[ParticipantOut]
    link: str | None


class ConversationsOut(BaseModel):
    """A page of conversations, newest first."""

    conversations: list[ConversationOut]
    pagination: Pagination


class EventOut(BaseModel):
    """One entry of a timeline."""

    id: int
    name: str
    source: str
    occurred_at: datetime
    properties: dict[str, Any]
    context: dict[str, Any]


class EventsOut(BaseModel):
    """A page of a timeline, newest first."""

    events: list[EventOut]
    pagination: Pagination


def show_customers(org_id: int, rows: Sequence[CustomerRow]) -> list[CustomerOut]:
    """Customers' shapes; the segments of their source stand among their attributes."""
    segments = names_by_customer(org_id, [row.id for row in rows])
    return [show_customer(row, segments=segments.get(row.id, ())) for row in rows]


def show_customer(row: CustomerRow, *, segments: Sequence[str]) -> CustomerOut:
    """A customer's shape, with the names of the segments in the customer's source."""
    told = {f"{row.source}/segments": list(segments)} if segments else {}
    return CustomerOut(
        id=row.id,
        external_id=row.external_id,
        source=row.source,
        email=row.email,
        name=row.name,
        contact_role=row.contact_role,
        is_lead=row.contact_role == LEAD,
        score=row.score,
        risk_level=row.risk_level,
        score_reason=row.score_reason_words,
        overridden=row.is_overridden,
        first_seen_at=row.first_seen_at,
        last_seen_at=row.last_seen_at,
        last_replied_at=row.last_replied_at,
        tags=row.tags,
        metadata=row.metadata,
        attributes=row.attributes | told,
        created_at=row.created_at,
        updated_at=row.updated_at,
        deleted_at=row.deleted_at,
    )


def show_company(row: CompanyRow) -> CompanyOut:
    """A company's shape."""
    spend = row.monthly_spend
    return CompanyOut(
        id=row.id,
        external_id=row.external_id,
        company_key=row.company_key,
        name=row.name,
        plan=row.plan,
        size=row.size,
        industry=row.industry,
        website=row.website,
        monthly_spend=None if spend is None else float(spend),
        score=row.score,
        risk_level=row.risk_level,
        members=row.members,
        scored_members=row.scored_members,
        worst_member=_show_worst(row),
        tags=row.tags,
        metadata=row.metadata,
        remote_created_at=row.remote_created_at,
        last_request_at=row.last_request_at,
        created_at=row.created_at,
        updated_at=row.updated_at,
        deleted_at=row.deleted_at,
    )


def _show_worst(row: CompanyRow) -> WorstMemberOut | None:
    if row.worst_id is None:
        return None
    return WorstMemberOut(
        customer_id=row.worst_id,
        name=row.worst_name,
        score=row.worst_score,
        risk_level=row.worst_level,
    )


def show_conversation(
    conversation: Conversation,
    *,
    people: Sequence[Customer],
    workspaces: Mapping[int, Workspace],
) -> ConversationOut:
    """A conversation's shape, with the people in it and who answers them."""
    workspace = workspaces.get(conversation.source_id)
    assignee = desk.assignee_of(conversation, workspace)
    return ConversationOut(
        id=conversation.pk,
        external_id=conversation.external_id,
        status=conversation.status,
        subject=conversation.subject,
        created_at=conversation.opened_at,
        updated_at=conversation.remote_updated_at,
        closed_at=conversation.closed_at,
        time_to_first_response_secs=conversation.time_to_first_response_secs,
        time_to_resolution_secs=conversation.time_to_resolution_secs,
        reopen_count=conversation.reopen_count,
        assignment_count=conversation.assignment_count,
        tags=conversation.tags,
        rating=conversation.rating,
        rating_remark=conversation.rating_remark,
        priority=conversation.priority,
        waiting_since=conversation.waiting_since,
        snoozed_until=conversation.snoozed_until,
        assignee=PersonOut(name=assignee.name, email=assignee.email) if assignee else None,
        participants=[_show_participant(one) for one in people],
        link=desk.link_of(conversation, workspace),
    )


def show_event(event: TimelineEvent) -> EventOut:
    """A timeline entry's shape."""
    return EventOut(
        id=event.pk,
        name=event.name,
        source=event.source,
        occurred_at=event.occurred_at,
        properties=event.properties,
        context=event.context,
    )


def _show_participant(customer: Customer) -> ParticipantOut:
    return ParticipantOut(
        customer_id=customer.pk,
        external_id=customer.external_id,
        name=customer.name,
        email=customer.email,
    )
