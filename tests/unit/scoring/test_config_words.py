"""What differs between two configurations, as a colleague would say it."""

from dataclasses import replace

from pulsescore.scoring.config import DEFAULTS
from pulsescore.scoring.config_words import differences, half_words


def test_the_same_configuration_differs_in_nothing() -> None:
    assert differences(DEFAULTS, DEFAULTS) == []


def test_each_difference_is_named_by_its_field_and_told_in_words() -> None:
    other = replace(
        DEFAULTS,
        weights={**DEFAULTS.weights, "open_tickets": 0.45, "reopen_rate": 0.0},
        halves={**DEFAULTS.halves, "open_tickets": 1.0},
        green=75.0,
    )

    found = {one.field: one.words for one in differences(DEFAULTS, other)}

    assert found == {
        "weights.open_tickets": "Open ticket volume counts 45 % instead of 25 %",
        "weights.reopen_rate": "Reopen rate no longer counts; it was 20 %",
        "halves.open_tickets": (
            "Open ticket volume: half the points at 1 open ticket instead of 2"
        ),
        "thresholds.green": "Healthy from 75 on instead of 70",
    }


def test_the_way_back_is_told_the_other_way_round() -> None:
    other = replace(DEFAULTS, weights={**DEFAULTS.weights, "reopen_rate": 0.0}, yellow=30.5)

    there, back = differences(DEFAULTS, other), differences(other, DEFAULTS)

    assert [(one.before, one.after) for one in there] == [(one.after, one.before) for one in back]
    assert [one.words for one in back] == [
        "Reopen rate counts 20 %; before, it did not count",
        "At risk from 40 on instead of 30.5",
    ]


def test_a_half_point_reads_as_a_sentence() -> None:
    assert half_words("reopen_rate", 1.0) == "half the points at 1 reopening"
    assert half_words("support_recency", 7.5) == "half the points after 7.5 days away"
