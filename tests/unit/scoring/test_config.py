"""Which configurations are accepted, and what a wrong one is told, field by field."""

import math
from copy import deepcopy
from typing import Any

import pytest

from pulsescore.core.errors import Invalid
from pulsescore.scoring.config import DEFAULTS, parse_config
from pulsescore.scoring.exceptions import Cap, Exceptions

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


def with_exceptions(exceptions: Any) -> dict[str, Any]:
    return {**GOOD, "exceptions": exceptions}


def test_there_is_no_exception_unless_one_is_asked_for() -> None:
    left_out = {key: GOOD[key] for key in ("weights", "halves", "thresholds")}
    for data in (left_out, with_exceptions(None), with_exceptions({"not_seen": None})):
        assert parse_config(data) == DEFAULTS
    assert GOOD["exceptions"] == {"not_seen": None, "many_open": None}


def test_exceptions_come_back_as_they_were_given() -> None:
    asked = {"not_seen": {"days": 30, "at_most": 60}, "many_open": {"open": 5, "at_most": 50}}
    config = parse_config(with_exceptions(asked))
    assert config.exceptions == Exceptions(Cap(30, 60), Cap(5, 50))
    assert config.as_json()["exceptions"] == asked


@pytest.mark.parametrize(
    ("exceptions", "field"),
    [
        ([], "exceptions"),
        ({"silent": {}}, "exceptions.silent"),
        ({"not_seen": 30}, "exceptions.not_seen"),
        ({"not_seen": {"days": 30}}, "exceptions.not_seen.at_most"),
        ({"not_seen": {"days": 0, "at_most": 60}}, "exceptions.not_seen.days"),
        ({"not_seen": {"days": math.nan, "at_most": 60}}, "exceptions.not_seen.days"),
        ({"not_seen": {"days": 4000, "at_most": 60}}, "exceptions.not_seen.days"),
        ({"not_seen": {"days": 30, "at_most": 101}}, "exceptions.not_seen.at_most"),
        ({"not_seen": {"days": 30, "at_most": -1}}, "exceptions.not_seen.at_most"),
        ({"not_seen": {"days": 30, "at_most": True}}, "exceptions.not_seen.at_most"),
        ({"many_open": {"open": 2.5, "at_most": 50}}, "exceptions.many_open.open"),
        ({"many_open": {"open": 0, "at_most": 50}}, "exceptions.many_open.open"),
        ({"many_open": {"open": 5, "at_most": 50.5}}, "exceptions.many_open.at_most"),
        ({"many_open": {"open": 5, "at_most": 50, "for": 1}}, "exceptions.many_open.for"),
    ],
)
def test_a_wrong_exception_is_named_by_its_path(exceptions: Any, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        parse_config(with_exceptions(exceptions))
    assert [fault.field for fault in refused.value.faults] == [field]
