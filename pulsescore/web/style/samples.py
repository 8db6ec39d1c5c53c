"""Values that show each component with much, with one and with nothing. Pure."""

from datetime import date, timedelta
from typing import Any, Final

from pulsescore.web.charts import (
    AreaChart,
    DayValue,
    LineChart,
    Series,
    Thresholds,
    area_chart,
    before_after,
    donut,
    histogram,
    line_chart,
    shares,
)
from pulsescore.web.charts.factor_curve import factor_curve
from pulsescore.web.charts.rates import Rate, rate_chart
from pulsescore.web.paging import Paging
from pulsescore.web.words import level_in_words

LAST: Final = date(2026, 3, 31)
LEVELS: Final = Thresholds(yellow=40, green=70)
RECONSTRUCTED: Final = 40
COUNTS: Final = {"green": 812, "yellow": 140, "red": 31, "none": 97}
ONE: Final = {"green": 1, "yellow": 0, "red": 0, "none": 0}
NOBODY: Final = {"green": 0, "yellow": 0, "red": 0, "none": 0}
BINS: Final = (3, 9, 12, 18, 44, 51, 45, 190, 1204, 610)


RATES: Final = tuple(
    Rate(name, "of a tenth of the customers", share)
    for name, share in (("0–31", 0.214), ("32–58", 0.06), ("59–80", 0.004), ("81–100", 0.0))
)


def sample_values() -> dict[str, Any]:
    """Everything the parts of the style page show."""
    return {
        "levels": ("green", "yellow", "red", "none"),
        "icons": ("users", "plug", "search", "refresh-cw", "clock", "tag", "mail", "info", "x"),
        "options": (("us", "United States"), ("eu", "Europe"), ("au", "Australia")),
        "paging": Paging(page=2, per_page=25, total=1_204),
        "tabs": _tabs(),
        "history": _history(90),
        "history_short": _history(14),
        "history_one": _history(1),
        "average": _average(),
        "area": _area(90),
        "area_one": _area(1),
        "counts": COUNTS,
        "donut": donut(COUNTS),
        "counts_one": ONE,
        "donut_one": donut(ONE),
        "nobody": NOBODY,
        "histogram": histogram(BINS, **LEVELS._asdict()),
        "histogram_one": histogram((0, 0, 0, 0, 0, 0, 0, 1, 0, 0), **LEVELS._asdict()),
        "before_after": before_after(_moved(), **LEVELS._asdict()),
        "rates": rate_chart(RATES, 0.049, head=("Scores", "Left")),
        "bars": (("Export fails", 412, "#bars"), ("Invoice", 97, "#bars"), ("Log-in", 3, "#bars")),
        "bars_one": (("Somebody with quite a long name who wrote to us once", 1, ""),),
        "shares": shares(COUNTS),
        "shares_one": shares(ONE),
        "factor_curve": factor_curve(half=2, x=4),
        "spark": (82, 84, 81, 79, None, 74, 66, 61, 44, 38, 31),
        "spark_up": (12, 18, 22, 40, 55, 71, 90),
        "spark_one": (62,),
    }


def _moved() -> list[tuple[int, int, int, int]]:
    """The sample's scores, and the same one bin lower in part."""
    after = [have - have // 3 + more // 3 for have, more in zip(BINS, (*BINS[1:], 0), strict=True)]
    return [
        (10 * place, 10 * place + 9 + (place == len(BINS) - 1), have, will)
        for place, (have, will) in enumerate(zip(BINS, after, strict=True))
    ]


def _tabs() -> list[dict[str, Any]]:
    return [
        {"key": "open", "label": "Open", "href": "#tabs", "count": 4},
        {"key": "timeline", "label": "Timeline", "href": "#tabs", "count": 1_240},
        {"key": "notes", "label": "Notes", "href": "#tabs", "count": None},
    ]


def _days(count: int) -> list[date]:
    return [LAST - timedelta(days=count - 1 - place) for place in range(count)]


def _history(count: int) -> LineChart | None:
    """A customer who falls, recovers a little, and falls again; two days are unknown."""
    values: list[DayValue] = []
    for place, day in enumerate(_days(count)):
        share = place / max(count - 1, 1)
        wave = 14 * (1 - abs(4 * (share * 3 % 1) - 2))
        score = None if place in {5, 6} else round(86 - 58 * share + wave)
        values.append(DayValue(day, score, tentative=count - place > count - RECONSTRUCTED))
    return line_chart(values, name="Score", levels=LEVELS)


def _average() -> LineChart | None:
    history = [DayValue(day, 71 + (place * 7 % 11) / 4) for place, day in enumerate(_days(180))]
    return line_chart(history, name="Average score", decimals=1, filled=True)


def _area(count: int) -> AreaChart | None:
    days = _days(count)
    counts = {
        "red": [40 + place + place * 5 % 4 for place in range(count)],
        "yellow": [180 - place // 2 + place * 3 % 7 for place in range(count)],
        "green": [320 + place * 2 + place * 7 % 13 for place in range(count)],
    }
    return area_chart(
        days,
        [Series(key, level_in_words(key), tuple(each), "#area") for key, each in counts.items()],
    )
