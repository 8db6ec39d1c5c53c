"""Send runs as the worker sees them: begun one after the other, counted, ended.

Whom a run concerns is marked in the transaction that begins it, and each batch is counted in the
one that compares it, so that whoever dies leaves nobody out and counts nobody twice. The row of a
run is locked before marks and rows of the outbox, by everybody who needs several.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Greatest

from pulsescore.connectors.intercom.api.errors import TokenRefused, TransientApiError
from pulsescore.connectors.intercom.models import Connection, ConnectionStatus, Mode
from pulsescore.connectors.intercom.outbound import outbox, statements
from pulsescore.connectors.intercom.outbound.models import (
    CompanyMark,
    OutboundMark,
    OutboundSettings,
    OutboundTask,
    TaskState,
)
from pulsescore.connectors.intercom.outbound.outcome import Outcome
from pulsescore.connectors.intercom.outbound.run_models import (
    OPEN,
    SendRun,
    SendScope,
    SendState,
)
from pulsescore.connectors.intercom.outbound.settings import settings_of

UNABLE: Final = "The connection may not write any more."
_TAKEN_OVER: Final = "A later run took over what was left."
_LEFT: Final = (TaskState.WAITING, TaskState.HELD)


def begin_next(
    connection: Connection, settings: OutboundSettings, *, now: datetime
) -> SendRun | None:
    """The run whose customers are being compared; else the next one, with all of them marked."""
    with transaction.atomic():
        runs = _of(connection).select_for_update()
        under_way = runs.filter(state=SendState.LOOKING).first()
        if under_way is not None:
            return under_way
        run = runs.filter(state=SendState.QUEUED).order_by("id").first()
        if run is not None:
            run.total = _mark(connection, settings, run, now=now)
            run.state, run.started_at = SendState.LOOKING, now
            run.save(update_fields=["total", "state", "started_at"])
        return run


def under_way(connection: Connection) -> SendRun | None:
    """The run being compared, locked: its row comes before marks and outbox."""
    return _of(connection).select_for_update().filter(state=SendState.LOOKING).first()


def count_looked(run: SendRun, *, passed: int, looked: int, differing: int) -> None:
    """Count a batch, in its transaction."""
    SendRun.objects.for_org(run.org_id).filter(pk=run.pk).update(
        passed=F("passed") + passed,
        looked=F("looked") + looked,
        differing=F("differing") + differing,
    )


def end_looking(run: SendRun) -> None:
    """Everybody was compared; what differs is in the outbox."""
    rows = SendRun.objects.for_org(run.org_id).filter(pk=run.pk, state=SendState.LOOKING)
    rows.update(state=SendState.SENDING)


def count_outcomes(connection: Connection, outcomes: Iterable[Outcome]) -> None:
    """Count what came of rows that runs asked for, in the transaction that settles them."""
    told = [one for one in outcomes if one.task.run_id is not None and is_through(one)]
    settled = Counter(one.task.run_id for one in told)
    written = Counter(one.task.run_id for one in told if any(not w.error for w in one.writes))
    refused = Counter(one.task.run_id for one in told if _is_refused(one))
    for run_id in sorted(one for one in settled if one is not None):
        SendRun.objects.for_org(connection.org_id).filter(pk=run_id).update(
            settled=F("settled") + settled[run_id],
            written=F("written") + written[run_id],
            refused=F("refused") + refused[run_id],
            # It was on its way already when the run was stopped.
            left=Greatest(F("left") - settled[run_id], 0),
        )


def is_through(outcome: Outcome) -> bool:
    """Whether the row is not tried again by itself."""
    is_delayed = isinstance(outcome.fault, TransientApiError | TokenRefused)
    is_unfinished = bool(outcome.troubles) or outcome.again
    return not (is_delayed or (outcome.fault is None and is_unfinished))


def note_standing(connection: Connection, *, now: datetime) -> None:
    """Say of each run whether it waits for a word, is sent, or came to its end."""
    for run in _of(connection).filter(state__in=(SendState.SENDING, SendState.HELD)):
        states = set(_tasks(run).values_list("state", flat=True).distinct())
        rows = _of(connection).filter(pk=run.pk, state__in=OPEN)
        if states:
            is_held = TaskState.HELD in states
            rows.update(state=SendState.HELD if is_held else SendState.SENDING)
        else:
            left = max(run.differing - run.settled, 0)
            rows.update(
                state=SendState.DONE,
                finished_at=now,
                left=left,
                reason=_TAKEN_OVER if left else "",
            )


def end_early(run: SendRun, *, reason: str, now: datetime) -> bool:
    """Compare and send nobody more for this run; returns whether it was open.

    What changed by itself meanwhile, or was asked for by hand, goes on waiting.
    """
    with transaction.atomic():
        connection = Connection.objects.for_org(run.org_id).get(pk=run.connection_id)
        settings = settings_of(connection, for_update=True)
        known = _of(connection).select_for_update().filter(pk=run.pk, state__in=OPEN).first()
        if known is None:
            return False
        for marks in (OutboundMark, CompanyMark):
            mine = marks.objects.for_org(run.org_id).filter(run=known)
            mine.filter(is_automatic=False).delete()
            mine.update(run=None)
        left = _tasks(known)
        known.left = left.count()
        left.filter(is_automatic=False, is_forced=False).delete()
        left.update(run=None)
        known.state, known.finished_at, known.reason = SendState.STOPPED, now, reason
        known.save(update_fields=["state", "finished_at", "reason", "left"])
        _end_waiting(connection, settings)
    return True


def end_unable(*, now: datetime, connection_id: int | None = None) -> None:
    """End open runs of connections that may not write any more, of one or all."""
    cannot = Q(connection__mode=Mode.READ_ONLY) | Q(
        connection__status=ConnectionStatus.DISCONNECTED
    )
    everywhere = SendRun.objects.across_orgs("each minute, for every organization")
    rows = everywhere.filter(cannot, state__in=OPEN)
    if connection_id is not None:
        rows = rows.filter(connection_id=connection_id)
    for run in rows.order_by("id"):
        end_early(run, reason=UNABLE, now=now)


def ended_among(org_id: int, run_ids: Iterable[int | None]) -> frozenset[int]:
    """Those of these runs that were ended early."""
    known = {one for one in run_ids if one is not None}
    if not known:
        return frozenset()
    rows = SendRun.objects.for_org(org_id).filter(pk__in=known, state=SendState.STOPPED)
    return frozenset(rows.values_list("id", flat=True))


def held_runs(connection: Connection) -> list[SendRun]:
    """Open runs of which something waits for a person's word."""
    held = OutboundTask.objects.for_org(connection.org_id).filter(
        run=OuterRef("pk"), state=TaskState.HELD
    )
    return list(_of(connection).filter(Exists(held), state__in=OPEN).order_by("id"))


def let_go(runs: Iterable[SendRun]) -> None:
    """A person agreed to what these runs were held for."""
    for run in runs:
        rows = SendRun.objects.for_org(run.org_id).filter(pk=run.pk, state=SendState.HELD)
        rows.update(state=SendState.SENDING)


def _mark(
    connection: Connection, settings: OutboundSettings, run: SendRun, *, now: datetime
) -> int:
    scope = {**outbox.scope(connection, now), "run": run.pk}
    if run.scope == SendScope.SEGMENT:
        return statements.run(statements.MARK_SEGMENT, {**scope, "segment": run.segment_id})
    total = 0
    if run.scope != SendScope.COMPANIES:
        chosen = {**scope, "segments": [*settings.user_segments, *settings.lead_segments]}
        total += statements.run(statements.MARK_MEMBERS, chosen)
        if settings.resend_archived:
            archived = {**scope, "source_id": connection.source_id}
            total += statements.run(statements.MARK_ARCHIVED, archived)
    if run.scope in (SendScope.COMPANIES, SendScope.EVERYBODY):
        companies = {**scope, "segments": settings.company_segments}
        total += statements.run(statements.MARK_COMPANY_MEMBERS, companies)
    return total


def _is_refused(outcome: Outcome) -> bool:
    is_refused = outcome.fault is not None or outcome.withheld or outcome.events_refused
    return bool(is_refused) or any(one.error for one in outcome.writes)


def _end_waiting(connection: Connection, settings: OutboundSettings) -> None:
    """Nobody is asked any more where nothing is held."""
    rows = OutboundTask.objects.for_org(connection.org_id).filter(connection=connection)
    if settings.waiting_since and not rows.filter(state=TaskState.HELD).exists():
        settings.waiting_since = None
        settings.save(update_fields=["waiting_since"])


def _tasks(run: SendRun) -> QuerySet[OutboundTask]:
    return OutboundTask.objects.for_org(run.org_id).filter(run=run, state__in=_LEFT)


def _of(connection: Connection) -> QuerySet[SendRun]:
    return SendRun.objects.for_org(connection.org_id).filter(connection=connection)
