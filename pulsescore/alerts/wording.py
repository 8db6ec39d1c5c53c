"""Pure: rules and alerts in the words of a colleague."""

from collections.abc import Mapping
from typing import Any, Final

from pulsescore.scoring.wording import LEVEL_NAMES, NAMES, UNITS, counted, factor_words

_CONNECTION: Final = "a connection needs attention"
_MOVES: Final = {"enters_segment": ("enters", "entered"), "leaves_segment": ("leaves", "left")}


def rule_words(kind: str, params: Mapping[str, Any]) -> str:
    """What a rule looks for, as it reads after "when": "a customer becomes Critical"."""
    if kind == "level_becomes":
        return f"a customer becomes {LEVEL_NAMES[params['level']]}"
    if kind == "score_below":
        return f"a customer's score falls below {params['score']}"
    if kind == "score_drops":
        days = counted(params["days"], "day")
        return f"a customer's score drops by {counted(params['points'], 'point')} within {days}"
    if kind == "factor_reaches":
        name, unit = NAMES[params["factor"]].lower(), UNITS[params["factor"]]
        return f"a customer's {name} reaches {params['value']:g} {unit}"
    if kind in _MOVES:
        return f"a customer {_MOVES[kind][0]} the segment “{params.get('name', '?')}”"
    return _CONNECTION


def alert_words(kind: str, facts: Mapping[str, Any]) -> str:
    """What happened, as it reads after the customer's name: "became Critical: 62 → 31"."""
    params = facts.get("params", {})
    score, before = facts.get("score"), facts.get("score_before")
    moved = f"{before} → {score}" if before is not None else f"{score}"
    if kind == "level_becomes":
        return f"became {LEVEL_NAMES[params['level']]}: {moved}"
    if kind == "score_below":
        return f"fell below {params['score']}: {moved}"
    if kind == "score_drops":
        lost = counted(facts.get("dropped", params["points"]), "point")
        return f"lost {lost} within {counted(params['days'], 'day')}: now {score}"
    if kind == "factor_reaches":
        return factor_words(params["factor"], facts.get("raw"))
    if kind in _MOVES:
        return f"{_MOVES[kind][1]} the segment “{params.get('name', '?')}”"
    return str(facts.get("reason") or "needs attention")


def many_words(kind: str, params: Mapping[str, Any], count: int) -> str:
    """What happened to many at once: "120 customers became Critical"."""
    if kind == "level_becomes":
        return f"{counted(count, 'customer')} became {LEVEL_NAMES[params['level']]}"
    if kind == "score_below":
        return f"{counted(count, 'customer')} fell below {params['score']}"
    if kind == "score_drops":
        return f"{counted(count, 'customer')} dropped by {counted(params['points'], 'point')}"
    if kind == "factor_reaches":
        name, unit = NAMES[params["factor"]].lower(), UNITS[params["factor"]]
        return f"{counted(count, 'customer')} reached {params['value']:g} {unit} ({name})"
    if kind in _MOVES:
        return f"{counted(count, 'customer')} {_MOVES[kind][1]} “{params.get('name', '?')}”"
    return counted(count, "connection") + " need attention"
