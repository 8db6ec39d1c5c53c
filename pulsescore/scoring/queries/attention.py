"""Who needs attention: who got worse this week, over what, and who is critical still."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from pulsescore.scoring.config import Config
from pulsescore.scoring.models import HealthScore
from pulsescore.scoring.moved import Scored, main_causes
from pulsescore.scoring.queries.customers import CustomerRow, get_rows
from pulsescore.scoring.queries.worsened import WEEK, Week
from pulsescore.scoring.statements import statement
from pulsescore.scoring.versions import configs_of_versions
from pulsescore.scoring.wording import CAUSES, brief_signals, foremost

# Points within a week from which a fall is worth a line: at risk or critical, and healthy still.
NOTABLE, STEEP = 5, 15


class Fall(NamedTuple):
    """How one customer's score fell within the week."""

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


def attention(org_id: int, now: datetime, *, limit: int = 8) -> Attention:
    """At most `limit` customers: who became critical this week, whose score fell most, and where
    that leaves room the lowest of those who have been critical for longer."""
    falls = _falls(org_id, now, limit)
    configs = configs_of_versions(
        org_id, {version for fall in falls for version in (fall.version, fall.version_then)}
    )
    causes = dict(zip((fall.customer_id for fall in falls), _causes(falls, configs), strict=True))
    listed = {fall.customer_id: fall for fall in falls if fall.is_listed}
    waiting = _still_critical(org_id, besides=falls, limit=limit - len(listed))
    cases = [
        _case(row, listed.get(row.id), causes.get(row.id, ""))
        for row in get_rows(org_id, [*listed, *waiting], now=now)
    ]
    return Attention(
        week=_week(falls, causes),
        worse=[case for case in cases if case.fall],
        still_critical=[case for case in cases if not case.fall],
        config=configs[max(configs)],
    )


def _case(row: CustomerRow, fall: Fall | None, cause: str) -> Case:
    return Case(row, foremost(brief_signals(row.raws), cause=cause), fall, cause)


def _falls(org_id: int, now: datetime, limit: int) -> list[Fall]:
    parameters: dict[str, Any] = {
        "org_id": org_id,
        "since": now - WEEK,
        "limit": limit,
        "notable": NOTABLE,
        "steep": STEEP,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement("attention"), parameters)
        return [Fall(*row) for row in cursor.fetchall()]


def _causes(falls: Sequence[Fall], configs: dict[int, Config]) -> list[str]:
    if not falls:
        return []
    return main_causes(
        [fall.earlier(configs) for fall in falls], [fall.present(configs) for fall in falls]
    )


def _week(falls: Sequence[Fall], causes: dict[int, str]) -> Week:
    critical = [fall for fall in falls if fall.became_critical]
    counted = Counter(causes[fall.customer_id] for fall in critical)
    ordered = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return Week(len(critical), [(key, CAUSES[key], count) for key, count in ordered])


def _still_critical(org_id: int, *, besides: Sequence[Fall], limit: int) -> list[Any]:
    """The lowest scores of those who are critical and did not fall; served by health_by_level."""
    if limit <= 0:
        return []
    critical = HealthScore.objects.for_org(org_id).filter(
        risk_level="red", customer__deleted_at=None
    )
    known = [fall.customer_id for fall in besides]
    others = critical.exclude(customer_id__in=known).order_by("score", "customer_id")
    return list(others.values_list("customer_id", flat=True)[:limit])
