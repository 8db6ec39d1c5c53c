"""Pure: rules in words, whom they tell and how often."""

from collections.abc import Container, Iterable, Mapping
from typing import NamedTuple

from pulsescore.alerts.models import AlertRule
from pulsescore.alerts.queries import RuleRow
from pulsescore.alerts.wording import rule_words
from pulsescore.web.words import joined

DAY = 24


class RuleLine(NamedTuple):
    """A rule as its list shows it."""

    row: RuleRow
    words: str
    tells: str
    pause: str
    is_muted: bool


def rule_lines(
    rows: Iterable[RuleRow], *, hooks: Mapping[int, str], muted: Container[int]
) -> list[RuleLine]:
    """Rules in words; `hooks` are the names of Slack channels, `muted` what the reader muted."""
    return [
        RuleLine(
            row,
            rule_words(row.rule.kind, row.rule.params),
            channel_words(row.rule, hooks),
            pause_words(row.rule.cooldown_hours),
            row.rule.pk in muted,
        )
        for row in rows
    ]


def channel_words(rule: AlertRule, hooks: Mapping[int, str]) -> str:
    """By which ways a rule tells: "in the app, by e-mail and in #support"."""
    wanted = rule.channels
    who = "admins" if rule.audience == "admins" else "everyone"
    ways = []
    if wanted.get("in_app"):
        ways.append("in the app")
    if wanted.get("email"):
        ways.append("by e-mail")
    told = f"{who} {joined(ways)}" if ways else ""
    others = [hooks[one] for one in wanted.get("slack", ()) if one in hooks]
    if wanted.get("webhook"):
        others.append("webhooks")
    parts = [one for one in (told, *others) if one]
    return f"Tells {joined(parts)}" if parts else "Tells nobody; it only records"


def pause_words(hours: int) -> str:
    """How often at most: "at most once a day about the same customer"."""
    if not hours:
        return "each time it happens"
    if hours == DAY:
        span = "a day"
    elif hours % DAY == 0:
        span = f"in {hours // DAY} days"
    else:
        span = "an hour" if hours == 1 else f"in {hours} hours"
    return f"at most once {span} about the same one"
