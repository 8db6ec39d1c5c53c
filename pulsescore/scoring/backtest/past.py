"""Pure: what was known of customers at an instant each, and nothing that was only told later.

Intercom keeps the newest of many facts only. A conversation that was touched after the instant
shows today's state, so of it only dated facts up to the instant count: its beginning, its first
closing, replies, and what webhooks told. When a contact was last seen or last wrote is not dated
in the past at all: everybody who stayed was seen since, so that the mere value would tell who
stayed. It counts where PulseScore itself recorded it on that day (`recorded` raw values).
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pulsescore.scoring.factors import Floats, Ints, measure
from pulsescore.scoring.replay import Happenings, People, Talks, signals_as_of

_CLOSED = -1
_INSTANTS = (
    "opened_at",
    "updated_at",
    "closed_at",
    "first_closed_at",
    "last_admin_reply_at",
    "first_admin_reply_at",
    "last_contact_reply_at",
)


@dataclass(frozen=True)
class Moments:
    """Customers, by their place among the people, each with an instant to look at them."""

    owner: NDArray[np.int64]
    at: Floats


def raws_at(talks: Talks, happenings: Happenings, moments: Moments) -> Floats:
    """The raw values of each moment's customer as they were then; see `factors.measure`.

    Every instant is counted from the moment's own, so that all moments are replayed at once.
    """
    known, told = _as_known(*_laid_out(talks, happenings, moments))
    size = len(moments.at)
    people = People(np.arange(size), np.full(size, np.nan), _last_replied(known, size))
    return measure(signals_as_of(people, known, told, 0.0), 0.0)


def _laid_out(talks: Talks, happenings: Happenings, moments: Moments) -> tuple[Talks, Happenings]:
    """The conversations and happenings of each moment's customer, in time relative to it."""
    rows, moment = _spread(talks.owner, moments.owner)
    laid = talks.take(rows)
    at = moments.at[moment]
    place = np.arange(len(rows))
    changed = {name: getattr(laid, name) - at for name in _INSTANTS}
    order = np.argsort(happenings.talk, kind="stable")
    happened, talk = _spread(happenings.talk[order], laid.row)
    happened = order[happened]
    told = Happenings(talk, happenings.kind[happened], happenings.at[happened] - at[talk])
    return replace(laid, owner=moment, row=place, **changed), told


def _spread(
    keys: NDArray[np.int64], wanted: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For each wanted key the rows that have it (`keys` are sorted), and which wanted it was."""
    start = np.searchsorted(keys, wanted, side="left")
    count = np.searchsorted(keys, wanted, side="right") - start
    which = np.repeat(np.arange(len(wanted)), count)
    within = np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)
    return start[which] + within, which


def _as_known(talks: Talks, happenings: Happenings) -> tuple[Talks, Happenings]:
    """Drop what lies after the moment, and rebuild what was touched after it from dated facts."""
    begun = talks.take(talks.opened_at <= 0)
    told = _up_to_now(happenings)
    later = begun.updated_at > 0
    first, last = begun.first_closed_at, begun.closed_at
    closings = _closings(begun, later & (first <= 0), first) + _closings(
        begun, later & (last <= 0), last
    )
    told = _together(told, closings)
    closed_at, still_closed = _last_closing(begun, told)
    # Its last closing is dated after its first, so somebody opened it again in between.
    reopened = (first < last) & (last <= 0)
    secs = np.where(last <= 0, begun.resolution_secs, closed_at - begun.opened_at)
    known = replace(
        begun,
        closed=np.where(later, still_closed, begun.closed),
        snoozed=np.where(later, 0.0, begun.snoozed),
        closed_at=np.where(later, closed_at, begun.closed_at),
        resolution_secs=np.where(later, secs, begun.resolution_secs),
        reopens=np.where(later, reopened.astype(np.float64), begun.reopens),
    )
    return known, told


def _up_to_now(happenings: Happenings) -> Happenings:
    past = happenings.at <= 0
    return Happenings(happenings.talk[past], happenings.kind[past], happenings.at[past])


def _closings(talks: Talks, rows: NDArray[np.bool_], at: Floats) -> list[tuple[Ints, Floats]]:
    return [(talks.row[rows], at[rows])]


def _together(told: Happenings, closings: list[tuple[Ints, Floats]]) -> Happenings:
    talk = np.concatenate([told.talk, *(rows for rows, _ in closings)])
    at = np.concatenate([told.at, *(instants for _, instants in closings)])
    kind = np.concatenate([told.kind, np.full(len(talk) - len(told.kind), _CLOSED)])
    order = np.argsort(at, kind="stable")
    return Happenings(talk[order], kind[order], at[order])


def _last_closing(talks: Talks, told: Happenings) -> tuple[Floats, Floats]:
    """When each conversation was last closed (NaN: never), and whether it still was."""
    size = int(talks.row.max(initial=-1)) + 1
    size = max(size, int(told.talk.max(initial=-1)) + 1)
    closed_at, kind = np.full(size, np.nan), np.zeros(size, dtype=np.int64)
    closings = told.kind == _CLOSED
    # Of several values for one place numpy keeps the last, and these are in order.
    closed_at[told.talk[closings]] = told.at[closings]
    kind[told.talk] = told.kind
    return closed_at[talks.row], (kind[talks.row] == _CLOSED).astype(np.float64)


def _last_replied(talks: Talks, size: int) -> Floats:
    """The newest reply of each moment's customer that is dated before it.

    Of a conversation that went on, whose replies of then nobody knows, the beginning stands in.
    """
    dated = talks.last_contact_reply_at <= 0
    went_on = (talks.updated_at > 0) & ~dated
    instants = np.where(went_on, talks.opened_at, talks.last_contact_reply_at)
    replied = np.full(size, np.nan)
    rows = dated | went_on
    np.fmax.at(replied, talks.owner[rows], instants[rows])
    return replied
