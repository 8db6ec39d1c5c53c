"""Pure: an organization's scoring configuration, its defaults, and what makes one invalid."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pulsescore.core.errors import FieldFault, Invalid

FACTORS = (
    "support_recency",
    "open_tickets",
    "resolution_time",
    "reopen_rate",
    "response_rate",
)
WEIGHT_SUM_TOLERANCE = 0.001
MAX_SCORE = 100

_Check = Callable[[float], str | None]


@dataclass(frozen=True)
class Config:
    """Weights and half points by factor key, and the two scores at which the level changes.

    A factor is worth half where its x reaches its half point (days, conversations, hours,
    reopenings, hours). Weights are fractions; only their proportions matter to the score.
    """

    weights: Mapping[str, float]
    halves: Mapping[str, float]
    yellow: float
    green: float

    def as_json(self) -> dict[str, dict[str, float]]:
        """The shape of the API and of the stored version."""
        return {
            "weights": {key: self.weights[key] for key in FACTORS},
            "halves": {key: self.halves[key] for key in FACTORS},
            "thresholds": {"yellow": self.yellow, "green": self.green},
        }


DEFAULTS = Config(
    weights=dict(zip(FACTORS, (0.20, 0.25, 0.20, 0.20, 0.15), strict=True)),
    halves=dict(zip(FACTORS, (10.0, 2.0, 24.0, 1.0, 72.0), strict=True)),
    yellow=40.0,
    green=70.0,
)


def parse_config(data: Mapping[str, Any]) -> Config:
    """Read `{weights, halves, thresholds}`; raises `Invalid` naming every wrong field at once."""
    faults = _unknown("", data, ("weights", "halves", "thresholds"))
    weights = _numbers("weights", data.get("weights"), FACTORS, faults, _not_negative)
    halves = _numbers("halves", data.get("halves"), FACTORS, faults, _positive)
    thresholds = _numbers(
        "thresholds", data.get("thresholds"), ("yellow", "green"), faults, _threshold
    )
    if weights is not None:
        faults += _weight_faults(weights)
    if thresholds is not None and thresholds["yellow"] >= thresholds["green"]:
        faults.append(
            FieldFault("thresholds.yellow", "must be below the score at which green begins")
        )
    if faults or weights is None or halves is None or thresholds is None:
        raise Invalid(*faults)
    return Config(weights=weights, halves=halves, **thresholds)


def _numbers(
    name: str, data: Any, keys: tuple[str, ...], faults: list[FieldFault], check: _Check
) -> dict[str, float] | None:
    """The five (or two) numbers of a part, or nothing after noting what is wrong with them."""
    if not isinstance(data, Mapping):
        faults.append(FieldFault(name, "must be an object with " + ", ".join(keys)))
        return None
    found = _unknown(f"{name}.", data, keys)
    for key in keys:
        message = _number_fault(data[key], check) if key in data else "is missing"
        if message:
            found.append(FieldFault(f"{name}.{key}", message))
    faults += found
    return None if found else {key: float(data[key]) for key in keys}


def _unknown(prefix: str, data: Mapping[str, Any], keys: tuple[str, ...]) -> list[FieldFault]:
    return [
        FieldFault(f"{prefix}{key}", "is not a setting of the score")
        for key in data
        if key not in keys
    ]


def _number_fault(value: Any, check: _Check) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "must be a number"
    try:
        number = float(value)
    except OverflowError:
        return "must be a finite number"
    return check(number) if math.isfinite(number) else "must be a finite number"


def _not_negative(value: float) -> str | None:
    return "must not be negative" if value < 0 else None


def _positive(value: float) -> str | None:
    return None if value > 0 else "must be greater than 0"


def _threshold(value: float) -> str | None:
    return None if 0 < value <= MAX_SCORE else f"must be above 0 and at most {MAX_SCORE}"


def _weight_faults(weights: dict[str, float]) -> list[FieldFault]:
    total = math.fsum(weights.values())
    if total <= 0:
        return [FieldFault("weights", "at least one weight must be greater than 0")]
    # The tiny addition lets exactly 0.999 and 1.001 pass in spite of binary fractions.
    if abs(total - 1) > WEIGHT_SUM_TOLERANCE + 1e-12:
        return [FieldFault("weights", f"must sum to 1 (100 %), not {total:g}")]
    return []
