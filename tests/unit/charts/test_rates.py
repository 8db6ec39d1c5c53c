"""Shares as columns, beside what they are overall."""

from pulsescore.web.charts.rates import Rate, percent, rate_chart

HEAD = ("Scores", "Left")


def test_the_highest_share_is_tallest_and_the_line_lies_where_a_column_of_it_would_end() -> None:
    chart = rate_chart(
        [Rate("a", "", 0.2), Rate("b", "", 0.05), Rate("c", "", 0.0)], 0.05, head=HEAD
    )

    assert chart is not None
    tall, low, none = chart.columns
    assert tall.height == 4 * low.height > none.height == 0
    assert low.y == chart.overall_y
    assert chart.table.rows == [("a", "20 %"), ("b", "5.0 %"), ("c", "0 %")]


def test_many_columns_bear_bare_numbers_and_short_names() -> None:
    rates = [Rate(f"Scores {place}", "", 0.1, tick=str(place)) for place in range(10)]

    chart = rate_chart(rates, 0.1, head=HEAD)

    assert chart is not None
    assert {one.label for one in chart.columns} == {"10"}
    assert chart.columns[3].tick == "3"
    assert chart.columns[-1].zone + chart.columns[-1].zone_width == 100


def test_nothing_to_show_and_nobody_who_left_are_no_faults() -> None:
    assert rate_chart([], 0.0, head=HEAD) is None
    chart = rate_chart([Rate("a", "", 0.0)], 0.0, head=HEAD)
    assert chart is not None
    assert chart.columns[0].height == 0


def test_small_shares_have_a_decimal() -> None:
    assert [percent(share) for share in (0.0, 0.004, 0.0994, 0.0996, 0.5)] == [
        "0 %",
        "0.4 %",
        "9.9 %",
        "10 %",
        "50 %",
    ]
