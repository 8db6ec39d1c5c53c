"""What the parts of a customer's page have in common: read once, shown in several places."""

from dataclasses import dataclass
from datetime import datetime

from pulsescore.connectors.intercom.models import Connection
from pulsescore.connectors.intercom.names import Names
from pulsescore.scoring.queries import CompanyRow, ConversationCounts, Standing
from pulsescore.store.models import Customer


@dataclass(frozen=True)
class Shown:
    """A customer, where they come from and how they stand.

    `at` is when the score was computed: the windows of its factors end there. `days` is the span of
    the chart, `since` how many days back the score is compared, `names` who is behind ids,
    `segments` the names of segments in the source.
    """

    person: Customer
    connection: Connection | None
    standing: Standing
    names: Names
    companies: list[CompanyRow]
    counts: ConversationCounts
    segments: list[str]
    at: datetime
    now: datetime
    days: int
    since: int
