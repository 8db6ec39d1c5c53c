"""How a company's score went day by day."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.db import connection

from pulsescore.scoring.company_history import company_days
from pulsescore.scoring.company_score import level_of
from pulsescore.scoring.config import Config
from pulsescore.scoring.models import CompanyScore
from pulsescore.scoring.statements import statement
from pulsescore.scoring.versions import current_config

_PRESENT = """
    SELECT c.id, h.recent_conversations, h.score
    FROM store_companymember AS m
    JOIN store_customer AS c
        ON c.id = m.customer_id AND c.org_id = m.org_id AND c.deleted_at IS NULL
    JOIN scoring_healthscore AS h ON h.customer_id = c.id AND h.org_id = c.org_id
    WHERE m.org_id = %(org_id)s AND m.company_id = %(company_id)s
    ORDER BY h.recent_conversations DESC, c.id
    LIMIT %(most)s
"""
# Every member has some 90 points: of more people than this the chart would wait for seconds.
TREND_MEMBERS = 2_000


class CompanyDay(NamedTuple):
    """A company's score at the end of a day (today: now), under the present thresholds."""

    on: date
    score: int | None
    risk_level: str | None


def company_trend(
    org_id: int,
    company_id: int,
    *,
    days: int,
    now: datetime,
    config: Config | None = None,
    most: int = TREND_MEMBERS,
) -> list[CompanyDay]:
    """The scores of the last `days` days, oldest first, today last.

    They are those of the present members, weighted as now; a company of another organization has
    none. Of more than `most` members the past is that of those who weigh most, and today is the
    score of all. `config` is the present configuration, where the caller has read it.
    """
    today = now.astimezone(UTC).date()
    first = today - timedelta(days=days - 1)
    values: dict[str, Any] = {
        "org_id": org_id,
        "company_id": company_id,
        "start": datetime.combine(first, time(), UTC),
        "most": most + 1,
    }
    with connection.cursor() as cursor:
        cursor.execute(_PRESENT, values)
        found = cursor.fetchall()
        present, is_whole = found[:most], len(found) <= most
        values["members"] = [customer for customer, _conversations, _score in present]
        cursor.execute(statement("company_points"), values)
        points = cursor.fetchall()
    recent = {customer: conversations for customer, conversations, _score in present}
    points += [(customer, today, score) for customer, _conversations, score in present]
    config = config or current_config(org_id)[0]
    scores = company_days(points, recent, first=first, last=today)
    if not is_whole:
        scores[-1] = (today, _present_score(org_id, company_id))
    return [CompanyDay(on, score, level_of(score, config)) for on, score in scores]


def _present_score(org_id: int, company_id: int) -> int | None:
    rows = CompanyScore.objects.for_org(org_id).filter(company_id=company_id)
    return rows.values_list("score", flat=True).first()
