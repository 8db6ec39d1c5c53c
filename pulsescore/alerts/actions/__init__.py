"""What changes in alerts: each action is one transaction, the change and what goes with it."""

from pulsescore.alerts.actions.answering import (
    acknowledge,
    mark_all_read,
    mark_read,
    resolve,
    snooze,
    wake_snoozed,
)
from pulsescore.alerts.actions.preferences import mute_rule, save_preferences, unmute_rule
from pulsescore.alerts.actions.rules import (
    delete_rule,
    mute_rule_for_all,
    save_rule,
    set_rule_enabled,
)

__all__ = [
    "acknowledge",
    "delete_rule",
    "mark_all_read",
    "mark_read",
    "mute_rule",
    "mute_rule_for_all",
    "resolve",
    "save_preferences",
    "save_rule",
    "set_rule_enabled",
    "snooze",
    "unmute_rule",
    "wake_snoozed",
]
