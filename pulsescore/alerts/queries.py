"""Reads for pages and the API. Lists are lazy, ordered querysets: callers cut a page from them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Avg, Count, F, Max, Q, QuerySet

from pulsescore.alerts.models import (
    Alert,
    AlertRule,
    AlertState,
    Notification,
    NotificationPreference,
)
from pulsescore.core.errors import NotFound

_MAX_ID = 2**63 - 1
_LIVE = (AlertState.OPEN, AlertState.ACKNOWLEDGED, AlertState.SNOOZED)


@dataclass(frozen=True)
class RuleRow:
    """A rule with how often it fired of late."""

    rule: AlertRule
    open_alerts: int
    fired_last_week: int
    last_fired_at: datetime | None


@dataclass(frozen=True)
class Stats:
    """How alerts stand: by state now, fired within the last day and week, mean hours to resolve."""

    open: int
    acknowledged: int
    snoozed: int
    fired_last_day: int
    fired_last_week: int
    resolved_last_week: int
    mean_hours_to_resolve: float | None

    @property
    def mean_secs_to_resolve(self) -> float | None:
        """The same in seconds."""
        hours = self.mean_hours_to_resolve
        return None if hours is None else hours * 3600


def list_rules(org_id: int) -> QuerySet[AlertRule]:
    """The rules that were not deleted, in the order they were made."""
    rows = AlertRule.objects.for_org(org_id).filter(deleted_at=None)
    return rows.select_related("created_by").order_by("id")


def list_rule_rows(org_id: int, now: datetime) -> list[RuleRow]:
    """Rules with their figures; two statements. Index: alerts_by_state, alerts_newest_first."""
    week = now - timedelta(days=7)
    alerts = Alert.objects.for_org(org_id).filter(Q(fired_at__gt=week) | Q(state__in=_LIVE))
    counted = {
        row["rule_id"]: (row["live"], row["fired"], row["last"])
        for row in alerts.values("rule_id").annotate(
            live=Count("id", filter=Q(state__in=_LIVE)),
            fired=Count("id", filter=Q(fired_at__gt=week)),
            last=Max("fired_at"),
        )
    }
    return [RuleRow(rule, *counted.get(rule.pk, (0, 0, None))) for rule in list_rules(org_id)]


def get_rule(org_id: int, rule_id: int) -> AlertRule:
    """The rule; raises `NotFound`."""
    known = 0 < rule_id <= _MAX_ID
    rule = list_rules(org_id).filter(pk=rule_id).first() if known else None
    if rule is None:
        raise NotFound("There is no such rule.")
    return rule


def list_alerts(
    org_id: int,
    *,
    state: str | None = None,
    rule: int | None = None,
    customer: int | None = None,
) -> QuerySet[Alert]:
    """Alerts with rule, customer and people, newest first; `state` "live" is all unresolved."""
    rows = Alert.objects.for_org(org_id)
    if state == "live":
        rows = rows.filter(state__in=_LIVE)
    elif state is not None:
        rows = rows.filter(state=state)
    if rule is not None:
        rows = rows.filter(rule_id=rule)
    if customer is not None:
        rows = rows.filter(customer_id=customer)
    shown = rows.select_related("rule", "customer", "acknowledged_by", "snoozed_by", "resolved_by")
    return shown.order_by("-fired_at", "-id")


def get_alert(org_id: int, alert_id: int) -> Alert:
    """The alert with its rule and customer; raises `NotFound`."""
    known = 0 < alert_id <= _MAX_ID
    alert = list_alerts(org_id).filter(pk=alert_id).first() if known else None
    if alert is None:
        raise NotFound("There is no such alert.")
    return alert


def open_alerts_of(org_id: int, customer_id: int) -> QuerySet[Alert]:
    """A customer's unresolved alerts, newest first. Index: alerts_of_customer."""
    return list_alerts(org_id, state="live", customer=customer_id)


def stats(org_id: int, now: datetime) -> Stats:
    """How alerts stand; two statements. Index: alerts_by_state, alerts_newest_first."""
    week, day = now - timedelta(days=7), now - timedelta(days=1)
    rows = Alert.objects.for_org(org_id)
    live = dict(
        rows.filter(state__in=_LIVE).values_list("state").annotate(count=Count("id")).order_by()
    )
    recent = rows.filter(fired_at__gt=week).aggregate(
        week=Count("id"),
        day=Count("id", filter=Q(fired_at__gt=day)),
        resolved=Count("resolved_at"),
        span=Avg(F("resolved_at") - F("fired_at")),
    )
    span = recent["span"]
    return Stats(
        open=live.get(AlertState.OPEN, 0),
        acknowledged=live.get(AlertState.ACKNOWLEDGED, 0),
        snoozed=live.get(AlertState.SNOOZED, 0),
        fired_last_day=recent["day"],
        fired_last_week=recent["week"],
        resolved_last_week=recent["resolved"],
        mean_hours_to_resolve=round(span.total_seconds() / 3600, 1) if span else None,
    )


def unread_count(org_id: int, user_id: int) -> int:
    """How many notifications a person has not read. Index: notified_unread."""
    return Notification.objects.for_org(org_id).filter(user_id=user_id, read_at=None).count()


def list_notifications(
    org_id: int, user_id: int, *, unread: bool = False
) -> QuerySet[Notification]:
    """A person's notifications, newest first. Index: notified_newest."""
    rows = Notification.objects.for_org(org_id).filter(user_id=user_id)
    if unread:
        rows = rows.filter(read_at=None)
    return rows.select_related("alert").order_by("-created_at", "-id")


def get_preferences(org_id: int, user_id: int) -> NotificationPreference:
    """What a person wants; without a row of theirs the defaults (unsaved)."""
    row = NotificationPreference.objects.for_org(org_id).filter(user_id=user_id).first()
    return row or NotificationPreference(org_id=org_id, user_id=user_id)
