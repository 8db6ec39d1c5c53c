"""When the absence of an object says something about it. Pure.

What has just been made or changed may be told before a search, or a read by its id, shows it.
"""

from datetime import datetime, timedelta
from typing import Final

from pulsescore.connectors.intercom.api.schemas import Contact
from pulsescore.connectors.intercom.times import moment

# A search index lags: what changed since is neither missing nor back.
TOO_YOUNG: Final = timedelta(minutes=15)


def is_young(contact: Contact, *, before: datetime) -> bool:
    """Whether a search may not know the contact as it is yet."""
    try:
        touched_at = moment(contact.updated_at) or moment(contact.created_at)
    except ValueError:
        return False
    return touched_at is not None and touched_at > before - TOO_YOUNG
