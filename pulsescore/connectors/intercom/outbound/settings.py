"""What a connection sends: read, and whether it may send at all."""

from datetime import datetime
from typing import Final

from django.db import transaction

from pulsescore.connectors.intercom.models import Connection, ConnectionStatus, Mode
from pulsescore.connectors.intercom.outbound.models import OutboundSettings
from pulsescore.connectors.intercom.outbound.roles import Choice

_ABLE: Final = (ConnectionStatus.CONNECTED, ConnectionStatus.SYNCING)


def settings_of(connection: Connection, *, for_update: bool = False) -> OutboundSettings:
    """The settings of a connection; unsaved ones, which send nothing, where there are none."""
    rows = OutboundSettings.objects.for_org(connection.org_id)
    if for_update:
        rows = rows.select_for_update()
    found = rows.filter(connection=connection).first()
    return found or OutboundSettings(org_id=connection.org_id, connection=connection)


def choice_of(settings: OutboundSettings) -> Choice:
    """Who is sent, for the pure part."""
    return Choice(
        user_segments=frozenset(settings.user_segments),
        lead_segments=frozenset(settings.lead_segments),
        convert_leads=settings.convert_leads,
    )


def may_send(connection: Connection, settings: OutboundSettings) -> bool:
    """Whether anything may leave now: two-way, in order, and not stopped."""
    is_able = connection.status in _ABLE
    return connection.mode == Mode.TWO_WAY and is_able and not settings.is_stopped


def may_still_send(connection: Connection) -> bool:
    """Whether anything may leave now, as stored: one small question."""
    rows = OutboundSettings.objects.for_org(connection.org_id).filter(
        connection=connection,
        is_stopped=False,
        connection__mode=Mode.TWO_WAY,
        connection__status__in=_ABLE,
        connection__org__deleted_at=None,
    )
    return rows.exists()


def note_trouble(connection: Connection, *, kind: str, message: str | None, now: datetime) -> None:
    """Remember that this kind of write is not permitted, or (without a message) that it is."""
    with transaction.atomic():
        settings = settings_of(connection, for_update=True)
        if not settings.is_saved or (message is None and kind not in settings.troubles):
            return
        if message is None:
            del settings.troubles[kind]
        else:
            settings.troubles[kind] = {"message": message, "at": now.isoformat()}
        settings.save(update_fields=["troubles"])
