"""Pure: the factors as the scoring page asks about them."""

from typing import Final, NamedTuple


class FactorText(NamedTuple):
    """A factor's name, what it looks at, and its half point as a question."""

    key: str
    name: str
    about: str
    before: str
    unit: str


FACTOR_TEXTS: Final = (
    FactorText(
        "support_recency",
        "Support recency",
        "How long ago the customer was last there; the first day away costs nothing.",
        "Half the points after",
        "days away",
    ),
    FactorText(
        "open_tickets",
        "Open ticket volume",
        "How many conversations are open now.",
        "Half the points at",
        "open tickets",
    ),
    FactorText(
        "resolution_time",
        "Resolution time",
        "How long solutions took on average in the last 90 days.",
        "Half the points at",
        "hours to resolve",
    ),
    FactorText(
        "reopen_rate",
        "Reopen rate",
        "How often conversations were reopened in the last 30 days.",
        "Half the points at",
        "reopenings",
    ),
    FactorText(
        "response_rate",
        "Response rate",
        "How long the customer has been silent in the latest conversation.",
        "Half the points after",
        "hours of silence",
    ),
)
