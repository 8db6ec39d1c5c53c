"""The dashboard's figures."""

from datetime import date, datetime
from typing import Annotated

from ninja import Query, Router
from pydantic import BaseModel, Field

from pulsescore.api.areas.score_shapes import BinOut, DistributionOut, show_bins
from pulsescore.api.callers import MemberRequest, member
from pulsescore.core.clock import utcnow
from pulsescore.scoring import queries

router = Router(tags=["Dashboard"], auth=member)
_MOST_DAYS = 366
_MOST_CASES = 100


class LevelChangesOut(BaseModel):
    """Change since seven days ago; null where it is not known."""

    average_score: float | None
    green: int | None
    yellow: int | None
    red: int | None


class ReasonOut(BaseModel):
    """Why customers have no score, and how many."""

    reason: str
    words: str
    count: int


class WorsenedOut(BaseModel):
    """A customer whose score fell most this week, and over what."""

    customer_id: int
    name: str | None
    email: str | None
    score: int
    risk_level: str
    score_then: int
    change: int
    cause: str


class CaseOut(BaseModel):
    """A customer who needs attention; without `change`, one who did not fall within the week."""

    customer_id: int
    name: str | None
    email: str | None
    company: str | None
    score: int
    risk_level: str
    change: int | None
    level_then: str | None
    became_critical: bool
    cause: str | None
    signals: list[str]
    changed_at: datetime | None


class AttentionOut(BaseModel):
    """Who became critical this week, whose score fell most, and who is critical for longer."""

    sentence: str
    became_critical: int
    worse: list[CaseOut]
    still_critical: list[CaseOut]


class AttentionQuery(BaseModel):
    """How many customers at most."""

    limit: Annotated[int, Field(ge=1, le=_MOST_CASES)] = 8


class SummaryOut(BaseModel):
    """The figures at the top of the dashboard."""

    customers: int
    scored: int
    coverage: float | None
    average_score: float | None
    risk_distribution: DistributionOut
    changes: LevelChangesOut
    without_score: list[ReasonOut]
    became_critical: int
    worst_changes: list[WorsenedOut]


class ScoreDistributionOut(BaseModel):
    """Customers per ten points and per level."""

    bins: list[BinOut]
    levels: DistributionOut


class TrendDayOut(BaseModel):
    """The end of one day (today: now)."""

    on: date
    average_score: float | None
    scored: int
    green: int
    yellow: int
    red: int


class TrendOut(BaseModel):
    """Day by day, oldest first."""

    trend: list[TrendDayOut]


class TrendQuery(BaseModel):
    """How far back."""

    days: Annotated[int, Field(ge=1, le=_MOST_DAYS)] = 30


@router.get("/summary", response=SummaryOut)
def get_summary(request: MemberRequest) -> SummaryOut:
    """Average, levels and coverage now, and what changed within seven days."""
    now, org_id = utcnow(), request.auth.org_id
    found = queries.summary(org_id, now)
    reasons = queries.coverage(org_id, now).reasons
    return SummaryOut(
        customers=found.total,
        scored=found.scored,
        coverage=found.coverage,
        average_score=found.average,
        risk_distribution=DistributionOut(
            green=found.green, yellow=found.yellow, red=found.red, none=found.none
        ),
        changes=LevelChangesOut(
            average_score=found.average_change,
            green=found.green_change,
            yellow=found.yellow_change,
            red=found.red_change,
        ),
        without_score=[ReasonOut(reason=key, words=words, count=n) for key, words, n in reasons],
        became_critical=queries.week(org_id, now).became_critical,
        worst_changes=[_show_worsened(one) for one in queries.worst_changes(org_id, now)],
    )


@router.get("/attention", response=AttentionOut)
def get_attention(
    request: MemberRequest, query: Annotated[AttentionQuery, Query()]
) -> AttentionOut:
    """Who needs attention, as on the dashboard, the most urgent first."""
    found = queries.attention(request.auth.org_id, utcnow(), limit=query.limit)
    return AttentionOut(
        sentence=found.week.sentence,
        became_critical=found.week.became_critical,
        worse=[_show_case(case) for case in found.worse],
        still_critical=[_show_case(case) for case in found.still_critical],
    )


@router.get("/score-distribution", response=ScoreDistributionOut)
def get_score_distribution(request: MemberRequest) -> ScoreDistributionOut:
    """How scores are spread."""
    now, org_id = utcnow(), request.auth.org_id
    return ScoreDistributionOut(
        bins=show_bins(queries.histogram(org_id, now)),
        levels=DistributionOut(**queries.risk_distribution(org_id, now)),
    )


@router.get("/score-trend", response=TrendOut)
def get_score_trend(request: MemberRequest, query: Annotated[TrendQuery, Query()]) -> TrendOut:
    """Average score and levels of each of the last days, today last."""
    days = queries.day_trend(request.auth.org_id, query.days, utcnow())
    return TrendOut(trend=[_show_day(score, levels) for score, levels in days])


def _show_day(scores: queries.DayScore, levels: queries.DayLevels) -> TrendDayOut:
    return TrendDayOut(
        on=scores.on,
        average_score=scores.average,
        scored=scores.customers,
        green=levels.green,
        yellow=levels.yellow,
        red=levels.red,
    )


def _show_worsened(one: queries.Worsened) -> WorsenedOut:
    return WorsenedOut(
        customer_id=one.customer_id,
        name=one.name,
        email=one.email,
        score=one.score,
        risk_level=one.risk_level,
        score_then=one.score_then,
        change=one.change,
        cause=one.cause_words,
    )


def _show_case(case: queries.Case) -> CaseOut:
    person, fall = case.customer, case.fall
    return CaseOut(
        customer_id=person.id,
        name=person.name,
        email=person.email,
        company=person.companies[0][1] if person.companies else None,
        score=person.score or 0,
        risk_level=person.risk_level or "",
        change=fall.change if fall else None,
        level_then=fall.level_then if fall else None,
        became_critical=bool(fall and fall.became_critical),
        cause=case.cause_words or None,
        signals=[words for _key, words in case.signals],
        changed_at=fall.moved_at if fall else None,
    )
