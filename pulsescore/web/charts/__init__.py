"""Charts drawn on the server as SVG: pure geometry here, one template each in `cotton/`."""

from pulsescore.web.charts.area import AreaChart, Series, area_chart
from pulsescore.web.charts.bars import BarRow, bar_rows
from pulsescore.web.charts.before_after import BeforeAfter, before_after
from pulsescore.web.charts.donut import Slice, donut
from pulsescore.web.charts.histogram import Bar, Histogram, histogram
from pulsescore.web.charts.levels import LEVELS, Thresholds, level_of
from pulsescore.web.charts.line import DayValue, LineChart, line_chart
from pulsescore.web.charts.shares import Share, shares
from pulsescore.web.charts.sparkline import Sparkline, sparkline

__all__ = [
    "LEVELS",
    "AreaChart",
    "Bar",
    "BarRow",
    "BeforeAfter",
    "DayValue",
    "Histogram",
    "LineChart",
    "Series",
    "Share",
    "Slice",
    "Sparkline",
    "Thresholds",
    "area_chart",
    "bar_rows",
    "before_after",
    "donut",
    "histogram",
    "level_of",
    "line_chart",
    "shares",
    "sparkline",
]
