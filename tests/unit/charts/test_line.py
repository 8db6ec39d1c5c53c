"""A value per day as a line: in the frame, gaps kept, changes of level marked."""

import re
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from pulsescore.web.charts import DayValue, LineChart, Thresholds, line_chart
from pulsescore.web.charts.plot import HEIGHT, TOP, WIDTH

START = date(2026, 3, 1)
LEVELS = Thresholds(yellow=40, green=70)
VALUES = st.lists(st.none() | st.floats(min_value=0, max_value=100), min_size=1, max_size=120)


def history(*values: float | None, tentative: int = 0) -> list[DayValue]:
    return [
        DayValue(START + timedelta(days=place), value, place < tentative)
        for place, value in enumerate(values)
    ]


def drawn(*values: float | None, tentative: int = 0) -> LineChart:
    chart = line_chart(history(*values, tentative=tentative), name="Score", levels=LEVELS)
    assert chart is not None
    return chart


@given(VALUES)
def test_everything_stays_within_the_frame(values: list[float | None]) -> None:
    chart = line_chart(history(*values), name="Score", levels=LEVELS, filled=True)
    if chart is None:
        assert all(value is None for value in values)
        return
    paths = [chart.area, *(stroke.d for stroke in chart.strokes)]
    places = [
        tuple(map(float, pair)) for d in paths for pair in re.findall(r"([\d.]+) ([\d.]+)", d)
    ]
    assert all(0 <= x <= WIDTH and TOP <= y <= HEIGHT for x, y in places)
    assert all(0 <= dot.x <= 100 and TOP <= dot.y <= HEIGHT for dot in chart.dots)
    assert all(0 <= tick.at <= 100 for tick in chart.days)


@given(VALUES)
def test_the_zones_of_the_days_tile_the_plot(values: list[float | None]) -> None:
    chart = line_chart(history(*values), name="Score")
    if chart is None:
        return
    ends = [point.left + point.width for point in chart.points]
    assert len(chart.points) == len(values)
    assert abs(chart.points[0].left) < 0.01
    assert abs(ends[-1] - 100) < 0.01
    assert all(
        abs(end - point.left) < 0.01 for end, point in zip(ends, chart.points[1:], strict=False)
    )
    assert all(point.left <= point.x <= point.left + point.width for point in chart.points)


@given(VALUES)
def test_every_known_day_is_seen(values: list[float | None]) -> None:
    """By a line that reaches it, or by a dot of its own."""
    chart = line_chart(history(*values), name="Score")
    if chart is None:
        return
    reached = {float(x) for stroke in chart.strokes for x in re.findall(r"([\d.]+) ", stroke.d)}
    reached |= {round(dot.x * WIDTH / 100, 2) for dot in chart.dots}
    for point, value in zip(chart.points, values, strict=True):
        if value is not None:
            assert min(abs(x - point.x * WIDTH / 100) for x in reached) < 0.02


def test_without_a_known_day_there_is_no_chart() -> None:
    assert line_chart(history(None, None), name="Score") is None
    assert line_chart([], name="Score") is None


def test_one_day_is_a_dot_in_the_middle() -> None:
    chart = drawn(55)
    assert [(dot.x, dot.level) for dot in chart.dots] == [(50, "yellow")]
    assert chart.strokes == []
    assert chart.words == "Score 55 on 1 Mar 2026"


def test_a_gap_breaks_the_line() -> None:
    assert len(drawn(80, 81, None, 82, 83).strokes) == 2


def test_what_was_reconstructed_is_dashed_up_to_the_first_observed_day() -> None:
    chart = drawn(80, 81, 82, 83, 84, tentative=3)
    assert [(stroke.dashed, stroke.d.count("L")) for stroke in chart.strokes] == [
        (True, 2),
        (False, 2),
    ]
    assert chart.tentative
    assert not drawn(80, 81).tentative


def test_a_dot_stands_where_the_level_changes() -> None:
    chart = drawn(90, 72, 69, 50, 39, 71)
    assert [dot.level for dot in chart.dots] == ["yellow", "red", "green"]


def test_bands_fill_the_plot_from_critical_up_to_healthy() -> None:
    bands = drawn(50).bands
    assert [band.level for band in bands] == ["red", "yellow", "green"]
    assert bands[0].y + bands[0].height == HEIGHT
    assert bands[-1].y == TOP
    assert sum(band.height for band in bands) == HEIGHT - TOP


def test_the_axis_names_the_limits_between_levels() -> None:
    assert [tick.label for tick in drawn(50).values] == ["0", "40", "70", "100"]


def test_limits_too_close_to_one_another_are_not_written_over_one_another() -> None:
    chart = line_chart(history(50), name="Score", levels=Thresholds(yellow=2, green=60))
    assert chart is not None
    assert [tick.label for tick in chart.values] == ["0", "60", "100"]


def test_days_without_an_entry_keep_their_place_on_the_axis() -> None:
    days = [DayValue(START, 10), DayValue(START + timedelta(days=30), 20)]
    later = [days[0], DayValue(START + timedelta(days=15), 15), days[1]]
    chart = line_chart(later, name="Score")
    assert chart is not None
    assert [point.x for point in chart.points] == [0, 50, 100]


def test_tooltip_table_and_words_tell_the_same_values() -> None:
    chart = drawn(90, None, 31, tentative=1)
    assert [point.title for point in chart.points] == ["1 Mar 2026", "2 Mar 2026", "3 Mar 2026"]
    assert [point.lines for point in chart.points] == [
        ("Score 90 · Healthy, reconstructed",),
        ("Score none",),
        ("Score 31 · Critical",),
    ]
    assert chart.table.head == ("Day", "Score", "Level")
    assert chart.table.rows[0] == ("3 Mar 2026", "31", "Critical")
    assert chart.table.rows[1] == ("2 Mar 2026", "none", "No score")
    assert chart.words == ("Score from 90 on 1 Mar 2026 to 31 on 3 Mar 2026, lowest 31, highest 90")
