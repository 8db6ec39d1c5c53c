"""Who needs attention: who got worse this week, over what, and who is critical still."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from pulsescore.scoring.config import Config
from pulsescore.scoring.models import HealthScore, Survey
from pulsescore.scoring.moved import Scored, main_causes
from pulsescore.scoring.queries.customers import CustomerRow, get_rows
from pulsescore.scoring.queries.survey import Kept, look_for_survey
from pulsescore.scoring.queries.worsened import WEEK, Week
from pulsescore.scoring.statements import statement
from pulsescore.scoring.versions import configs_of_versions, current_config
from pulsescore.scoring.wording import CAUSES, brief_signals, foremost

# Points within a week from which a fall is worth a line: at risk or critical, and healthy still.
NOTABLE, STEEP = 5, 15


class Fall(NamedTuple):
    """How one customer's score fell within the week; `cause` is the factor that took most."""

    customer_id: int
    became_critical: bool
    change: int
    level_then: str
    moved_at: datetime | None
    cause: str


class _Compared(NamedTuple):
    """A customer's present score beside that of a week ago: a row of `attention.sql`."""

    customer_id: int
    became_critical: bool
    is_listed: bool
    change: int
    level_then: str
    values: list[float]
    values_then: list[float]
    version: int
    version_then: int
    moved_at: datetime | None
    score: int
    score_then: int
    cap: str | None
    is_overridden: bool
    computed: int | None
    cap_then: str | None
    was_overridden: bool
    computed_then: int | None

    def present(self, configs: dict[int, Config]) -> Scored:
        """The present score with what it is made of."""
        held = (self.cap, self.is_overridden, self.computed)
        return Scored(self.values, self.score, configs[self.version], *held)

    def earlier(self, configs: dict[int, Config]) -> Scored:
        """The score of a week ago."""
        held = (self.cap_then, self.was_overridden, self.computed_then)
        return Scored(self.values_then, self.score_then, configs[self.version_then], *held)


@dataclass(frozen=True)
class Case:
    """A customer who needs attention; without a fall, one who is critical still.

    `signals` are (factor, words); `cause` is the factor that took most points.
    """

    customer: CustomerRow
    signals: list[tuple[str, str]]
    fall: Fall | None = None
    cause: str = ""

    @property
    def cause_words(self) -> str:
        """What took most points, as in "over reopened tickets"."""
        return CAUSES.get(self.cause, "")


@dataclass(frozen=True)
class Attention:
    """The week in a sentence, who got worse, and who has been critical for longer."""

    week: Week
    worse: list[Case]
    still_critical: list[Case]
    config: Config


def attention(org_id: int, now: datetime, *, limit: int = 8, kept: Kept | None = None) -> Attention:
    """At most `limit` customers: who became critical this week, whose score fell most, and where
    that leaves room the lowest of those who have been critical for longer.

    Falls of large organizations are as of the last survey: `kept`, where the caller has looked.
    """
    survey = (kept or look_for_survey(org_id, now)).survey
    week, falls = _told_by(survey) if survey else falls_of_week(org_id, now, limit=limit)
    listed = {fall.customer_id: fall for fall in falls[:limit]}
    waiting = _still_critical(org_id, besides=listed, limit=limit - len(listed))
    cases = [
        _case(row, listed.get(row.id)) for row in get_rows(org_id, [*listed, *waiting], now=now)
    ]
    return Attention(
        week=week,
        worse=[case for case in cases if case.fall],
        still_critical=[case for case in cases if not case.fall],
        config=current_config(org_id)[0],
    )


def falls_of_week(org_id: int, now: datetime, *, limit: int) -> tuple[Week, list[Fall]]:
    """Everybody compared with a week ago: the week in figures, and the first `limit` falls."""
    compared = _compared(org_id, now, limit)
    configs = configs_of_versions(
        org_id, {version for one in compared for version in (one.version, one.version_then)}
    )
    causes = _causes(compared, configs)
    critical = Counter(
        cause for one, cause in zip(compared, causes, strict=True) if one.became_critical
    )
    falls = [
        Fall(one.customer_id, one.became_critical, one.change, one.level_then, one.moved_at, cause)
        for one, cause in zip(compared, causes, strict=True)
        if one.is_listed
    ]
    return Week.of(critical), falls


def _told_by(survey: Survey) -> tuple[Week, list[Fall]]:
    falls = [Fall._make(row) for row in survey.falls]
    return Week.of(survey.causes), [
        fall._replace(moved_at=fall.moved_at and datetime.fromisoformat(str(fall.moved_at)))
        for fall in falls
    ]


def _case(row: CustomerRow, fall: Fall | None) -> Case:
    cause = fall.cause if fall else ""
    return Case(row, foremost(brief_signals(row.raws), cause=cause), fall, cause)


def _compared(org_id: int, now: datetime, limit: int) -> list[_Compared]:
    parameters: dict[str, Any] = {
        "org_id": org_id,
        "since": now - WEEK,
        "limit": limit,
        "notable": NOTABLE,
        "steep": STEEP,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement("attention"), parameters)
        return [_Compared(*row) for row in cursor.fetchall()]


def _causes(compared: Sequence[_Compared], configs: dict[int, Config]) -> list[str]:
    if not compared:
        return []
    return main_causes(
        [one.earlier(configs) for one in compared], [one.present(configs) for one in compared]
    )


def _still_critical(org_id: int, *, besides: Collection[int], limit: int) -> list[Any]:
    """The lowest scores of those who are critical and did not fall; served by health_by_level."""
    if limit <= 0:
        return []
    critical = HealthScore.objects.for_org(org_id).filter(
        risk_level="red", customer__deleted_at=None
    )
    others = critical.exclude(customer_id__in=besides).order_by("score", "customer_id")
    return list(others.values_list("customer_id", flat=True)[:limit])
