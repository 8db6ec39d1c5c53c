"""Alerts, their rules, notifications, endpoints and Slack."""

from tools.screenshots.people import FULL, MEMBER, NEW
from tools.screenshots.shots import Shot, fill, unfold
from tools.screenshots.worlds import Worlds


def shots(worlds: Worlds) -> list[Shot]:
    """Full, empty, wrong, as another role."""
    fired = worlds.full.fired
    rule = f"/alerts/rules/{fired.quiet_rule.pk}"
    hook = {"url": "nowhere"}
    return [
        Shot("alerts", FULL, "/alerts"),
        Shot("alerts-all", FULL, "/alerts?state=all"),
        Shot("alerts-none", NEW, "/alerts"),
        Shot("alert-one", FULL, f"/alerts/{fired.new.pk}"),
        Shot("alert-rules", FULL, "/alerts/rules"),
        Shot("alert-rules-new", NEW, "/alerts/rules"),
        Shot("alert-rules-as-member", MEMBER, "/alerts/rules"),
        Shot("alert-rule", FULL, rule),
        Shot("alert-rule-new", FULL, "/alerts/rules/new"),
        Shot(
            "alert-rule-new-segment",
            FULL,
            "/alerts/rules/new",
            unfold("[name='kind'][value='enters_segment']"),
        ),
        Shot(
            "alert-rule-new-wrong", FULL, "/alerts/rules/new", fill({"name": ""}, "Make the rule")
        ),
        Shot("alert-rule-delete", FULL, f"{rule}/delete"),
        Shot("notifications", FULL, "/notifications"),
        Shot("notifications-none", NEW, "/notifications"),
        Shot("notification-settings", FULL, "/settings/notifications"),
        Shot("outgoing", FULL, "/settings/webhooks"),
        Shot("outgoing-none", NEW, "/settings/webhooks"),
        Shot("outgoing-endpoint", FULL, f"/settings/webhooks/{fired.endpoint.pk}"),
        Shot("outgoing-new", FULL, "/settings/webhooks/new"),
        Shot("outgoing-new-wrong", FULL, "/settings/webhooks/new", fill(hook, "Add endpoint")),
        Shot("outgoing-slack", FULL, "/settings/slack/new"),
    ]
