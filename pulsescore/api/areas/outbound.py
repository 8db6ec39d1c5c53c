"""What a two-way connection sends: settings, dry run, sending, stop, write log, undo."""

from datetime import datetime
from typing import Annotated, Literal, Protocol

from ninja import Query, Router, Status
from pydantic import Field

from pulsescore.accounts.access import Actor
from pulsescore.api.areas.outbound_shapes import (
    DryRunOut,
    OutboundOut,
    ProgressOut,
    SendOut,
    SendRunOut,
    SendRunsOut,
    WithheldListOut,
    WriteOut,
    WritesOut,
)
from pulsescore.api.areas.outbound_views import (
    show_dry_run,
    show_plan,
    show_progress,
    show_run,
    show_settings,
    show_withheld,
    show_write,
)
from pulsescore.api.bodies import StrictBody
from pulsescore.api.callers import MemberRequest, admin
from pulsescore.api.paging import PageQuery, cut
from pulsescore.connectors.intercom.models import Connection
from pulsescore.connectors.intercom.outbound import dry_run, dry_runs, queries
from pulsescore.connectors.intercom.outbound.actions import OutboundWish
from pulsescore.connectors.intercom.queries import get_connection
from pulsescore.core.clock import utcnow
from pulsescore.pipeline import sending as pipeline

router = Router(tags=["Sending"], auth=admin)
Id = Annotated[int, Field(ge=1, le=2**63 - 1)]
Ids = Annotated[list[Id], Field(max_length=200)]


class OutboundIn(StrictBody):
    """All settings; what is left out gets its default. Events by name, or * for all."""

    user_segments: Ids = []
    lead_segments: Ids = []
    company_segments: Ids = []
    events: list[str] = []
    tag_segments: bool = True
    convert_leads: bool = False
    link_companies: bool = False
    resend_archived: bool = False
    confirm_above: int = 500


class SendIn(StrictBody):
    """Everybody chosen, or who is of one scope, segment or customer.

    A dry run only tells what would be written; it looks at users, leads and companies alike.
    """

    dry_run: bool = True
    scope: Literal["everybody", "users", "leads", "companies"] = "everybody"
    segment: Id | None = None
    customer: Id | None = None


class WriteQuery(PageQuery):
    """Which lines of the write log."""

    customer: Id | None = None
    run: Id | None = None
    kind: str = ""
    failed: bool = False


class WithheldQuery(PageQuery):
    """Whose values."""

    customer: Id | None = None


@router.get("/{id:connection_id}/outbound", response=OutboundOut)
def get_outbound(request: MemberRequest, connection_id: int) -> OutboundOut:
    """Who and what is sent."""
    return show_settings(_connection(request, connection_id))


@router.put("/{id:connection_id}/outbound", response=OutboundOut)
def save_outbound(request: MemberRequest, connection_id: int, body: OutboundIn) -> OutboundOut:
    """Choose who and what is sent; nothing leaves while the connection is read only."""
    wish = OutboundWish(**body.model_dump())
    pipeline.save_outbound(request.auth, connection_id=connection_id, wish=wish, now=utcnow())
    return show_settings(_connection(request, connection_id))


@router.post("/{id:connection_id}/send", response={200: SendOut, 202: SendOut})
def send(request: MemberRequest, connection_id: int, body: SendIn | None = None) -> Status[SendOut]:
    """Tell what would be written, or have it written.

    The plan of very many is made in the background: then the answer is 202 and names the dry run.
    """
    wanted = body or SendIn()
    connection = _connection(request, connection_id)
    if wanted.dry_run and wanted.customer is None and not _is_quick(connection, wanted):
        made = pipeline.request_dry_run(
            request.auth,
            connection_id=connection_id,
            segment_id=wanted.segment,
            now=utcnow(),
        )
        told = SendOut(dry_run=True, plan=None, progress=None, made_later=show_dry_run(made))
        return Status(202, told)
    if wanted.dry_run:
        plan = dry_run.plan(
            connection.org_id, connection.pk, segment=wanted.segment, customer=wanted.customer
        )
        return Status(200, SendOut(dry_run=True, plan=show_plan(plan), progress=None))
    run = _send(request, connection_id, wanted)
    told = SendOut(dry_run=False, plan=None, progress=show_progress(connection), run=run)
    return Status(202, told)


@router.get("/{id:connection_id}/dry-runs/{id:dry_run_id}", response=DryRunOut)
def get_dry_run(request: MemberRequest, connection_id: int, dry_run_id: int) -> DryRunOut:
    """How far a dry run is that is made in the background; its plan once it is done."""
    return show_dry_run(dry_runs.get_dry_run(_connection(request, connection_id), dry_run_id))


@router.get("/{id:connection_id}/sends", response=SendRunsOut)
def list_sends(
    request: MemberRequest, connection_id: int, query: Annotated[PageQuery, Query()]
) -> SendRunsOut:
    """The runs that somebody asked for, newest first; kept ninety days."""
    rows, told = cut(queries.list_send_runs(_connection(request, connection_id)), query)
    return SendRunsOut(sends=[show_run(one) for one in rows], pagination=told)


@router.get("/{id:connection_id}/sends/{id:run_id}", response=SendRunOut)
def get_send(request: MemberRequest, connection_id: int, run_id: int) -> SendRunOut:
    """How far one run is, and what came of it."""
    return show_run(queries.get_send_run(_connection(request, connection_id), run_id))


@router.post("/{id:connection_id}/sends/{id:run_id}/stop", response=SendRunOut)
def stop_send(request: MemberRequest, connection_id: int, run_id: int) -> SendRunOut:
    """Send nobody more for this run; what changes by itself is sent as ever."""
    return show_run(
        pipeline.stop_send(request.auth, connection_id=connection_id, run_id=run_id, now=utcnow())
    )


@router.get("/{id:connection_id}/outbound/progress", response=ProgressOut)
def get_progress(request: MemberRequest, connection_id: int) -> ProgressOut:
    """How far sending is."""
    return show_progress(_connection(request, connection_id))


@router.post("/{id:connection_id}/outbound/stop", response=OutboundOut)
def stop(request: MemberRequest, connection_id: int) -> OutboundOut:
    """Send nothing more until told otherwise."""
    return show_settings(_after(pipeline.stop, request, connection_id))


@router.post("/{id:connection_id}/outbound/resume", response=OutboundOut)
def resume(request: MemberRequest, connection_id: int) -> OutboundOut:
    """Send again what waits."""
    return show_settings(_after(pipeline.resume, request, connection_id))


@router.post("/{id:connection_id}/outbound/confirm", response=ProgressOut)
def confirm(request: MemberRequest, connection_id: int) -> ProgressOut:
    """Have a large run sent that waits for confirmation."""
    return show_progress(_after(pipeline.confirm, request, connection_id))


@router.post("/{id:connection_id}/outbound/discard", response=ProgressOut)
def discard(request: MemberRequest, connection_id: int) -> ProgressOut:
    """Drop a large run that waits for confirmation."""
    return show_progress(_after(pipeline.discard, request, connection_id))


@router.get("/{id:connection_id}/writes", response=WritesOut)
def list_writes(
    request: MemberRequest, connection_id: int, query: Annotated[WriteQuery, Query()]
) -> WritesOut:
    """The write log: every write with before and after; newest first, kept ninety days."""
    filters = queries.WriteFilters(
        customer_id=query.customer, run_id=query.run, kind=query.kind, failed=query.failed
    )
    found = queries.list_writes(_connection(request, connection_id), filters)
    rows, told = cut(found, query)
    return WritesOut(writes=[show_write(one) for one in rows], pagination=told)


@router.post("/{id:connection_id}/writes/{id:write_id}/undo", response=WriteOut)
def undo(request: MemberRequest, connection_id: int, write_id: int) -> WriteOut:
    """Have what stood there before written back; ours is withheld until it is another value."""
    done = pipeline.undo(request.auth, connection_id=connection_id, write_id=write_id, now=utcnow())
    return show_write(done)


@router.get("/{id:connection_id}/withheld", response=WithheldListOut)
def list_withheld(
    request: MemberRequest, connection_id: int, query: Annotated[WithheldQuery, Query()]
) -> WithheldListOut:
    """Values that are not sent: refused by Intercom, not fitting, or undone."""
    connection = _connection(request, connection_id)
    rows, told = cut(queries.list_withheld(connection, customer_id=query.customer), query)
    return WithheldListOut(withheld=[show_withheld(one) for one in rows], pagination=told)


class _Step(Protocol):
    """What an admin does to all that is sent through a connection."""

    def __call__(self, actor: Actor, *, connection_id: int, now: datetime) -> object: ...


def _after(step: _Step, request: MemberRequest, connection_id: int) -> Connection:
    """The connection as it stands once the step is done."""
    step(request.auth, connection_id=connection_id, now=utcnow())
    return _connection(request, connection_id)


def _send(request: MemberRequest, connection_id: int, wanted: SendIn) -> SendRunOut | None:
    if wanted.customer is not None:
        pipeline.send_customer(
            request.auth,
            connection_id=connection_id,
            customer_id=wanted.customer,
            now=utcnow(),
        )
        return None
    run = pipeline.request_send(
        request.auth,
        connection_id=connection_id,
        scope=wanted.scope,
        segment_id=wanted.segment,
        now=utcnow(),
    )
    return show_run(run)


def _is_quick(connection: Connection, wanted: SendIn) -> bool:
    return dry_run.is_quick(connection, wanted.segment)


def _connection(request: MemberRequest, connection_id: int) -> Connection:
    return get_connection(request.auth.org_id, connection_id)
