"""One batch of scores: read signals, compute on arrays, write what changed."""

from datetime import datetime
from typing import Any, NamedTuple

import numpy as np
from django.db import connection
from numpy.typing import NDArray

from pulsescore.core.locks import lock_for_transaction
from pulsescore.scoring.config import Config
from pulsescore.scoring.decide import (
    CHANGE_POINT,
    Decision,
    ScoreChange,
    Stored,
    align,
    decide,
    score_changes,
)
from pulsescore.scoring.factors import Outcome, evaluate
from pulsescore.scoring.fixed_rows import Columns, copy_rows_in, read_rows
from pulsescore.scoring.override_rows import read_overrides
from pulsescore.scoring.overrides import apply_overrides
from pulsescore.scoring.signals import Scope, read_signals
from pulsescore.scoring.statements import statement
from pulsescore.scoring.watching import mark_passed
from pulsescore.store.derived_events import append_derived_events

_VALUES = tuple(f"value{place}" for place in range(1, 6))
_RAWS = tuple(f"raw{place}" for place in range(1, 6))
_STORED = [
    ("customer_id", "i8"),
    ("score", "i2"),
    ("level", "i2"),
    ("reason", "i2"),
    ("version", "i4"),
    ("calculated_at", "f8"),
    ("recent", "i4"),
    ("cap", "i2"),
    ("computed", "i2"),
    ("override", "i8"),
    *((name, "f8") for name in _VALUES),
]
_STAGED = [
    ("customer_id", "i8"),
    ("score", "i2"),
    ("level", "i2"),
    ("reason", "i2"),
    ("score_before", "i2"),
    ("level_before", "i2"),
    ("point", "i2"),
    ("recent", "i4"),
    ("cap", "i2"),
    ("computed", "i2"),
    ("override", "i8"),
    ("override_before", "i8"),
    *((name, "f8") for name in _RAWS + _VALUES),
]


class Batch(NamedTuple):
    """What came of one batch: how many customers were scored, and whose score or level changed."""

    customers: int
    changes: list[ScoreChange]


def lock_scores(org_id: int) -> None:
    """Let one batch of an organization be scored at a time; the lock ends with the transaction.

    Two rescores of the same customers therefore never mix: the later one sees what the earlier
    wrote. Whoever erases customers holds it too, and an organization is removed only after whoever
    holds it: nobody is scored who is gone.
    """
    lock_for_transaction(f"scores:{org_id}")
    with connection.cursor() as cursor:
        cursor.execute("SELECT FROM accounts_organization WHERE id = %s FOR KEY SHARE", [org_id])


def rescore_batch(
    scope: Scope, config: Config, *, version: int, now: datetime, fresh: bool = False
) -> Batch:
    """Bring the scores of a batch up to date, inside the caller's transaction."""
    signals = read_signals(scope, now)
    held = read_overrides(scope).held_at(now.timestamp())
    outcome = apply_overrides(evaluate(signals, config, now), held, config)
    recent = signals.recent_conversations.astype(np.int32)
    stored = read_stored(scope, outcome)
    decision = decide(outcome, stored, recent=recent, version=version, now=now, fresh=fresh)
    if len(decision.rows):
        _stage(outcome, decision, recent)
        mark_passed(scope.org_id, config, now=now)
        _write(scope.org_id, decision, version=version, now=now)
    return Batch(len(outcome.customer_ids), score_changes(outcome, decision))


def read_stored(scope: Scope, outcome: Outcome) -> Stored:
    """What is stored of the outcome's customers."""
    query = statement("stored").format(only=scope.restrict("customer_id"))
    columns = read_rows(query, scope.parameters(), _STORED)
    values = np.column_stack([columns[name] for name in _VALUES])
    return align(outcome.customer_ids, columns["customer_id"], columns, values)


def _write(org_id: int, decision: Decision, *, version: int, now: datetime) -> None:
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    parameters: dict[str, Any] = {
        "org_id": org_id,
        "config_version": version,
        "now": now,
        "now_text": now.isoformat(),
        "day": day,
    }
    with connection.cursor() as cursor:
        for name in ("write_scores", "supersede_points", "write_points", "bump_revision"):
            cursor.execute(statement(name), parameters)
    if (decision.points == CHANGE_POINT).any():
        append_derived_events(org_id=org_id, query=statement("events"), parameters=parameters)


def _stage(outcome: Outcome, decision: Decision, recent: NDArray[np.int32]) -> None:
    rows = decision.rows
    arrays: Columns = {
        "customer_id": outcome.customer_ids[rows],
        "score": outcome.scores[rows],
        "level": outcome.levels[rows],
        "reason": outcome.reasons[rows],
        "score_before": decision.scores_before,
        "level_before": decision.levels_before,
        "point": decision.points,
        "recent": recent[rows],
        "cap": outcome.caps[rows],
        "computed": outcome.computed[rows],
        "override": outcome.overrides[rows],
        "override_before": decision.overrides_before,
    }
    for place in range(5):
        arrays[_RAWS[place]] = outcome.raws[rows, place]
        arrays[_VALUES[place]] = outcome.values[rows, place]
    with connection.cursor() as cursor:
        cursor.execute(statement("staging"))
        cursor.execute("TRUNCATE scoring_staged")
    copy_rows_in("scoring_staged", _STAGED, arrays)
