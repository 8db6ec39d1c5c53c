"""Reads the overrides of a batch of customers, in one statement, into arrays."""

from pulsescore.scoring.fixed_rows import read_rows
from pulsescore.scoring.overrides import Overrides
from pulsescore.scoring.signals import Scope
from pulsescore.scoring.statements import statement

_COLUMNS = [
    ("customer_ids", "i8"),
    ("ids", "i8"),
    ("scores", "i2"),
    ("levels", "i2"),
    ("set_at", "f8"),
    ("expires_at", "f8"),
]


def read_overrides(scope: Scope) -> Overrides:
    """Every override that the customers in scope ever had."""
    query = statement("overrides").format(
        only=scope.restrict("o.customer_id"), only_merged=scope.restrict("merged_into_id")
    )
    return Overrides(**read_rows(query, scope.parameters(), _COLUMNS))
