"""Each night: what neither notifications nor `updated_at` tell, read again without reading all.

Conversations held as not closed, who carries which tag (bulk tagging and renaming tell nobody), who
was there lately, who was updated lately and is in no list, and who is in which segment. A weekly
run of kind `reconcile` reads all the rest.
"""

from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from pulsescore.connectors.intercom.api.errors import CANNOT_BE_READ
from pulsescore.connectors.intercom.api.pages import follow
from pulsescore.connectors.intercom.findings import SWEEP
from pulsescore.connectors.intercom.inbound import contacts, conversations, segments, spans
from pulsescore.connectors.intercom.inbound.job import Job
from pulsescore.connectors.intercom.inbound.lookups import fetch_contacts
from pulsescore.connectors.intercom.inbound.seen import Seen
from pulsescore.connectors.intercom.inbound.sweep import (
    TOGETHER,
    held_and_old_enough,
    is_plausible,
    settle_conversations,
)
from pulsescore.connectors.intercom.inbound.writing import store

_LATELY: Final = timedelta(days=2)
# Comparing costs one pass over all that was seen, however many are compared.
_COMPARED: Final = 200_000
_NOT_CLOSED: Final = ("open", "snoozed")


async def check(job: Job) -> None:
    """Read again what may have changed without a word, and report what was read."""
    report = job.progress.of(SWEEP)
    report["active_contacts"] = await _active_contacts(job)
    report["reread_conversations"] = await _unfinished_conversations(job)
    report["retagged_contacts"] = await _tag_membership(job)
    report["missing_contacts"] = await _updated_but_unlisted(job)
    await segments.read_members(job)


async def _active_contacts(job: Job) -> int:
    """Those who were there lately: a visit moves nothing but its own time."""
    query = spans.contacts_seen(job.now() - _LATELY, job.zone)
    return await _read_contacts(job, query, None)


async def _unfinished_conversations(job: Job) -> int:
    """Those that Intercom holds as not closed; then by id those that only we hold so."""
    seen = Seen()
    for state in _NOT_CLOSED:
        query: spans.Query = {"field": "state", "operator": "=", "value": state}
        asked_at = job.now()
        async for page in follow(
            lambda cursor, query=query: job.client.search_conversations(query, cursor=cursor)  # type: ignore[misc]
        ):
            for one in page.items:
                seen.add("conversation", str(one.id))
            imported = conversations.within_imported_days(job, page.items)
            await store(job, [conversations.piece(imported, page, asked_at)], again=True)
            asked_at = job.now()
    left = await job.database.run(_held_unfinished, job, seen)
    await settle_conversations(job, left)
    return len(left)


async def _tag_membership(job: Job) -> int:
    """Who carries each tag; then by id those who carry it only here, or one that is no more."""
    seen = Seen()
    for tag_id, name in sorted(job.tag_names.items()):
        query: spans.Query = {"field": "tag_id", "operator": "=", "value": tag_id}
        try:
            await _read_contacts(job, query, (seen, name))
        except CANNOT_BE_READ:
            return 0
    doubtful = await job.database.run(_tagged_only_here, job, seen)
    for start in range(0, len(doubtful), TOGETHER):
        await store(job, await fetch_contacts(job, doubtful[start : start + TOGETHER]), again=True)
    return len(doubtful)


async def _updated_but_unlisted(job: Job) -> int:
    """Held as living and updated lately, yet in no search: archived, most of them.

    An archived contact that is changed is told of like any other, and no payload says that it is
    archived, so that it seems to live again.
    """
    since, seen = job.now() - _LATELY, Seen()
    query = spans.contacts_updated(since, job.zone)
    async for page in follow(lambda cursor: job.client.search_contacts(query, cursor=cursor)):
        for one in page.items:
            seen.add("customer", str(one.id))
        for broken in page.unreadable:
            seen.add("customer", broken.external_id)
    lost = await job.database.run(_held_updated_since, job, since, seen)
    if await is_plausible(job, "customer", lost):
        for start in range(0, len(lost), TOGETHER):
            await store(job, await fetch_contacts(job, lost[start : start + TOGETHER]), again=True)
    return len(lost)


async def _read_contacts(job: Job, query: spans.Query, tagged: tuple[Seen, str] | None) -> int:
    """Store all contacts of a search, and remember who was found under which tag."""
    count, asked_at = 0, job.now()
    async for page in follow(lambda cursor: job.client.search_contacts(query, cursor=cursor)):
        count += len(page.items)
        if tagged is not None:
            seen, name = tagged
            for one in page.items:
                seen.add("customer", _membership(name, str(one.id)))
        await store(job, [await contacts.piece(job, page.items, page, asked_at)], again=True)
        asked_at = job.now()
    return count


def _held_updated_since(job: Job, since: datetime, seen: Seen) -> list[str]:
    rows = held_and_old_enough(job, "customer").filter(remote_updated_at__gte=since)
    return seen.missing("customer", rows.values_list("external_id", flat=True).iterator())


def _held_unfinished(job: Job, seen: Seen) -> list[str]:
    rows = held_and_old_enough(job, "conversation").exclude(status="closed")
    return seen.missing("conversation", rows.values_list("external_id", flat=True).iterator())


def _tagged_only_here(job: Job, seen: Seen) -> list[str]:
    rows = held_and_old_enough(job, "customer").exclude(tags=[])
    memberships = (
        _membership(name, external_id)
        for external_id, tags in rows.values_list("external_id", "tags").iterator()
        for name in tags
    )
    doubtful: dict[str, None] = {}
    while some := list(islice(memberships, _COMPARED)):
        missing = seen.missing("customer", some)
        doubtful.update(dict.fromkeys(one.partition("\0")[0] for one in missing))
    return list(doubtful)


def _membership(tag: str, contact_id: str) -> str:
    return f"{contact_id}\0{tag}"
