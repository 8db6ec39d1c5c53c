"""The scoring configuration, its preview and versions, and how customers are spread."""

from datetime import datetime
from typing import Annotated, Any

from ninja import Query, Router
from pydantic import BaseModel, Field

from pulsescore.api.areas.score_shapes import BinOut, DistributionOut, show_bins
from pulsescore.api.bodies import StrictBody
from pulsescore.api.callers import MemberRequest, admin, member
from pulsescore.api.paging import PageQuery, Pagination, pagination
from pulsescore.core.clock import utcnow
from pulsescore.pipeline import run as pipeline
from pulsescore.scoring import queries
from pulsescore.scoring.config import parse_config
from pulsescore.scoring.config_words import differences
from pulsescore.scoring.exceptions import Exceptions
from pulsescore.scoring.models import ConfigVersion, RescoreRun
from pulsescore.scoring.versions import to_config

router = Router(tags=["Scoring"])
_MOST_CHANGED = 10_000


class ConfigIn(StrictBody):
    """Weights (fractions that sum to 1) and half points by factor, and the two thresholds.

    Exceptions are off where they are left out.
    """

    weights: dict[str, Any]
    halves: dict[str, Any]
    thresholds: dict[str, Any]
    exceptions: dict[str, Any] | None = None


class SavedConfigIn(ConfigIn):
    """A configuration with a remark for the list of versions."""

    comment: str = ""


class RescoreOut(BaseModel):
    """How far the newest rescoring of everybody has come."""

    done: int
    total: int
    started_at: datetime
    finished_at: datetime | None


class NotSeenOut(BaseModel):
    """Not seen for so many days: at most this score."""

    days: float
    at_most: int


class ManyOpenOut(BaseModel):
    """So many open conversations or more: at most this score."""

    open: int
    at_most: int


class ExceptionsOut(BaseModel):
    """What holds a score down whatever the factors come to; `null` where it is off."""

    not_seen: NotSeenOut | None
    many_open: ManyOpenOut | None


class ConfigOut(BaseModel):
    """The configuration that holds."""

    weights: dict[str, float]
    halves: dict[str, float]
    thresholds: dict[str, float]
    exceptions: ExceptionsOut
    version: int
    rescore: RescoreOut | None


class VersionOut(BaseModel):
    """One saved configuration; never changed, only followed."""

    version: int
    weights: dict[str, float]
    halves: dict[str, float]
    thresholds: dict[str, float]
    exceptions: ExceptionsOut
    comment: str
    author: str | None
    created_at: datetime


class VersionsOut(BaseModel):
    """A page of versions, newest first."""

    versions: list[VersionOut]
    pagination: Pagination


class ChangeOut(BaseModel):
    """A customer who would change level."""

    customer_id: int
    score_before: int | None
    score_after: int | None
    level_before: str | None
    level_after: str | None


class HistogramOut(BaseModel):
    """Customers per ten points."""

    bins: list[BinOut]


class PreviewBinOut(BaseModel):
    """Customers with a score from `low` to `high`, both included, before and after."""

    low: int
    high: int
    before: int
    after: int


class PreviewQuery(BaseModel):
    """How much of a preview is wanted."""

    limit: Annotated[
        int, Field(ge=1, le=_MOST_CHANGED, description="How many `changed` names at most.")
    ] = 1_000
    estimate: Annotated[
        bool,
        Field(description="Above 20,000 customers, look at some 10,000 of them: within a second."),
    ] = False


class PreviewOut(BaseModel):
    """What a configuration would change: levels, scores per ten points, who, and who most.

    `changed` are those whose scores move most among the `changed_total` who change level; of equal
    moves, the lowest new score first. Of an estimate, counts stand for all customers, made from the
    `looked_at` of them who were looked at.
    """

    before: DistributionOut
    after: DistributionOut
    changed: list[ChangeOut]
    changed_total: int
    is_estimate: bool
    looked_at: int
    histogram: list[PreviewBinOut]
    movers: list[ChangeOut]


class DifferenceOut(BaseModel):
    """One setting that is not the same in two versions: its value in either, and in words."""

    field: str
    before: Any
    after: Any
    words: str


class ComparisonOut(BaseModel):
    """What two versions set differently; nothing: they say the same."""

    version: int
    since: int
    differences: list[DifferenceOut]


class RestoreIn(StrictBody):
    """Why an old version is to hold again."""

    comment: str = ""


@router.get("/config", response=ConfigOut, auth=admin)
def get_config(request: MemberRequest) -> ConfigOut:
    """The configuration that holds, and its version."""
    return _show_config(request.auth.org_id)


@router.put("/config", response=ConfigOut, auth=admin)
def save_config(request: MemberRequest, body: SavedConfigIn) -> ConfigOut:
    """Save a configuration as a new version; everybody is rescored with it."""
    config = parse_config(body.model_dump(exclude={"comment"}))
    pipeline.save_scoring_config(request.auth, config=config, comment=body.comment, now=utcnow())
    return _show_config(request.auth.org_id)


@router.post("/preview", response=PreviewOut, auth=admin)
def preview(
    request: MemberRequest, body: ConfigIn, query: Annotated[PreviewQuery, Query()]
) -> PreviewOut:
    """What a configuration would change, storing nothing.

    Computed on all customers, which takes a minute for a million, unless an estimate is asked for.
    """
    config, org_id = parse_config(body.model_dump()), request.auth.org_id
    look = queries.quick_preview if query.estimate else queries.preview
    found = look(org_id, config, utcnow(), named=query.limit)
    return PreviewOut(
        before=DistributionOut(**found.before),
        after=DistributionOut(**found.after),
        changed=[ChangeOut(**change._asdict()) for change in found.changed],
        changed_total=found.change_level,
        is_estimate=found.is_estimate,
        looked_at=found.looked_at,
        histogram=[PreviewBinOut(**one._asdict()) for one in found.bins],
        movers=[ChangeOut(**change._asdict()) for change in found.movers],
    )


@router.get("/versions", response=VersionsOut, auth=admin)
def list_versions(request: MemberRequest, page: Annotated[PageQuery, Query()]) -> VersionsOut:
    """Every configuration there was, newest first; version 1 are the defaults."""
    versions = queries.list_versions(request.auth.org_id)
    start = (page.page - 1) * page.per_page
    shown = [_show_version(one) for one in versions[start : start + page.per_page]]
    return VersionsOut(versions=shown, pagination=pagination(page, len(versions)))


@router.get("/versions/{id:version}", response=VersionOut, auth=admin)
def get_version(request: MemberRequest, version: int) -> VersionOut:
    """One version by its number."""
    return _show_version(queries.get_version(request.auth.org_id, version))


@router.get("/versions/{id:version}/differences", response=ComparisonOut, auth=admin)
def compare_versions(
    request: MemberRequest, version: int, since: int | None = None
) -> ComparisonOut:
    """What a version sets differently from another (`since`; the one before), in words."""
    after = queries.get_version(request.auth.org_id, version)
    since = max(version - 1, 1) if since is None else since
    before = queries.get_version(request.auth.org_id, since)
    found = differences(to_config(before), to_config(after))
    return ComparisonOut(
        version=version,
        since=since,
        differences=[DifferenceOut(**one._asdict()) for one in found],
    )


@router.post("/versions/{id:version}/restore", response=ConfigOut, auth=admin)
def restore_version(request: MemberRequest, version: int, body: RestoreIn) -> ConfigOut:
    """Make an old version the newest again; everybody is rescored with it."""
    pipeline.restore_scoring_version(
        request.auth, version=version, comment=body.comment, now=utcnow()
    )
    return _show_config(request.auth.org_id)


@router.get("/risk-distribution", response=DistributionOut, auth=member)
def risk_distribution(request: MemberRequest) -> DistributionOut:
    """Customers per level; `none` are those without a score."""
    return DistributionOut(**queries.risk_distribution(request.auth.org_id, utcnow()))


@router.get("/histogram", response=HistogramOut, auth=member)
def histogram(request: MemberRequest) -> HistogramOut:
    """Customers per ten points; the last bin includes 100."""
    return HistogramOut(bins=show_bins(queries.histogram(request.auth.org_id, utcnow())))


def _show_config(org_id: int) -> ConfigOut:
    config, version = queries.get_config(org_id)
    run = queries.latest_run(org_id)
    return ConfigOut(
        weights=dict(config.weights),
        halves=dict(config.halves),
        thresholds={"yellow": config.yellow, "green": config.green},
        exceptions=_show_exceptions(config.exceptions),
        version=version,
        rescore=_show_run(run) if run else None,
    )


def _show_exceptions(exceptions: Exceptions) -> ExceptionsOut:
    return ExceptionsOut.model_validate(exceptions.as_json())


def _show_run(run: RescoreRun) -> RescoreOut:
    return RescoreOut(
        done=run.done, total=run.total, started_at=run.started_at, finished_at=run.finished_at
    )


def _show_version(row: ConfigVersion) -> VersionOut:
    return VersionOut(
        version=row.version,
        weights=row.weights,
        halves=row.halves,
        thresholds=row.thresholds,
        exceptions=_show_exceptions(to_config(row).exceptions),
        comment=row.comment,
        author=row.author.get_full_name() if row.author else None,
        created_at=row.created_at,
    )
