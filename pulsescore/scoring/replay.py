"""Pure: the signals of customers as they were at an earlier instant, from what is stored now.

What a conversation was at `t` is read from its reopenings and closings where they were told, else
from its statistics. Statistics name the first and the last closing and count the reopenings, but
do not date them: what was reopened counts as reopened right after its first closing. The newest
instant that is known and not later than `t` stands for the update of that time. A customer's
fields are taken as recorded, no later than `t`.
"""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from pulsescore.scoring.factors import DAY, Floats, Ints, Signals

MAX_RESOLUTION_SECS = 336 * 3600.0
RESOLUTION_WINDOW = 90 * DAY
REOPEN_WINDOW = 30 * DAY


@dataclass(frozen=True)
class People:
    """Customers, ordered by id; instants are Unix seconds, NaN where unknown."""

    customer_ids: Ints
    last_seen_at: Floats
    last_replied_at: Floats


@dataclass(frozen=True)
class Talks:
    """Conversations of customers, ordered by customer, then by creation and id as text.

    `owner` is the place of the customer in `People`; `row` tells conversations apart.
    """

    owner: NDArray[np.int64]
    row: NDArray[np.int64]
    opened_at: Floats
    updated_at: Floats
    closed: Floats
    snoozed: Floats
    closed_at: Floats
    first_closed_at: Floats
    last_admin_reply_at: Floats
    first_admin_reply_at: Floats
    last_contact_reply_at: Floats
    resolution_secs: Floats
    reopens: Floats

    def take(self, rows: NDArray[np.bool_ | np.int64]) -> "Talks":
        """Some of the conversations, in their order."""
        return Talks(**{f.name: getattr(self, f.name)[rows] for f in fields(self)})


@dataclass(frozen=True)
class Happenings:
    """Openings, reopenings (1) and closings (-1) of conversations, ordered by `at`.

    `talk` is the `row` of the conversation.
    """

    talk: NDArray[np.int64]
    kind: NDArray[np.int64]
    at: Floats


@dataclass(frozen=True)
class _State:
    """What conversations were at an instant."""

    open: NDArray[np.bool_]
    closed: NDArray[np.bool_]
    closed_at: Floats
    updated_at: Floats
    reopens: Floats


def signals_as_of(people: People, talks: Talks, happenings: Happenings, t: float) -> Signals:
    """The signals at `t`; conversations opened later count nowhere."""
    begun = talks.take(talks.opened_at <= t)
    state = _state_at(begun, happenings, t)
    size = len(people.customer_ids)
    resolved = _resolved(begun, state, t)
    recent = state.updated_at >= t - REOPEN_WINDOW

    def total(amounts: Floats) -> Floats:
        return np.bincount(begun.owner, weights=amounts, minlength=size).astype(np.float64)

    last = _last_of_each(begun.owner, size)
    return Signals(
        customer_ids=people.customer_ids,
        conversations=total(np.ones(len(begun.owner))),
        open_tickets=total(state.open.astype(np.float64)),
        resolution_secs=total(
            np.where(resolved, np.clip(begun.resolution_secs, 0, MAX_RESOLUTION_SECS), 0.0)
        ),
        resolutions=total(resolved.astype(np.float64)),
        reopens=total(np.where(recent, state.reopens, 0.0)),
        last_seen_at=np.minimum(people.last_seen_at, t),
        last_replied_at=np.minimum(people.last_replied_at, t),
        latest_activity_at=_newest_of_each(begun.owner, state.updated_at, size),
        latest_created_at=_pick(begun.opened_at, last),
        latest_closed=np.nan_to_num(_pick(state.closed.astype(np.float64), last)),
        latest_closed_at=_pick(state.closed_at, last),
        latest_updated_at=_pick(state.updated_at, last),
        latest_admin_reply_at=_pick(_admin_reply_at(begun, t), last),
        recent_conversations=total((state.updated_at >= t - RESOLUTION_WINDOW).astype(np.float64)),
    )


def _state_at(talks: Talks, happenings: Happenings, t: float) -> _State:
    told = _Told(talks, happenings, t)
    closing = np.where(np.isnan(talks.closed_at), talks.updated_at, talks.closed_at)
    ended = (talks.closed > 0) & (closing <= t)
    asleep = (talks.snoozed > 0) & (talks.updated_at <= t)
    current = talks.updated_at <= t
    by_event = told.kind != 0
    closed = np.where(current, talks.closed > 0, np.where(by_event, told.kind < 0, ended))
    is_open = ~closed & ~asleep
    closed_at = np.where(
        talks.closed_at <= t, talks.closed_at, np.where(told.kind < 0, told.at, np.nan)
    )
    return _State(
        open=is_open,
        closed=closed,
        closed_at=closed_at,
        updated_at=_updated_at(talks, told, t),
        reopens=_reopens(talks, told, t),
    )


class _Told:
    """What the happenings up to an instant tell of each conversation."""

    def __init__(self, talks: Talks, happenings: Happenings, t: float) -> None:
        size = int(talks.row.max(initial=-1)) + 1
        size = max(size, int(happenings.talk.max(initial=-1)) + 1)
        past = happenings.at <= t
        talk, kind, at = happenings.talk[past], happenings.kind[past], happenings.at[past]
        latest_kind = np.zeros(size, dtype=np.int64)
        latest_at = np.full(size, np.nan)
        # Of several values for one place numpy keeps the last, and the happenings are in order.
        latest_kind[talk], latest_at[talk] = kind, at
        self.kind = latest_kind[talks.row]
        self.at = latest_at[talks.row]
        reopened = happenings.kind == 1
        self.reopens = np.bincount(talk[kind == 1], minlength=size)[talks.row]
        self.all_reopens = np.bincount(happenings.talk[reopened], minlength=size)[talks.row]


def _reopens(talks: Talks, told: _Told, t: float) -> Floats:
    """Those told by `t`, and the untold ones from the first closing on; all, once up to date."""
    untold = np.maximum(talks.reopens - told.all_reopens, 0.0)
    since = np.where(np.isnan(talks.first_closed_at), talks.updated_at, talks.first_closed_at)
    known = told.reopens + np.where(since <= t, untold, 0.0)
    return np.where(talks.updated_at <= t, talks.reopens, known)


def _updated_at(talks: Talks, told: _Told, t: float) -> Floats:
    newest = talks.opened_at
    for instants in (
        talks.first_closed_at,
        talks.closed_at,
        talks.first_admin_reply_at,
        talks.last_admin_reply_at,
        talks.last_contact_reply_at,
        told.at,
    ):
        newest = np.where(instants <= t, np.fmax(newest, instants), newest)
    return np.where(talks.updated_at <= t, talks.updated_at, newest)


def _resolved(talks: Talks, state: _State, t: float) -> NDArray[np.bool_]:
    known_since = np.where(
        np.isnan(talks.closed_at), talks.opened_at + talks.resolution_secs, talks.closed_at
    )
    known = (known_since <= t) | (talks.updated_at <= t)
    recent = state.updated_at >= t - RESOLUTION_WINDOW
    resolved: NDArray[np.bool_] = ~np.isnan(talks.resolution_secs) & known & recent
    return resolved


def _admin_reply_at(talks: Talks, t: float) -> Floats:
    earlier = np.where(talks.first_admin_reply_at <= t, talks.first_admin_reply_at, np.nan)
    return np.where(
        (talks.last_admin_reply_at <= t) | (talks.updated_at <= t),
        talks.last_admin_reply_at,
        earlier,
    )


def _last_of_each(owner: NDArray[np.int64], size: int) -> NDArray[np.int64]:
    """The place of each customer's latest conversation, -1 without any."""
    last = np.full(size, -1, dtype=np.int64)
    last[owner] = np.arange(len(owner))
    return last


def _newest_of_each(owner: NDArray[np.int64], instants: Floats, size: int) -> Floats:
    newest = np.full(size, np.nan)
    np.fmax.at(newest, owner, instants)
    return newest


def _pick(column: Floats, places: NDArray[np.int64]) -> Floats:
    picked = np.full(len(places), np.nan)
    found = places >= 0
    picked[found] = column[places[found]]
    return picked
