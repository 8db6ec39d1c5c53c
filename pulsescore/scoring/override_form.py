"""Pure: what a member says instead of the formula, and what is wrong with it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from pulsescore.core.errors import FieldFault, Invalid
from pulsescore.scoring.config import MAX_SCORE

LEVELS: Final = ("green", "yellow", "red")
MAX_REASON: Final = 500
LONGEST: Final = timedelta(days=366)


@dataclass(frozen=True)
class OverrideWish:
    """A score or a level, why, and until when."""

    score: int | None
    risk_level: str | None
    reason: str
    expires_at: datetime


def check_override(wish: OverrideWish, *, now: datetime) -> OverrideWish:
    """The wish with its reason trimmed; raises `Invalid` naming every wrong field at once."""
    reason = wish.reason.replace("\0", "").strip()
    faults = [
        *_said_faults(wish.score, wish.risk_level),
        *_reason_faults(reason),
        *_expiry_faults(wish.expires_at, now),
    ]
    if faults:
        raise Invalid(*faults)
    return OverrideWish(wish.score, wish.risk_level, reason, wish.expires_at)


def _said_faults(score: int | None, level: str | None) -> list[FieldFault]:
    if (score is None) == (level is None):
        return [FieldFault("score", "Give either a score or a level.")]
    if score is not None and not 0 <= score <= MAX_SCORE:
        return [FieldFault("score", "A score is a whole number from 0 to 100.")]
    if level is not None and level not in LEVELS:
        return [FieldFault("risk_level", "A level is green, yellow or red.")]
    return []


def _reason_faults(reason: str) -> list[FieldFault]:
    if not reason:
        return [FieldFault("reason", "Say why: whoever looks next will ask.")]
    if len(reason) > MAX_REASON:
        return [FieldFault("reason", "A reason has at most 500 characters.")]
    return []


def _expiry_faults(expires_at: datetime, now: datetime) -> list[FieldFault]:
    if expires_at <= now:
        return [FieldFault("expires_at", "An override ends in the future.")]
    if expires_at > now + LONGEST:
        return [FieldFault("expires_at", "An override ends within a year; it can be renewed.")]
    return []
