"""The writer: pages become rows in batches, each with its checkpoints and the run's progress."""

import asyncio
from collections.abc import Awaitable, Callable

from django.db import transaction

from pulsescore.connectors.intercom import connection_log
from pulsescore.connectors.intercom.inbound.announcing import count_unannounced
from pulsescore.connectors.intercom.inbound.job import Job, RunCanceled
from pulsescore.connectors.intercom.inbound.pieces import Piece, records_of
from pulsescore.connectors.intercom.models import SyncWindow
from pulsescore.store import write
from pulsescore.store.records import (
    CompanyRecord,
    ConversationRecord,
    CustomerRecord,
    Malformed,
    ObjectKind,
    Record,
)

_KINDS: dict[type[Record], ObjectKind] = {
    CustomerRecord: "customer",
    CompanyRecord: "company",
    ConversationRecord: "conversation",
}
# A batch of about this many records writes well and is lost cheaply; the queue bounds memory.
_BATCH = 2000
_QUEUED_PIECES = 24
_LINGER_SECS = 0.1

Missing = Callable[[list[Piece]], Awaitable[list[Piece]]]


class Stream:
    """Pieces on their way to the store, first come first written.

    `supply` may add pieces that a batch lacks, such as contacts that its conversations name.
    `again` says that most of it was counted before: only what is new counts as imported then.
    """

    def __init__(self, job: Job, *, supply: Missing | None = None, again: bool = False) -> None:
        self._again = again
        self._job = job
        self._supply = supply
        self._queue: asyncio.Queue[Piece | None] = asyncio.Queue(_QUEUED_PIECES)

    async def put(self, piece: Piece) -> None:
        """Hand over a piece; waits while too much is queued."""
        await self._queue.put(piece)

    async def close(self) -> None:
        """Nothing more will come."""
        await self._queue.put(None)

    async def consume(self) -> None:
        """Write until closed."""
        closed = False
        while not closed:
            pieces, closed = await self._take()
            if pieces:
                await self._write(pieces)

    async def _take(self) -> tuple[list[Piece], bool]:
        """The next batch, and whether it is the last; lingers a moment for a batch to fill."""
        pieces: list[Piece] = []
        waiting = await self._queue.get()
        until = asyncio.get_running_loop().time() + _LINGER_SECS
        while waiting is not None:
            pieces.append(waiting)
            if sum(piece.size for piece in pieces) >= _BATCH:
                return pieces, False
            try:
                async with asyncio.timeout_at(until):
                    waiting = await self._queue.get()
            except TimeoutError:
                return pieces, False
        return pieces, True

    async def _write(self, pieces: list[Piece]) -> None:
        if self._supply is not None:
            pieces = [*await self._supply(pieces), *pieces]
        await store(self._job, pieces, again=self._again)


async def store(job: Job, pieces: list[Piece], *, again: bool = False) -> None:
    """Write pieces at once; raises `RunCanceled` when the run was ended from outside."""
    changed = await job.database.run(_store, job, pieces, again=again)
    if changed:
        job.on_changed(job.org_id)


def _store(job: Job, pieces: list[Piece], *, again: bool) -> bool:
    records = [record for piece in pieces for record in records_of(piece, job.tag_names)]
    _remember(job, records)
    with transaction.atomic():
        job.progress.unannounced += count_unannounced(job, records)
        changed = write.apply(
            org_id=job.org_id, source_id=job.source_id, records=records, now=job.now()
        )
        for piece in pieces:
            if not again:
                job.progress.read(piece.phase, piece.size)
        _save_checkpoints(job, pieces)
        job.progress.stored(changed.counts, again=again)
        save_progress(job)
    return changed.touched


def save_progress(job: Job) -> None:
    """Write counts and failed calls; raises `RunCanceled`."""
    connection_log.write_failures(job.connection, job.failures.take())
    if not job.progress.save():
        raise RunCanceled


def _save_checkpoints(job: Job, pieces: list[Piece]) -> None:
    """Of each window the last one, which stands for those before."""
    reached = {
        piece.checkpoint.window_id: piece.checkpoint
        for piece in pieces
        if piece.checkpoint is not None
    }
    for window_id, checkpoint in reached.items():
        SyncWindow.objects.for_org(job.org_id).filter(pk=window_id).update(
            cursor=checkpoint.cursor, read=checkpoint.read, finished=checkpoint.finished
        )


def _remember(job: Job, records: list[Record]) -> None:
    if job.seen is None:
        return
    for record in records:
        kind = record.kind if isinstance(record, Malformed) else _KINDS.get(type(record))
        if kind is not None:
            job.seen.add(kind, record.external_id)  # type: ignore[union-attr]
