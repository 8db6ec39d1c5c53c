"""Pure: the parameters of rules, from what people and programs send to conditions, and back."""

import math
from collections.abc import Mapping
from typing import Any, Final

from pulsescore.alerts.rules import (
    HIGHEST,
    LEVELS,
    Condition,
    FactorReaches,
    LevelBecomes,
    ScoreBelow,
    ScoreDrops,
)
from pulsescore.core.errors import FieldFault, Invalid
from pulsescore.scoring.config import FACTORS

LONGEST_DAYS: Final = 90
LARGEST_RAW: Final = 100_000
SEGMENT_KINDS: Final = ("enters_segment", "leaves_segment")
CONNECTION: Final = "connection_needs_attention"
KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "level_becomes": ("level",),
    "score_below": ("score",),
    "score_drops": ("points", "days"),
    "factor_reaches": ("factor", "value"),
    **dict.fromkeys(SEGMENT_KINDS, ("segment",)),
    CONNECTION: (),
}


def parse_condition(kind: str, params: Mapping[str, Any]) -> Condition | None:
    """The condition of a rule about scores, `None` of one about connections or segments.

    Raises `Invalid` with the path of each wrong parameter.
    """
    if kind not in KINDS:
        raise Invalid(FieldFault("kind", f"Choose one of {', '.join(KINDS)}."))
    faults = [
        FieldFault(f"params.{name}", "This kind of rule has no such setting.")
        for name in sorted(params.keys() - _known(kind))
    ]
    condition = _read(kind, params, faults)
    if faults:
        raise Invalid(*faults)
    return condition


def clean_params(kind: str, params: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters as they are stored; raises what `parse_condition` raises."""
    condition = parse_condition(kind, params)
    if kind in SEGMENT_KINDS:
        return {"segment": params["segment"], "name": str(params.get("name", ""))}
    return {name: getattr(condition, name) for name in KINDS[kind]}


def _known(kind: str) -> set[str]:
    """The name of a segment is kept beside its id, for the words of the rule."""
    return {*KINDS[kind], "name"} if kind in SEGMENT_KINDS else set(KINDS[kind])


def _read(kind: str, params: Mapping[str, Any], faults: list[FieldFault]) -> Condition | None:
    if kind == "level_becomes":
        return LevelBecomes(_choice(params, "level", LEVELS, faults))
    if kind == "score_below":
        return ScoreBelow(_whole(params, "score", HIGHEST, faults))
    if kind == "score_drops":
        points = _whole(params, "points", HIGHEST, faults)
        return ScoreDrops(points, _whole(params, "days", LONGEST_DAYS, faults))
    if kind == "factor_reaches":
        factor = _choice(params, "factor", FACTORS, faults)
        return FactorReaches(factor, _positive(params, "value", faults))
    if kind in SEGMENT_KINDS and type(params.get("segment")) is not int:
        faults.append(FieldFault("params.segment", "Choose a segment."))
    return None


def _choice(
    params: Mapping[str, Any], name: str, choices: tuple[str, ...], faults: list[FieldFault]
) -> str:
    value = params.get(name)
    if value in choices:
        return str(value)
    faults.append(FieldFault(f"params.{name}", f"Choose one of {', '.join(choices)}."))
    return choices[0]


def _whole(params: Mapping[str, Any], name: str, most: int, faults: list[FieldFault]) -> int:
    value = params.get(name)
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= most:
        return value
    faults.append(FieldFault(f"params.{name}", f"Enter a whole number from 1 to {most}."))
    return 1


def _positive(params: Mapping[str, Any], name: str, faults: list[FieldFault]) -> float:
    value = params.get(name)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number and math.isfinite(value) and 0 < value <= LARGEST_RAW:  # type: ignore[arg-type,operator]
        return float(value)  # type: ignore[arg-type]
    faults.append(FieldFault(f"params.{name}", f"Enter a number above 0, at most {LARGEST_RAW}."))
    return 1.0
