"""Deleting an organization: closed at once, disconnected at once, removed soon after by a job."""

from datetime import datetime

from django.db import transaction

from pulsescore.accounts import actions as accounts
from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import Organization
from pulsescore.connectors.intercom import actions as intercom
from pulsescore.connectors.intercom.models import Connection
from pulsescore.pipeline.wake import wake
from pulsescore.segments.membership import lock_segments


@transaction.atomic
def delete_organization(actor: Actor, *, confirmation: str, now: datetime) -> Organization:
    """Close an organization, disconnect its workspaces, and have everything removed.

    From the commit on nobody enters and no token is left. Raises `Invalid` unless `confirmation`
    is the name, `Forbidden` for anybody but an owner in person.
    """
    organization = accounts.close_organization(actor, confirmation=confirmation, now=now)
    for connection in Connection.objects.for_org(actor.org_id).order_by("id"):
        intercom.disconnect(actor, connection_id=connection.pk, now=now)
    wake("remove_organization", org_id=actor.org_id)
    return organization


def remove_organization(org_id: int, *, now: datetime) -> int:
    """Remove every row of a closed organization; returns how many went.

    Whoever looks at its segments at this moment ends first; whoever comes later finds it closed.
    """
    with transaction.atomic():
        lock_segments(org_id)
    return accounts.remove_closed(org_id, now=now)


def wake_removals() -> None:
    """Wake the removal of every closed organization that is still there."""
    for org_id in accounts.list_unremoved():
        wake("remove_organization", org_id=org_id)
