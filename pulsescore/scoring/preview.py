"""What a configuration would change, computed on all customers and storing nothing."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from pulsescore.scoring.config import MAX_SCORE, Config, parse_config
from pulsescore.scoring.factors import LEVELS, NO_SCORE, Outcome, days_unseen, judge, measure
from pulsescore.scoring.override_rows import read_overrides
from pulsescore.scoring.overrides import apply_overrides
from pulsescore.scoring.signals import Scope, read_signals, scopes
from pulsescore.scoring.versions import current_config

MOVERS: Final = 8
BINS: Final = 10
_NAMES: Final = ("none", "red", "yellow", "green")
# From a level to a level; "" is any.
Way = tuple[str, str]
ANY_WAY: Final[Way] = ("", "")


class PreviewChange(NamedTuple):
    """A customer who would change level, or move by many points."""

    customer_id: int
    score_before: int | None
    score_after: int | None
    level_before: str | None
    level_after: str | None

    @property
    def points(self) -> int:
        """By how much the score would move; none at all counts as 0."""
        return (self.score_after or 0) - (self.score_before or 0)


class PreviewBin(NamedTuple):
    """Customers with a score from `low` to `high`, both included, before and after."""

    low: int
    high: int
    before: int
    after: int


@dataclass(frozen=True)
class Preview:
    """Customers under the present and the proposed configuration, and who moves.

    `before` and `after` count customers per level, `bins` per ten points (100 falls into the
    last), `ways` those who change by level before and after; `changed` are all of these in the
    order of ids, or as many as were asked for, those who move most first and of equals those whose
    score would be lowest; `movers` the few whose score moves most. Of an estimate, made from
    `looked_at` of `total` customers, every count stands for all.
    """

    before: dict[str, int]
    after: dict[str, int]
    changed: list[PreviewChange]
    bins: list[PreviewBin]
    movers: list[PreviewChange]
    ways: dict[tuple[str, str], int]
    looked_at: int
    total: int

    @property
    def change_level(self) -> int:
        """How many change level."""
        return sum(self.ways.values())

    @property
    def is_estimate(self) -> bool:
        """Whether only some were looked at."""
        return self.looked_at < self.total


class _Tally:
    """What is counted on the way through the batches."""

    def __init__(self, named: int | None, way: Way) -> None:
        self.ways: Counter[tuple[int, int]] = Counter()
        self.bins = np.zeros((2, BINS), dtype=np.int64)
        self.named, self.way = named, way
        self.changed: list[PreviewChange] = []
        self.movers: list[PreviewChange] = []

    def add(self, old: Outcome, new: Outcome) -> None:
        """Count one batch under both configurations."""
        self.ways.update(zip(old.levels.tolist(), new.levels.tolist(), strict=True))
        for place, outcome in enumerate((old, new)):
            self.bins[place] += _bins(outcome.scores)
        rows = _going(old, new, self.way)
        if self.named is not None:
            rows = _farthest(old, new, rows, self.named)
        self.changed += _changes(old, new, rows)
        if self.named is not None:
            self.changed = _most_moved(self.changed, self.named)
        moved = np.flatnonzero(np.maximum(old.scores, 0) != np.maximum(new.scores, 0))
        movers = _farthest(old, new, moved, MOVERS)
        self.movers = _most_moved([*self.movers, *_changes(old, new, movers)], MOVERS)

    def preview(self, total: int | None) -> Preview:
        """What was counted; of a sample, with counts that stand for `total`."""
        looked_at = sum(self.ways.values())
        scale = total / looked_at if total and looked_at else 1.0
        ways = {way: round(count * scale) for way, count in self.ways.items()}
        return Preview(
            before=_by_name(ways, place=0),
            after=_by_name(ways, place=1),
            changed=self.changed,
            bins=_by_ten(np.rint(self.bins * scale).astype(np.int64)),
            movers=self.movers,
            ways={
                (_NAMES[was], _NAMES[will]): count
                for (was, will), count in ways.items()
                if was != will and count
            },
            looked_at=looked_at,
            total=looked_at if total is None else total,
        )


def preview(
    org_id: int, config: Config, now: datetime, *, named: int | None = None, way: Way = ANY_WAY
) -> Preview:
    """Score everybody as of `now` under both configurations; raises `Invalid` for a wrong one.

    Of those who change level on this way at most `named` are told by id (None: all).
    """
    return preview_of(scopes(org_id, None), org_id, config, now, named=named, way=way)


def preview_of(
    batches: Iterable[Scope],
    org_id: int,
    config: Config,
    now: datetime,
    *,
    named: int | None,
    way: Way = ANY_WAY,
    total: int | None = None,
) -> Preview:
    """The same of these customers, who stand for `total`, if that is given."""
    both = _both(org_id, config)
    tally = _Tally(named, way)
    for scope in batches:
        tally.add(*_under_each(scope, both, now))
    return tally.preview(total)


def changes_in_batches(
    org_id: int, config: Config, now: datetime, *, way: Way = ANY_WAY
) -> Iterator[list[PreviewChange]]:
    """Everybody who would change level on this way, some thousand customers looked at at a time.

    Raises `Invalid` for a wrong configuration, before anybody is looked at.
    """
    both = _both(org_id, config)
    each = (_under_each(scope, both, now) for scope in scopes(org_id, None))
    return (list(_changes(old, new, _going(old, new, way))) for old, new in each)


def _both(org_id: int, config: Config) -> tuple[Config, Config]:
    """The configuration that holds, and the one to try."""
    proposed = parse_config(config.as_json())
    return current_config(org_id)[0], proposed


def _under_each(scope: Scope, configs: Sequence[Config], now: datetime) -> list[Outcome]:
    """The scores of a batch under each configuration, overrides included; signals are read once."""
    signals, instant = read_signals(scope, now), now.timestamp()
    raws, unseen = measure(signals, instant), days_unseen(signals, instant)
    held = read_overrides(scope).held_at(instant)
    return [
        apply_overrides(judge(signals.customer_ids, raws, one, unseen=unseen), held, one)
        for one in configs
    ]


def _changes(old: Outcome, new: Outcome, rows: NDArray[np.intp]) -> Iterator[PreviewChange]:
    for row in rows.tolist():
        yield PreviewChange(
            int(old.customer_ids[row]),
            _score(old, row),
            _score(new, row),
            LEVELS[old.levels[row]],
            LEVELS[new.levels[row]],
        )


def _going(old: Outcome, new: Outcome, way: Way) -> NDArray[np.intp]:
    """The rows of a batch that change level on a way."""
    goes = old.levels != new.levels
    for name, outcome in zip(way, (old, new), strict=True):
        if name:
            goes &= outcome.levels == (_NAMES.index(name) if name in _NAMES else len(_NAMES))
    return np.flatnonzero(goes)


def _farthest(old: Outcome, new: Outcome, rows: NDArray[np.intp], most: int) -> NDArray[np.intp]:
    """Those of these rows whose scores move most, in the order of `_most_moved`."""
    will = np.maximum(new.scores[rows], 0).astype(np.int32)
    moved = np.abs(will - np.maximum(old.scores[rows], 0))
    return rows[np.lexsort((will, -moved))[:most]]


def _most_moved(changes: list[PreviewChange], most: int) -> list[PreviewChange]:
    """The greatest move first; of equal ones, as all are where only a threshold moves, the worst.

    Then by id, so that the same question has the same answer.
    """
    return sorted(
        changes, key=lambda one: (-abs(one.points), one.score_after or 0, one.customer_id)
    )[:most]


def _bins(scores: NDArray[np.int16]) -> NDArray[np.int64]:
    scored = scores[scores != NO_SCORE]
    places = np.minimum(scored // (MAX_SCORE // BINS), BINS - 1)
    return np.bincount(places, minlength=BINS).astype(np.int64)


def _by_ten(counts: NDArray[np.int64]) -> list[PreviewBin]:
    width = MAX_SCORE // BINS
    return [
        PreviewBin(place * width, place * width + width - 1 + (place == BINS - 1), *pair)
        for place, pair in enumerate(counts.T.tolist())
    ]


def _score(outcome: Outcome, row: int) -> int | None:
    score = int(outcome.scores[row])
    return None if score == NO_SCORE else score


def _by_name(ways: Mapping[tuple[int, int], int], *, place: int) -> dict[str, int]:
    counts = dict.fromkeys(reversed(_NAMES), 0)
    for way, count in ways.items():
        counts[_NAMES[way[place]]] += count
    return counts
