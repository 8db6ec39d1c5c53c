"""Which configurations are accepted, and what a wrong one is told, field by field."""

import math
from copy import deepcopy
from typing import Any

import pytest

from pulsescore.core.errors import Invalid
from pulsescore.scoring.config import DEFAULTS, parse_config

GOOD = DEFAULTS.as_json()


def faults(data: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        parse_config(data)
    return {fault.field: fault.message for fault in refused.value.faults}


def changed(part: str, **values: Any) -> Any:
    data: Any = deepcopy(GOOD)
    data[part].update(values)
    return data


def test_the_defaults_are_valid_and_survive_the_round_trip() -> None:
    assert parse_config(GOOD) == DEFAULTS


def test_weights_may_miss_the_sum_by_a_thousandth() -> None:
    assert (
        parse_config(changed("weights", support_recency=0.201)).weights["support_recency"] == 0.201
    )
    assert parse_config(changed("weights", support_recency=0.199))
    assert "weights" in faults(changed("weights", support_recency=0.2021))


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 10**400, "0.2", None, True, []])
@pytest.mark.parametrize(
    ("part", "key"),
    [("weights", "open_tickets"), ("halves", "open_tickets"), ("thresholds", "green")],
)
def test_what_is_no_finite_number_is_refused_by_its_path(part: str, key: str, value: Any) -> None:
    assert list(faults(changed(part, **{key: value}))) == [f"{part}.{key}"]


def test_a_negative_weight_is_refused() -> None:
    assert "weights.reopen_rate" in faults(changed("weights", reopen_rate=-0.1))


@pytest.mark.parametrize("half", [0, -1])
def test_a_half_point_must_be_positive(half: float) -> None:
    assert "halves.reopen_rate" in faults(changed("halves", reopen_rate=half))


@pytest.mark.parametrize(
    ("yellow", "green", "field"),
    [
        (0, 70, "thresholds.yellow"),
        (70, 70, "thresholds.yellow"),
        (80, 70, "thresholds.yellow"),
        (40, 100.5, "thresholds.green"),
    ],
)
def test_thresholds_must_rise_within_the_scale(yellow: float, green: float, field: str) -> None:
    assert field in faults(changed("thresholds", yellow=yellow, green=green))


def test_all_weights_zero_is_refused() -> None:
    data: Any = {**GOOD, "weights": dict.fromkeys(GOOD["weights"], 0)}
    assert faults(data) == {"weights": "at least one weight must be greater than 0"}


def test_unknown_and_missing_keys_are_told_together() -> None:
    data: Any = deepcopy(GOOD)
    data["colour"] = "red"
    data["weights"]["mood"] = 0.1
    del data["halves"]["reopen_rate"]
    assert set(faults(data)) == {"colour", "weights.mood", "halves.reopen_rate"}


def test_a_part_of_another_shape_is_refused() -> None:
    assert set(faults({"weights": [1], "halves": None})) == {"weights", "halves", "thresholds"}
