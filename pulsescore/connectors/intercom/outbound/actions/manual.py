"""Sending, tagging and reading again by hand."""

from datetime import datetime
from typing import Final

from django.db import transaction

from pulsescore.accounts import audit
from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import Role
from pulsescore.connectors.intercom.inbox import refetches
from pulsescore.connectors.intercom.models import Connection, Mode
from pulsescore.connectors.intercom.outbound import membership, outbox
from pulsescore.connectors.intercom.outbound.models import OutboundSettings
from pulsescore.connectors.intercom.outbound.settings import settings_of
from pulsescore.connectors.intercom.queries import get_connection, list_connections
from pulsescore.core.errors import Conflict, FieldFault, Invalid, NotFound
from pulsescore.store.models import Customer
from pulsescore.store.queries import get_customer

_LONGEST_TAG: Final = 255


@transaction.atomic
def send_customer(
    actor: Actor,
    connection_id: int,
    *,
    customer_id: int,
    now: datetime,
) -> Connection:
    """Have one customer sent, whatever the segments.

    Raises `Conflict` while the connection may not send, `NotFound` for who is not the
    organization's.
    """
    actor.require(Role.ADMIN)
    connection = get_connection(actor.org_id, connection_id)
    settings_to_send(connection)
    customer = get_customer(actor.org_id, customer_id)
    _check_reach(connection, customer.source_id)
    outbox.queue_customers(connection, [customer_id], now=now, is_forced=True)
    details = {"customer": customer_id}
    audit.record_by(
        actor, "intercom.sent_by_hand", subject=connection.workspace_id, details=details, now=now
    )
    return connection


@transaction.atomic
def tag_customer(
    actor: Actor, customer_id: int, *, name: str, is_on: bool = True, now: datetime
) -> Connection:
    """Put a tag on a contact in Intercom by hand, or take it off; done by the next sending.

    Raises `Conflict` where nothing may be written, or where the tag mirrors a segment.
    """
    actor.require(Role.ADMIN)
    name = name.strip()
    if not 0 < len(name) <= _LONGEST_TAG:
        raise Invalid(FieldFault("name", "A tag has 1 to 255 characters."))
    customer = get_customer(actor.org_id, customer_id)
    connection = connection_of(actor.org_id, customer.source_id)
    settings = settings_to_send(connection)
    _check_free(connection, settings, name)
    outbox.ask_by_hand(
        connection,
        customer_id=customer_id,
        add=[name] if is_on else [],
        remove=[] if is_on else [name],
        now=now,
    )
    deed = "customer.tagged" if is_on else "customer.untagged"
    audit.record_by(actor, deed, subject=f"customer:{customer_id}", details={"tag": name}, now=now)
    return connection


@transaction.atomic
def refresh_customer(actor: Actor, customer_id: int, *, now: datetime) -> Connection:
    """Have one contact read again from Intercom; works over read-only connections, too."""
    actor.require(Role.MEMBER)
    row = Customer.objects.for_org(actor.org_id).filter(pk=customer_id).first()
    if row is None:
        raise NotFound("There is no such customer.")
    connection = connection_of(actor.org_id, row.source_id)
    refetches.ask_for_contact(connection, row.external_id, now=now)
    return connection


def connection_of(org_id: int, source_id: int) -> Connection:
    """The connection of the workspace that a customer comes from; raises `Conflict`."""
    found = [one for one in list_connections(org_id) if one.source_id == source_id]
    if not found:
        raise Conflict("This customer does not come from Intercom.")
    return found[0]


def settings_to_send(connection: Connection) -> OutboundSettings:
    """The settings, locked; raises `Conflict` where nothing may be sent."""
    if connection.mode != Mode.TWO_WAY:
        raise Conflict("This connection is read only: choose Two-way first.")
    settings = settings_of(connection, for_update=True)
    if not settings.is_saved:
        settings.save()
    if settings.is_stopped:
        raise Conflict("Sending is stopped: let it go on first.")
    return settings


def _check_reach(connection: Connection, source_id: int) -> None:
    others = list_connections(connection.org_id)
    if any(one.source_id == source_id and one.pk != connection.pk for one in others):
        raise Conflict("This customer belongs to another workspace.")


def _check_free(connection: Connection, settings: OutboundSettings, name: str) -> None:
    chosen = [*settings.user_segments, *settings.lead_segments]
    names = membership.names_of(connection.org_id, chosen) if settings.tag_segments else {}
    if name.casefold() in {one.casefold() for one in names.values()}:
        raise Conflict(f"The tag {name} follows the segment of that name.")
