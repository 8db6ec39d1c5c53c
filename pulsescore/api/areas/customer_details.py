"""What is known about one customer: timeline, conversations, score history, explanation, notes."""

from datetime import datetime
from typing import Annotated, Literal

from django.db.models import QuerySet
from ninja import Query, Router, Status
from pydantic import BaseModel, ConfigDict, Field

from pulsescore.api.areas.customer_shapes import (
    ConversationsOut,
    EventsOut,
    show_conversation,
    show_event,
)
from pulsescore.api.areas.score_shapes import HealthOut, show_health
from pulsescore.api.bodies import Instant, StrictBody
from pulsescore.api.callers import MemberRequest, member
from pulsescore.api.paging import PageQuery, Pagination, cut
from pulsescore.connectors.intercom.desk import link_of, workspaces_of
from pulsescore.core.clock import utcnow
from pulsescore.scoring import queries as scores
from pulsescore.store import actions as store_actions
from pulsescore.store import queries as store
from pulsescore.store.models import Conversation, Note

router = Router(tags=["Customers"], auth=member)
CAUSES_SHOWN = 5
Factor = Literal[
    "support_recency", "open_tickets", "resolution_time", "reopen_rate", "response_rate"
]


class EventQuery(PageQuery):
    """Which entries: `type` is an event's name; `from` and `to` are inclusive."""

    model_config = ConfigDict(populate_by_name=True)

    type: str | None = None
    source: str | None = None
    since: Annotated[Instant | None, Field(alias="from")] = None
    until: Annotated[Instant | None, Field(alias="to")] = None


class ConversationQuery(PageQuery):
    """Which conversations: of a state, or exactly those that a factor of the score counted."""

    status: Literal["open", "closed", "snoozed"] | None = None
    factor: Factor | None = None
    sort: Annotated[
        Literal["created_at", "waiting_since"] | None,
        Field(description="Newest first, or longest waiting first."),
    ] = None


class HistoryQuery(BaseModel):
    """From when to when, both inclusive."""

    model_config = ConfigDict(populate_by_name=True)

    since: Annotated[Instant | None, Field(alias="from")] = None
    until: Annotated[Instant | None, Field(alias="to")] = None


class ExplanationQuery(BaseModel):
    """With what the score is compared, and as of when; without `until` it is the present one."""

    since: Instant | None = None
    until: Instant | None = None


class PointOut(BaseModel):
    """A score as it stood."""

    at: datetime
    score: int | None
    risk_level: str | None
    config_version: int
    reconstructed: bool
    overridden: bool
    computed_score: int | None


class HistoryOut(BaseModel):
    """A customer's scores, oldest first."""

    history: list[PointOut]


class CauseOut(BaseModel):
    """A conversation that can have moved a part of the score."""

    id: int
    external_id: str
    subject: str | None
    status: str
    link: str | None


class FactorChangeOut(BaseModel):
    """How many points a factor, an exception or an override moved the score.

    `conversations` are the newest of those that can have caused it; where time alone passed, none.
    """

    key: str
    name: str
    points: float
    conversations: list[CauseOut]


class ExplanationOut(HealthOut):
    """A score explained; compared with an earlier one where `since` was given.

    The points of the changes sum to the difference exactly.
    """

    since: datetime | None = None
    score_then: int | None = None
    changes: list[FactorChangeOut] = []


class NoteIn(StrictBody):
    """A remark on a customer."""

    body: str


class NoteOut(BaseModel):
    """A remark with its author."""

    id: int
    body: str
    author: str | None
    created_at: datetime
    edited_at: datetime | None


class NotesOut(BaseModel):
    """A page of remarks, newest first."""

    notes: list[NoteOut]
    pagination: Pagination


@router.get("/{id:customer_id}/events", response=EventsOut)
def list_events(
    request: MemberRequest, customer_id: int, query: Annotated[EventQuery, Query()]
) -> EventsOut:
    """The customer's timeline, newest first."""
    org_id = request.auth.org_id
    store.get_customer(org_id, customer_id)
    events = store.list_events(
        org_id,
        customer_id,
        name=query.type,
        source=query.source,
        since=query.since,
        until=query.until,
    )
    rows, told = cut(events, query)
    return EventsOut(events=[show_event(one) for one in rows], pagination=told)


@router.get("/{id:customer_id}/conversations", response=ConversationsOut)
def list_conversations(
    request: MemberRequest, customer_id: int, query: Annotated[ConversationQuery, Query()]
) -> ConversationsOut:
    """The customer's conversations, newest first."""
    org_id = request.auth.org_id
    store.get_customer(org_id, customer_id)
    rows, told = cut(_conversations(org_id, customer_id, query), query)
    people = store.people_of(org_id, [one.pk for one in rows])
    workspaces = workspaces_of(org_id, {one.source_id for one in rows})
    shown = [
        show_conversation(one, people=people.get(one.pk, []), workspaces=workspaces) for one in rows
    ]
    return ConversationsOut(conversations=shown, pagination=told)


def _conversations(
    org_id: int, customer_id: int, query: ConversationQuery
) -> QuerySet[Conversation]:
    if query.factor is None:
        found = store.list_conversations(org_id, customer_id)
    else:
        at = scores.get_health(org_id, customer_id).calculated_at or utcnow()
        found = scores.conversations_behind(org_id, customer_id, query.factor, at=at)
    if query.status is not None:
        found = found.filter(status=query.status)
    return store.longest_waiting_first(found) if query.sort == "waiting_since" else found


@router.get("/{id:customer_id}/score-history", response=HistoryOut)
def get_score_history(
    request: MemberRequest, customer_id: int, query: Annotated[HistoryQuery, Query()]
) -> HistoryOut:
    """How the score went, oldest first."""
    points = scores.score_history(request.auth.org_id, customer_id, query.since, query.until)
    shown = [
        PointOut(
            at=point.at,
            score=point.score,
            risk_level=point.risk_level,
            config_version=point.config_version,
            reconstructed=point.reconstructed,
            overridden=point.override_id is not None,
            computed_score=point.computed_score if point.override_id else point.score,
        )
        for point in points
    ]
    return HistoryOut(history=shown)


@router.get("/{id:customer_id}/explanation", response=ExplanationOut, exclude_unset=True)
def get_explanation(
    request: MemberRequest, customer_id: int, query: Annotated[ExplanationQuery, Query()]
) -> ExplanationOut:
    """How each factor adds to the score, and with `since`, which ones moved it."""
    org_id = request.auth.org_id
    found = scores.get_explanation(org_id, customer_id, since=query.since, until=query.until)
    health = show_health(found.health).model_dump()
    if query.since is None:
        return ExplanationOut(**health)
    until = found.health.calculated_at or query.until or utcnow()
    changes = [
        FactorChangeOut(
            key=one.key,
            name=one.name,
            points=one.points,
            conversations=_causes(
                org_id, customer_id, one.key, since=found.since or until, until=until
            ),
        )
        for one in found.changes
    ]
    return ExplanationOut(
        **health, since=found.since or query.since, score_then=found.score_then, changes=changes
    )


def _causes(
    org_id: int, customer_id: int, part: str, *, since: datetime, until: datetime
) -> list[CauseOut]:
    rows = scores.conversations_between(org_id, customer_id, part, since=since, until=until)
    shown = list(rows[:CAUSES_SHOWN])
    workspaces = workspaces_of(org_id, {one.source_id for one in shown})
    return [
        CauseOut(
            id=one.pk,
            external_id=one.external_id,
            subject=one.subject,
            status=one.status,
            link=link_of(one, workspaces.get(one.source_id)),
        )
        for one in shown
    ]


@router.get("/{id:customer_id}/notes", response=NotesOut)
def list_notes(
    request: MemberRequest, customer_id: int, page: Annotated[PageQuery, Query()]
) -> NotesOut:
    """Remarks on the customer, newest first."""
    org_id = request.auth.org_id
    store.get_customer(org_id, customer_id)
    rows, told = cut(store.list_notes(org_id, customer_id), page)
    return NotesOut(notes=[_show_note(one) for one in rows], pagination=told)


@router.post("/{id:customer_id}/notes", response={201: NoteOut})
def add_note(request: MemberRequest, customer_id: int, body: NoteIn) -> Status[NoteOut]:
    """Write a remark."""
    note = store_actions.add_note(
        request.auth, customer_id=customer_id, body=body.body, now=utcnow()
    )
    return Status(201, _show_note(note))


@router.patch("/{id:customer_id}/notes/{id:note_id}", response=NoteOut)
def edit_note(request: MemberRequest, customer_id: int, note_id: int, body: NoteIn) -> NoteOut:
    """Change one's own remark."""
    store.get_customer(request.auth.org_id, customer_id)
    note = store_actions.edit_note(request.auth, note_id=note_id, body=body.body, now=utcnow())
    return _show_note(note)


@router.delete("/{id:customer_id}/notes/{id:note_id}", response={204: None})
def delete_note(request: MemberRequest, customer_id: int, note_id: int) -> Status[None]:
    """Delete one's own remark, or as an admin anybody's."""
    store.get_customer(request.auth.org_id, customer_id)
    store_actions.delete_note(request.auth, note_id=note_id, now=utcnow())
    return Status(204, None)


def _show_note(note: Note) -> NoteOut:
    return NoteOut(
        id=note.pk,
        body=note.body,
        author=note.author.get_full_name() if note.author else None,
        created_at=note.created_at,
        edited_at=note.edited_at,
    )
