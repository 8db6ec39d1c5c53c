"""The past, recomputed: a score as of an earlier instant, and the days before the first import."""

from datetime import UTC, datetime, timedelta

import numpy as np
from django.db import connection, transaction
from numpy.typing import NDArray

from pulsescore.scoring.config import Config
from pulsescore.scoring.engine import lock_scores
from pulsescore.scoring.factors import DAY, NO_SCORE, Outcome
from pulsescore.scoring.fixed_rows import Columns, copy_rows_in, read_rows
from pulsescore.scoring.histories import Histories
from pulsescore.scoring.rollup import CHART_DAYS, roll_up_days
from pulsescore.scoring.signals import Scope, scopes
from pulsescore.scoring.statements import statement
from pulsescore.scoring.versions import config_at, current_config

# Customers × 90 days are in memory at once: about 20 MB.
_BATCH = 2_000
_RAWS = tuple(f"raw{place}" for place in range(1, 6))
_VALUES = tuple(f"value{place}" for place in range(1, 6))
_STAGED = [
    ("customer_id", "i8"),
    ("at", "f8"),
    ("score", "i2"),
    ("level", "i2"),
    ("cap", "i2"),
    ("computed", "i2"),
    ("override", "i8"),
    *((name, "f8") for name in _RAWS + _VALUES),
]
Pairs = NDArray[np.int64]


def scores_as_of(
    *, org_id: int, customer_ids: list[int], t: datetime, config: Config | None = None
) -> Outcome:
    """Scores of a batch of customers as if now were `t`: with the overrides that held then, and
    under the configuration of that time, unless another `config` is to be tried."""
    ids = tuple(sorted(set(customer_ids)))
    scope = Scope(org_id, ids[0] if ids else 0, ids[-1] if ids else 0, ids)
    return Histories(scope).scores_as_of(t, config or config_at(org_id, t))


def reconstruct_history(*, org_id: int, now: datetime, days: int = CHART_DAYS) -> int:
    """Fill the last `days` days with replayed points, one a day, marked as reconstructed.

    Only days on which a customer has no point are filled, so that running it again adds nothing.
    Days before a customer's first conversation stay empty. Returns how many points were added.
    """
    instants = [now - timedelta(days=back) for back in range(days, 0, -1)]
    # Totals that are there follow each batch as it commits: charts grow, and no page totals days.
    roll_up_days(org_id=org_id, now=now, since=instants[0].astimezone(UTC).date())
    added = 0
    for scope in scopes(org_id, None, size=_BATCH):
        with transaction.atomic():
            lock_scores(org_id)
            config, version = current_config(org_id)
            added += _fill(scope, config, version=version, instants=instants)
    return added


def _fill(scope: Scope, config: Config, *, version: int, instants: list[datetime]) -> int:
    histories = Histories(scope)
    taken = _taken_days(scope, instants[0])
    staged = [_points(histories.scores_as_of(t, config), t, taken) for t in instants]
    arrays = {name: np.concatenate([part[name] for part in staged]) for name, _ in _STAGED}
    if not len(arrays["customer_id"]):
        return 0
    with connection.cursor() as cursor:
        cursor.execute(statement("staging_points"))
        cursor.execute("TRUNCATE scoring_staged_points")
        copy_rows_in("scoring_staged_points", _STAGED, arrays)
        cursor.execute(
            statement("write_replayed_points"),
            {"org_id": scope.org_id, "config_version": version},
        )
        added: int = cursor.rowcount
        if added:
            cursor.execute(statement("bump_revision"), {"org_id": scope.org_id})
    return added


def _taken_days(scope: Scope, start: datetime) -> Pairs:
    """Customer and day of every stored point, as one sorted number each."""
    day = start.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    query = statement("points_of_days").format(only=scope.restrict("customer_id"))
    rows = read_rows(
        query, {**scope.parameters(), "start": day}, [("customer", "i8"), ("day", "i8")]
    )
    return _pair(rows["customer"], rows["day"])


def _points(outcome: Outcome, t: datetime, taken: Pairs) -> Columns:
    day = np.int64(t.timestamp() // DAY)
    free = ~np.isin(_pair(outcome.customer_ids, day), taken)
    rows = np.flatnonzero(free & (outcome.scores != NO_SCORE))
    points: Columns = {
        "customer_id": outcome.customer_ids[rows],
        "at": np.full(len(rows), t.timestamp()),
        "score": outcome.scores[rows],
        "level": outcome.levels[rows],
        "cap": outcome.caps[rows],
        "computed": outcome.computed[rows],
        "override": outcome.overrides[rows],
    }
    for place in range(5):
        points[_RAWS[place]] = outcome.raws[rows, place]
        points[_VALUES[place]] = outcome.values[rows, place]
    return points


def _pair(customers: Pairs, day: Pairs | np.int64) -> Pairs:
    # Days since 1970 stay below 2**17 until the year 2328.
    return np.asarray(customers * 2**17 + day, dtype=np.int64)
