"""Executing a backtest: draw, replay, measure, store; one of an organization at a time."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any, Final

import numpy as np
import structlog
from numpy.typing import NDArray

from pulsescore.core.locks import held_lock, own_conninfo
from pulsescore.scoring.backtest.figures import summarize
from pulsescore.scoring.backtest.lifecycle import Progress, begin, finish
from pulsescore.scoring.backtest.plan import (
    HORIZONS,
    MIN_OUTCOMES,
    Sample,
    draw,
)
from pulsescore.scoring.backtest.reading import (
    known_since,
    read_leavers,
    read_people,
    read_raws,
)
from pulsescore.scoring.backtest.separately import judge_separately
from pulsescore.scoring.config import FACTORS, Config
from pulsescore.scoring.factors import DAY, NO_SCORE, Outcome, judge
from pulsescore.scoring.outcomes import attribute
from pulsescore.scoring.outcomes.models import Backtest, BacktestStatus
from pulsescore.scoring.versions import current_config

log = structlog.get_logger(__name__)

# Customers with all their conversations are in memory at once.
_BATCH: Final = 2_000
# Weights are learned where people can still act; the other horizons stand in for it.
_LEARN_FROM: Final = (60, 30, 90)

Arrays = Mapping[str, Mapping[str, NDArray[Any]]]
Judge = Callable[..., dict[str, Any]]


def execute(
    backtest_id: int,
    *,
    now: Callable[[], datetime],
    judged_by: Judge = judge_separately,
) -> None:
    """Work on a backtest until it ends; does nothing while another process does.

    A failure is stored with its reason; a killed process leaves a row that is taken up again.
    """
    with held_lock(own_conninfo(), f"backtest:{backtest_id}") as is_free:
        backtest = begin(backtest_id, now=now()) if is_free else None
        if backtest is None:
            return
        try:
            _run(backtest, now=now, judged_by=judged_by)
        except Exception:
            log.exception("backtest failed", backtest=backtest_id)
            finish(
                backtest,
                BacktestStatus.FAILED,
                problem="Something went wrong on our side. The error was logged.",
                now=now(),
            )


def _run(backtest: Backtest, *, now: Callable[[], datetime], judged_by: Judge) -> None:
    org_id, instant = backtest.org_id, now()
    attribute.refresh(org_id, now=instant)
    config, version = current_config(org_id)
    people, leavers, since = read_people(org_id), read_leavers(org_id), known_since(org_id)
    backtest.config_version = version
    backtest.outcomes = len(np.unique(leavers.outcome_ids[leavers.left_at <= instant.timestamp()]))
    start = since.timestamp() if since else instant.timestamp()
    samples = {
        days: draw(people, leavers, horizon=days, known_since=start, now=instant.timestamp())
        for days in HORIZONS
    }
    enough = {days: one for days, one in samples.items() if one.counts.outcomes >= MIN_OUTCOMES}
    progress = Progress(backtest, total=sum(len(one.at) for one in enough.values()))
    scored = {days: _replay(org_id, one, config, progress) for days, one in enough.items()}
    found = _judge(scored, config, judged_by) if scored else {"horizons": {}, "suggestion": None}
    result = {
        "known_since": start,
        "horizons": [
            _horizon(days, scored.get(days), found["horizons"].get(str(days)), samples[days])
            for days in HORIZONS
        ],
        "suggestion": found["suggestion"],
    }
    status = BacktestStatus.SUCCEEDED if scored else BacktestStatus.TOO_FEW
    finish(backtest, status, result=result, now=now())


def _replay(
    org_id: int, sample: Sample, config: Config, progress: Progress
) -> tuple[Sample, Outcome]:
    """Scores as of each instant of the sample, in batches of neighbouring customers."""
    order = np.argsort(sample.customer_ids, kind="stable")
    raws = np.empty((len(order), len(FACTORS)))
    for start in range(0, len(order), _BATCH):
        rows = order[start : start + _BATCH]
        raws[rows] = read_raws(org_id, sample.customer_ids[rows], sample.at[rows])
        progress.add(len(rows))
    outcome = judge(sample.customer_ids, raws, config)
    return _only_scored(sample, outcome)


def _only_scored(sample: Sample, outcome: Outcome) -> tuple[Sample, Outcome]:
    """Without those whom the configuration gives no score."""
    rows = outcome.scores != NO_SCORE
    kept = replace(
        sample,
        customer_ids=sample.customer_ids[rows],
        at=sample.at[rows],
        left=sample.left[rows],
        clusters=sample.clusters[rows],
    )
    return kept, Outcome(**{name: values[rows] for name, values in vars(outcome).items()})


def _judge(
    scored: Mapping[int, tuple[Sample, Outcome]], config: Config, judged_by: Judge
) -> dict[str, Any]:
    days = next(one for one in _LEARN_FROM if one in scored)
    weights = [config.weights[key] for key in FACTORS]
    found = judged_by(
        {
            str(one): {
                "left": sample.left,
                "clusters": sample.clusters,
                "values": outcome.values,
                "scores": outcome.scores,
            }
            for one, (sample, outcome) in scored.items()
        },
        weights=weights,
        learn_from=str(days),
    )
    suggestion = found["suggestion"]
    if suggestion["weights"] is None:
        return {**found, "suggestion": None}
    named = dict(zip(FACTORS, suggestion["weights"], strict=True))
    return {**found, "suggestion": {**suggestion, "weights": named, "days": days}}


def _horizon(
    days: int,
    scored: tuple[Sample, Outcome] | None,
    found: Mapping[str, float] | None,
    drawn: Sample,
) -> dict[str, Any]:
    """One horizon of a stored result; without figures where too few could be looked at."""
    told: dict[str, Any] = {
        "days": days,
        "counts": asdict(drawn.counts),
        "compared": int((~drawn.left).sum()),
        "stayers": drawn.stayers,
        "auc": None,
        "low": None,
        "high": None,
    }
    if scored is None or found is None:
        nothing = {"churn": 0.0, "warned": 0, "levels": [], "deciles": []}
        return {**told, **nothing, "missed": [], "missed_count": 0}
    sample, outcome = scored
    figures = summarize(sample, outcome, horizon_secs=days * DAY)
    return {**told, **found, **figures.as_json()}
