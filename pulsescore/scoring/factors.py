"""Pure: from signals to factors to score, on arrays; one definition for one customer or a million.

Only operations that IEEE 754 rounds exactly are used (the power 1.5 is x·√x), in a fixed order, so
that the same inputs give the same bits on every machine and in every batch.
"""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pulsescore.scoring.caps import hold_down
from pulsescore.scoring.config import DEFAULTS, FACTORS, Config

__all__ = ["DEFAULTS", "FACTORS", "Config", "Outcome", "Signals", "curve", "evaluate"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

HOUR: Final = 3600.0
DAY: Final = 86400.0
GRACE_DAYS: Final = 1.0
SEEN_SHARE: Final = 0.75
QUIET_DAYS: Final = 30.0
NO_SCORE: Final = -1
# Risk levels and reasons are small numbers in arrays; these are their names elsewhere.
LEVELS: Final = (None, "red", "yellow", "green")
REASONS: Final = (None, "no_conversation", "no_weight")
# 100·Σw·f/Σw is read to nine decimals before rounding, so that an exact half stays one.
_SETTLE: Final = 1e9


@dataclass(frozen=True)
class Signals:
    """What is known of each customer, one array per signal; rows in the order of `customer_ids`.

    Instants are Unix seconds, NaN where unknown. The `latest_*` signals describe the customer's
    latest conversation by creation, except `latest_activity_at`: the newest update of any.
    `recent_conversations` (updated within 90 days) only weigh the customer within a company.
    """

    customer_ids: Ints
    conversations: Floats
    open_tickets: Floats
    resolution_secs: Floats
    resolutions: Floats
    reopens: Floats
    last_seen_at: Floats
    last_replied_at: Floats
    latest_activity_at: Floats
    latest_created_at: Floats
    latest_closed: Floats
    latest_closed_at: Floats
    latest_updated_at: Floats
    latest_admin_reply_at: Floats
    recent_conversations: Floats

    def take(self, rows: NDArray[np.intp]) -> "Signals":
        """The signals of some customers only, in that order."""
        return Signals(**{f.name: getattr(self, f.name)[rows] for f in fields(self)})


@dataclass(frozen=True)
class Outcome:
    """Scores of customers: raws and values are (n, 5) in the order of `FACTORS`.

    `scores` is -1 where there is none; `levels` and `reasons` index `LEVELS` and `REASONS`, `caps`
    `caps.CAP_NAMES`. `computed` are the scores by the formula and its exceptions, which differ from
    `scores` only where one of the `overrides` (their ids; 0: none) holds.
    """

    customer_ids: Ints
    raws: Floats
    values: Floats
    scores: NDArray[np.int16]
    levels: NDArray[np.int16]
    reasons: NDArray[np.int16]
    caps: NDArray[np.int16]
    computed: NDArray[np.int16]
    overrides: Ints


def curve(x: Floats, half: float) -> Floats:
    """1 at zero, one half at `half`, falling smoothly towards 0; NaN stays NaN."""
    with np.errstate(over="ignore"):
        ratio = np.maximum(x, 0.0) / half
        return np.asarray(1.0 / (1.0 + ratio * np.sqrt(ratio)), dtype=np.float64)


def evaluate(signals: Signals, config: Config, now: datetime) -> Outcome:
    """Score every customer of the signals as of `now`."""
    instant = now.timestamp()
    raws, unseen = measure(signals, instant), days_unseen(signals, instant)
    return judge(signals.customer_ids, raws, config, unseen=unseen)


def measure(signals: Signals, now: float) -> Floats:
    """The raw value of each factor: days, conversations, hours, reopenings, hours of silence.

    NaN marks a missing factor; without any conversation all of them are missing.
    """
    raws = np.column_stack(
        [
            days_away(signals, now),
            signals.open_tickets,
            mean_resolution_hours(signals),
            signals.reopens,
            hours_of_silence(signals, now),
        ]
    )
    raws[signals.conversations == 0] = np.nan
    return raws


def judge(
    customer_ids: Ints, raws: Floats, config: Config, *, unseen: Floats | None = None
) -> Outcome:
    """Values, score and level of raw values under a configuration.

    `unseen` are the `days_unseen`, for the exception that asks for them.
    """
    values = rate(raws, config)
    silent = np.isnan(raws).all(axis=1)
    scores, caps = hold_down(
        weigh(values, config),
        config.exceptions,
        days_unseen=np.full(len(raws), np.nan) if unseen is None else unseen,
        open_tickets=raws[:, FACTORS.index("open_tickets")],
    )
    reasons = np.where(silent, 1, np.where(scores == NO_SCORE, 2, 0)).astype(np.int16)
    return Outcome(
        customer_ids=customer_ids,
        raws=raws,
        values=values,
        scores=scores,
        levels=grade(scores, config),
        reasons=reasons,
        caps=caps,
        computed=scores,
        overrides=np.zeros(len(scores), dtype=np.int64),
    )


def days_away(signals: Signals, now: float) -> Floats:
    """Days since the customer was last there: mostly last seen, partly last conversation."""
    seen = _age(signals.last_seen_at, now) / DAY
    active = _age(signals.latest_activity_at, now) / DAY
    blend = SEEN_SHARE * seen + (1 - SEEN_SHARE) * np.minimum(active, seen + QUIET_DAYS)
    return np.where(np.isnan(seen), active, blend)


def days_unseen(signals: Signals, now: float) -> Floats:
    """Days since the customer was last seen; where that is unknown, since the last conversation."""
    seen = _age(signals.last_seen_at, now) / DAY
    return np.where(np.isnan(seen), _age(signals.latest_activity_at, now) / DAY, seen)


def mean_resolution_hours(signals: Signals) -> Floats:
    """Mean time to resolution in hours, NaN where none is known."""
    count = np.where(signals.resolutions > 0, signals.resolutions, np.nan)
    return np.asarray(signals.resolution_secs / count / HOUR, dtype=np.float64)


def hours_of_silence(signals: Signals, now: float) -> Floats:
    """How long the customer has not been heard in the latest conversation, or waits for us."""
    created, replied = signals.latest_created_at, signals.last_replied_at
    spoken = replied >= created
    answered = signals.latest_admin_reply_at > replied
    ended = np.where(
        np.isnan(signals.latest_closed_at), signals.latest_updated_at, signals.latest_closed_at
    )
    unanswered = np.where(answered, _age(signals.latest_admin_reply_at, now), 0.0)
    while_open = np.where(spoken, unanswered, _age(created, now))
    while_closed = np.where(spoken, 0.0, np.maximum(ended - created, 0.0))
    return np.where(signals.latest_closed > 0, while_closed, while_open) / HOUR


def rate(raws: Floats, config: Config) -> Floats:
    """The five factors in [0, 1]; the first day away costs nothing."""
    values = np.empty_like(raws)
    for column, key in enumerate(FACTORS):
        grace = GRACE_DAYS if key == "support_recency" else 0.0
        values[:, column] = curve(raws[:, column] - grace, config.halves[key])
    return values


def weigh(values: Floats, config: Config) -> NDArray[np.int16]:
    """The score of each row, over the factors present; -1 where no weight is left."""
    earned = np.zeros(len(values))
    possible = np.zeros(len(values))
    for column, key in enumerate(FACTORS):
        weight = config.weights[key]
        present = ~np.isnan(values[:, column])
        earned += np.where(present, weight * values[:, column], 0.0)
        possible += np.where(present, weight, 0.0)
    scored = possible > 0
    exact = 100.0 * earned / np.where(scored, possible, 1.0)
    rounded = np.floor(np.rint(exact * _SETTLE) / _SETTLE + 0.5)
    return np.where(scored, rounded, NO_SCORE).astype(np.int16)


def grade(scores: NDArray[np.int16], config: Config) -> NDArray[np.int16]:
    """Risk levels of scores, as indices of `LEVELS`."""
    level = 1 + (scores >= config.yellow).astype(np.int16) + (scores >= config.green)
    return np.where(scores == NO_SCORE, 0, level).astype(np.int16)


def _age(instants: Floats, now: float) -> Floats:
    return np.asarray(np.maximum(now - instants, 0.0), dtype=np.float64)
