"""Pure: what the dashboard says first when there is no week to compare with."""

from typing import Protocol

from pulsescore.web.words import joined, plural


class Counts(Protocol):
    """Customers per level."""

    @property
    def red(self) -> int: ...
    @property
    def yellow(self) -> int: ...
    @property
    def scored(self) -> int: ...
    @property
    def none(self) -> int: ...


def first_look(counts: Counts) -> str:
    """How customers stand on the first day: "A first look: 3 customers are critical …"."""
    if not counts.scored:
        who = plural(counts.none, "customer")
        return f"{who} {'is' if counts.none == 1 else 'are'} in, and scores are being worked out."
    worst = [
        f"{count:,} {name}"
        for count, name in ((counts.red, "critical"), (counts.yellow, "at risk"))
        if count
    ]
    of = plural(counts.scored, "customer")
    if not worst:
        return f"A first look: all of your {of} with a score are healthy."
    verb = "is" if counts.red + counts.yellow == 1 else "are"
    return f"A first look: of {of} with a score, {joined(worst)} {verb} worth your time."
