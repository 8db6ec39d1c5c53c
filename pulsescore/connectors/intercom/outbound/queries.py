"""Reads of sending: how far it is, what was written, what is withheld, which work waits."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Q, QuerySet

from pulsescore.connectors.intercom.models import Connection
from pulsescore.connectors.intercom.outbound import membership, outbox, statements
from pulsescore.connectors.intercom.outbound.models import (
    EventState,
    OutboundMark,
    OutboundSettings,
    OutboundTask,
    OutgoingEvent,
    TaskState,
    WithheldValue,
    WriteRecord,
)
from pulsescore.connectors.intercom.outbound.run_models import OPEN, SendRun
from pulsescore.connectors.intercom.outbound.settings import settings_of
from pulsescore.core.errors import NotFound

KEPT: Final = timedelta(days=90)

# Connections with something to do; those that stand still for a person are left out.
_WITH_WORK: Final = """
    SELECT c.id FROM intercom_connection AS c
    JOIN intercom_outbound_outboundsettings AS s ON s.connection_id = c.id AND s.org_id = c.org_id
    JOIN accounts_organization AS o ON o.id = c.org_id AND o.deleted_at IS NULL
    WHERE c.mode = 'two_way' AND c.status IN ('connected', 'syncing') AND NOT s.is_stopped
      AND (%(org_id)s::bigint IS NULL OR c.org_id = %(org_id)s)
      AND (EXISTS (SELECT 1 FROM intercom_outbound_outboundmark AS m WHERE m.connection_id = c.id)
        OR EXISTS (SELECT 1 FROM intercom_outbound_companymark AS m WHERE m.connection_id = c.id)
        OR EXISTS (SELECT 1 FROM intercom_outbound_outboundtask AS t
                   WHERE t.connection_id = c.id AND t.state = 'waiting' AND t.next_at <= %(now)s)
        OR EXISTS (SELECT 1 FROM intercom_outbound_sendrun AS r
                   WHERE r.connection_id = c.id
                     AND (r.state IN ('queued', 'looking')
                       OR r.state IN ('sending', 'held') AND NOT EXISTS (
                           SELECT 1 FROM intercom_outbound_outboundtask AS t
                           WHERE t.run_id = r.id AND t.state IN ('waiting', 'held'))))
        OR EXISTS (SELECT 1 FROM intercom_outbound_segmenttag AS g
                   LEFT JOIN segments_segment AS seg
                     ON seg.id = g.segment_id AND seg.deleted_at IS NULL
                   WHERE g.connection_id = c.id AND g.ended_at IS NULL
                     AND (seg.id IS NULL OR seg.name <> g.name AND g.is_ours)))
    ORDER BY c.id
"""


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far sending is: rows by state, marks still to be looked at, writes in the last hour."""

    marked: int
    waiting: int
    held: int
    refused: int
    events_waiting: int
    written: int
    failed: int

    @property
    def is_busy(self) -> bool:
        """Whether something is to be done without anybody's word."""
        return bool(self.marked or self.waiting)


@dataclass(frozen=True, kw_only=True)
class WriteFilters:
    """Which lines of the write log; `failed` only those that Intercom refused."""

    customer_id: int | None = None
    run_id: int | None = None
    kind: str = ""
    failed: bool = False


def view_settings(connection: Connection) -> dict[str, Any]:
    """The outbound object of the API."""
    settings = settings_of(connection)
    names = _segment_names(connection.org_id, settings)
    return {
        "user_segments": _living(settings.user_segments, names),
        "lead_segments": _living(settings.lead_segments, names),
        "company_segments": _living(settings.company_segments, names),
        "events": settings.events,
        "tag_segments": settings.tag_segments,
        "convert_leads": settings.convert_leads,
        "link_companies": settings.link_companies,
        "resend_archived": settings.resend_archived,
        "confirm_above": settings.confirm_above,
        "is_stopped": settings.is_stopped,
        "waiting_since": settings.waiting_since,
        "troubles": {kind: told["message"] for kind, told in settings.troubles.items()},
    }


def untagged_segments(connection: Connection) -> list[str]:
    """Names of segments that are sent and have no tag, since it would move their members."""
    settings = settings_of(connection)
    if not settings.tag_segments:
        return []
    sent = [*settings.user_segments, *settings.lead_segments]
    circling = membership.circles_among(connection.org_id, sent)
    return sorted(membership.names_of(connection.org_id, circling).values(), key=str.casefold)


def progress_of(connection: Connection, *, now: datetime) -> Progress:
    """How far sending over a connection is."""
    org_id, states = connection.org_id, outbox.counts(connection)
    recent = WriteRecord.objects.for_org(org_id).filter(
        connection=connection, at__gte=now - timedelta(hours=1)
    )
    return Progress(
        marked=OutboundMark.objects.for_org(org_id).filter(connection=connection).count(),
        waiting=states[TaskState.WAITING],
        held=states[TaskState.HELD],
        refused=states[TaskState.REFUSED],
        events_waiting=OutgoingEvent.objects.for_org(org_id)
        .filter(connection=connection, state=EventState.WAITING)
        .count(),
        written=recent.filter(error="").count(),
        failed=recent.exclude(error="").count(),
    )


def list_writes(connection: Connection, filters: WriteFilters) -> QuerySet[WriteRecord]:
    """The write log, newest first."""
    rows = WriteRecord.objects.for_org(connection.org_id).filter(connection=connection)
    if filters.customer_id is not None:
        rows = rows.filter(customer_id=filters.customer_id)
    if filters.run_id is not None:
        rows = rows.filter(run_id=filters.run_id)
    if filters.kind:
        rows = rows.filter(Q(kind=filters.kind) | Q(kind__startswith=f"{filters.kind}."))
    if filters.failed:
        rows = rows.exclude(error="")
    return rows.select_related("customer", "company", "undone_by").order_by("-at", "-id")


def list_send_runs(connection: Connection) -> QuerySet[SendRun]:
    """Send runs, newest first."""
    rows = SendRun.objects.for_org(connection.org_id).filter(connection=connection)
    return rows.select_related("asked_by").order_by("-id")


def get_send_run(connection: Connection, run_id: int) -> SendRun:
    """One send run; raises `NotFound`."""
    run = list_send_runs(connection).filter(pk=run_id).first()
    if run is None:
        raise NotFound("There is no such run.")
    return run


def last_sends(connection: Connection) -> dict[str, SendRun]:
    """The newest send run of each scope."""
    rows = SendRun.objects.for_org(connection.org_id).filter(connection=connection)
    newest = rows.select_related("asked_by").order_by("scope", "-id").distinct("scope")
    return {run.scope: run for run in newest}


def retried(run: SendRun) -> QuerySet[OutboundTask]:
    """What of a run failed for now and is tried again by itself."""
    rows = OutboundTask.objects.for_org(run.org_id).filter(run=run, state=TaskState.WAITING)
    return rows.exclude(error="").order_by("next_at", "id")


def list_withheld(
    connection: Connection, *, customer_id: int | None = None
) -> QuerySet[WithheldValue]:
    """Values that are not sent, and why; newest first."""
    rows = WithheldValue.objects.for_org(connection.org_id).filter(connection=connection)
    if customer_id is not None:
        rows = rows.filter(customer_id=customer_id)
    return rows.select_related("customer", "company").order_by("-at", "-id")


def withheld_from(org_id: int, customer_id: int) -> list[WithheldValue]:
    """What of one customer is not sent, over whichever connection."""
    rows = WithheldValue.objects.for_org(org_id).filter(customer_id=customer_id)
    return list(rows.order_by("key"))


def refused_tasks(connection: Connection) -> QuerySet[OutboundTask]:
    """Customers and companies that Intercom refuses as a whole."""
    rows = OutboundTask.objects.for_org(connection.org_id).filter(connection=connection)
    return rows.filter(state=TaskState.REFUSED).order_by("id")


def connections_with_work(*, now: datetime, org_id: int | None = None) -> list[int]:
    """The connections, of one organization or all, over which something is to be sent."""
    found = statements.fetch(_WITH_WORK, {"now": now, "org_id": org_id})
    return [connection_id for (connection_id,) in found]


def prune(*, now: datetime) -> int:
    """Forget lines of the write log after ninety days; returns how many."""
    ended = SendRun.objects.across_orgs("nightly, for every organization")
    ended.filter(asked_at__lt=now - KEPT).exclude(state__in=OPEN).delete()
    rows = WriteRecord.objects.across_orgs("nightly, for every organization")
    return rows.filter(at__lt=now - KEPT).delete()[0]


def _segment_names(org_id: int, settings: OutboundSettings) -> set[int]:
    people = [*settings.user_segments, *settings.lead_segments]
    companies = membership.names_of(org_id, settings.company_segments, kind="company")
    return {*membership.names_of(org_id, people), *companies}


def _living(ids: list[int], known: set[int]) -> list[int]:
    return [one for one in ids if one in known]
