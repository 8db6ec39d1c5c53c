"""Pure: the form of a rule, to a draft and back."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pulsescore.alerts.actions.rules import RuleDraft
from pulsescore.alerts.models import AlertRule, Audience, RuleKind
from pulsescore.alerts.params import KINDS
from pulsescore.scoring.config import FACTORS
from pulsescore.scoring.wording import LEVEL_NAMES, NAMES, UNITS

# Each kind as the form asks for it: what it is called, and what it is good for.
KIND_TEXTS: Final = (
    (
        RuleKind.LEVEL_BECOMES.value,
        "Risk level becomes …",
        "When a customer crosses into a level.",
    ),
    (
        RuleKind.SCORE_BELOW.value,
        "Score falls below …",
        "When a score passes a number of your own on its way down.",
    ),
    (
        RuleKind.SCORE_DROPS.value,
        "Score drops by …",
        "When somebody falls fast, whatever the level.",
    ),
    (
        RuleKind.FACTOR_REACHES.value,
        "A factor reaches …",
        "When one thing gets too much: open tickets, silence, reopenings.",
    ),
    (
        RuleKind.ENTERS_SEGMENT.value,
        "A customer enters a segment",
        "When somebody begins to fit a rule of your own.",
    ),
    (
        RuleKind.LEAVES_SEGMENT.value,
        "A customer leaves a segment",
        "When somebody fits no longer, for example those who paid.",
    ),
    (
        RuleKind.CONNECTION_NEEDS_ATTENTION.value,
        "A connection needs attention",
        "When Intercom refuses us and a person has to act.",
    ),
)
LEVELS: Final = [(key, LEVEL_NAMES[key]) for key in ("red", "yellow", "green")]
FACTOR_CHOICES: Final = [(key, f"{NAMES[key]}, in {UNITS[key]}") for key in FACTORS]
AUDIENCES: Final = Audience.choices
COOLDOWNS: Final = (
    ("0", "Each time"),
    ("1", "Once an hour"),
    ("4", "Once in 4 hours"),
    ("24", "Once a day"),
    ("72", "Once in 3 days"),
    ("168", "Once a week"),
)
_NUMBERS: Final = frozenset({"score", "points", "days", "value", "segment"})
BLANK: Final[Mapping[str, str]] = {
    "kind": RuleKind.LEVEL_BECOMES.value,
    "level": "red",
    "score": "50",
    "points": "15",
    "days": "7",
    "factor": "open_tickets",
    "value": "3",
    "segment": "",
    "scope": "",
    "audience": Audience.EVERYONE.value,
    "cooldown_hours": "24",
    "in_app": "1",
    "email": "1",
    "enabled": "1",
}
NAMES_OF_FIELDS: Final = (
    "name",
    "kind",
    "level",
    "score",
    "points",
    "days",
    "factor",
    "value",
    "segment",
    "scope",
    "audience",
    "cooldown_hours",
    "in_app",
    "email",
    "webhook",
    "enabled",
)


def as_values(rule: AlertRule) -> dict[str, str]:
    """What a rule fills in; parameters of other kinds keep what one would begin with."""
    flags = {name: "1" if rule.channels.get(name) else "" for name in _FLAGS}
    return {
        **BLANK,
        **{name: _plain(value) for name, value in rule.params.items()},
        **flags,
        "name": rule.name,
        "kind": rule.kind,
        "audience": rule.audience,
        "scope": ",".join(map(str, rule.segments)),
        "cooldown_hours": str(rule.cooldown_hours),
        "enabled": "1" if rule.enabled else "",
    }


def as_draft(values: Mapping[str, str], slack: Sequence[str]) -> RuleDraft:
    """The rule that was filled in; what is no number is left for the rules to refuse."""
    kind = values["kind"]
    return RuleDraft(
        name=values["name"],
        kind=kind,
        params={name: _param(name, values[name]) for name in KINDS.get(kind, ())},
        channels={
            **{name: bool(values[name]) for name in _FLAGS},
            "slack": [int(one) for one in slack if one.isascii() and one.isdigit()],
        },
        audience=values["audience"],
        segments=[int(one) for one in values["scope"].split(",") if _whole(one) > 0],
        cooldown_hours=_whole(values["cooldown_hours"]),
        enabled=bool(values["enabled"]),
    )


def cooldown_choices(chosen: str) -> list[tuple[str, str]]:
    """The usual pauses, and one that a program chose."""
    known = list(COOLDOWNS)
    if chosen not in dict(COOLDOWNS) and chosen.isdigit():
        known.append((chosen, f"Once in {chosen} hours"))
    return known


def scope_choices(chosen: str, segments: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Everybody, each segment, and the several that a program chose."""
    known = [("", "All customers"), *segments]
    if chosen not in dict(known):
        known.append((chosen, f"{len(chosen.split(','))} segments"))
    return known


_FLAGS: Final = ("in_app", "email", "webhook")


def _param(name: str, text: str) -> Any:
    if name not in _NUMBERS:
        return text
    try:
        number = float(text.strip().replace(",", "."))
    except ValueError:
        return text
    return int(number) if name != "value" and number.is_integer() else number


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else -1  # noqa: PLR2004


def _plain(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
