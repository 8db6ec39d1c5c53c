"""What came of sending is stored: one transaction for a handful of rows of the outbox.

What Intercom returned goes through the same door as an import, so that our own echo is no news.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

import structlog
from django.db import transaction

from pulsescore.connectors.intercom import connection_log
from pulsescore.connectors.intercom.api.errors import (
    PermanentApiError,
    TokenRefused,
    TransientApiError,
)
from pulsescore.connectors.intercom.attention import needs_attention
from pulsescore.connectors.intercom.mappings.bringing import bring_in
from pulsescore.connectors.intercom.models import Connection
from pulsescore.connectors.intercom.outbound import marks, outbox, send_runs
from pulsescore.connectors.intercom.outbound.mirroring import remember_name
from pulsescore.connectors.intercom.outbound.models import (
    AppliedTag,
    EventState,
    OutgoingEvent,
    Reason,
    SegmentTag,
    WithheldValue,
    WriteRecord,
)
from pulsescore.connectors.intercom.outbound.outcome import Outcome, Written
from pulsescore.store import joining, write
from pulsescore.store.models import Customer
from pulsescore.store.records import Record

log = structlog.get_logger(__name__)


def settle(
    connection: Connection,
    outcomes: Sequence[Outcome],
    *,
    records: Sequence[Record] = (),
    writes: Sequence[tuple[int, Written]] = (),
    now: datetime,
) -> None:
    """Store what was told, write the log, and take off, postpone or refuse the rows.

    `records` and `writes` (by company) are of companies that contacts needed.
    """
    told = [*records, *(record for one in outcomes for record in one.records)]
    with transaction.atomic():
        send_runs.count_outcomes(connection, outcomes)
        if told:
            changed = write.apply(
                org_id=connection.org_id, source_id=connection.source_id, records=told, now=now
            )
            bring_in(connection, changed.customers, now=now)
        _join(connection, outcomes, now=now)
        _note_tags(connection, outcomes, now=now)
        _note_values(connection, outcomes, now=now)
        _note_events(connection, outcomes, now=now)
        _log(connection, outcomes, writes, now=now)
        _settle_tasks(connection, outcomes, now=now)
    _report(connection, outcomes, now=now)


def _join(connection: Connection, outcomes: Iterable[Outcome], *, now: datetime) -> None:
    """Whom ingestion alone knew is known in Intercom now: the two are one."""
    made = {
        one.contact_id: one.task.customer_id
        for one in outcomes
        if one.contact_id is not None and one.task.customer_id is not None
    }
    if not made:
        return
    known = Customer.objects.for_org(connection.org_id).filter(
        source_id=connection.source_id, external_id__in=list(made)
    )
    pairs = [
        (made[external_id], customer_id)
        for customer_id, external_id in known.values_list("id", "external_id")
        if made[external_id] != customer_id
    ]
    if pairs:
        joining.join(org_id=connection.org_id, pairs=pairs, now=now)
        marks.mark(connection.org_id, [into for _, into in pairs])


def _note_tags(connection: Connection, outcomes: Sequence[Outcome], *, now: datetime) -> None:
    tags = SegmentTag.objects.for_org(connection.org_id).filter(connection=connection)
    rows = {row.tag_id: row for row in tags if row.tag_id is not None}
    applied = AppliedTag.objects.for_org(connection.org_id)
    put = [
        AppliedTag(org_id=connection.org_id, tag=rows[tag_id], customer_id=customer_id)
        for one in outcomes
        if (customer_id := _known_customer(connection, one)) is not None
        for tag_id in one.attached
        if tag_id in rows
    ]
    applied.bulk_create(put, ignore_conflicts=True)
    for one in outcomes:
        for tag_id, name in one.made_tags.items():
            remember_name(connection, tag_id=tag_id, name=name, now=now)
        if one.detached and one.task.customer_id is not None:
            applied.filter(customer_id=one.task.customer_id, tag__tag_id__in=one.detached).delete()
        if one.lost_tags:
            tags.filter(tag_id__in=one.lost_tags).update(tag_id=None)


def _known_customer(connection: Connection, outcome: Outcome) -> int | None:
    """Whom the outbox meant, or who took their place when the two became one."""
    if not outcome.attached:
        return None
    row = Customer.objects.for_org(connection.org_id).filter(
        source_id=connection.source_id, external_id=outcome.contact_id or ""
    )
    return row.values_list("id", flat=True).first() or outcome.task.customer_id


def _note_values(connection: Connection, outcomes: Iterable[Outcome], *, now: datetime) -> None:
    rows = WithheldValue.objects.for_org(connection.org_id)
    for one in outcomes:
        about = {"customer_id": one.task.customer_id, "company_id": one.task.company_id}
        if one.accepted:
            keys = [*one.accepted, "*"]
            rows.filter(connection=connection, key__in=keys, **about).delete()
        for key, (value, message) in one.withheld.items():
            told = {"value": value, "reason": Reason.REFUSED, "message": message, "at": now}
            rows.update_or_create(
                connection=connection,
                key=key,
                **about,
                defaults=told,
                create_defaults={**told, "org_id": connection.org_id},
            )


def _note_events(connection: Connection, outcomes: Iterable[Outcome], *, now: datetime) -> None:
    rows = OutgoingEvent.objects.for_org(connection.org_id)
    sent = [event.pk for one in outcomes for event in one.events_sent]
    if sent:
        rows.filter(pk__in=sent).update(state=EventState.SENT, sent_at=now)
    for event, message in (pair for one in outcomes for pair in one.events_refused):
        rows.filter(pk=event.pk).update(state=EventState.REFUSED, error=message)


def _log(
    connection: Connection,
    outcomes: Iterable[Outcome],
    writes: Iterable[tuple[int, Written]],
    *,
    now: datetime,
) -> None:
    lines = [
        (one.task.run_id, one.task.customer_id, one.task.company_id, written)
        for one in outcomes
        for written in one.writes
    ]
    lines += [(None, None, company_id, written) for company_id, written in writes]
    WriteRecord.objects.for_org(connection.org_id).bulk_create(
        WriteRecord(
            org_id=connection.org_id,
            connection=connection,
            run_id=run_id,
            customer_id=customer_id,
            company_id=company_id,
            at=now,
            kind=written.kind,
            external_id=written.external_id,
            before=written.before,
            after=written.after,
            error=written.error,
        )
        for run_id, customer_id, company_id, written in lines
    )


def _settle_tasks(connection: Connection, outcomes: Iterable[Outcome], *, now: datetime) -> None:
    done = []
    for one in outcomes:
        fault = one.fault
        if isinstance(fault, TransientApiError | TokenRefused):
            outbox.postpone(
                one.task,
                error=str(fault),
                code=fault.failure.code,
                now=now,
                not_before=fault.retry_at if isinstance(fault, TransientApiError) else None,
            )
        elif fault is not None:
            outbox.refuse(one.task, error=fault.failure.message, code=fault.failure.code)
        elif one.troubles:
            outbox.postpone(
                one.task,
                error="; ".join(one.troubles.values()),
                code="not_permitted",
                now=now,
                not_before=now + outbox.NOT_PERMITTED,
            )
        elif one.again:
            outbox.look_again(one.task, now=now)
        else:
            done.append(one.task)
    outbox.finish(connection.org_id, done, now=now)


def _report(connection: Connection, outcomes: Iterable[Outcome], *, now: datetime) -> None:
    faults = [one.fault for one in outcomes if isinstance(one.fault, PermanentApiError)]
    connection_log.write_failures(connection, [(now, fault.failure) for fault in faults])
    for fault in faults:
        if isinstance(fault, TokenRefused):
            needs_attention(connection, fault, now=now)
            return
