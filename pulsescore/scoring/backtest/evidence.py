"""How well scores tell who leaves, and weights that might tell better, with a statistics library.

A program of its own, started by `separately`: the library would cost every web process and worker
a second at its start and 100 MB, for something that runs now and then. Knows no database.
"""

import sys
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy.stats import bootstrap
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold
from threadpoolctl import threadpool_limits

from pulsescore.scoring.config import DEFAULTS, FACTORS, MAX_SCORE, Config
from pulsescore.scoring.factors import Floats, Ints, weigh

RESAMPLES: Final = 999
CHANCE: Final = 0.5
_BATCH: Final = 50
_FOLDS: Final = 5
_PERCENT: Final = 100
_Scores = NDArray[np.int16]


@dataclass(frozen=True)
class Seen:
    """Customers who left or stayed: factor values (n, 5) and scores; `clusters` as in a sample."""

    left: NDArray[np.bool_]
    clusters: Ints
    values: Floats
    scores: _Scores


def discrimination(seen: Seen, *, resamples: int = RESAMPLES) -> dict[str, float]:
    """The AUC (who left had the lower score) with its 95 % interval, by whole clusters."""
    auc = float(roc_auc_score(seen.left, -seen.scores.astype(np.float64)))
    low, high = _interval(seen, [seen.scores], resamples)
    return {"auc": auc, "low": low, "high": high}


def suggestion(seen: Seen, weights: list[float], *, resamples: int = RESAMPLES) -> dict[str, Any]:
    """Weights that tell better than the present ones, or why there are none to suggest.

    Judged on customers that were not used to find them. `better` only where the whole interval of
    the difference lies above nought.
    """
    present = weigh(seen.values, _config(np.array(weights)))
    learned = _out_of_sample(seen)
    found = _weights(seen.values, seen.left)
    if learned is None or found is None or (present < 0).any():
        return {"better": False, "weights": None}
    low, high = _interval(seen, [learned, present], resamples)
    least, _most = _interval(seen, [learned], resamples)
    return {
        "better": low > 0 and least > CHANCE,
        "weights": _in_percent(found),
        "auc": float(roc_auc_score(seen.left, -learned.astype(np.float64))),
        "auc_present": float(roc_auc_score(seen.left, -present.astype(np.float64))),
        "gain_low": low,
        "gain_high": high,
    }


def _out_of_sample(seen: Seen) -> _Scores | None:
    """The score of each customer by weights that were learned from others."""
    scores = np.full(len(seen.left), -1, dtype=np.int16)
    folds = GroupKFold(_FOLDS, shuffle=True, random_state=0)
    for known, unseen in folds.split(seen.values, seen.left, seen.clusters):
        learned = _weights(seen.values[known], seen.left[known])
        if learned is None:
            return None
        scores[unseen] = weigh(seen.values[unseen], _config(learned))
    return None if (scores < 0).any() else scores


def _weights(values: Floats, left: NDArray[np.bool_]) -> Floats | None:
    """Weights that sum to 1 by regularized logistic regression; none below nought."""
    known = ~np.isnan(values)
    means = np.where(known, values, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    filled = np.where(known, values, means)
    chosen = np.flatnonzero(filled.std(axis=0) > 0)
    weights = np.zeros(values.shape[1])
    while len(chosen):
        model = LogisticRegression(class_weight="balanced", max_iter=500)
        strength = -model.fit(filled[:, chosen], left).coef_[0]
        # A factor whose better values go with leaving has no place in a score; the others are
        # weighed again without it.
        if (strength > 0).all():
            weights[chosen] = strength / strength.sum()
            return weights
        chosen = chosen[strength > 0]
    return None


def _in_percent(weights: Floats) -> list[int]:
    """Whole per cents that sum to 100: what is left over goes to the largest remainders."""
    exact = weights * _PERCENT
    whole = np.floor(exact).astype(int)
    order = np.argsort(whole - exact, kind="stable")
    whole[order[: _PERCENT - int(whole.sum())]] += 1
    return [int(one) for one in whole]


def _config(weights: Floats) -> Config:
    return Config(
        weights=dict(zip(FACTORS, weights.tolist(), strict=True)),
        halves=DEFAULTS.halves,
        yellow=DEFAULTS.yellow,
        green=DEFAULTS.green,
    )


def _interval(seen: Seen, scores: list[_Scores], resamples: int) -> tuple[float, float]:
    """95 % of the AUC of scores, or of the first's less the second's, by drawing clusters anew."""
    tables = [
        (_by_cluster(seen, one, seen.left), _by_cluster(seen, one, ~seen.left)) for one in scores
    ]
    sizes = [len(table) for table in tables[0]]

    def statistic(left: Ints, stayed: Ints, axis: int) -> Floats:
        del axis
        drawn = [
            _times_drawn(chosen, size) for chosen, size in zip((left, stayed), sizes, strict=True)
        ]
        aucs = [_auc(drawn[0] @ one, drawn[1] @ other) for one, other in tables]
        return aucs[0] if len(aucs) == 1 else aucs[0] - aucs[1]

    found = bootstrap(
        [np.arange(size) for size in sizes],
        statistic,
        vectorized=True,
        n_resamples=resamples,
        batch=_BATCH,
        method="percentile",
        rng=np.random.default_rng(0),
    ).confidence_interval
    return float(found.low), float(found.high)


def _by_cluster(seen: Seen, scores: _Scores, rows: NDArray[np.bool_]) -> Floats:
    """How many customers of each cluster have each score: (clusters, 101)."""
    names, place = np.unique(seen.clusters[rows], return_inverse=True)
    table = np.zeros((len(names), MAX_SCORE + 1))
    np.add.at(table, (place, scores[rows]), 1)
    return table


def _times_drawn(chosen: Ints, size: int) -> Floats:
    """How often each cluster was drawn, for one draw or a row for each of many."""
    rows = np.atleast_2d(chosen)
    offsets = np.arange(len(rows))[:, None] * size
    counts = np.bincount((rows + offsets).ravel(), minlength=len(rows) * size)
    return counts.reshape(*chosen.shape[:-1], size).astype(np.float64)


def _auc(left: Floats, stayed: Floats) -> Floats:
    """The share of pairs in which the one who left had the lower score; ties count half.

    Of counts per score, since a table of 101 numbers is drawn a thousand times more quickly.
    """
    above = stayed.sum(axis=-1, keepdims=True) - np.cumsum(stayed, axis=-1)
    pairs = (left * (above + stayed / 2)).sum(axis=-1)
    return np.asarray(pairs / (left.sum(axis=-1) * stayed.sum(axis=-1)))


def judge_all(
    seen: dict[str, Seen],
    *,
    weights: list[float],
    learn_from: str,
    resamples: int = RESAMPLES,
) -> dict[str, Any]:
    """Each horizon's AUC, and a suggestion from one of them."""
    # Tables this small are slower on many threads than on one.
    with threadpool_limits(1):
        told: dict[str, Any] = {
            name: discrimination(one, resamples=resamples) for name, one in seen.items()
        }
        return {
            "horizons": told,
            "suggestion": suggestion(seen[learn_from], weights, resamples=resamples),
        }


def main() -> None:
    """Read arrays from standard input, answer as JSON."""
    with np.load(BytesIO(sys.stdin.buffer.read())) as arrays:
        names = [str(name) for name in arrays["names"]]
        parts = ("left", "clusters", "values", "scores")
        seen = {name: Seen(*(arrays[f"{name}.{part}"] for part in parts)) for name in names}
        answer = judge_all(
            seen, weights=arrays["weights"].tolist(), learn_from=str(arrays["learn_from"])
        )
    sys.stdout.buffer.write(msgspec.json.encode(answer))


if __name__ == "__main__":
    main()
