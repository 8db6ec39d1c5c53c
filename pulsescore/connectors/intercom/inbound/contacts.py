"""All contacts, in windows by creation; and those updated lately, newest first."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

from pulsescore.connectors.intercom.api.errors import CANNOT_BE_READ
from pulsescore.connectors.intercom.api.pages import Page, follow
from pulsescore.connectors.intercom.api.schemas import Contact, ContactOutline
from pulsescore.connectors.intercom.inbound import checkpoints
from pulsescore.connectors.intercom.inbound.checkpoints import OpenWindow
from pulsescore.connectors.intercom.inbound.cursors import WindowReader
from pulsescore.connectors.intercom.inbound.job import Job
from pulsescore.connectors.intercom.inbound.lists import complete, fetch_lists
from pulsescore.connectors.intercom.inbound.pieces import Piece
from pulsescore.connectors.intercom.inbound.planning import PlannedWindow, plan
from pulsescore.connectors.intercom.inbound.raw_pages import RawPage
from pulsescore.connectors.intercom.inbound.spans import (
    Span,
    contacts_created,
    contacts_updated,
    midnight_before,
    split_by_day,
)
from pulsescore.connectors.intercom.inbound.writing import Stream
from pulsescore.connectors.intercom.times import moment

PHASE = "contacts"
_OLDEST_FIRST = ("created_at", "ascending")
_NEWEST_FIRST = ("updated_at", "descending")
_FEW = 300


async def plan_contacts(job: Job) -> None:
    """Cut the range of creation times into windows and write them down."""
    if checkpoints.is_planned(job, PHASE):
        return
    oldest = await job.client.search_contacts(
        contacts_created(Span(), job.zone, role=job.role), sort=_OLDEST_FIRST, per_page=1
    )
    total = oldest.total or 0
    job.progress.expect(PHASE, oldest.total)
    first_at = moment(oldest.items[0].created_at) if oldest.items else None
    if total <= _FEW or first_at is None:
        windows = [PlannedWindow(Span(), total)]
    else:
        lower = midnight_before(min(first_at, job.since), job.zone)
        upper = midnight_before(job.since, job.zone)
        windows = await plan(
            Span(lower, upper),
            open_ended=[Span(None, lower), Span(upper, None)],
            total=total,
            count=lambda span: _count(job, span),
            split=split_by_day(job.zone),
        )
    await job.database.run(checkpoints.save_plan, job, PHASE, windows)


def window_reader(job: Job, stream: Stream) -> WindowReader[ContactOutline]:
    """Reads windows of contacts into the stream, decoded no further than needed for that."""

    async def fetch(window: OpenWindow, cursor: str | None) -> Page[ContactOutline]:
        query = contacts_created(window.span, job.zone, role=job.role)
        return await job.client.outline_contacts(query, sort=_OLDEST_FIRST, cursor=cursor)

    async def pack(
        window: OpenWindow, page: Page[ContactOutline], asked_at: datetime
    ) -> tuple[Piece, int]:
        inside, old = _inside(job, window, page)
        return await _raw_piece(job, inside, page, asked_at), old

    return WindowReader(fetch, pack, stream.put, job.now)


def _inside(
    job: Job, window: OpenWindow, page: Page[ContactOutline]
) -> tuple[dict[int, ContactOutline], int]:
    """Those of the page that belong to the window, by their places; and how many are not new."""
    inside: dict[int, ContactOutline] = {}
    new = 0
    for one, place in zip(page.items, page.places, strict=True):
        created_at = _created_at(one)
        if window.span.holds(created_at):
            inside[place] = one
            new += created_at is not None and created_at >= job.since
    return inside, len(inside) - new + len(page.unreadable)


async def _raw_piece(
    job: Job, inside: dict[int, ContactOutline], page: Page[ContactOutline], asked_at: datetime
) -> Piece:
    """A page as it came, with what is to be left out of it and what it lacks."""
    places = [*inside]
    lists = await fetch_lists(job, [*inside.values()])
    raw = RawPage(
        kind="customer",
        observed_at=asked_at,
        body=page.body,
        left_out=frozenset(page.places) - inside.keys(),
        lists={places[index]: found for index, found in lists.items()},
    )
    size = len(inside) + len(page.unreadable)
    return Piece(PHASE, "customer", asked_at, size=size, page=raw, outlines=inside)


async def read_updated(job: Job, stream: Stream, *, since: datetime) -> int:
    """Contacts updated since then; returns how many of them were created during this run.

    Newest first, and no further than needed: the search itself can only be asked for whole days.
    """
    created: set[str] = set()
    query = contacts_updated(since, job.zone)
    asked_at = job.now()
    async for page in follow(
        lambda cursor: job.client.search_contacts(query, sort=_NEWEST_FIRST, cursor=cursor)
    ):
        times = [_updated_at(one) for one in page.items]
        recent = [
            one for one, at in zip(page.items, times, strict=True) if at is None or at >= since
        ]
        created |= {str(one.id) for one in recent if _is_new(job, one)}
        if recent or page.unreadable:
            await stream.put(await piece(job, recent, page, asked_at))
        if _is_past(times, since):
            break
        asked_at = job.now()
    return len(created)


async def read_listing(job: Job, stream: Stream) -> None:
    """Every contact by the plain list: one cursor, but no search index that could lag."""
    asked_at = job.now()
    async for page in follow(lambda cursor: job.client.list_contacts(cursor=cursor)):
        await stream.put(replace(await piece(job, page.items, page, asked_at), size=0))
        asked_at = job.now()


async def count_all(job: Job) -> int | None:
    """How many contacts the workspace has; None where the plain list cannot be read."""
    try:
        page = await job.client.list_contacts(per_page=1)
    except CANNOT_BE_READ:
        return None
    return page.total


async def _count(job: Job, span: Span) -> int | None:
    page = await job.client.search_contacts(
        contacts_created(span, job.zone, role=job.role), sort=_OLDEST_FIRST, per_page=1
    )
    return page.total


async def piece(
    job: Job, contacts: list[Contact], page: Page[Contact], asked_at: datetime
) -> Piece:
    """Contacts of a page, made whole."""
    return Piece(
        PHASE,
        "customer",
        asked_at,
        size=len(contacts) + len(page.unreadable),
        contacts=await complete(job, contacts),
        unreadable=page.unreadable,
    )


def _is_past(times: list[datetime | None], since: datetime) -> bool:
    """Whether the page is sorted newest first and ends before `since`."""
    known = [at for at in times if at is not None]
    if not known or known[-1] >= since - timedelta(seconds=1):
        return False
    return all(later >= earlier for later, earlier in pairwise(known))


def _is_new(job: Job, contact: ContactOutline) -> bool:
    created_at = _created_at(contact)
    return created_at is not None and created_at >= job.since


def _created_at(contact: ContactOutline) -> datetime | None:
    return _lenient(contact.created_at)


def _updated_at(contact: ContactOutline) -> datetime | None:
    return _lenient(contact.updated_at)


def _lenient(value: object) -> datetime | None:
    """A time that cannot be read is dealt with when the contact is mapped."""
    try:
        return moment(value)  # type: ignore[arg-type]
    except ValueError:
        return None
