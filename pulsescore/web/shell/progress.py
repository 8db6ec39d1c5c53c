"""Pure: how a sync run is told in the banner: phase, counts, estimate, outcome."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pulsescore.web.words import duration

# Less than this tells nothing about the pace.
_FIRST_SECS = 3.0
_PHASES = {
    "directory": "admins, teams and tags",
    "companies": "companies",
    "contacts": "contacts",
    "conversations": "conversations",
}


@dataclass(frozen=True)
class Line:
    """The words and the bar of a running sync; `total` is None where no bar can be drawn."""

    text: str
    done: int
    total: int | None
    estimate: str


def phase_in_words(phase: str) -> str:
    """What a run reads at the moment."""
    return _PHASES.get(phase, phase.replace("_", " "))


def tell(
    *,
    phase: str,
    phases: Mapping[str, Mapping[str, Any]],
    started_at: datetime | None,
    now: datetime,
) -> Line:
    """The banner of a run under way."""
    here = phases.get(phase, {})
    done, total = int(here.get("done", 0)), here.get("total")
    thing = phase_in_words(phase) if phase else "getting ready"
    text = f"{done:,} of {total:,} {thing}" if total else thing
    return Line(text, done, total, _estimate(phases, started_at, now))


def imported_contacts(phases: Mapping[str, Mapping[str, Any]]) -> int:
    """How many contacts a finished run brought in."""
    return int(phases.get("contacts", {}).get("imported", 0))


def _estimate(
    phases: Mapping[str, Mapping[str, Any]], started_at: datetime | None, now: datetime
) -> str:
    if started_at is None:
        return ""
    known = [counts for counts in phases.values() if counts.get("total")]
    done = sum(int(counts["done"]) for counts in known)
    left = sum(max(int(counts["total"]) - int(counts["done"]), 0) for counts in known)
    elapsed = (now - started_at).total_seconds()
    if elapsed < _FIRST_SECS or not done or not left:
        return ""
    return f"about {duration(elapsed / done * left)} left"
