"""Reads of the scoring stage for pages and the API."""

from pulsescore.scoring.preview import Preview, PreviewChange, preview
from pulsescore.scoring.queries.configs import get_config, latest_run, list_versions
from pulsescore.scoring.queries.customers import (
    CustomerFilters,
    CustomerPage,
    CustomerRow,
    get_rows,
    list_customers,
)
from pulsescore.scoring.queries.distribution import (
    Bin,
    Coverage,
    coverage,
    histogram,
    risk_distribution,
)
from pulsescore.scoring.queries.health import (
    Explanation,
    Health,
    get_explanation,
    get_health,
    score_history,
)
from pulsescore.scoring.queries.trends import (
    DayLevels,
    DayScore,
    Summary,
    level_trend,
    score_trend,
    summary,
)
from pulsescore.scoring.queries.worsened import Week, Worsened, week, worst_changes

__all__ = [
    "Bin",
    "Coverage",
    "CustomerFilters",
    "CustomerPage",
    "CustomerRow",
    "DayLevels",
    "DayScore",
    "Explanation",
    "Health",
    "Preview",
    "PreviewChange",
    "Summary",
    "Week",
    "Worsened",
    "coverage",
    "get_config",
    "get_explanation",
    "get_health",
    "get_rows",
    "histogram",
    "latest_run",
    "level_trend",
    "list_customers",
    "list_versions",
    "preview",
    "risk_distribution",
    "score_history",
    "score_trend",
    "summary",
    "week",
    "worst_changes",
]
