"""Alerts as people read them: whom they are about, what happened, and how they stand."""

from collections.abc import Iterable
from typing import NamedTuple

from pulsescore.alerts.models import Alert
from pulsescore.alerts.notes import link_of, subject_name
from pulsescore.alerts.wording import alert_words

SNOOZES = ((1, "1 hour"), (4, "4 hours"), (24, "1 day"), (72, "3 days"), (168, "1 week"))
# The order in which people look: what nobody has looked at first.
STATES = (
    ("", "Unresolved"),
    ("open", "New"),
    ("acknowledged", "In hand"),
    ("snoozed", "Snoozed"),
    ("resolved", "Resolved"),
    ("all", "All"),
)
STATE_WORDS = {
    "open": "New",
    "acknowledged": "In hand",
    "snoozed": "Snoozed",
    "resolved": "Resolved",
}


class AlertLine(NamedTuple):
    """An alert with its words and its door."""

    row: Alert
    who: str
    words: str
    href: str
    state: str
    is_over: bool


def alert_line(alert: Alert) -> AlertLine:
    """One alert."""
    return AlertLine(
        alert,
        subject_name(alert),
        alert_words(alert.rule.kind, alert.facts),
        link_of(alert),
        STATE_WORDS[alert.state],
        is_over=alert.state == "resolved",
    )


def alert_lines(alerts: Iterable[Alert]) -> list[AlertLine]:
    """Several, in their order."""
    return [alert_line(one) for one in alerts]
