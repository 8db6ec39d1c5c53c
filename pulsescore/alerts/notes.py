"""Notifications in the app: what they say, and where they lead."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from pulsescore.accounts.models import Membership, Role
from pulsescore.alerts.models import Alert, Notification
from pulsescore.alerts.wording import alert_words

_TITLE: Final = 200
_KEPT: Final = timedelta(days=90)


def subject_name(alert: Alert) -> str:
    """Whom an alert is about, as a person calls them."""
    if alert.customer is not None:
        return alert.customer.name or alert.customer.email or "A customer without a name"
    return str(alert.facts.get("connection") or "A connection")


def link_of(alert: Alert) -> str:
    """The page that shows what an alert is about."""
    if alert.customer_id is not None:
        return f"/customers/{alert.customer_id}"
    return str(alert.facts.get("link") or "/settings/integrations")


def headline(alert: Alert) -> str:
    """An alert in one line: "Mia Chen became Critical: 62 → 31"."""
    return f"{subject_name(alert)} {alert_words(alert.rule.kind, alert.facts)}"


def note(alert: Alert, user_id: int, *, kind: str, body: str, now: datetime) -> Notification:
    """A notification about one alert (unsaved)."""
    return Notification(
        org_id=alert.org_id,
        user_id=user_id,
        alert=alert,
        kind=kind,
        title=headline(alert)[:_TITLE],
        body=body,
        link=link_of(alert),
        created_at=now,
    )


def note_snooze_over(alerts: Sequence[Alert], *, now: datetime) -> None:
    """Tell who put these alerts off that the time is over."""
    told = "You put this off until now; it still holds."
    Notification.objects.across_orgs("each row names its organization").bulk_create(
        note(alert, alert.snoozed_by_id, kind="snooze_over", body=told, now=now)
        for alert in alerts
        if alert.snoozed_by_id is not None
    )


def note_admins(org_id: int, *, kind: str, title: str, body: str, link: str, now: datetime) -> None:
    """Tell the admins and owners of an organization something that is no alert."""
    admins = Membership.objects.for_org(org_id).filter(
        role__in=(Role.ADMIN, Role.OWNER), user__is_active=True
    )
    Notification.objects.for_org(org_id).bulk_create(
        Notification(
            org_id=org_id,
            user_id=user_id,
            kind=kind,
            title=title[:_TITLE],
            body=body,
            link=link,
            created_at=now,
        )
        for user_id in admins.values_list("user_id", flat=True)
    )


def prune_notifications(*, now: datetime) -> int:
    """Forget notifications of more than ninety days ago; returns how many."""
    rows = Notification.objects.across_orgs("nightly, for every organization")
    return rows.filter(created_at__lt=now - _KEPT).delete()[0]
