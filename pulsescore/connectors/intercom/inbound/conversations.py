"""Conversations updated within the connection's days, in windows; and those updated lately."""

from datetime import datetime, timedelta

from pulsescore.connectors.intercom.api.errors import NotFoundThere, UnreadableAnswer
from pulsescore.connectors.intercom.api.pages import Page, Unreadable, follow
from pulsescore.connectors.intercom.api.schemas import Conversation, ConversationOutline
from pulsescore.connectors.intercom.inbound import checkpoints
from pulsescore.connectors.intercom.inbound.checkpoints import OpenWindow
from pulsescore.connectors.intercom.inbound.cursors import WindowReader
from pulsescore.connectors.intercom.inbound.job import Job
from pulsescore.connectors.intercom.inbound.pieces import Piece
from pulsescore.connectors.intercom.inbound.planning import PlannedWindow, plan
from pulsescore.connectors.intercom.inbound.raw_pages import RawPage
from pulsescore.connectors.intercom.inbound.spans import (
    Span,
    conversations_updated,
    split_by_second,
)
from pulsescore.connectors.intercom.inbound.writing import Stream
from pulsescore.connectors.intercom.times import moment
from pulsescore.store.records import DeletionRecord

PHASE = "conversations"
_FEW = 300


async def plan_conversations(job: Job) -> None:
    """Cut the range of update times into windows and write them down."""
    if checkpoints.is_planned(job, PHASE):
        return
    whole = Span(oldest_update(job), job.since)
    total = await _count(job, whole)
    job.progress.expect(PHASE, total)
    if total is None or total <= _FEW:
        windows = [PlannedWindow(whole, total or 0)]
    else:
        windows = await plan(
            whole,
            open_ended=[],
            total=total,
            count=lambda span: _count(job, span),
            split=split_by_second,
        )
    await job.database.run(checkpoints.save_plan, job, PHASE, windows)


def oldest_update(job: Job) -> datetime:
    """From when on conversations are imported."""
    return job.since - timedelta(days=job.connection.conversation_days)


def within_imported_days(job: Job, found: list[Conversation]) -> list[Conversation]:
    """Those that an import would bring, too."""
    span = Span(oldest_update(job), None)
    return [one for one in found if span.holds(_updated_at(one))]


def window_reader(job: Job, stream: Stream) -> WindowReader[ConversationOutline]:
    """Reads windows of conversations into the stream, decoded no further than needed for that."""

    async def fetch(window: OpenWindow, cursor: str | None) -> Page[ConversationOutline]:
        query = conversations_updated(window.span)
        return await job.client.outline_conversations(query, cursor=cursor)

    async def pack(
        window: OpenWindow, page: Page[ConversationOutline], asked_at: datetime
    ) -> tuple[Piece, int]:
        inside = {
            place: one
            for place, one in zip(page.places, page.items, strict=True)
            if window.span.holds(_updated_at(one))
        }
        packed = _raw_piece(inside, page, asked_at)
        return packed, packed.size

    return WindowReader(fetch, pack, stream.put, job.now)


def _raw_piece(
    inside: dict[int, ConversationOutline], page: Page[ConversationOutline], asked_at: datetime
) -> Piece:
    """A page as it came, with what is to be left out of it."""
    raw = RawPage(
        kind="conversation",
        observed_at=asked_at,
        body=page.body,
        left_out=frozenset(page.places) - inside.keys(),
    )
    return Piece(
        PHASE,
        "conversation",
        asked_at,
        size=len(inside) + len(page.unreadable),
        page=raw,
        outlines=inside,
    )


async def read_updated(job: Job, stream: Stream, *, since: datetime) -> None:
    """Conversations updated since then, by one cursor."""
    span = Span(since, None)
    query = conversations_updated(span)
    asked_at = job.now()
    async for page in follow(lambda cursor: job.client.search_conversations(query, cursor=cursor)):
        if page.size:
            inside = [one for one in page.items if span.holds(_updated_at(one))]
            await stream.put(piece(inside, page, asked_at))
        asked_at = job.now()


async def fetch_conversation(job: Job, conversation_id: str) -> Piece:
    """A conversation by id as it is now, or that it is gone: this read proves either."""
    observed_at = job.now()
    try:
        conversation = await job.client.get_conversation(conversation_id)
    except NotFoundThere:
        gone = DeletionRecord(kind="conversation", external_id=conversation_id, at=observed_at)
        return Piece(PHASE, "conversation", observed_at, size=0, records=[gone])
    except UnreadableAnswer as error:
        broken = Unreadable(conversation_id, error.failure.message)
        return Piece(PHASE, "conversation", observed_at, size=0, unreadable=[broken])
    return Piece(
        PHASE,
        "conversation",
        observed_at,
        size=0,
        conversations=[conversation],
        authoritative=True,
    )


async def _count(job: Job, span: Span) -> int | None:
    page = await job.client.search_conversations(conversations_updated(span), per_page=1)
    return page.total


def piece(conversations: list[Conversation], page: Page[Conversation], asked_at: datetime) -> Piece:
    """Conversations of a page."""
    return Piece(
        PHASE,
        "conversation",
        asked_at,
        size=len(conversations) + len(page.unreadable),
        conversations=conversations,
        unreadable=page.unreadable,
    )


def _updated_at(conversation: ConversationOutline) -> datetime | None:
    try:
        return moment(conversation.updated_at)
    except ValueError:
        return None
