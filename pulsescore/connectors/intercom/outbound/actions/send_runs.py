"""Send, as people press it: a run that says who asked, and one that is stopped again."""

from datetime import datetime
from typing import Final

from django.db import transaction

from pulsescore.accounts import audit
from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import Role
from pulsescore.connectors.intercom.models import Connection
from pulsescore.connectors.intercom.outbound import membership, send_runs
from pulsescore.connectors.intercom.outbound.actions.manual import settings_to_send
from pulsescore.connectors.intercom.outbound.models import OutboundSettings
from pulsescore.connectors.intercom.outbound.queries import get_send_run
from pulsescore.connectors.intercom.outbound.run_models import SendRun, SendScope, SendState
from pulsescore.connectors.intercom.queries import get_connection
from pulsescore.core.errors import Conflict, NotFound

_NOBODY: Final = {
    SendScope.USERS: "No segment is chosen to be sent as users or leads.",
    SendScope.LEADS: "No segment is chosen to be sent as users or leads.",
    SendScope.COMPANIES: "No segment of companies is chosen to be sent.",
}


@transaction.atomic
def request_send(
    actor: Actor,
    connection_id: int,
    *,
    scope: SendScope,
    segment_id: int | None = None,
    now: datetime,
) -> SendRun:
    """Have everybody of the scope compared and sent; one that did not begin to send stays one.

    Nobody is sent beyond what the settings say. Raises `Conflict` while the connection may not
    send or nobody is chosen, `NotFound` for a segment that is none of the organization's.
    """
    actor.require(Role.ADMIN)
    connection = get_connection(actor.org_id, connection_id)
    settings = settings_to_send(connection)
    _check_chosen(settings, scope)
    name = _segment_name(connection, segment_id)
    known = SendRun.objects.for_org(actor.org_id).filter(
        connection=connection,
        scope=scope,
        segment_id=segment_id,
        state__in=(SendState.QUEUED, SendState.LOOKING),
    )
    run = known.first() or SendRun.objects.for_org(actor.org_id).create(
        org_id=actor.org_id,
        connection=connection,
        scope=scope,
        segment_id=segment_id,
        segment_name=name,
        asked_by=actor.user,
        asked_via=actor.via,
        asked_at=now,
    )
    audit.record_by(
        actor,
        "intercom.sent_by_hand",
        subject=connection.workspace_id,
        details={"scope": scope.value, "segment": segment_id, "run": run.pk},
        now=now,
    )
    return run


@transaction.atomic
def stop_send(actor: Actor, connection_id: int, run_id: int, *, now: datetime) -> SendRun:
    """Send nobody more for this run; what changes by itself is sent as ever.

    Raises `Conflict` where it ended already, `NotFound`.
    """
    actor.require(Role.ADMIN)
    connection = get_connection(actor.org_id, connection_id)
    run = get_send_run(connection, run_id)
    who = actor.user.get_full_name() if actor.user else "an API key"
    if not send_runs.end_early(run, reason=f"Stopped by {who}.", now=now):
        raise Conflict("This run has ended already.")
    audit.record_by(
        actor,
        "intercom.send_run_stopped",
        subject=connection.workspace_id,
        details={"run": run.pk},
        now=now,
    )
    run.refresh_from_db(from_queryset=SendRun.objects.for_org(actor.org_id))
    return run


def _check_chosen(settings: OutboundSettings, scope: SendScope) -> None:
    people = [*settings.user_segments, *settings.lead_segments]
    is_about_people = scope in (SendScope.USERS, SendScope.LEADS)
    if (is_about_people and not people) or (
        scope == SendScope.COMPANIES and not settings.company_segments
    ):
        raise Conflict(_NOBODY[scope])


def _segment_name(connection: Connection, segment_id: int | None) -> str:
    if segment_id is None:
        return ""
    names = membership.names_of(connection.org_id, [segment_id])
    if segment_id not in names:
        raise NotFound("There is no such segment of customers.")
    return names[segment_id]
