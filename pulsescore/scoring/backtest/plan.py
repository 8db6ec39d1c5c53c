"""Pure: who is looked at, and as of when: those who left, and on the same days those who stayed.

Whoever left is looked at so many days before; for each of them as many who stayed are drawn at
random, the same number on each day, of those who had a score on that day. The days of the two
groups are thereby the same, and the calendar can tell nothing.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from pulsescore.scoring.factors import DAY, Floats, Ints

HORIZONS: Final = (30, 60, 90)
MIN_OUTCOMES: Final = 30
# More would hardly narrow the intervals; this many bound time and memory, whatever the size.
STAYERS_EACH: Final = 10
MOST_LEAVERS: Final = 2_000
# So many of those who left must find their full number of others on their day.
_MATCHED_SHARE: Final = 0.95


@dataclass(frozen=True)
class People:
    """Customers with a conversation, ordered by id; merged ones are not among them.

    `first_opened_at` is when their first conversation began: since then they have a score.
    `is_here` is false for the deleted, of whom nobody knows whether they would have stayed.
    """

    customer_ids: Ints
    first_opened_at: Floats
    is_here: NDArray[np.bool_]


@dataclass(frozen=True)
class Leavers:
    """Customers who left, ordered by id; those of one company share an outcome."""

    customer_ids: Ints
    outcome_ids: Ints
    left_at: Floats


@dataclass(frozen=True)
class Left:
    """How many of those who left can be looked at, and why the others cannot."""

    looked_at: int
    no_score: int
    too_early: int
    yet_to_come: int
    unmatched: int
    not_drawn: int
    outcomes: int


@dataclass(frozen=True)
class Sample:
    """Customers and instants to look at, drawn from so many `leavers` and `stayers`.

    `clusters` names what is not independent: one company that left, one customer seen twice.
    """

    customer_ids: Ints
    at: Floats
    left: NDArray[np.bool_]
    clusters: Ints
    leavers: int
    stayers: int
    counts: Left


def draw(
    people: People, leavers: Leavers, *, horizon: int, known_since: float, now: float
) -> Sample:
    """The sample for one horizon (days); the same for the same rows."""
    rng = np.random.default_rng(horizon)
    at = leavers.left_at - horizon * DAY
    first = _first_opened(people, leavers.customer_ids)
    come = leavers.left_at <= now
    known = at >= known_since
    scored = first <= at
    rows = np.flatnonzero(come & known & scored)
    found = len(rows)
    if found > MOST_LEAVERS:
        rows = np.sort(rng.choice(rows, MOST_LEAVERS, replace=False))
    stay = people.is_here & ~np.isin(people.customer_ids, leavers.customer_ids)
    order = np.argsort(people.first_opened_at[stay], kind="stable")
    pool = people.customer_ids[stay][order]
    days, matched, each = _match(at[rows], people.first_opened_at[stay][order])
    kept = rows[matched]
    drawn = [
        rng.choice(eligible, size=each * count, replace=False) for _day, count, eligible in days
    ]
    others = pool[np.concatenate(drawn)] if drawn else pool[:0]
    other_days = [np.full(len(part), day) for (day, *_), part in zip(days, drawn, strict=True)]
    return Sample(
        customer_ids=np.concatenate([leavers.customer_ids[kept], others]),
        at=np.concatenate([at[kept], *other_days]),
        left=np.arange(len(kept) + len(others)) < len(kept),
        # Outcomes and customers are numbered apart: the latter below nought.
        clusters=np.concatenate([leavers.outcome_ids[kept], -others - 1]),
        leavers=found,
        stayers=max((eligible for *_, eligible in days), default=0),
        counts=Left(
            looked_at=len(kept),
            no_score=int((come & known & ~scored).sum()),
            too_early=int((come & ~known).sum()),
            yet_to_come=int((~come).sum()),
            unmatched=int((~matched).sum()),
            not_drawn=found - len(rows),
            outcomes=len(np.unique(leavers.outcome_ids[kept])),
        ),
    )


def _first_opened(people: People, customer_ids: Ints) -> Floats:
    """When each of them first had a conversation; NaN: never."""
    places = np.searchsorted(people.customer_ids, customer_ids)
    places = np.minimum(places, max(len(people.customer_ids) - 1, 0))
    first = np.full(len(customer_ids), np.nan)
    if len(people.customer_ids):
        found = people.customer_ids[places] == customer_ids
        first[found] = people.first_opened_at[places[found]]
    return first


def _match(
    at: Floats, first_opened_at: Floats
) -> tuple[list[tuple[float, int, int]], NDArray[np.bool_], int]:
    """Days with how many left and how many may be drawn; who has others to match; how many each."""
    days, place, counts = np.unique(at, return_inverse=True, return_counts=True)
    eligible = np.searchsorted(first_opened_at, days, side="right")
    for each in range(STAYERS_EACH, 0, -1):
        enough = eligible >= each * counts
        if counts[enough].sum() >= _MATCHED_SHARE * len(at):
            break
    kept = list(
        zip(days[enough].tolist(), counts[enough].tolist(), eligible[enough].tolist(), strict=True)
    )
    return kept, np.asarray(enough[place], dtype=np.bool_), each
