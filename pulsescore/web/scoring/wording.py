"""Pure: the factors as the scoring page asks about them."""

from typing import Final, NamedTuple

from pulsescore.scoring.config_words import HALVES
from pulsescore.scoring.wording import NAMES


class FactorText(NamedTuple):
    """A factor's name, what it looks at, and its half point as a question."""

    key: str
    about: str

    @property
    def name(self) -> str:
        """As it is called everywhere."""
        return NAMES[self.key]

    @property
    def before(self) -> str:
        """What stands before the number of the half point."""
        return f"Half the points {HALVES[self.key][0]}"

    @property
    def one(self) -> str:
        """What stands after it, where it is 1."""
        return HALVES[self.key][1]

    @property
    def many(self) -> str:
        """What stands after it otherwise."""
        return HALVES[self.key][2]


FACTOR_TEXTS: Final = (
    FactorText(
        "support_recency",
        "How long ago the customer was last there; the first day away costs nothing.",
    ),
    FactorText("open_tickets", "How many conversations are open now."),
    FactorText("resolution_time", "How long solutions took on average in the last 90 days."),
    FactorText("reopen_rate", "How often conversations were reopened in the last 30 days."),
    FactorText(
        "response_rate", "How long the customer has been silent in the latest conversation."
    ),
)
