"""Reads of the scoring stage for pages and the API."""

from pulsescore.scoring.preview import (
    Preview,
    PreviewBin,
    PreviewChange,
    changes_in_batches,
    preview,
)
from pulsescore.scoring.queries.attention import Attention, Case, Fall, attention
from pulsescore.scoring.queries.behind import (
    ConversationCounts,
    conversations_behind,
    count_conversations,
)
from pulsescore.scoring.queries.between import conversations_between
from pulsescore.scoring.queries.companies import (
    CompanyFilters,
    CompanyPage,
    CompanyRow,
    company_choices,
    get_company,
    get_company_rows,
    list_companies,
    list_companies_of,
    member_levels,
)
from pulsescore.scoring.queries.company_trend import TREND_MEMBERS, CompanyDay, company_trend
from pulsescore.scoring.queries.configs import (
    get_config,
    get_version,
    latest_run,
    list_versions,
)
from pulsescore.scoring.queries.customer_filters import CustomerFilters
from pulsescore.scoring.queries.customer_lines import score_lines
from pulsescore.scoring.queries.customer_search import SMALL, Search
from pulsescore.scoring.queries.customers import (
    CustomerPage,
    CustomerRow,
    count_customers,
    find_ids,
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
from pulsescore.scoring.queries.estimate import quick_preview
from pulsescore.scoring.queries.health import (
    Explanation,
    Health,
    get_explanation,
    get_health,
    score_history,
)
from pulsescore.scoring.queries.overrides import (
    OverriddenCustomer,
    OverrideShown,
    list_overridden,
    list_overrides_of,
)
from pulsescore.scoring.queries.standing import Moved, Standing, get_standing
from pulsescore.scoring.queries.trends import (
    Board,
    DayLevels,
    DayScore,
    Summary,
    board,
    day_trend,
    level_trend,
    score_trend,
    summary,
)
from pulsescore.scoring.queries.worsened import Week, Worsened, week, worst_changes

__all__ = [
    "SMALL",
    "TREND_MEMBERS",
    "Attention",
    "Bin",
    "Board",
    "Case",
    "CompanyDay",
    "CompanyFilters",
    "CompanyPage",
    "CompanyRow",
    "ConversationCounts",
    "Coverage",
    "CustomerFilters",
    "CustomerPage",
    "CustomerRow",
    "DayLevels",
    "DayScore",
    "Explanation",
    "Fall",
    "Health",
    "Moved",
    "OverriddenCustomer",
    "OverrideShown",
    "Preview",
    "PreviewBin",
    "PreviewChange",
    "Search",
    "Standing",
    "Summary",
    "Week",
    "Worsened",
    "attention",
    "board",
    "changes_in_batches",
    "company_choices",
    "company_trend",
    "conversations_behind",
    "conversations_between",
    "count_conversations",
    "count_customers",
    "coverage",
    "day_trend",
    "find_ids",
    "get_company",
    "get_company_rows",
    "get_config",
    "get_explanation",
    "get_health",
    "get_rows",
    "get_standing",
    "get_version",
    "histogram",
    "latest_run",
    "level_trend",
    "list_companies",
    "list_companies_of",
    "list_customers",
    "list_overridden",
    "list_overrides_of",
    "list_versions",
    "member_levels",
    "preview",
    "quick_preview",
    "risk_distribution",
    "score_history",
    "score_lines",
    "score_trend",
    "summary",
    "week",
    "worst_changes",
]
