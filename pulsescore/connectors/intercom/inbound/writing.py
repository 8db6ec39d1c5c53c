"""The writer: pages become rows in batches, each with its checkpoints and the run's progress."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from django.db import connection, transaction

from pulsescore.connectors.intercom import connection_log
from pulsescore.connectors.intercom.inbound.admitting import admit_pieces
from pulsescore.connectors.intercom.inbound.announcing import count_unannounced
from pulsescore.connectors.intercom.inbound.job import Job, RunCanceled
from pulsescore.connectors.intercom.inbound.pieces import Piece
from pulsescore.connectors.intercom.inbound.recognising import Known, leave_out_known
from pulsescore.connectors.intercom.mappings.bringing import bring_in
from pulsescore.store.admission import Admitted, together
from pulsescore.store.write import apply_admitted

# A batch of about this many records writes well and is lost cheaply; the queue bounds memory.
_BATCH = 2000
_QUEUED_PIECES = 24
_LINGER_SECS = 0.1

_REACHED = """
    UPDATE intercom_syncwindow AS w
    SET cursor = at.cursor, read = at.read, finished = at.finished
    FROM unnest(%(ids)s::bigint[], %(cursors)s::text[], %(read)s::integer[],
                %(finished)s::boolean[]) AS at(id, cursor, read, finished)
    WHERE w.org_id = %(org_id)s AND w.id = at.id
"""

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
        """Write until closed; while a batch is being written, two more are made ready.

        What is looked up for the second is asked of the database before the first is written, so
        that Intercom can be asked for what it lacks meanwhile.
        """
        batches: asyncio.Queue[Batch | None] = asyncio.Queue(1)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._write(batches))
            closed = False
            while not closed:
                pieces, closed = await self._take()
                if pieces:
                    await batches.put(await self._ready(pieces))
            await batches.put(None)

    async def _write(self, batches: "asyncio.Queue[Batch | None]") -> None:
        while (batch := await batches.get()) is not None:
            await write(self._job, batch, again=self._again)

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

    async def _ready(self, pieces: list[Piece]) -> "Batch":
        if self._supply is None:
            return await ready(self._job, pieces)
        async with asyncio.TaskGroup() as group:
            made = group.create_task(ready(self._job, pieces))
            lacking = await self._supply(pieces)
        batch = made.result()
        if not lacking:
            return batch
        more = await ready(self._job, lacking)
        return Batch([*lacking, *pieces], together(more.admitted, batch.admitted), batch.known)


@dataclass(frozen=True)
class Batch:
    """Pieces, and the records in them past the store's door, but for those that are `known`."""

    pieces: list[Piece]
    admitted: Admitted
    known: Known = field(default_factory=dict)


async def ready(job: Job, pieces: list[Piece]) -> Batch:
    """Admit pieces elsewhere than the loop and the writer: much work that needs no database.

    Pages that were not decoded yet go to the other process of the run, if it has one, the rest to
    a thread.
    """
    as_new, names = job.is_first, job.tag_names
    left, known = (pieces, {}) if job.is_first else await leave_out_known(job, pieces)
    raw = [piece.page for piece in left if piece.page is not None]
    apart = await job.separately.admit(raw, names, as_new=as_new) if raw else None
    rest = [piece for piece in left if piece.page is None] if apart else left
    here = await asyncio.to_thread(admit_pieces, rest, names, as_new=as_new)
    return Batch(pieces, together(here, apart) if apart else here, known)


async def write(job: Job, batch: Batch, *, again: bool = False) -> None:
    """Write a batch at once; raises `RunCanceled` when the run was ended from outside."""
    changed = await job.database.run(_store, job, batch, again=again)
    if changed:
        job.on_changed(job.org_id)


async def store(job: Job, pieces: list[Piece], *, again: bool = False) -> None:
    """Map and write pieces at once."""
    await write(job, await ready(job, pieces), again=again)


def _store(job: Job, batch: Batch, *, again: bool) -> bool:
    _remember(job, batch)
    with transaction.atomic():
        job.progress.unannounced += count_unannounced(job, batch.admitted)
        changed = apply_admitted(
            batch.admitted, org_id=job.org_id, source_id=job.source_id, now=job.now()
        )
        bring_in(job.connection, changed.customers, now=job.now())
        for piece in batch.pieces:
            if not again:
                job.progress.read(piece.phase, piece.size)
        _save_checkpoints(job, batch.pieces)
        job.progress.stored(changed.counts, again=again)
        unchanged = {f"{kind}.unchanged": len(ids) for kind, ids in batch.known.items()}
        job.progress.stored(unchanged, again=again)
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
    if not reached:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            _REACHED,
            {
                "org_id": job.org_id,
                "ids": list(reached),
                "cursors": [checkpoint.cursor for checkpoint in reached.values()],
                "read": [checkpoint.read for checkpoint in reached.values()],
                "finished": [checkpoint.finished for checkpoint in reached.values()],
            },
        )


def _remember(job: Job, batch: Batch) -> None:
    if job.seen is None:
        return
    admitted = batch.admitted
    for kind, ids in batch.known.items():
        for external_id in ids:
            job.seen.add(kind, external_id)
    for external_id in admitted.customers:
        job.seen.add("customer", external_id)
    for external_id in admitted.companies:
        job.seen.add("company", external_id)
    for external_id in admitted.conversations:
        job.seen.add("conversation", external_id)
    for fault in admitted.faults:
        job.seen.add(fault.kind, fault.external_id)
