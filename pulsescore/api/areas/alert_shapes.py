"""Rules and alerts as the API shows them."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from pulsescore.alerts.models import Alert, AlertRule
from pulsescore.alerts.notes import headline
from pulsescore.alerts.wording import rule_words
from pulsescore.api.paging import Pagination


class ChannelsOut(BaseModel):
    """By which ways a rule tells; `slack` names channels by their ids."""

    in_app: bool
    email: bool
    webhook: bool
    slack: list[int]


class RuleOut(BaseModel):
    """A rule; `words` says what it looks for, as it reads after "when"."""

    id: int
    name: str
    kind: str
    params: dict[str, Any]
    words: str
    channels: ChannelsOut
    audience: str
    segments: list[int]
    cooldown_hours: int
    enabled: bool
    muted_until: datetime | None
    is_default: bool
    created_by: str | None
    created_at: datetime
    updated_at: datetime


class RulesOut(BaseModel):
    """A page of rules."""

    rules: list[RuleOut]
    pagination: Pagination


class AlertOut(BaseModel):
    """An alert; `facts` are how the customer stood when it fired.

    While `recovered_at` is null what it told of still holds, whatever its state.
    """

    id: int
    rule_id: int
    rule_name: str
    kind: str
    customer_id: int | None
    connection_id: int | None
    title: str
    state: str
    fired_at: datetime
    acknowledged_by: str | None
    acknowledged_at: datetime | None
    snoozed_until: datetime | None
    resolved_by: str | None
    resolved_at: datetime | None
    recovered_at: datetime | None
    reopened: int
    facts: dict[str, Any]


class AlertsOut(BaseModel):
    """A page of alerts, newest first."""

    alerts: list[AlertOut]
    pagination: Pagination


def show_rule(rule: AlertRule) -> RuleOut:
    """A rule."""
    return RuleOut(
        id=rule.pk,
        name=rule.name,
        kind=rule.kind,
        params=rule.params,
        words=rule_words(rule.kind, rule.params),
        channels=ChannelsOut(
            in_app=rule.channels.get("in_app", False),
            email=rule.channels.get("email", False),
            webhook=rule.channels.get("webhook", False),
            slack=rule.channels.get("slack", []),
        ),
        audience=rule.audience,
        segments=rule.segments,
        cooldown_hours=rule.cooldown_hours,
        enabled=rule.enabled,
        muted_until=rule.muted_until,
        is_default=rule.is_default,
        created_by=rule.created_by.get_full_name() if rule.created_by else None,
        created_at=rule.created_at,
        updated_at=rule.updated_at,
    )


def show_alert(alert: Alert) -> AlertOut:
    """An alert with its rule and customer at hand."""
    by, resolver = alert.acknowledged_by, alert.resolved_by
    return AlertOut(
        id=alert.pk,
        rule_id=alert.rule_id,
        rule_name=alert.rule.name,
        kind=alert.rule.kind,
        customer_id=alert.customer_id,
        connection_id=alert.connection_id,
        title=headline(alert),
        state=alert.state,
        fired_at=alert.fired_at,
        acknowledged_by=by.get_full_name() if by else None,
        acknowledged_at=alert.acknowledged_at,
        snoozed_until=alert.snoozed_until,
        resolved_by=resolver.get_full_name() if resolver else None,
        resolved_at=alert.resolved_at,
        recovered_at=alert.recovered_at,
        reopened=alert.reopened,
        facts={name: value for name, value in alert.facts.items() if name != "link"},
    )
