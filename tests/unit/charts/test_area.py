"""Stacked counts: layers upon one another, up to the total of each day."""

import re
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulsescore.web.charts import AreaChart, Series, area_chart
from pulsescore.web.charts.plot import HEIGHT, TOP

START = date(2026, 3, 1)
COUNTS = st.lists(
    st.tuples(*[st.integers(min_value=0, max_value=10_000)] * 3), min_size=1, max_size=100
)


def stacked(counts: list[tuple[int, int, int]]) -> AreaChart:
    days = [START + timedelta(days=place) for place in range(len(counts))]
    red, yellow, green = zip(*counts, strict=True)
    chart = area_chart(
        days,
        [
            Series("red", "Critical", red, "/customers?risk=red"),
            Series("yellow", "At risk", yellow),
            Series("green", "Healthy", green),
        ],
    )
    assert chart is not None
    return chart


def heights(path: str) -> list[float]:
    return [float(y) for y in re.findall(r"[\d.]+ ([\d.]+)", path)]


@given(COUNTS)
def test_no_layer_dives_beneath_the_one_below_it(counts: list[tuple[int, int, int]]) -> None:
    edges = [heights(layer.edge) for layer in stacked(counts).layers]
    for below, above in pairwise(edges):
        assert all(upper <= lower for lower, upper in zip(below, above, strict=True))


@given(COUNTS)
def test_layers_stay_within_the_frame(counts: list[tuple[int, int, int]]) -> None:
    chart = stacked(counts)
    ys = [y for layer in chart.layers for y in heights(layer.d)]
    assert min(ys) >= TOP
    assert max(ys) <= HEIGHT


@given(COUNTS)
def test_the_top_edge_is_the_total(counts: list[tuple[int, int, int]]) -> None:
    chart = stacked(counts)
    top = float(chart.values[-1].at)
    assert top == TOP
    totals = [sum(day) for day in counts]
    ys = heights(chart.layers[-1].edge)
    highest = max(range(len(totals)), key=totals.__getitem__)
    assert ys[0 if len(totals) == 1 else highest] == min(ys)


def test_one_day_fills_the_width() -> None:
    assert stacked([(1, 2, 3)]).layers[0].edge.startswith("M0 ")
    assert "L1000 " in stacked([(1, 2, 3)]).layers[0].edge


def test_legend_tooltip_and_table_read_from_the_top_layer_down() -> None:
    chart = stacked([(1, 2, 3), (2, 4, 1_200)])
    assert [(one.name, one.now) for one in chart.legend] == [
        ("Healthy", 1_200),
        ("At risk", 4),
        ("Critical", 2),
    ]
    assert chart.points[1].lines == ("Healthy 1,200", "At risk 4", "Critical 2")
    assert chart.table.rows[0] == ("2 Mar 2026", "1,200", "4", "2")
    assert chart.words.startswith("Healthy from 3 to 1,200, At risk from 2 to 4")


def test_one_day_is_told_as_one_day() -> None:
    assert stacked([(1, 2, 3)]).words == "Healthy 3, At risk 2, Critical 1 on 1 Mar 2026"


def test_without_days_there_is_no_chart() -> None:
    assert area_chart([], [Series("red", "Critical", ())]) is None


def test_layers_of_different_lengths_are_a_mistake() -> None:
    with pytest.raises(ValueError, match="shorter"):
        area_chart([START], [Series("red", "Critical", (1,)), Series("green", "Healthy", ())])
