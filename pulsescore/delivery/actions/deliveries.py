"""Sending again what was sent, or given up; for admins."""

from datetime import datetime

from django.db import transaction

from pulsescore.accounts import audit
from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import Role
from pulsescore.core.errors import Conflict
from pulsescore.delivery.models import Delivery, DeliveryState
from pulsescore.delivery.queries import get_delivery


@transaction.atomic
def retry(actor: Actor, *, delivery_id: int, now: datetime) -> Delivery:
    """Have a delivery tried at once, with all its attempts before it; it keeps its key.

    Raises `NotFound`, and `Conflict` while its destination is switched off.
    """
    actor.require(Role.ADMIN)
    get_delivery(actor.org_id, delivery_id)
    rows = Delivery.objects.for_org(actor.org_id).select_related("endpoint", "slack", "user")
    delivery = rows.select_for_update(of=("self",)).get(pk=delivery_id)
    destination = delivery.endpoint or delivery.slack
    if destination is not None and not destination.enabled:
        raise Conflict("This destination is switched off. Switch it on, and what waits is sent.")
    if delivery.state != DeliveryState.PENDING:
        audit.record_by(actor, "delivery.retried", subject=f"delivery:{delivery.pk}", now=now)
    delivery.state = DeliveryState.PENDING
    delivery.attempts = 0
    delivery.next_at = now
    delivery.lease_until = None
    delivery.save()
    return delivery
