"""From scores to alerts to deliveries: each step commits with the rows that the next one claims."""

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from pulsescore.accounts.models import Organization
from pulsescore.alerts import attention, digests, evaluating, telling
from pulsescore.alerts import queries as alerts
from pulsescore.alerts.actions import wake_snoozed
from pulsescore.alerts.attention import Trouble
from pulsescore.alerts.notes import prune_notifications
from pulsescore.connectors.intercom.models import Connection, ConnectionStatus
from pulsescore.delivery import outbox
from pulsescore.delivery import queries as deliveries
from pulsescore.delivery.models import Channel, Delivery
from pulsescore.delivery.outbox import Parcel
from pulsescore.pipeline import parcels
from pulsescore.pipeline.settling import settling_sources
from pulsescore.pipeline.telling import CONNECTION_PATH
from pulsescore.pipeline.trials import (
    retry_delivery,
    test_endpoint,
    test_rule,
    test_slack_hook,
)
from pulsescore.pipeline.wake import wake
from pulsescore.scoring import watching

__all__ = [
    "deliveries_of",
    "evaluate_pending",
    "look_again",
    "look_around",
    "prune",
    "retry_delivery",
    "test_endpoint",
    "test_rule",
    "test_slack_hook",
]


def evaluate_pending(org_id: int, *, now: datetime) -> int:
    """Look at everybody marked, then tell of what fired; returns how many were looked at."""
    settling = settling_sources(org_id, now=now)
    total = 0
    while claimed := evaluate_batch(org_id, settling=settling, now=now):
        total += claimed
    tell_pending(org_id, now=now)
    return total


@transaction.atomic
def evaluate_batch(org_id: int, *, settling: dict[int, datetime], now: datetime) -> int:
    """Decide on one batch, and write what endpoints want to know of it; returns its size."""
    look = evaluating.evaluate(org_id, now=now, settling=settling)
    outbox.enqueue(org_id, parcels.changes(org_id, look, now=now), now=now)
    outbox.enqueue(org_id, parcels.resolved(org_id, look.recovered, now=now), now=now)
    return look.claimed


@transaction.atomic
def tell_pending(org_id: int, *, now: datetime) -> int:
    """Notify of what fired and write what is to be delivered; returns how many things are told."""
    told = telling.tell(org_id, now=now)
    zone = Organization.objects.get(pk=org_id).time_zone if told else "UTC"
    hooks = {hook.pk: hook for hook in deliveries.list_slack_hooks(org_id)} if told else {}
    for one in told:
        outbox.enqueue(org_id, parcels.letters(one), now=now)
        outbox.enqueue(org_id, parcels.posts(one, hooks, zone=zone, now=now), now=now)
        if one.tells_webhooks:
            outbox.enqueue(org_id, parcels.fired(org_id, one.subject, now=now), now=now)
    if told:
        wake("deliver")
    return len(told)


def evaluate_connections(*, now: datetime) -> None:
    """Fire for connections that newly need attention, and end what was mended."""
    rows = Connection.objects.across_orgs("the worker looks after every organization")
    troubled = rows.filter(status=ConnectionStatus.NEEDS_ATTENTION, org__deleted_at=None)
    by_org: dict[int, list[Trouble]] = {}
    for one in troubled:
        by_org.setdefault(one.org_id, []).append(
            Trouble(
                one.pk,
                f"Intercom workspace {one.workspace_name or one.workspace_id}",
                one.last_error,
                CONNECTION_PATH.format(connection_id=one.pk),
            )
        )
    for org_id in attention.orgs_concerned(list(by_org)):
        with transaction.atomic():
            over = attention.evaluate_connections(org_id, by_org.get(org_id, []), now=now)
            outbox.enqueue(org_id, parcels.resolved(org_id, over, now=now), now=now)
        tell_pending(org_id, now=now)


@transaction.atomic
def send_digests(*, now: datetime) -> int:
    """Write the digests whose hour has come; returns how many."""
    due = digests.take_due_digests(now=now)
    for one in due:
        span = {"since": one.since.isoformat(), "until": one.until.isoformat()}
        letter = Parcel(
            channel=Channel.EMAIL,
            event="digest",
            key=f"digest:{one.user_id}:{one.until.isoformat()}",
            next_at=now,
            payload=span,
            user_id=one.user_id,
        )
        outbox.enqueue(one.org_id, [letter], now=now)
    if due:
        wake("deliver")
    return len(due)


def look_around(*, now: datetime) -> None:
    """Each minute: what is due, and what a crash left lying at any of the steps."""
    wake_snoozed(now=now)
    evaluate_connections(now=now)
    send_digests(now=now)
    for org_id in {*watching.orgs_with_marks(), *telling.orgs_with_untold()}:
        wake("evaluate_alerts", org_id=org_id)
    if outbox.is_due(now=now):
        wake("deliver")


def look_again(org_id: int, *, now: datetime) -> None:
    """Once a night: whoever has an alert is looked at again, since time alone may have ended it."""
    evaluating.look_again(org_id, now=now)
    evaluate_pending(org_id, now=now)


def prune(*, now: datetime) -> None:
    """Once a night: forget old notifications, and deliveries that were settled long ago."""
    prune_notifications(now=now)
    outbox.prune(now=now)


def deliveries_of(org_id: int, alert_id: int) -> QuerySet[Delivery]:
    """What was sent of an alert, newest first. Raises `NotFound`."""
    alert = alerts.get_alert(org_id, alert_id)
    return deliveries.list_about(org_id, {alert.told_as, f"alert:{alert.pk}"})
