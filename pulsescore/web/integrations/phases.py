"""Pure: a sync run as an admin reads it: its phases, why it began."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

State = Literal["waiting", "active", "done", "stopped"]
ACTIVE: Final = ("queued", "running")

_ORDER: Final = (
    ("companies", "Companies"),
    ("contacts", "Contacts"),
    ("conversations", "Conversations"),
)
_ALL: Final = ("full", "reconcile", "nightly")
_TRIGGERS: Final = {
    "connect": "after connecting",
    "schedule": "on schedule",
    "person": "asked for here",
    "settings": "after a change of settings",
    "permissions": "after permissions were granted",
    "command": "asked for by a command",
}


@dataclass(frozen=True)
class Phase:
    """One phase of a run; `total` is None where it cannot be known before the end."""

    key: str
    title: str
    state: State
    done: int
    total: int | None
    imported: int
    skipped: int
    failed: int


def phases_of(
    *, status: str, phase: str, phases: Mapping[str, Mapping[str, Any]], kind: str, scope: str = ""
) -> list[Phase]:
    """The phases in their order; a run that does not read everything shows only what it read."""
    shown = [one for one in _ORDER if kind in _ALL or one[0] in phases]
    return [
        _phase(key, scope.capitalize() or title, status, phase, phases.get(key, {}))
        for key, title in shown
        if not scope or key == ("companies" if scope == "companies" else "contacts")
    ]


def trigger_in_words(trigger: str) -> str:
    """Why a run began."""
    return _TRIGGERS.get(trigger, trigger.replace("_", " "))


def _phase(key: str, title: str, status: str, phase: str, counts: Mapping[str, Any]) -> Phase:
    done, total = int(counts.get("done", 0)), counts.get("total")
    return Phase(
        key=key,
        title=title,
        state=_state(status, is_current=key == phase, done=done, total=total),
        done=done,
        total=total,
        imported=int(counts.get("imported", 0)),
        skipped=int(counts.get("skipped", 0)),
        failed=int(counts.get("failed", 0)),
    )


def _state(status: str, *, is_current: bool, done: int, total: int | None) -> State:
    if status == "succeeded":
        return "done"
    complete = total is not None and done >= total and not (is_current and status == "running")
    if complete:
        return "done"
    if status not in ACTIVE:
        return "stopped"
    return "active" if is_current or done else "waiting"
