"""What people do with alerts and notifications: take note, put off, close, read."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from pulsescore.accounts.access import Actor
from pulsescore.alerts.models import Alert, AlertState, Notification
from pulsescore.alerts.notes import note_snooze_over
from pulsescore.alerts.queries import get_alert
from pulsescore.core.errors import Conflict, FieldFault, Invalid, NotFound

LONGEST_SNOOZE: Final = timedelta(days=90)
_OVER: Final = "This alert is resolved already."


@transaction.atomic
def acknowledge(actor: Actor, *, alert_id: int, now: datetime) -> Alert:
    """Say that somebody is on it. Raises `NotFound`, and `Conflict` for a resolved alert."""
    alert = _unresolved(actor, alert_id)
    if alert.state != AlertState.ACKNOWLEDGED:
        alert.state = AlertState.ACKNOWLEDGED
        alert.acknowledged_by, alert.acknowledged_at = actor.user, now
        alert.snoozed_by, alert.snoozed_until = None, None
        alert.save()
    return alert


@transaction.atomic
def snooze(actor: Actor, *, alert_id: int, until: datetime, now: datetime) -> Alert:
    """Put an alert off; at `until` it is open again, and who put it off is told.

    Raises `Invalid` for an instant that is past or too far, `NotFound`, `Conflict`.
    """
    if not now < until <= now + LONGEST_SNOOZE:
        raise Invalid(FieldFault("until", "Choose an instant within the next 90 days."))
    alert = _unresolved(actor, alert_id)
    alert.state = AlertState.SNOOZED
    alert.snoozed_by, alert.snoozed_until = actor.user, until
    alert.save()
    return alert


@transaction.atomic
def resolve(actor: Actor, *, alert_id: int, now: datetime) -> Alert:
    """Close an alert by hand. It fires again only after the customer has recovered in between."""
    alert = _locked(actor, alert_id)
    if alert.state != AlertState.RESOLVED:
        alert.state = AlertState.RESOLVED
        alert.resolved_by, alert.resolved_at = actor.user, now
        alert.save()
    return alert


def mark_read(actor: Actor, *, notification_id: int, now: datetime) -> Notification:
    """Mark a notification of one's own as read. Raises `NotFound`, `Forbidden` for a key."""
    user = actor.require_person()
    row = Notification.objects.for_org(actor.org_id).filter(user=user, pk=notification_id).first()
    if row is None:
        raise NotFound("There is no such notification.")
    if row.read_at is None:
        row.read_at = now
        row.save(update_fields=["read_at"])
    return row


def mark_all_read(actor: Actor, *, now: datetime) -> int:
    """Mark all of one's own as read; returns how many were not."""
    user = actor.require_person()
    rows = Notification.objects.for_org(actor.org_id).filter(user=user, read_at=None)
    return rows.update(read_at=now)


@transaction.atomic
def wake_snoozed(*, now: datetime) -> int:
    """Open the alerts whose snooze is over, and tell who put them off; returns how many."""
    rows = Alert.objects.across_orgs("the worker wakes the snoozed of every organization")
    due = rows.filter(state=AlertState.SNOOZED, snoozed_until__lte=now)
    alerts = list(
        due.select_for_update(skip_locked=True, of=("self",))
        .select_related("rule", "customer")
        .order_by("id")[:1000]
    )
    note_snooze_over(alerts, now=now)
    for alert in alerts:
        alert.state = AlertState.OPEN
        alert.snoozed_until = None
        alert.save(update_fields=["state", "snoozed_until"])
    return len(alerts)


def _unresolved(actor: Actor, alert_id: int) -> Alert:
    alert = _locked(actor, alert_id)
    if alert.state == AlertState.RESOLVED:
        raise Conflict(_OVER)
    return alert


def _locked(actor: Actor, alert_id: int) -> Alert:
    """The alert, held until the end of the transaction: the worker may be resolving it."""
    get_alert(actor.org_id, alert_id)
    return Alert.objects.for_org(actor.org_id).select_for_update().get(pk=alert_id)
