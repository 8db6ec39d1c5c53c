"""What a configuration would change, computed on all customers and storing nothing."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import numpy as np

from pulsescore.scoring.config import Config, parse_config
from pulsescore.scoring.factors import LEVELS, NO_SCORE, Outcome, judge, measure
from pulsescore.scoring.signals import read_signals, scopes
from pulsescore.scoring.versions import current_config


class PreviewChange(NamedTuple):
    """A customer who would change level."""

    customer_id: int
    score_before: int | None
    score_after: int | None
    level_before: str | None
    level_after: str | None


@dataclass(frozen=True)
class Preview:
    """Customers per level under the present and the proposed configuration, and who moves."""

    before: dict[str, int]
    after: dict[str, int]
    changed: list[PreviewChange]


def preview(org_id: int, config: Config, now: datetime) -> Preview:
    """Score everybody as of `now` under both configurations; raises `Invalid` for a wrong one."""
    proposed = parse_config(config.as_json())
    present, _version = current_config(org_id)
    before: Counter[int] = Counter()
    after: Counter[int] = Counter()
    changed: list[PreviewChange] = []
    for scope in scopes(org_id, None):
        signals = read_signals(scope, now)
        raws = measure(signals, now.timestamp())
        old = judge(signals.customer_ids, raws, present)
        new = judge(signals.customer_ids, raws, proposed)
        before.update(old.levels.tolist())
        after.update(new.levels.tolist())
        changed += _changes(old, new)
    return Preview(_by_name(before), _by_name(after), changed)


def _changes(old: Outcome, new: Outcome) -> Iterator[PreviewChange]:
    for row in np.flatnonzero(old.levels != new.levels).tolist():
        yield PreviewChange(
            int(old.customer_ids[row]),
            _score(old, row),
            _score(new, row),
            LEVELS[old.levels[row]],
            LEVELS[new.levels[row]],
        )


def _score(outcome: Outcome, row: int) -> int | None:
    score = int(outcome.scores[row])
    return None if score == NO_SCORE else score


def _by_name(levels: Counter[int]) -> dict[str, int]:
    return {
        "green": levels[3],
        "yellow": levels[2],
        "red": levels[1],
        "none": levels[0],
    }
