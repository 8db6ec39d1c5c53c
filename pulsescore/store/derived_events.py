"""The door for timeline entries that PulseScore itself concludes, such as a changed score.

They come set-wise, from a query over a later stage's rows. Unlike records of a source they take no
source's lock and mark nobody for rescoring: nothing that is scored follows from them.
"""

from collections.abc import Mapping
from typing import Any

from django.db import connection

SOURCE = "pulsescore"


def append_derived_events(*, org_id: int, query: str, parameters: Mapping[str, Any]) -> int:
    """Add the entries a query yields; those already told (same dedupe key) are left as they are.

    The query selects (customer_id, name, occurred_at, properties, dedupe_key) of customers of this
    organization. Returns how many entries were new.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO store_timelineevent"
            " (org_id, customer_id, source, name, occurred_at, properties, context, dedupe_key)"
            " SELECT %(org_id)s, derived.customer_id, %(event_source)s, derived.name,"
            " derived.occurred_at, derived.properties, '{}', derived.dedupe_key"
            f" FROM ({query}) AS derived (customer_id, name, occurred_at, properties, dedupe_key)"
            " ON CONFLICT (customer_id, dedupe_key) DO NOTHING",
            {**parameters, "org_id": org_id, "event_source": SOURCE},
        )
        added: int = cursor.rowcount
    return added
