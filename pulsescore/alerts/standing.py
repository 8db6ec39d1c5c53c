"""How the customers of a batch of marks stood, and how they stand now; one statement a step."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from django.db.models import Max

from pulsescore.alerts.rules import NOWHERE, Condition, ScoreDrops, Standing
from pulsescore.scoring.config import FACTORS
from pulsescore.scoring.models import HealthScore, ScorePoint
from pulsescore.scoring.watching import Mark

_NEVER: Final = datetime.min.replace(tzinfo=UTC)


class Seen(NamedTuple):
    """A customer before and now; `is_new` while their first import has not settled."""

    before: Standing
    after: Standing
    is_new: bool


def see(
    org_id: int,
    marks: list[Mark],
    conditions: list[Condition],
    *,
    settling: Mapping[int, datetime],
    now: datetime,
) -> dict[int, Seen]:
    """Everybody marked, as they stood and as they stand; the deleted stand nowhere."""
    ids = [mark.customer_id for mark in marks]
    peaks = _peaks(org_id, ids, conditions, now=now)
    rows = HealthScore.objects.for_org(org_id).filter(
        customer_id__in=ids, customer__deleted_at=None
    )
    present = {
        customer_id: (Standing(score, level, _by_key(raws), peaks[customer_id]), source_id)
        for customer_id, score, level, raws, source_id in rows.values_list(
            "customer_id", "score", "risk_level", "raws", "customer__source_id"
        )
    }
    seen = {}
    for mark in marks:
        after, source_id = present.get(mark.customer_id, (NOWHERE, 0))
        known = peaks[mark.customer_id]
        before = Standing(mark.score, mark.level, _by_key(mark.raws), known)
        is_new = mark.marked_at <= settling.get(source_id, _NEVER)
        seen[mark.customer_id] = Seen(before, after, is_new)
    return seen


def _peaks(
    org_id: int, ids: list[int], conditions: list[Condition], *, now: datetime
) -> dict[int, dict[int, int]]:
    """The highest score of each customer within each span of days that a rule asks for."""
    peaks: dict[int, dict[int, int]] = defaultdict(dict)
    for days in {one.days for one in conditions if isinstance(one, ScoreDrops)}:
        points = ScorePoint.objects.for_org(org_id).filter(
            customer_id__in=ids, at__gt=now - timedelta(days=days), score__isnull=False
        )
        highest = points.values_list("customer_id").annotate(peak=Max("score")).order_by()
        for customer_id, peak in highest:
            peaks[customer_id][days] = peak
    return peaks


def _by_key(raws: list[float]) -> dict[str, float]:
    return dict(zip(FACTORS, raws, strict=False))
