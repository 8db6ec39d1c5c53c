"""Telling what fired: notifications at once, and what is to be delivered, for the next stage.

Alerts that nobody was told of are claimed in the transaction that writes what tells of them. Many
of one rule at once are told together, so that a saved configuration does not fill a mailbox.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import Count, Min, QuerySet

from pulsescore.alerts.models import Alert, AlertRule, EmailChoice, Notification
from pulsescore.alerts.notes import note
from pulsescore.alerts.people import Listener, listeners
from pulsescore.alerts.quiet import not_before
from pulsescore.alerts.wording import many_words
from pulsescore.core.locks import lock_for_transaction

# More than so many of one rule at once are told in one message.
TOGETHER_FROM: Final = 6


@dataclass(frozen=True)
class Telling:
    """One thing to be told outside: one alert, or many of one rule under one subject."""

    subject: str
    rule: AlertRule
    customer_id: int | None = None
    emails: list[tuple[int, datetime]] = field(default_factory=list)
    slack: list[int] = field(default_factory=list)
    tells_webhooks: bool = False


def orgs_with_untold() -> list[int]:
    """The organizations in which something fired that nobody was told of."""
    rows = Alert.objects.across_orgs("the worker looks after every organization")
    return sorted(set(rows.filter(told_at=None).values_list("org_id", flat=True).distinct()))


@transaction.atomic
def tell(org_id: int, *, now: datetime) -> list[Telling]:
    """Notify people of everything that fired; returns what is to be delivered."""
    lock_for_transaction(f"alerts:{org_id}")
    untold = Alert.objects.for_org(org_id).filter(told_at=None)
    counts = list(
        untold.values_list("rule_id").annotate(count=Count("id"), first=Min("id")).order_by()
    )
    rules = AlertRule.objects.for_org(org_id).in_bulk([rule_id for rule_id, _, _ in counts])
    told: list[Telling] = []
    for rule_id, count, first in counts:
        rule, alerts = rules[rule_id], untold.filter(rule_id=rule_id)
        if not rule.enabled or (rule.muted_until is not None and now < rule.muted_until):
            alerts.update(told_at=now)
        elif count < TOGETHER_FROM:
            told += _tell_each(rule, alerts, now=now)
        else:
            told.append(_tell_together(rule, alerts, count=count, first=first, now=now))
    return told


def _tell_each(rule: AlertRule, rows: QuerySet[Alert], *, now: datetime) -> list[Telling]:
    alerts = list(rows.select_related("rule", "customer").order_by("id"))
    people = listeners(rule)
    notified = people if rule.channels.get("in_app") else []
    Notification.objects.for_org(rule.org_id).bulk_create(
        note(alert, one.user_id, kind="alert", body=rule.name, now=now)
        for alert in alerts
        for one in notified
        if one.in_app
    )
    for alert in alerts:
        alert.told_at, alert.told_as = now, f"alert:{alert.pk}"
    Alert.objects.for_org(rule.org_id).bulk_update(alerts, ["told_at", "told_as"])
    return [
        _telling(rule, people, alert.told_as, customer_id=alert.customer_id, now=now)
        for alert in alerts
    ]


def _tell_together(
    rule: AlertRule, alerts: QuerySet[Alert], *, count: int, first: int, now: datetime
) -> Telling:
    people = listeners(rule)
    subject = f"alerts:{rule.pk}:{first}"
    if rule.channels.get("in_app"):
        Notification.objects.for_org(rule.org_id).bulk_create(
            Notification(
                org_id=rule.org_id,
                user_id=one.user_id,
                kind="alerts",
                title=many_words(rule.kind, rule.params, count),
                body=rule.name,
                link=f"/alerts?rule={rule.pk}",
                created_at=now,
            )
            for one in people
            if one.in_app
        )
    alerts.update(told_at=now, told_as=subject)
    return _telling(rule, people, subject, customer_id=None, now=now)


def _telling(
    rule: AlertRule,
    people: Sequence[Listener],
    subject: str,
    *,
    customer_id: int | None,
    now: datetime,
) -> Telling:
    return Telling(
        subject=subject,
        rule=rule,
        customer_id=customer_id,
        emails=list(_emails(people, now=now)) if rule.channels.get("email") else [],
        slack=list(rule.channels.get("slack", ())),
        tells_webhooks=bool(rule.channels.get("webhook")),
    )


def _emails(people: Iterable[Listener], *, now: datetime) -> Iterable[tuple[int, datetime]]:
    for one in people:
        if one.email == EmailChoice.EACH and one.has_address:
            at = not_before(
                now, quiet_from=one.quiet_from, quiet_to=one.quiet_to, zone=one.time_zone
            )
            yield one.user_id, at
