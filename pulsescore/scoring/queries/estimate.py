"""A preview of a configuration while somebody moves a slider: at once, whatever the size."""

from datetime import datetime
from typing import Final

from django.db import connection

from pulsescore.scoring.config import Config
from pulsescore.scoring.preview import ANY_WAY, Preview, Way, preview, preview_of
from pulsescore.scoring.queries.distribution import census
from pulsescore.scoring.signals import scopes

# Everybody is looked at up to twice as many. Of 10,000 a share is off by 1 % at most, mostly.
SAMPLE: Final = 10_000
# Chosen by a hash of the id, so that nobody is preferred and the next move of the slider looks at
# the same customers. Served by health_by_score alone.
_SAMPLE: Final = """
    SELECT customer_id FROM scoring_healthscore
    WHERE org_id = %(org_id)s AND (hashint8(customer_id) & 2147483647) %% %(one_of)s = 0
    ORDER BY customer_id
"""


def quick_preview(
    org_id: int,
    config: Config,
    now: datetime,
    *,
    named: int,
    way: Way = ANY_WAY,
    sample: int = SAMPLE,
) -> Preview:
    """A preview of everybody, or for large organizations an estimate from a sample of customers.

    Raises `Invalid` for a wrong configuration.
    """
    total = census(org_id, now).coverage.total
    if total <= 2 * sample:
        return preview(org_id, config, now, named=named, way=way)
    with connection.cursor() as cursor:
        cursor.execute(_SAMPLE, {"org_id": org_id, "one_of": total // sample})
        ids = [found for (found,) in cursor.fetchall()]
    batches = scopes(org_id, ids)
    return preview_of(batches, org_id, config, now, named=named, way=way, total=total)
