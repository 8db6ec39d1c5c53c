"""Choosing who and what a connection sends."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from pulsescore.accounts import audit
from pulsescore.accounts.access import Actor
from pulsescore.accounts.fields import raise_if_any
from pulsescore.accounts.models import Role
from pulsescore.connectors.intercom import connection_log
from pulsescore.connectors.intercom.models import Connection, ConnectionStatus
from pulsescore.connectors.intercom.outbound import membership, outbox, statements
from pulsescore.connectors.intercom.outbound.events_out import ALL
from pulsescore.connectors.intercom.outbound.models import (
    OutboundSettings,
    OutboundTask,
    TaskState,
)
from pulsescore.connectors.intercom.outbound.settings import settings_of
from pulsescore.connectors.intercom.queries import get_connection
from pulsescore.core.errors import Conflict, FieldFault

_MOST_EVENTS: Final = 120
_LONGEST_NAME: Final = 255
_LARGEST: Final = 1_000_000


@dataclass(frozen=True, kw_only=True)
class OutboundWish:
    """The settings as they are to be; segments by their ids, events by their names or "*"."""

    user_segments: Sequence[int] = ()
    lead_segments: Sequence[int] = ()
    company_segments: Sequence[int] = ()
    events: Sequence[str] = ()
    tag_segments: bool = True
    convert_leads: bool = False
    link_companies: bool = False
    resend_archived: bool = False
    confirm_above: int = 500


@transaction.atomic
def save_outbound(
    actor: Actor, connection_id: int, *, wish: OutboundWish, now: datetime
) -> OutboundSettings:
    """Save who and what is sent; everybody whom it concerns is looked at again.

    Nothing leaves while the connection is read only. Raises `Forbidden`, `NotFound`, `Conflict`,
    and `Invalid` field by field.
    """
    actor.require(Role.ADMIN)
    connection = get_connection(actor.org_id, connection_id, for_update=True)
    if connection.status == ConnectionStatus.DISCONNECTED:
        raise Conflict("This connection is disconnected; connect the workspace again.")
    raise_if_any(_faults(actor.org_id, wish))
    settings = settings_of(connection, for_update=True)
    before = _told(settings)
    changes = {
        name: _plain(value)
        for name, value in asdict(wish).items()
        if not settings.is_saved or before[name] != _plain(value)
    }
    if not changes:
        return settings
    mark_concerned(connection, settings, now=now)
    for name, value in changes.items():
        setattr(settings, name, value)
    if "events" in changes and settings.events:
        settings.events_since = settings.events_since or now
    elif not settings.events:
        settings.events_since = None
    _let_go(connection, settings)
    settings.updated_at = now
    settings.save()
    mark_concerned(connection, settings, now=now)
    _record(actor, connection, changes, now=now)
    return settings


def mark_concerned(connection: Connection, settings: OutboundSettings, *, now: datetime) -> None:
    """Have everybody looked at who is sent, bears a tag of ours, or may be brought back."""
    segments = [*settings.user_segments, *settings.lead_segments]
    scope = {**outbox.scope(connection, now), "run": None}
    statements.run(statements.MARK_MEMBERS, {**scope, "segments": segments})
    if settings.resend_archived:
        statements.run(statements.MARK_ARCHIVED, {**scope, "source_id": connection.source_id})
    companies = {**scope, "segments": settings.company_segments}
    statements.run(statements.MARK_COMPANY_MEMBERS, companies)


def _let_go(connection: Connection, settings: OutboundSettings) -> None:
    """What waits for confirmation is judged anew by the new settings."""
    settings.waiting_since = None
    rows = OutboundTask.objects.for_org(connection.org_id).filter(connection=connection)
    rows.filter(state=TaskState.HELD).update(state=TaskState.WAITING)


def _faults(org_id: int, wish: OutboundWish) -> list[FieldFault]:
    faults = []
    for name, kind in (
        ("user_segments", "customer"),
        ("lead_segments", "customer"),
        ("company_segments", "company"),
    ):
        wanted = list(getattr(wish, name))
        known = membership.names_of(org_id, wanted, kind=kind)
        faults += [
            FieldFault(f"{name}.{place}", f"There is no segment of {_PLURAL[kind]} with this id.")
            for place, one in enumerate(wanted)
            if one not in known
        ]
    if wish.tag_segments:
        faults += _circles(org_id, wish)
    if len(wish.events) > _MOST_EVENTS:
        faults.append(FieldFault("events", f"Intercom knows at most {_MOST_EVENTS} event names."))
    faults += [
        FieldFault(f"events.{place}", "Names have 1 to 255 characters.")
        for place, name in enumerate(wish.events)
        if not 0 < len(name.strip()) <= _LONGEST_NAME
    ]
    if ALL in wish.events and len(wish.events) > 1:
        faults.append(FieldFault("events", "Either * for all events, or their names."))
    if not 0 <= wish.confirm_above <= _LARGEST:
        faults.append(FieldFault("confirm_above", f"A number from 0 to {_LARGEST:,}."))
    return faults


def _circles(org_id: int, wish: OutboundWish) -> list[FieldFault]:
    circling = membership.circles_among(org_id, [*wish.user_segments, *wish.lead_segments])
    return [
        FieldFault(
            f"{name}.{place}",
            "The rule of this segment asks who lacks its own tag, so its members would come and"
            " go for ever. Rename the segment, change its rule, or send no tags.",
        )
        for name in ("user_segments", "lead_segments")
        for place, one in enumerate(getattr(wish, name))
        if one in circling
    ]


_PLURAL: Final = {"customer": "customers", "company": "companies"}


def _told(settings: OutboundSettings) -> dict[str, object]:
    return {name: getattr(settings, name) for name in OutboundWish.__dataclass_fields__}


def _plain(value: object) -> object:
    if isinstance(value, list | tuple):
        return list(dict.fromkeys(one.strip() if isinstance(one, str) else one for one in value))
    return value


def _record(
    actor: Actor, connection: Connection, changes: dict[str, object], *, now: datetime
) -> None:
    audit.record_by(
        actor,
        "intercom.outbound_changed",
        subject=connection.workspace_id,
        details=changes,
        now=now,
    )
    connection_log.write(
        connection, connection_log.SETTING, "What is sent changed", details=changes, now=now
    )
