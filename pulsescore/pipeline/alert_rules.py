"""Saving a rule of alerts whose Slack channels are the organization's own and still there."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from pulsescore.accounts.access import Actor
from pulsescore.alerts import actions
from pulsescore.alerts import queries as alerts
from pulsescore.alerts.actions.rules import RuleDraft
from pulsescore.alerts.models import AlertRule
from pulsescore.core.errors import FieldFault, Invalid
from pulsescore.delivery.queries import list_slack_hooks


@transaction.atomic
def save_rule(
    actor: Actor, *, draft: RuleDraft, rule_id: int | None = None, now: datetime
) -> AlertRule:
    """Make a rule, or change the one with this id, as `alerts.actions.save_rule` does.

    A Slack channel that was removed since the rule was saved falls out of it. Raises `Invalid` for
    any other that is not there, and what saving raises.
    """
    known = alerts.get_rule(actor.org_id, rule_id) if rule_id is not None else None
    asked = draft.channels.get("slack") or []
    if _are_ids(asked) and asked:
        there = set(list_slack_hooks(actor.org_id).values_list("id", flat=True))
        had = set(known.channels.get("slack", ())) if known else set()
        if not set(asked) <= there | had:
            raise Invalid(FieldFault("channels.slack", "There is no such Slack channel."))
        kept = [one for one in asked if one in there]
        draft = replace(draft, channels={**draft.channels, "slack": kept})
    return actions.save_rule(actor, draft=draft, rule_id=rule_id, now=now)


def _are_ids(asked: Any) -> bool:
    """Whatever is no list of ids is refused by saving, in its words."""
    return isinstance(asked, list) and all(type(one) is int for one in asked)
