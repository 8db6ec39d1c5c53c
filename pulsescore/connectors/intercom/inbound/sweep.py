"""What vanished without a word: found by what a complete read did not come across.

Nothing is concluded from an absence alone: each missing thing is asked for by its id, and a great
loss at once is taken for our own mistake and refused.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce

from pulsescore.connectors.intercom import connection_log, findings
from pulsescore.connectors.intercom.absence import TOO_YOUNG
from pulsescore.connectors.intercom.api.errors import CANNOT_BE_READ
from pulsescore.connectors.intercom.inbound import segments
from pulsescore.connectors.intercom.inbound.conversations import (
    fetch_conversation,
    oldest_update,
)
from pulsescore.connectors.intercom.inbound.job import Job
from pulsescore.connectors.intercom.inbound.lookups import fetch_company, fetch_contacts
from pulsescore.connectors.intercom.inbound.pieces import Piece
from pulsescore.connectors.intercom.inbound.seen import Seen
from pulsescore.connectors.intercom.inbound.writing import store
from pulsescore.connectors.intercom.models import Severity
from pulsescore.connectors.intercom.times import moment
from pulsescore.store.models import Company, Conversation, Customer, SourcedModel
from pulsescore.store.records import DeletionRecord, ObjectKind

_FEW_LOST: Final = 50
TOGETHER: Final = 200
_MODELS: Final[dict[ObjectKind, type[SourcedModel]]] = {
    "customer": Customer,
    "company": Company,
    "conversation": Conversation,
}


async def sweep(job: Job) -> None:
    """Settle everything we hold that the complete read just done did not show."""
    report = job.progress.of(findings.SWEEP)
    await _deleted_conversations(job)
    lost = await job.database.run(_lost, job, "customer")
    if await is_plausible(job, "customer", lost):
        for start in range(0, len(lost), TOGETHER):
            await store(job, await fetch_contacts(job, lost[start : start + TOGETHER]))
    report["missing_contacts"] = len(lost)
    await _conversations(job, report)
    if job.progress.of("companies").get("complete"):
        firms = await job.database.run(_lost, job, "company")
        if await is_plausible(job, "company", firms):
            await _in_groups(job, firms, lambda one: _settle_company(job, one))
        report["missing_companies"] = len(firms)
    returned = await job.database.run(_returned, job)
    await _settle_returned(job, returned)
    report["returned"] = len(returned)
    await segments.read_members(job)


async def _conversations(job: Job, report: dict[str, Any]) -> None:
    """Those that should have been listed, and those too old for that which are not closed."""
    lost = await job.database.run(_lost_conversations, job)
    unfinished = await job.database.run(_unfinished_conversations, job)
    if await is_plausible(job, "conversation", lost):
        await settle_conversations(job, lost)
    await settle_conversations(job, unfinished)
    report["missing_conversations"] = len(lost)
    report["reread_conversations"] = len(unfinished)


async def settle_conversations(job: Job, ids: Iterable[str]) -> None:
    """Read conversations by id: each is as it is now, or gone."""
    await _in_groups(job, ids, lambda one: _settle_conversation(job, one))


async def _settle_conversation(job: Job, conversation_id: str) -> list[Piece]:
    return [await fetch_conversation(job, conversation_id)]


async def _settle_company(job: Job, company_id: str) -> list[Piece]:
    piece = await fetch_company(job, company_id)
    return [piece] if piece else []


async def _settle_returned(job: Job, ids: list[str]) -> None:
    """Held as gone, yet listed: reads of now prove that they live."""
    for start in range(0, len(ids), TOGETHER):
        pieces = await fetch_contacts(job, ids[start : start + TOGETHER])
        await store(job, [replace(piece, authoritative=True) for piece in pieces])


async def _deleted_conversations(job: Job) -> None:
    page_number = 1
    while True:
        asked_at = job.now()
        try:
            page = await job.client.deleted_conversations(page=page_number)
        except CANNOT_BE_READ:
            return
        if not page.items:
            return
        records = [
            DeletionRecord(
                kind="conversation",
                external_id=str(one.id),
                at=moment(one.deleted_at) or asked_at,
            )
            for one in page.items
        ]
        await store(
            job, [Piece("conversations", "conversation", asked_at, size=0, records=[*records])]
        )
        if page.cursor is None:
            return
        page_number += 1


async def _in_groups(
    job: Job, ids: Iterable[str], settle: Callable[[str], Awaitable[list[Piece]]]
) -> None:
    waiting = list(ids)
    for start in range(0, len(waiting), TOGETHER):
        group = waiting[start : start + TOGETHER]
        found = await asyncio.gather(*(settle(one) for one in group))
        await store(job, [piece for pieces in found for piece in pieces])


async def is_plausible(job: Job, kind: ObjectKind, lost: list[str]) -> bool:
    """Whether so many may be gone at once; a greater loss is reported and not acted upon."""
    held = await job.database.run(_count_held, job, kind)
    share = job.connection.largest_loss_percent / 100
    if job.run.accepts_losses or len(lost) <= max(_FEW_LOST, held * share):
        return True
    refusal = findings.refuse(
        job.progress.of(findings.SWEEP), kind=kind, missing=len(lost), held=held
    )
    await job.database.run(
        connection_log.write,
        job.connection,
        connection_log.RUN,
        f"{refusal.share} are missing in Intercom; none was marked as gone",
        severity=Severity.WARNING,
        details={"kind": kind, "run": job.run.pk},
        now=job.now(),
    )
    return False


def _lost(job: Job, kind: ObjectKind) -> list[str]:
    held = held_and_old_enough(job, kind)
    return _seen(job).missing(kind, held.values_list("external_id", flat=True).iterator())


def _lost_conversations(job: Job) -> list[str]:
    """Those that the imported days should have shown."""
    listed = held_and_old_enough(job, "conversation").filter(_within_imported_days(job))
    ids = listed.values_list("external_id", flat=True).iterator()
    return _seen(job).missing("conversation", ids)


def _unfinished_conversations(job: Job) -> list[str]:
    """Those held as not closed that are too old to be listed."""
    held = held_and_old_enough(job, "conversation").exclude(_within_imported_days(job))
    ids = held.exclude(status="closed").values_list("external_id", flat=True).iterator()
    return _seen(job).missing("conversation", ids)


def _within_imported_days(job: Job) -> Q:
    return Q(remote_updated_at__gte=oldest_update(job))


def _returned(job: Job) -> list[str]:
    gone = _held(job, "customer").filter(
        deleted_at__lt=job.since - TOO_YOUNG, deleted_reason__in=("archived", "deleted")
    )
    return _seen(job).met("customer", gone.values_list("external_id", flat=True).iterator())


def _seen(job: Job) -> Seen:
    if job.seen is None:
        raise RuntimeError("only a complete read can be swept after")
    return job.seen


def _held(job: Job, kind: ObjectKind) -> QuerySet[Any]:
    return _MODELS[kind].objects.for_org(job.org_id).filter(source_id=job.source_id)


def held_and_old_enough(job: Job, kind: ObjectKind) -> QuerySet[Any]:
    """What we hold and what did not change only just now: its absence means something.

    When we last read it does not matter: an archived contact can still be read by its id.
    """
    changed_at = Coalesce("remote_updated_at", "observed_at")
    living: QuerySet[Any] = _held(job, kind).filter(deleted_at=None).alias(changed_at=changed_at)
    return living.filter(changed_at__lte=job.since - TOO_YOUNG)


def _count_held(job: Job, kind: ObjectKind) -> int:
    """Of how many those missing are a part: of conversations, those that should be listed."""
    living = _held(job, kind).filter(deleted_at=None)
    return (living.filter(_within_imported_days(job)) if kind == "conversation" else living).count()
