"""The kept survey of an organization: everybody counted and compared with a week ago.

Counting a million customers takes seconds, so for large organizations the worker does it
(`scoring.surveys`) and pages read the result; small ones are counted for each page.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from pulsescore.scoring.models import Survey

KEPT_FOR = timedelta(minutes=10)


class Kept(NamedTuple):
    """What was found when the survey was looked for, so that one page looks once."""

    survey: Survey | None


def look_for_survey(org_id: int, now: datetime) -> Kept:
    """The last survey or nothing, to be handed to everything that would look for it."""
    return Kept(kept_survey(org_id, now))


def kept_survey(org_id: int, now: datetime) -> Survey | None:
    """The last survey, unless there is none or it is too old to be shown."""
    kept = Survey.objects.for_org(org_id).filter(taken_at__gt=now - KEPT_FOR, taken_at__lte=now)
    return kept.first()
