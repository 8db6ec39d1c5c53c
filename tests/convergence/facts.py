"""The words in which the workspace's truth and what we stored are compared."""

from dataclasses import dataclass, field
from typing import Any

Facts = dict[str, Any]
# Segments of Intercom; others depend on when somebody was seen or made.
TIMELESS = ("All Users", "All Leads", "Paying")


@dataclass
class World:
    """Living things by id. Times are unix seconds; `people` and `firms` are links by id.

    `segments` are names of segments and who is in them, of those that time alone does not change.
    """

    customers: dict[str, Facts] = field(default_factory=dict)
    companies: dict[str, Facts] = field(default_factory=dict)
    conversations: dict[str, Facts] = field(default_factory=dict)
    people: set[tuple[str, str]] = field(default_factory=set)
    firms: set[tuple[str, str]] = field(default_factory=set)
    segments: set[tuple[str, str]] = field(default_factory=set)
    scores: dict[str, tuple[int | None, str | None]] = field(default_factory=dict)


def differences(truth: World, stored: World) -> list[str]:
    """What is missing, too much or different, one line each."""
    found: list[str] = []
    for kind in ("customers", "companies", "conversations", "scores"):
        found += _between(kind, getattr(truth, kind), getattr(stored, kind))
    for kind in ("people", "firms", "segments"):
        true, known = getattr(truth, kind), getattr(stored, kind)
        found += [f"{kind}: {pair} is missing" for pair in sorted(true - known)]
        found += [f"{kind}: {pair} is too much" for pair in sorted(known - true)]
    return found


def _between(kind: str, true: dict[str, Any], known: dict[str, Any]) -> list[str]:
    lines = [f"{kind}: {one} is missing" for one in sorted(true.keys() - known.keys())]
    lines += [f"{kind}: {one} is too much" for one in sorted(known.keys() - true.keys())]
    for one in sorted(true.keys() & known.keys()):
        if isinstance(true[one], dict):
            lines += [
                f"{kind}: {one}: {name} is {known[one][name]!r} instead of {value!r}"
                for name, value in true[one].items()
                if known[one][name] != value
            ]
        elif true[one] != known[one]:
            lines.append(f"{kind}: {one} is {known[one]} instead of {true[one]}")
    return lines
