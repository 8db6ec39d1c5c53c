"""Working on stored notifications: all that wait, in batches, each applied and marked at once."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import structlog
from asgiref.sync import sync_to_async
from django.db import DatabaseError, InterfaceError, OperationalError, transaction
from django.db import connection as database
from django.db.models.functions import Greatest
from msgspec import Struct

from pulsescore.connectors.intercom.absence import TOO_YOUNG
from pulsescore.connectors.intercom.inbox import metrics, rows, statements
from pulsescore.connectors.intercom.inbox.backoff import next_attempt
from pulsescore.connectors.intercom.inbox.context import load_workspace, lock_connection
from pulsescore.connectors.intercom.inbox.effects.telling import (
    CannotUnderstand,
    Effect,
    Refetch,
    RefetchKind,
)
from pulsescore.connectors.intercom.inbox.refetch import (
    ClientFactory,
    impatient_client,
    refetch_due,
)
from pulsescore.connectors.intercom.inbox.rows import StoredNotification
from pulsescore.connectors.intercom.inbox.superseding import Superseding
from pulsescore.connectors.intercom.inbox.topics import topic_of
from pulsescore.connectors.intercom.mappings.bringing import bring_in
from pulsescore.connectors.intercom.models import Connection, InboxState
from pulsescore.store import write

# A batch costs some forty statements however small it is, so a backlog is worked off in large ones.
BATCH: Final = 2_000
BATCH_BYTES: Final = 16 * 1024 * 1024

_REFETCH_KINDS: Final[Mapping[str, RefetchKind]] = {
    "customer": "contact",
    "conversation": "conversation",
    "company": "company",
}

# An old notification that brings somebody in or ends them may be followed by an end, or a return,
# that was never told or that bears the same second.
_LIFE_KINDS: Final[Mapping[str, RefetchKind]] = {"customer": "life", "company": "company"}

logger = structlog.get_logger(__name__)


class Planned(Struct, frozen=True):
    """A notification and what it does."""

    row: StoredNotification
    effect: Effect


class Work(Struct, frozen=True, kw_only=True):
    """The connection being worked for, and when."""

    connection: Connection
    now: datetime

    @property
    def scope(self) -> dict[str, Any]:
        """Parameters that every statement carries."""
        return {
            "org_id": self.connection.org_id,
            "connection_id": self.connection.pk,
            "now": self.now,
        }


async def drain(
    connection_id: int,
    *,
    now: Callable[[], datetime],
    client_factory: ClientFactory = impatient_client,
    limit: int = BATCH,
) -> int:
    """Work on all that waits, then read again what it told too little of.

    Returns how many notifications were worked on. Safe to run many times at once and to kill at
    any moment: what a batch applies and the marks that it did commit together.
    """
    total = 0
    while worked := await sync_to_async(work_batch)(connection_id, now=now(), limit=limit):
        total += worked
    await refetch_due(connection_id, now=now, client_factory=client_factory)
    return total


def work_batch(
    connection_id: int, *, now: datetime, limit: int = BATCH, most_bytes: int = BATCH_BYTES
) -> int:
    """Work on waiting notifications in one transaction; returns how many.

    They are at most `limit`, and end with the one whose body reaches `most_bytes`.
    """
    with transaction.atomic():
        connection = lock_connection(connection_id)
        if connection is None:
            return 0
        work = Work(connection=connection, now=now)
        stored = rows.claim(work.scope, limit=limit, most_bytes=most_bytes)
        if stored:
            _apply_or_isolate(_plan(stored, work, newer=Superseding()), work)
            _count_topics(stored, work)
    return len(stored)


def _plan(
    stored: Sequence[StoredNotification], work: Work, *, newer: Superseding | None = None
) -> list[Planned]:
    """What each does; those that cannot be understood are settled as dead letters here.

    With `newer` they are taken as a whole: what a newer one tells too, an older one need not tell.
    """
    workspace = load_workspace(work.connection, own_user_ids=rows.own_user_ids(stored))
    planned: list[Planned] = []
    for row in reversed(stored):
        try:
            planned.append(Planned(row, rows.effect(row, workspace, newer=newer)))
        except CannotUnderstand as fault:
            _fail(row, str(fault), work, is_final=True)
        except Exception as fault:  # one bad payload must not stop the others
            logger.exception("notification_not_understood", notification=row.id, topic=row.topic)
            _fail(row, _described(fault), work, is_final=False)
    planned.reverse()
    return planned


def _apply_or_isolate(planned: list[Planned], work: Work) -> None:
    """Apply all together; if that fails, halve until the one that fails stands alone.

    Halves are planned anew, each notification for itself: what stood in for another may be the one
    that fails.
    """
    if not planned:
        return
    try:
        with transaction.atomic():
            _apply(planned, work)
    except (OperationalError, InterfaceError):
        raise
    except Exception as fault:
        if len(planned) == 1:
            row = planned[0].row
            logger.exception("notification_not_applied", notification=row.id, topic=row.topic)
            _fail(row, _described(fault), work, is_final=False)
            return
        each = _plan([plan.row for plan in planned], work)
        middle = len(each) // 2
        _apply_or_isolate(each[:middle], work)
        _apply_or_isolate(each[middle:], work)


def _apply(planned: list[Planned], work: Work) -> None:
    records = [record for plan in planned for record in plan.effect.records]
    wanted = [(refetch, plan.row.id) for plan in planned for refetch in plan.effect.refetch]
    if records:
        changed = write.apply(
            org_id=work.connection.org_id,
            source_id=work.connection.source_id,
            records=records,
            now=work.now,
        )
        bring_in(work.connection, changed.customers, now=work.now)
        unsure = [*changed.incomplete, *changed.contested]
        wanted += _to_read_again([Refetch(_REFETCH_KINDS[k], name) for k, name in unsure], planned)
        turned = changed.living | changed.ended
        doubtful = [Refetch(_LIFE_KINDS[k], name) for k, name in turned if k in _LIFE_KINDS]
        wanted += _to_read_again(doubtful, planned, told_before=work.now - TOO_YOUNG)
    mark_refetches(wanted, work)
    known = [plan.row for plan in planned if topic_of(plan.row.topic).concerns != "other"]
    unknown = [plan.row for plan in planned if topic_of(plan.row.topic).concerns == "other"]
    _settle(known, InboxState.DONE, work)
    _settle(unknown, InboxState.IGNORED, work)


def _to_read_again(
    refetches: Sequence[Refetch],
    planned: Sequence[Planned],
    *,
    told_before: datetime | None = None,
) -> list[tuple[Refetch, int]]:
    """Refetches with the notifications that told of the objects, if before that instant."""
    if not refetches:
        return []
    told: dict[str, list[StoredNotification]] = {}
    for plan in planned:
        for record in plan.effect.records:
            name = getattr(record, "external_id", None) or getattr(record, "conversation", None)
            if name:
                told.setdefault(name, []).append(plan.row)
    return [
        (one, row.id)
        for one in refetches
        for row in told.get(one.external_id, [])
        if told_before is None or row.told_at < told_before
    ]


def mark_refetches(wanted: Sequence[tuple[Refetch, int]], work: Work) -> None:
    """Write down what must be read again, and because of which notifications."""
    wanted = list(dict.fromkeys(wanted))
    if not wanted:
        return
    parameters = {
        **work.scope,
        "kinds": [refetch.kind for refetch, _ in wanted],
        "external_ids": [refetch.external_id for refetch, _ in wanted],
        "notifications": [row_id for _, row_id in wanted],
    }
    with database.cursor() as cursor:
        cursor.execute(statements.MARK_REFETCHES, parameters)


def _settle(settled: Sequence[StoredNotification], state: InboxState, work: Work) -> None:
    if not settled:
        return
    metrics.WORKED_ON.labels(state.value).inc(len(settled))
    parameters = {
        **work.scope,
        **rows.arrived_between(row.received_at for row in settled),
        "state": state.value,
        "ids": [row.id for row in settled],
    }
    with database.cursor() as cursor:
        cursor.execute(statements.SETTLE, parameters)


def _fail(row: StoredNotification, error: str, work: Work, *, is_final: bool) -> None:
    attempts = row.attempts + 1
    again_at = None if is_final else next_attempt(attempts, now=work.now)
    state = InboxState.DEAD if again_at is None else InboxState.PENDING
    metrics.WORKED_ON.labels("dead" if again_at is None else "postponed").inc()
    parameters = {
        **work.scope,
        "id": row.id,
        "received_at": row.received_at,
        "state": state.value,
        "attempts": attempts,
        "error": error,
        "next_attempt_at": again_at or work.now,
    }
    with database.cursor() as cursor:
        cursor.execute(statements.FAIL, parameters)


def _count_topics(stored: Sequence[StoredNotification], work: Work) -> None:
    """What is worked on for the first time counts as delivered."""
    new = [row for row in stored if row.is_first_time]
    if not new:
        return
    parameters = {
        **work.scope,
        "topics": [row.topic for row in new],
        "received_ats": [row.received_at for row in new],
    }
    with database.cursor() as cursor:
        cursor.execute(statements.COUNT_TOPICS, parameters)
    last = max(row.received_at for row in new)
    Connection.objects.for_org(work.connection.org_id).filter(pk=work.connection.pk).update(
        last_webhook_at=Greatest("last_webhook_at", last)
    )


def _described(fault: Exception) -> str:
    """The kind of fault, and its words only where they cannot quote somebody's data."""
    if isinstance(fault, DatabaseError):
        return f"The database refused it ({type(fault).__name__})."
    return f"Working on it failed ({type(fault).__name__})."
