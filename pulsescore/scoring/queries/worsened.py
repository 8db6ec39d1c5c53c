"""Who got worse this week, and over what."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from django.db import connection

from pulsescore.scoring.moved import Scored, main_causes
from pulsescore.scoring.queries.survey import kept_survey
from pulsescore.scoring.statements import statement
from pulsescore.scoring.versions import configs_of_versions
from pulsescore.scoring.wording import CAUSES
from pulsescore.store.models import Customer

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Worsened:
    """A customer whose score fell, from what, and the factor that took most of it."""

    customer_id: int
    name: str | None
    email: str | None
    score: int
    risk_level: str
    score_then: int
    level_then: str
    cause: str
    cause_words: str

    @property
    def change(self) -> int:
        """Points since then; negative."""
        return self.score - self.score_then


@dataclass(frozen=True)
class Week:
    """How many became critical since a week ago, and over what, the most frequent cause first."""

    became_critical: int
    causes: list[tuple[str, str, int]]

    @classmethod
    def of(cls, causes: Mapping[str, int]) -> Self:
        """From the number of those who became critical by main cause."""
        ordered = sorted(causes.items(), key=lambda item: (-item[1], item[0]))
        return cls(sum(causes.values()), [(key, CAUSES[key], count) for key, count in ordered])

    @property
    def sentence(self) -> str:
        """The dashboard's first sentence."""
        if not self.became_critical:
            return "No customer became critical this week."
        who = "1 customer" if self.became_critical == 1 else f"{self.became_critical:,} customers"
        _key, words, count = self.causes[0]
        if self.became_critical == 1:
            return f"1 customer became critical this week, over {words}."
        if count == self.became_critical:
            return f"{who} became critical this week, all of them over {words}."
        return f"{who} became critical this week, {count:,} of them over {words}."


def worst_changes(org_id: int, now: datetime, *, limit: int = 10) -> list[Worsened]:
    """The customers whose score fell most within a week (ties: the lower score first).

    Large organizations are as of the last survey, and at most as many as it lists.
    """
    kept = kept_survey(org_id, now)
    if kept is None:
        return find_worst(org_id, now, limit=limit)
    people = Customer.objects.for_org(org_id).filter(deleted_at=None).only("name", "email")
    known = people.in_bulk([row["customer_id"] for row in kept.worst[:limit]])
    return [
        Worsened(name=person.name, email=person.email, cause_words=CAUSES[row["cause"]], **row)
        for row in kept.worst[:limit]
        if (person := known.get(row["customer_id"]))
    ]


def find_worst(org_id: int, now: datetime, *, limit: int) -> list[Worsened]:
    """The same, found by comparing everybody."""
    rows = _fallen(org_id, now - WEEK, only_became_critical=False, limit=limit)
    return _with_causes(org_id, rows)


def week(org_id: int, now: datetime) -> Week:
    """Everybody who became critical within seven days, counted by main cause."""
    kept = kept_survey(org_id, now)
    if kept is not None:
        return Week.of(kept.causes)
    rows = _fallen(org_id, now - WEEK, only_became_critical=True, limit=None)
    return Week.of(Counter(row.cause for row in _with_causes(org_id, rows)))


def _fallen(
    org_id: int, since: datetime, *, only_became_critical: bool, limit: int | None
) -> list[Any]:
    parameters: dict[str, Any] = {
        "org_id": org_id,
        "since": since,
        "only_became_critical": only_became_critical,
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(statement("fallen"), parameters)
        return list(cursor.fetchall())


def _with_causes(org_id: int, rows: Sequence[Any]) -> list[Worsened]:
    if not rows:
        return []
    configs = configs_of_versions(org_id, {version for row in rows for version in row[9:11]})
    causes = main_causes(
        [Scored(row[8], row[5], configs[row[9]], *row[14:]) for row in rows],
        [Scored(row[7], row[3], configs[row[10]], *row[11:14]) for row in rows],
    )
    return [_worsened(row, cause) for row, cause in zip(rows, causes, strict=True)]


def _worsened(row: Sequence[Any], cause: str) -> Worsened:
    customer_id, name, email, score, risk_level, score_then, level_then = row[:7]
    return Worsened(
        customer_id=customer_id,
        name=name,
        email=email,
        score=score,
        risk_level=risk_level,
        score_then=score_then,
        level_then=level_then,
        cause=cause,
        cause_words=CAUSES[cause],
    )
