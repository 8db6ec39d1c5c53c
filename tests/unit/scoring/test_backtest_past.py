"""What is replayed of a day is the same, whatever happens afterwards."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from pulsescore.scoring.backtest.past import Moments, raws_at
from pulsescore.scoring.replay import Happenings, Talks

DAY = 86400.0
T = 100 * DAY
NAN = float("nan")
FIELDS = (
    "opened_at",
    "updated_at",
    "closed",
    "snoozed",
    "closed_at",
    "first_closed_at",
    "last_admin_reply_at",
    "first_admin_reply_at",
    "last_contact_reply_at",
    "resolution_secs",
    "reopens",
)


@dataclass(frozen=True)
class Told:
    """A conversation whose every closing (-1) and reopening (1) a webhook told, in order."""

    opened_at: float
    happened: tuple[tuple[int, float], ...]


def stored(talk: Told) -> dict[str, float]:
    """What its source's statistics say by the end of the happenings."""
    closings = [at for kind, at in talk.happened if kind < 0]
    last = talk.happened[-1] if talk.happened else (1, talk.opened_at)
    return {
        "opened_at": talk.opened_at,
        "updated_at": last[1],
        "closed": float(last[0] < 0),
        "snoozed": 0.0,
        "closed_at": closings[-1] if closings else NAN,
        "first_closed_at": closings[0] if closings else NAN,
        "last_admin_reply_at": NAN,
        "first_admin_reply_at": NAN,
        "last_contact_reply_at": talk.opened_at,
        "resolution_secs": closings[-1] - talk.opened_at if closings else NAN,
        "reopens": float(sum(kind > 0 for kind, _ in talk.happened)),
    }


def raws(talks: list[Told], *, at: float = T) -> Any:
    """The raw values of one customer with these conversations, at an instant."""
    rows = [stored(talk) for talk in sorted(talks, key=lambda one: one.opened_at)]
    ordered = sorted(talks, key=lambda one: one.opened_at)
    happened = sorted(
        (instant, place, kind)
        for place, talk in enumerate(ordered)
        for kind, instant in talk.happened
    )
    size = len(rows)
    return raws_at(
        Talks(
            owner=np.zeros(size, dtype=np.int64),
            row=np.arange(size),
            **{name: np.array([row[name] for row in rows]) for name in FIELDS},
        ),
        Happenings(
            talk=np.array([place for _, place, _ in happened], dtype=np.int64),
            kind=np.array([kind for *_, kind in happened], dtype=np.int64),
            at=np.array([instant for instant, *_ in happened]),
        ),
        Moments(np.zeros(1, dtype=np.int64), np.array([at])),
    )[0]


hours = st.integers(1, 90 * 24)


@st.composite
def talks(draw: st.DrawFn) -> Told:
    """Closed and opened again some times, from some day before `T` until long after it."""
    opened = T - draw(st.integers(0, 60 * 24)) * DAY / 24
    gaps = draw(st.lists(hours, max_size=6))
    instants = opened + np.cumsum(gaps) * DAY / 24
    kinds = [-1 if place % 2 == 0 else 1 for place in range(len(gaps))]
    return Told(opened, tuple(zip(kinds, instants.tolist(), strict=True)))


def cut(talk: Told) -> Told:
    """The conversation as it was at `T`."""
    return replace(talk, happened=tuple(one for one in talk.happened if one[1] <= T))


@settings(max_examples=60)
@given(st.lists(talks(), min_size=1, max_size=4))
def test_what_webhooks_told_is_replayed_as_it_was_whatever_came_later(found: list[Told]) -> None:
    then = raws([cut(talk) for talk in found])

    np.testing.assert_allclose(raws(found), then, rtol=0, atol=1e-6)


@settings(max_examples=40)
@given(st.lists(talks(), min_size=1, max_size=3), hours)
def test_conversations_begun_later_do_not_exist(found: list[Told], later: int) -> None:
    begun = T + later * DAY / 24
    new = Told(begun, ((-1, begun + 60.0), (1, begun + 90.0)))

    np.testing.assert_array_equal(raws([*found, new]), raws(found))


def test_without_webhooks_a_later_reopening_neither_counts_nor_opens() -> None:
    """Closed before and opened again after: only statistics tell, and they date no reopening."""
    row = stored(Told(T - 9 * DAY, ((-1, T - 8 * DAY), (1, T + DAY), (-1, T + 3 * DAY))))
    talk = Talks(
        owner=np.zeros(1, dtype=np.int64),
        row=np.zeros(1, dtype=np.int64),
        **{name: np.array([row[name]]) for name in FIELDS},
    )
    nothing = Happenings(*(np.array([], dtype=kind) for kind in (np.int64, np.int64, float)))

    found = raws_at(talk, nothing, Moments(np.zeros(1, dtype=np.int64), np.array([T])))[0]

    _away, open_tickets, resolution_hours, reopenings, _silence = found
    assert (open_tickets, reopenings) == (0, 0)
    assert resolution_hours == 24


def test_many_moments_at_once_are_each_as_if_alone() -> None:
    found = [Told(T - 30 * DAY, ((-1, T - 20 * DAY), (1, T - 5 * DAY), (-1, T + DAY)))]
    rows = stored(found[0])
    talk = Talks(
        owner=np.zeros(1, dtype=np.int64),
        row=np.zeros(1, dtype=np.int64),
        **{name: np.array([rows[name]]) for name in FIELDS},
    )
    told = Happenings(
        talk=np.zeros(3, dtype=np.int64),
        kind=np.array([-1, 1, -1]),
        at=np.array([at for _, at in found[0].happened]),
    )
    instants = np.array([T - 25 * DAY, T, T - 15 * DAY, T + 9 * DAY])

    together = raws_at(talk, told, Moments(np.zeros(4, dtype=np.int64), instants))

    alone = np.array([raws(found, at=instant) for instant in instants.tolist()])
    np.testing.assert_array_equal(together, alone)
    assert together[:, 1].tolist() == [1, 1, 0, 0]
