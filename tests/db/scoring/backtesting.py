"""Running a backtest within a test, its statistics in this process."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import msgspec

from pulsescore.scoring.backtest.evidence import Seen, judge_all
from pulsescore.scoring.backtest.lifecycle import request
from pulsescore.scoring.backtest.run import execute
from pulsescore.scoring.outcomes.models import Backtest
from tests.db.scoring.people import NOW

# Enough for an interval, in a test.
RESAMPLES = 199


def judge_here(
    seen: Mapping[str, Mapping[str, Any]], *, weights: list[float], learn_from: str
) -> dict[str, Any]:
    """As the separate program would answer."""
    arrays = {name: Seen(**one) for name, one in seen.items()}
    told = judge_all(arrays, weights=weights, learn_from=learn_from, resamples=RESAMPLES)
    answer: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(told))
    return answer


def run(org_id: int) -> Backtest:
    """Request a backtest and execute it."""
    backtest, _new = request(org_id, user_id=None, now=NOW)
    execute(
        backtest.pk,
        now=lambda: NOW + timedelta(seconds=2),
        judged_by=judge_here,
    )
    return Backtest.objects.for_org(org_id).get(pk=backtest.pk)
