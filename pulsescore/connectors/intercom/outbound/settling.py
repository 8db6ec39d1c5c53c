"""What came of sending is stored: one transaction for a handful of rows of the outbox.

What Intercom returned goes through the same door as an import, so that our own echo is no news.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

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
from pulsescore.connectors.intercom.outbound import (
    echoes,
    outbox,
    send_runs,
    statements,
    withholding,
    write_log,
)
from pulsescore.connectors.intercom.outbound.mirroring import remember_name
from pulsescore.connectors.intercom.outbound.models import (
    EventState,
    OutgoingEvent,
    SegmentTag,
)
from pulsescore.connectors.intercom.outbound.outcome import Outcome, WrittenCompany
from pulsescore.store import joining, write
from pulsescore.store.models import Customer
from pulsescore.store.records import Record

log = structlog.get_logger(__name__)


def settle(
    connection: Connection,
    outcomes: Sequence[Outcome],
    *,
    records: Sequence[Record] = (),
    writes: Sequence[WrittenCompany] = (),
    now: datetime,
) -> None:
    """Store what was told, write the log, and take off, postpone or refuse the rows.

    `records` and `writes` are of companies that contacts needed.
    """
    told = [*records, *(record for one in outcomes for record in one.records)]
    with transaction.atomic():
        send_runs.count_outcomes(connection, outcomes)
        if told:
            changed = write.apply(
                org_id=connection.org_id, source_id=connection.source_id, records=told, now=now
            )
            bring_in(connection, changed.customers, now=now)
        known = _known_customers(connection, outcomes)
        _join(connection, outcomes, known, now=now)
        _note_tags(connection, outcomes, known, now=now)
        withholding.note(connection, outcomes, now=now)
        echoes.note(connection, outcomes)
        _note_events(connection, outcomes, now=now)
        write_log.add(connection, outcomes, writes, now=now)
        _settle_tasks(connection, outcomes, now=now)
    _report(connection, outcomes, now=now)


def _known_customers(connection: Connection, outcomes: Iterable[Outcome]) -> Mapping[str, int]:
    """The customers that contacts turned out to be, by Intercom's id."""
    ids = [one.contact_id for one in outcomes if one.contact_id is not None]
    if not ids:
        return {}
    known = Customer.objects.for_org(connection.org_id).filter(
        source_id=connection.source_id, external_id__in=ids
    )
    return dict(known.values_list("external_id", "id"))


def _join(
    connection: Connection,
    outcomes: Iterable[Outcome],
    known: Mapping[str, int],
    *,
    now: datetime,
) -> None:
    """Whom ingestion alone knew is known in Intercom now: the two are one.

    Whoever they are now is looked at once their segments are known, like everybody who changed:
    before that, they would lose the tags just given.
    """
    pairs = [
        (one.task.customer_id, into)
        for one in outcomes
        if one.task.customer_id is not None
        and (into := known.get(one.contact_id or "")) is not None
        and into != one.task.customer_id
    ]
    if pairs:
        joining.join(org_id=connection.org_id, pairs=pairs, now=now)


def _note_tags(
    connection: Connection,
    outcomes: Sequence[Outcome],
    known: Mapping[str, int],
    *,
    now: datetime,
) -> None:
    """Tags put on are noted with whoever took the place of whom the outbox meant."""
    attached = [
        (known.get(one.contact_id or "") or one.task.customer_id, tag_id)
        for one in outcomes
        for tag_id in one.attached
    ]
    detached = [(one.task.customer_id, tag_id) for one in outcomes for tag_id in one.detached]
    if attached:
        statements.run(statements.APPLIED, _pairs(connection, attached))
    if detached:
        statements.run(statements.NOT_APPLIED, _pairs(connection, detached))
    for tag_id, name in (made for one in outcomes for made in one.made_tags.items()):
        remember_name(connection, tag_id=tag_id, name=name, now=now)
    lost = [tag_id for one in outcomes for tag_id in one.lost_tags]
    if lost:
        tags = SegmentTag.objects.for_org(connection.org_id).filter(connection=connection)
        tags.filter(tag_id__in=lost).update(tag_id=None)


def _pairs(connection: Connection, pairs: Sequence[tuple[int | None, str]]) -> dict[str, Any]:
    return {
        "org_id": connection.org_id,
        "connection_id": connection.pk,
        "customers": [customer_id for customer_id, _ in pairs],
        "tags": [tag_id for _, tag_id in pairs],
    }


def _note_events(connection: Connection, outcomes: Iterable[Outcome], *, now: datetime) -> None:
    rows = OutgoingEvent.objects.for_org(connection.org_id)
    sent = [event.pk for one in outcomes for event in one.events_sent]
    if sent:
        rows.filter(pk__in=sent).update(state=EventState.SENT, sent_at=now)
    for event, message in (pair for one in outcomes for pair in one.events_refused):
        rows.filter(pk=event.pk).update(state=EventState.REFUSED, error=message)


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
