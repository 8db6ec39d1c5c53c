"""Pure: what members say instead of the formula, applied to scores on arrays.

This is the one place that decides the score everybody sees. An override of a score has the level
of that score. One of a level moves the score no further than into the level; a customer without a
score of their own stands in the middle of it.
"""

import math
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from pulsescore.scoring.config import MAX_SCORE, Config
from pulsescore.scoring.factors import NO_SCORE, Floats, Ints, Outcome, grade

Smalls = NDArray[np.int16]


@dataclass(frozen=True)
class Overrides:
    """Rows of overrides, ordered by customer, then by the instant from which they hold.

    `scores` is -1 and `levels` 0 where nothing is said of it; a row that says nothing ends the one
    before. Instants are Unix seconds.
    """

    customer_ids: Ints
    ids: Ints
    scores: Smalls
    levels: Smalls
    set_at: Floats
    expires_at: Floats

    def take(self, rows: NDArray[np.bool_]) -> "Overrides":
        """Some of the rows, in their order."""
        return Overrides(**{f.name: getattr(self, f.name)[rows] for f in fields(self)})

    def held_at(self, t: float) -> "Overrides":
        """Those that hold at `t`, one for each customer who has one."""
        begun = self.take(self.set_at <= t)
        newest = np.ones(len(begun.ids), dtype=bool)
        newest[:-1] = begun.customer_ids[1:] != begun.customer_ids[:-1]
        says = (begun.scores != NO_SCORE) | (begun.levels != 0)
        return begun.take(newest & says & (begun.expires_at > t))


def apply_overrides(outcome: Outcome, held: Overrides, config: Config) -> Outcome:
    """The outcome with what holds instead; `held` has at most one row for each customer."""
    places = np.searchsorted(outcome.customer_ids, held.customer_ids)
    inside = places < len(outcome.customer_ids)
    known = inside.copy()
    known[inside] = outcome.customer_ids[places[inside]] == held.customer_ids[inside]
    if not known.any():
        return outcome
    held, at = held.take(known), places[known]
    scores, levels = outcome.scores.copy(), outcome.levels.copy()
    reasons, overrides = outcome.reasons.copy(), outcome.overrides.copy()
    scores[at], levels[at] = _said(held, scores[at], config)
    reasons[at], overrides[at] = 0, held.ids
    return replace(outcome, scores=scores, levels=levels, reasons=reasons, overrides=overrides)


def band(level: int, config: Config) -> tuple[int, int]:
    """The lowest and highest whole score of a level; 1 is red, 2 yellow, 3 green."""
    yellow, green = math.ceil(config.yellow), math.ceil(config.green)
    low, high = ((0, yellow - 1), (yellow, green - 1), (green, MAX_SCORE))[level - 1]
    # Between 40.2 and 40.8 there is no whole score; the level holds all the same.
    return low, max(low, high)


def _said(held: Overrides, computed: Smalls, config: Config) -> tuple[Smalls, Smalls]:
    scores = held.scores.copy()
    levels = grade(held.scores, config)
    for level in (1, 2, 3):
        low, high = band(level, config)
        inside = np.where(computed == NO_SCORE, (low + high) // 2, np.clip(computed, low, high))
        of_level = held.levels == level
        scores = np.where(of_level, inside, scores).astype(np.int16)
        levels = np.where(of_level, level, levels).astype(np.int16)
    return scores, levels
