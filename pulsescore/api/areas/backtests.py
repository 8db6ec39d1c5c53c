"""Backtests: whether scores told who would leave, and weights that might tell better."""

from datetime import UTC, date, datetime
from typing import Annotated, Any

from ninja import Query, Router, Status
from pydantic import BaseModel

from pulsescore.api.callers import MemberRequest, admin, member
from pulsescore.api.paging import PageQuery, Pagination, cut
from pulsescore.core.clock import from_unix, utcnow
from pulsescore.pipeline import run as pipeline
from pulsescore.scoring.backtest.figures import Missed, Share
from pulsescore.scoring.backtest.queries import get_backtest, list_backtests, people_of
from pulsescore.scoring.backtest.shapes import Horizon, Suggestion, read_result
from pulsescore.scoring.models import Backtest

router = Router(tags=["Backtests"])


class BacktestOut(BaseModel):
    """How far a backtest is: queued, running, succeeded, too_few or failed."""

    id: int
    status: str
    config_version: int | None
    outcomes: int
    done: int
    total: int
    problem: str
    requested_at: datetime
    started_at: datetime | None
    finished_at: datetime | None


class BacktestsOut(BaseModel):
    """A page of backtests, the newest first."""

    backtests: list[BacktestOut]
    pagination: Pagination


class ShareOut(BaseModel):
    """Customers of a level or a tenth of scores; `churn` is the share of them that left.

    `share` is what part of all customers they are, `lift` how many times the overall churn theirs
    is.
    """

    name: str
    low: int
    high: int
    left: int
    share: float
    churn: float
    lift: float


class MissedOut(BaseModel):
    """Somebody who was healthy and left; null once erased."""

    customer_id: int | None
    score: int
    at: datetime
    left_on: date


class LookedAtOut(BaseModel):
    """Who left and could be looked at, and why the others could not."""

    looked_at: int
    outcomes: int
    no_score: int
    too_early: int
    yet_to_come: int
    unmatched: int
    not_drawn: int = 0


class HorizonOut(BaseModel):
    """What scores said so many days before; figures are null below 30 outcomes."""

    days: int
    left: LookedAtOut
    compared: int
    stayers: int
    auc: float | None
    auc_low: float | None
    auc_high: float | None
    churn: float | None
    levels: list[ShareOut]
    deciles: list[ShareOut]
    missed: list[MissedOut]
    missed_count: int


class SuggestionOut(BaseModel):
    """Weights (fractions) that told better on customers they were not made from; never applied.

    `better` where the whole interval of the gain lies above 0.
    """

    weights: dict[str, float]
    days: int
    auc: float
    auc_present: float
    gain_low: float
    gain_high: float
    better: bool


class BacktestResultOut(BacktestOut):
    """A backtest with what it found."""

    known_since: datetime | None
    horizons: list[HorizonOut]
    suggestion: SuggestionOut | None


@router.get("", response=BacktestsOut, auth=member)
def list_all(request: MemberRequest, page: Annotated[PageQuery, Query()]) -> BacktestsOut:
    """Every backtest there was, the newest first."""
    rows, told = cut(list_backtests(request.auth.org_id), page)
    return BacktestsOut(backtests=[BacktestOut(**_shown(one)) for one in rows], pagination=told)


@router.post("", response={202: BacktestOut}, auth=admin)
def request_backtest(request: MemberRequest) -> Status[BacktestOut]:
    """Start a backtest; one that goes on already is told instead of a second."""
    backtest = pipeline.request_backtest(request.auth, now=utcnow())
    return Status(202, BacktestOut(**_shown(backtest)))


@router.get("/{id:backtest_id}", response=BacktestResultOut, auth=member)
def get_one(request: MemberRequest, backtest_id: int) -> BacktestResultOut:
    """A backtest, and its result once it is over."""
    row = get_backtest(request.auth.org_id, backtest_id)
    if row.result is None:
        return BacktestResultOut(**_shown(row), known_since=None, horizons=[], suggestion=None)
    result = read_result(row.result)
    missed = [one.customer_id for horizon in result.horizons for one in horizon.missed]
    people = people_of(request.auth.org_id, missed)
    ids = {was: customer.pk for was, customer in people.items()}
    return BacktestResultOut(
        **_shown(row),
        known_since=from_unix(result.known_since),
        horizons=[_horizon(one, ids) for one in result.horizons],
        suggestion=_suggestion(result.suggestion) if result.suggestion else None,
    )


def _shown(row: Backtest) -> dict[str, Any]:
    return {name: getattr(row, name) for name in BacktestOut.model_fields}


def _horizon(one: Horizon, ids: dict[int, int]) -> HorizonOut:
    return HorizonOut(
        days=one.days,
        left=LookedAtOut(**one.counts),
        compared=one.compared,
        stayers=one.stayers,
        auc=one.auc,
        auc_low=one.low,
        auc_high=one.high,
        churn=one.churn if one.auc is not None else None,
        levels=[_share(share) for share in one.levels],
        deciles=[_share(share) for share in one.deciles],
        missed=[_missed(missed, ids) for missed in one.missed],
        missed_count=one.missed_count,
    )


def _share(one: Share) -> ShareOut:
    return ShareOut(**one._asdict())


def _missed(one: Missed, ids: dict[int, int]) -> MissedOut:
    return MissedOut(
        customer_id=ids.get(one.customer_id),
        score=one.score,
        at=from_unix(one.at),
        left_on=datetime.fromtimestamp(one.left_at, UTC).date(),
    )


def _suggestion(one: Suggestion) -> SuggestionOut:
    return SuggestionOut(
        weights={key: percent / 100 for key, percent in one.weights.items()},
        days=one.days,
        auc=one.auc,
        auc_present=one.auc_present,
        gain_low=one.gain_low,
        gain_high=one.gain_high,
        better=one.better,
    )
