"""Surveys: everybody counted by the worker, where there are too many to count for each page."""

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from django.db import connection, transaction
from django.db.models import F

from pulsescore.core.locks import lock_for_transaction
from pulsescore.scoring.models import Survey
from pulsescore.scoring.queries.attention import Fall, falls_of_week
from pulsescore.scoring.queries.distribution import count_everybody
from pulsescore.scoring.queries.survey import KEPT_FOR
from pulsescore.scoring.queries.worsened import Worsened, find_worst
from pulsescore.scoring.statements import statement

LARGE: Final = 5_000
FALLS: Final = 100
WORST: Final = 10
# Something changes all the time where there are many customers: once a minute is often enough.
_LEAST_AGE: Final = timedelta(seconds=50)
_RENEWED_AFTER: Final = KEPT_FOR - timedelta(minutes=2)


class _State(NamedTuple):
    """How many scores there are, counted as far as is asked, and the present revisions."""

    size: int
    scores: int
    data: int


def is_survey_due(org_id: int, *, now: datetime, larger_than: int = LARGE) -> bool:
    """Whether the organization has that many customers and changed since the last survey.

    It is renewed in time even if nothing changed: a week ago is another instant by then.
    """
    last = Survey.objects.for_org(org_id).only("taken_at", "scores_revision", "data_revision")
    state = _state(org_id, enough=larger_than + 1)
    return state.size > larger_than and _is_old(last.first(), state, now=now)


def take_survey(org_id: int, *, now: datetime, larger_than: int = LARGE) -> bool:
    """Take and keep a survey if one is due; one at a time: who comes second finds it done."""
    with transaction.atomic():
        lock_for_transaction(f"survey:{org_id}")
        if not is_survey_due(org_id, now=now, larger_than=larger_than):
            return False
        # Told before it is taken: what changes meanwhile makes the next one due.
        state = _state(org_id, enough=0)
        _keep(org_id, state, _take(org_id, now))
    return True


def surveyed_orgs(*, now: datetime) -> list[int]:
    """Organizations whose survey is old enough to be looked at again."""
    rows = Survey.objects.across_orgs("the worker keeps the surveys of all organizations")
    return list(rows.filter(taken_at__lte=now - _LEAST_AGE).values_list("org_id", flat=True))


def _is_old(last: Survey | None, state: _State, *, now: datetime) -> bool:
    if last is None:
        return True
    age = now - last.taken_at
    changed = (last.scores_revision, last.data_revision) != (state.scores, state.data)
    return age >= _RENEWED_AFTER or (changed and age >= _LEAST_AGE)


def _take(org_id: int, now: datetime) -> dict[str, Any]:
    week, falls = falls_of_week(org_id, now, limit=FALLS)
    return {
        "taken_at": now,
        "counts": count_everybody(org_id),
        "causes": {key: count for key, _words, count in week.causes},
        "falls": [_fall(one) for one in falls],
        "worst": [_worst(one) for one in find_worst(org_id, now, limit=WORST)],
    }


def _keep(org_id: int, state: _State, taken: dict[str, Any]) -> None:
    taken = {**taken, "scores_revision": state.scores, "data_revision": state.data}
    Survey.objects.for_org(org_id).update_or_create(
        org_id=org_id,
        defaults={**taken, "number": F("number") + 1},
        create_defaults={**taken, "org_id": org_id, "number": 1},
    )


def _fall(fall: Fall) -> list[Any]:
    moved_at = fall.moved_at.isoformat() if fall.moved_at else None
    return list(fall._replace(moved_at=moved_at))  # type: ignore[arg-type]


def _worst(one: Worsened) -> dict[str, Any]:
    """By id only: names stay in one place."""
    left_out = ("name", "email", "cause_words")
    return {name: value for name, value in asdict(one).items() if name not in left_out}


def _state(org_id: int, *, enough: int) -> _State:
    with connection.cursor() as cursor:
        cursor.execute(statement("survey_state"), {"org_id": org_id, "enough": enough})
        return _State(*cursor.fetchone())
