"""Alerts in each of their states, with what was told of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pulsescore.alerts.models import Alert, AlertRule, Notification
from pulsescore.delivery.models import Delivery, WebhookEndpoint
from pulsescore.scoring.queries import CustomerFilters, list_customers
from tests.seeding import Seeded


@dataclass(frozen=True)
class Fired:
    """What `add_alerts` made."""

    rule: AlertRule
    quiet_rule: AlertRule
    new: Alert
    taken: Alert
    resolved: Alert
    note: Notification
    endpoint: WebhookEndpoint
    failed: Delivery


def add_alerts(seeded: Seeded, *, now: datetime) -> Fired:
    """A new alert, one in hand and one resolved; a notification; deliveries sent and failed."""
    org_id = seeded.organization.pk
    rule = AlertRule.objects.for_org(org_id).get(is_default=True)
    quiet_rule = _quiet_rule(org_id, now=now)
    new, taken, resolved = _alerts(seeded, rule, now=now)
    note = Notification(
        org_id=org_id,
        user=seeded.user,
        alert=new,
        kind="alert",
        title="Mia Chen became Critical: 62 → 31",
        body=rule.name,
        link=f"/customers/{new.customer_id}",
        created_at=now - timedelta(minutes=9),
    )
    note.save(force_insert=True)
    endpoint, failed = _endpoint_and_failure(seeded, now=now)
    return Fired(rule, quiet_rule, new, taken, resolved, note, endpoint, failed)


def _quiet_rule(org_id: int, *, now: datetime) -> AlertRule:
    rule = AlertRule(
        org_id=org_id,
        name="A factor gets too much",
        kind="factor_reaches",
        params={"factor": "open_tickets", "value": 6.0},
        channels={"in_app": True},
        created_at=now,
    )
    rule.save(force_insert=True)
    return rule


def _alerts(seeded: Seeded, rule: AlertRule, *, now: datetime) -> tuple[Alert, Alert, Alert]:
    """About the three whose scores are worst: new, in hand, resolved."""
    worst = list_customers(rule.org_id, filters=CustomerFilters(), sort="score").customers[:3]
    new = _alert(rule, worst[0].id, now=now - timedelta(minutes=9), told_as="alert:1")
    taken = _alert(
        rule,
        worst[1].id,
        now=now - timedelta(hours=5),
        state="acknowledged",
        acknowledged_by=seeded.user,
        acknowledged_at=now - timedelta(hours=1),
    )
    resolved = _alert(
        rule,
        worst[2].id,
        now=now - timedelta(days=2),
        state="resolved",
        resolved_at=now - timedelta(days=1),
        recovered_at=now - timedelta(days=1),
    )
    return new, taken, resolved


def _endpoint_and_failure(seeded: Seeded, *, now: datetime) -> tuple[WebhookEndpoint, Delivery]:
    """An endpoint that was switched off, and a delivery to another that failed."""
    org_id = seeded.organization.pk
    endpoint = WebhookEndpoint(
        org_id=org_id,
        url="https://hooks.example.com/in",
        description="The data warehouse",
        secret_last4="k9A=",
        events=["alert.fired"],
        enabled=False,
        disabled_reason="Nothing arrived for three days.",
        disabled_at=now - timedelta(hours=1),
        created_by=seeded.user,
        created_at=now - timedelta(days=9),
    )
    endpoint.save(force_insert=True)
    spare = WebhookEndpoint(
        org_id=org_id, url="https://hooks.example.com/two", events=["alert.fired"], created_at=now
    )
    spare.save(force_insert=True)
    _delivery(org_id, "sent", now=now, channel="email", user=seeded.user, sent_at=now)
    failed = _delivery(
        org_id,
        "failed",
        now=now,
        channel="webhook",
        endpoint=spare,
        attempts=9,
        status_code=500,
        last_error="It answered with HTTP 500.",
    )
    return endpoint, failed


def _alert(rule: AlertRule, customer_id: int, *, now: datetime, **more: object) -> Alert:
    alert = Alert(
        org_id=rule.org_id,
        rule=rule,
        customer_id=customer_id,
        fired_at=now,
        told_at=now,
        facts={"params": {"level": "red"}, "score": 31, "score_before": 62},
        **more,
    )
    alert.save(force_insert=True)
    return alert


def _delivery(org_id: int, state: str, *, now: datetime, **more: object) -> Delivery:
    delivery = Delivery(
        org_id=org_id,
        event="alert.fired",
        key=f"seeded:{state}",
        subject="alert:1",
        payload={},
        state=state,
        next_at=now,
        created_at=now,
        **more,
    )
    delivery.save(force_insert=True)
    return delivery
