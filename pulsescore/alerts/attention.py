"""Rules about connections: what needs attention fires once, and is over when it was mended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from pulsescore.alerts.evaluating import recover
from pulsescore.alerts.models import Alert, AlertRule, RuleKind
from pulsescore.core.locks import lock_for_transaction


@dataclass(frozen=True)
class Trouble:
    """A connection that only a person can mend, and why."""

    connection_id: int
    name: str
    reason: str
    link: str


def orgs_concerned(troubled: Sequence[int]) -> list[int]:
    """Those of the organizations that have such a rule, and all where such an alert holds."""
    rules = AlertRule.objects.across_orgs("the worker looks after every organization")
    watching = rules.filter(
        kind=RuleKind.CONNECTION_NEEDS_ATTENTION, enabled=True, org_id__in=troubled
    )
    alerts = Alert.objects.across_orgs("the worker looks after every organization")
    held = alerts.filter(connection_id__isnull=False, recovered_at=None)
    found = {*watching.values_list("org_id", flat=True), *held.values_list("org_id", flat=True)}
    return sorted(found)


@transaction.atomic
def evaluate_connections(org_id: int, troubles: Sequence[Trouble], *, now: datetime) -> list[int]:
    """Fire for connections newly in trouble; returns the alerts that are over."""
    lock_for_transaction(f"alerts:{org_id}")
    rules = AlertRule.objects.for_org(org_id).filter(
        kind=RuleKind.CONNECTION_NEEDS_ATTENTION, enabled=True
    )
    rows = Alert.objects.for_org(org_id).filter(connection_id__isnull=False, recovered_at=None)
    held = {(row.rule_id, row.connection_id): row.pk for row in rows}
    present = {trouble.connection_id for trouble in troubles}
    Alert.objects.for_org(org_id).bulk_create(
        Alert(
            org_id=org_id,
            rule=rule,
            connection_id=trouble.connection_id,
            fired_at=now,
            facts={"connection": trouble.name, "reason": trouble.reason, "link": trouble.link},
        )
        for rule in rules
        for trouble in troubles
        if (rule.pk, trouble.connection_id) not in held
    )
    over = [pk for (_, connection_id), pk in held.items() if connection_id not in present]
    recover(org_id, over, now=now)
    return over
