"""Pure: an organization's scoring configuration, its defaults, and what makes one invalid."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pulsescore.core.errors import FieldFault, Invalid
from pulsescore.scoring.exceptions import MAX_SCORE, Exceptions, parse_exceptions
from pulsescore.scoring.numbers import not_negative, numbers, positive, unknown

__all__ = ["DEFAULTS", "FACTORS", "MAX_SCORE", "Config", "parse_config"]

FACTORS = (
    "support_recency",
    "open_tickets",
    "resolution_time",
    "reopen_rate",
    "response_rate",
)
WEIGHT_SUM_TOLERANCE = 0.001
NO_EXCEPTIONS = Exceptions()


@dataclass(frozen=True)
class Config:
    """Weights and half points by factor key, and the two scores at which the level changes;
    exceptions, where the organization wants any.

    A factor is worth half where its x reaches its half point (days, conversations, hours,
    reopenings, hours). Weights are fractions; only their proportions matter to the score.
    """

    weights: Mapping[str, float]
    halves: Mapping[str, float]
    yellow: float
    green: float
    exceptions: Exceptions = NO_EXCEPTIONS

    def as_json(self) -> dict[str, dict[str, Any]]:
        """The shape of the API and of the stored version."""
        return {
            "weights": {key: self.weights[key] for key in FACTORS},
            "halves": {key: self.halves[key] for key in FACTORS},
            "thresholds": {"yellow": self.yellow, "green": self.green},
            "exceptions": dict(self.exceptions.as_json()),
        }


DEFAULTS = Config(
    weights=dict(zip(FACTORS, (0.20, 0.25, 0.20, 0.20, 0.15), strict=True)),
    halves=dict(zip(FACTORS, (10.0, 2.0, 24.0, 1.0, 72.0), strict=True)),
    yellow=40.0,
    green=70.0,
)


def parse_config(data: Mapping[str, Any]) -> Config:
    """Read `{weights, halves, thresholds, exceptions}`, of which the last may be left out.

    Raises `Invalid` naming every wrong field at once.
    """
    faults = unknown("", data, ("weights", "halves", "thresholds", "exceptions"))
    weights = numbers("weights", data.get("weights"), dict.fromkeys(FACTORS, not_negative), faults)
    halves = numbers("halves", data.get("halves"), dict.fromkeys(FACTORS, positive), faults)
    thresholds = numbers(
        "thresholds", data.get("thresholds"), {"yellow": _threshold, "green": _threshold}, faults
    )
    exceptions = parse_exceptions(data.get("exceptions"), faults)
    if weights is not None:
        faults += _weight_faults(weights)
    if thresholds is not None and thresholds["yellow"] >= thresholds["green"]:
        faults.append(
            FieldFault("thresholds.yellow", "must be below the score at which healthy begins")
        )
    if faults or weights is None or halves is None or thresholds is None:
        raise Invalid(*faults)
    return Config(weights=weights, halves=halves, **thresholds, exceptions=exceptions)


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
