"""Pure: which results differ from what is stored, and what each difference is worth keeping."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pulsescore.scoring.factors import DAY, LEVELS, NO_SCORE, Floats, Ints, Outcome

NO_POINT: Final = 0
DAILY_POINT: Final = 1
CHANGE_POINT: Final = 2
# A factor that moved less than this leaves the stored row alone: a twentieth of a point at most.
_MOVED: Final = 0.0005
_NEVER: Final = float("-inf")


class ScoreChange(NamedTuple):
    """A customer whose score or risk level is another than before; `None` means no score."""

    customer_id: int
    score_before: int | None
    score_after: int | None
    level_before: str | None
    level_after: str | None


@dataclass(frozen=True)
class Stored:
    """The stored results of customers, aligned with an outcome; absent ones look never scored."""

    known: NDArray[np.bool_]
    scores: NDArray[np.int16]
    levels: NDArray[np.int16]
    reasons: NDArray[np.int16]
    versions: NDArray[np.int32]
    calculated_at: Floats
    recent: NDArray[np.int32]
    caps: NDArray[np.int16]
    computed: NDArray[np.int16]
    overrides: Ints
    values: Floats


@dataclass(frozen=True)
class Decision:
    """Rows of the outcome to write, the kind of history point of each, and what it was before."""

    rows: NDArray[np.intp]
    points: NDArray[np.int16]
    scores_before: NDArray[np.int16]
    levels_before: NDArray[np.int16]
    overrides_before: Ints


def align(
    customer_ids: Ints, stored_ids: Ints, stored: Mapping[str, NDArray[Any]], values: Floats
) -> Stored:
    """Put stored rows (ordered by id) in the places of `customer_ids` (ordered, too)."""
    places = np.searchsorted(stored_ids, customer_ids)
    known = np.zeros(len(customer_ids), dtype=bool)
    inside = places < len(stored_ids)
    known[inside] = stored_ids[places[inside]] == customer_ids[inside]
    found = places[known]

    def spread(name: str, missing: float, kind: type) -> NDArray[Any]:
        column: NDArray[Any] = np.full(len(customer_ids), missing, dtype=kind)
        column[known] = stored[name][found]
        return column

    spread_values = np.full((len(customer_ids), values.shape[1]), np.nan)
    spread_values[known] = values[found]
    return Stored(
        known=known,
        scores=spread("score", NO_SCORE, np.int16),
        levels=spread("level", 0, np.int16),
        reasons=spread("reason", 0, np.int16),
        versions=spread("version", 0, np.int32),
        calculated_at=spread("calculated_at", _NEVER, np.float64),
        recent=spread("recent", 0, np.int32),
        caps=spread("cap", 0, np.int16),
        computed=spread("computed", NO_SCORE, np.int16),
        overrides=spread("override", 0, np.int64),
        values=spread_values,
    )


def decide(
    outcome: Outcome,
    stored: Stored,
    *,
    recent: NDArray[np.int32],
    version: int,
    now: datetime,
    fresh: bool = False,
) -> Decision:
    """Choose what to write. A result older than the stored one is never written.

    `recent` are the customers' conversations within 90 days. With `fresh` the time of calculation
    is renewed even where nothing moved.
    """
    instant = now.timestamp()
    changed = (outcome.scores != stored.scores) | (outcome.levels != stored.levels)
    said_otherwise = outcome.overrides != stored.overrides
    scored = outcome.scores != NO_SCORE
    new_day = scored & (np.floor(stored.calculated_at / DAY) < np.floor(instant / DAY))
    different = (
        ~stored.known
        | changed
        | said_otherwise
        | new_day
        | (outcome.caps != stored.caps)
        | (outcome.computed != stored.computed)
        | (outcome.reasons != stored.reasons)
        | (stored.versions != version)
        | _moved(outcome.values, stored.values)
    )
    weighs_otherwise = recent != stored.recent
    write = (different | weighs_otherwise | fresh) & (stored.calculated_at <= instant)
    points = np.where(scored & different, DAILY_POINT, NO_POINT)
    points[changed | said_otherwise] = CHANGE_POINT
    rows = np.flatnonzero(write)
    return Decision(
        rows=rows,
        points=points[rows].astype(np.int16),
        scores_before=stored.scores[rows],
        levels_before=stored.levels[rows],
        overrides_before=stored.overrides[rows],
    )


def score_changes(outcome: Outcome, decision: Decision) -> list[ScoreChange]:
    """The written rows whose score or level changed, for the stages that follow."""
    moved = outcome.scores[decision.rows] != decision.scores_before
    at = moved | (outcome.levels[decision.rows] != decision.levels_before)
    rows = decision.rows[at]
    columns = (
        outcome.customer_ids[rows].tolist(),
        decision.scores_before[at].tolist(),
        outcome.scores[rows].tolist(),
        decision.levels_before[at].tolist(),
        outcome.levels[rows].tolist(),
    )
    return [
        ScoreChange(customer, _score(before), _score(after), LEVELS[was], LEVELS[becomes])
        for customer, before, after, was, becomes in zip(*columns, strict=True)
    ]


def _score(stored: int) -> int | None:
    return None if stored == NO_SCORE else stored


def _moved(new: Floats, old: Floats) -> NDArray[np.bool_]:
    appeared = np.isnan(new) != np.isnan(old)
    with np.errstate(invalid="ignore"):
        moved: NDArray[np.bool_] = (appeared | (np.abs(new - old) > _MOVED)).any(axis=1)
    return moved
