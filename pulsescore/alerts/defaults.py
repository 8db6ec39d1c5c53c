"""The rule that every organization has from its first moment."""

from typing import Any, Final

from django.db import transaction

from pulsescore.accounts.models import Organization
from pulsescore.alerts.models import AlertRule, RuleKind
from pulsescore.alerts.watch import save_watch_of

NAME: Final = "Support escalation: a customer becomes Critical"
CHANNELS: Final = {"in_app": True, "email": True, "webhook": True, "slack": []}


@transaction.atomic
def add_default_rule(org_id: int) -> AlertRule:
    """Give an organization its first rule."""
    rule = AlertRule(
        org_id=org_id,
        name=NAME,
        kind=RuleKind.LEVEL_BECOMES,
        params={"level": "red"},
        channels=dict(CHANNELS),
        is_default=True,
    )
    rule.save(force_insert=True)
    save_watch_of(org_id)
    return rule


def on_founded(*, instance: Organization, created: bool, **_ignored: Any) -> None:
    """An organization was stored, by whatever way; what accounts do not know of follows here."""
    if created:
        add_default_rule(instance.pk)
