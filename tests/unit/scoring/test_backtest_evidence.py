"""The statistics of a backtest: AUC with its interval, and weights learned from who left."""

from typing import Any

import numpy as np
import pytest

from pulsescore.scoring.backtest.evidence import Seen, judge_all
from pulsescore.scoring.backtest.separately import judge_separately
from pulsescore.scoring.config import DEFAULTS, FACTORS
from pulsescore.scoring.factors import weigh

WEIGHTS = [DEFAULTS.weights[key] for key in FACTORS]


def made(*, strength: float, left: int = 60, stayed: int = 240) -> dict[str, Any]:
    """Customers of whom the fourth factor tells who left, as strongly as asked."""
    rng = np.random.default_rng(1)
    values = rng.random((left + stayed, len(FACTORS)))
    values[:left, 3] *= 1 - strength
    return {
        "left": np.arange(left + stayed) < left,
        "clusters": np.arange(left + stayed),
        "values": values,
        "scores": weigh(values, DEFAULTS),
    }


def judged(given: dict[str, Any]) -> dict[str, Any]:
    return judge_all({"60": Seen(**given)}, weights=WEIGHTS, learn_from="60", resamples=199)


def test_a_difference_is_found_and_weighed() -> None:
    told = judged(made(strength=0.7))

    month = told["horizons"]["60"]
    assert 0.5 < month["low"] < month["auc"] < month["high"] < 1
    assert told["suggestion"]["better"]
    assert sum(told["suggestion"]["weights"]) == 100
    assert np.argmax(told["suggestion"]["weights"]) == 3


def test_no_difference_is_not_found_and_nothing_suggested() -> None:
    told = judged(made(strength=0.0))

    assert told["horizons"]["60"]["low"] < 0.5 < told["horizons"]["60"]["high"]
    assert not told["suggestion"]["better"]


def test_the_auc_is_the_share_of_pairs_with_ties_counted_half() -> None:
    given = made(strength=0.3, left=30, stayed=50)
    low = given["scores"][:30][:, None].astype(int)
    high = given["scores"][30:][None, :].astype(int)

    pairs = ((low < high) + (low == high) / 2).mean()

    assert judged(given)["horizons"]["60"]["auc"] == pytest.approx(pairs)


def test_people_of_one_company_widen_the_interval() -> None:
    alone = made(strength=0.5)
    together = {
        **alone,
        "clusters": np.where(alone["left"], alone["clusters"] // 20, 1000 + alone["clusters"]),
    }

    def width(given: dict[str, Any]) -> float:
        found = judged(given)["horizons"]["60"]
        return float(found["high"] - found["low"])

    same = {**together, "values": alone["values"].copy(), "scores": alone["scores"].copy()}
    for firm in range(3):
        rows = slice(20 * firm, 20 * firm + 20)
        same["values"][rows] = same["values"][20 * firm]
        same["scores"][rows] = same["scores"][20 * firm]
    assert width(same) > 1.5 * width({**same, "clusters": alone["clusters"]})


def test_a_missing_factor_hinders_nobody() -> None:
    given = made(strength=0.7)
    given["values"][::3, 2] = np.nan
    given["scores"] = weigh(given["values"], DEFAULTS)

    assert judged(given)["suggestion"]["better"]


def test_the_program_answers_as_its_functions_do() -> None:
    given = made(strength=0.5, left=35, stayed=60)
    asked = {"weights": WEIGHTS, "learn_from": "60"}

    assert judge_separately({"60": given}, **asked) == judge_all({"60": Seen(**given)}, **asked)
