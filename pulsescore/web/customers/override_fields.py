"""Pure: the form of an override: a level or a score, why, and the last day on which it holds."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

from pulsescore.core.errors import FieldFault, Invalid
from pulsescore.scoring.override_form import LEVELS, OverrideWish
from pulsescore.scoring.queries import OverrideShown
from pulsescore.web.words import level_in_words

SCORE: Final = "score"
CHOICES: Final = (*((level, level_in_words(level)) for level in LEVELS), (SCORE, "A score of"))
FIELDS: Final = ("said", "score", "reason", "until")
USUAL: Final = timedelta(days=30)
_RENAMED: Final = {"risk_level": "said", "expires_at": "until"}


def values_of(held: OverrideShown | None, *, today: date, zone: tzinfo) -> dict[str, str]:
    """What the form begins with: the override that holds, or nothing for a month."""
    if held is None:
        return {"said": "", "score": "", "reason": "", "until": (today + USUAL).isoformat()}
    return {
        "said": held.risk_level or SCORE,
        "score": "" if held.score is None else str(held.score),
        "reason": held.reason,
        "until": held.last_instant.astimezone(zone).date().isoformat(),
    }


def as_wish(values: Mapping[str, str], *, zone: tzinfo) -> OverrideWish:
    """What was filled in; raises `Invalid` with the form's field names."""
    faults: list[FieldFault] = []
    said, score = values["said"], None
    if said == SCORE:
        score = _score(values["score"], faults)
    elif said not in LEVELS:
        faults.append(FieldFault("said", "Choose a level, or a score."))
    expires_at = _end_of(values["until"], zone, faults)
    if faults or expires_at is None:
        raise Invalid(*faults)
    return OverrideWish(score, None if said == SCORE else said, values["reason"], expires_at)


def in_form(error: Invalid) -> Invalid:
    """The same faults by the names of the form's fields."""
    return Invalid(
        *(FieldFault(_RENAMED.get(one.field, one.field), one.message) for one in error.faults)
    )


def _score(text: str, faults: list[FieldFault]) -> int | None:
    plain = text.strip()
    if plain.isascii() and plain.isdigit() and len(plain) <= len("100"):
        return int(plain)
    faults.append(FieldFault("score", "A score is a whole number from 0 to 100."))
    return None


def _end_of(text: str, zone: tzinfo, faults: list[FieldFault]) -> datetime | None:
    try:
        return datetime.combine(date.fromisoformat(text) + timedelta(days=1), time(), zone)
    except (ValueError, OverflowError):
        faults.append(FieldFault("until", "Choose the day on which it ends."))
        return None
