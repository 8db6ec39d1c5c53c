"""One look at customers who passed something watched: what fires, reopens, or is over.

Marks are claimed in the transaction that writes alerts: a crash gives them back. Each step is one
statement for the whole batch.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import uuid4

from django.db import transaction
from django.db.models import F, Max

from pulsescore.alerts.models import Alert, AlertRule, AlertState
from pulsescore.alerts.params import parse_condition
from pulsescore.alerts.rules import (
    Bands,
    Condition,
    FactorReaches,
    Past,
    ScoreDrops,
    Verdict,
    judge,
)
from pulsescore.alerts.scopes import within_scope
from pulsescore.alerts.standing import Seen, see
from pulsescore.alerts.watch import active_rules
from pulsescore.core.bulk_sql import copy_rows
from pulsescore.core.locks import lock_for_transaction
from pulsescore.scoring import watching
from pulsescore.scoring.versions import current_config

CLAIM: Final = 5_000
COLUMNS: Final = ("org_id", "rule_id", "customer_id", "state", "fired_at", "facts")


class Change(NamedTuple):
    """A customer whose score or level is another than when last looked at."""

    customer_id: int
    score_before: int | None
    score: int | None
    level_before: str | None
    level: str | None

    @property
    def score_moved(self) -> bool:
        """Whether the score is another."""
        return self.score_before != self.score

    @property
    def level_moved(self) -> bool:
        """Whether the level is another."""
        return self.level_before != self.level


@dataclass(frozen=True)
class Look:
    """What one batch came to; `name` tells it from every other look."""

    claimed: int
    name: str = ""
    changes: list[Change] = field(default_factory=list)
    recovered: list[int] = field(default_factory=list)


class Concern(NamedTuple):
    """A rule and a customer."""

    rule: AlertRule
    customer_id: int


class Case(NamedTuple):
    """One rule with its condition, and one customer."""

    rule: AlertRule
    condition: Condition
    customer_id: int


@transaction.atomic
def evaluate(org_id: int, *, now: datetime, settling: Mapping[int, datetime]) -> Look:
    """Claim a batch of marks and decide; a full claim means that more may wait: call again.

    `settling` names sources and until when what changes in them comes from their first import, not
    from customers: that fires nothing.
    """
    lock_for_transaction(f"alerts:{org_id}")
    marks = watching.claim(org_id, CLAIM)
    if not marks:
        return Look(0)
    cases = [
        (rule, condition)
        for rule in active_rules(org_id)
        if (condition := parse_condition(rule.kind, rule.params)) is not None
    ]
    config, _version = current_config(org_id)
    bands = Bands(config.yellow, config.green)
    seen = see(org_id, marks, [one for _, one in cases], settling=settling, now=now)
    held = _held(org_id, seen)
    verdicts = _judge(org_id, cases, seen, held, bands=bands, now=now)
    _fire(org_id, verdicts[Verdict.FIRE], seen, now=now)
    reopen(org_id, verdicts[Verdict.REOPEN])
    over = [held[case.rule.pk, case.customer_id] for case in verdicts[Verdict.RECOVER]]
    recover(org_id, over, now=now)
    return Look(len(marks), uuid4().hex, list(_changes(seen)), over)


def recover(org_id: int, alert_ids: Iterable[int], *, now: datetime) -> None:
    """Note that what alerts told of is over; those not resolved by a person are resolved now."""
    ids = list(alert_ids)
    if not ids:
        return
    rows = Alert.objects.for_org(org_id).filter(pk__in=ids)
    rows.exclude(state=AlertState.RESOLVED).update(
        state=AlertState.RESOLVED, resolved_at=now, snoozed_until=None
    )
    rows.update(recovered_at=now)


def look_again(org_id: int, *, now: datetime) -> None:
    """Have everybody looked at about whom an alert holds: time alone may have ended it.

    Those of customers who were deleted meanwhile are over.
    """
    held = Alert.objects.for_org(org_id).filter(recovered_at=None, customer__isnull=False)
    gone = held.filter(customer__deleted_at__isnull=False).values_list("id", flat=True)
    recover(org_id, gone, now=now)
    ids = held.values_list("customer_id", flat=True).distinct()
    watching.mark_again(org_id, [one for one in ids if one is not None], now=now)


def _held(org_id: int, seen: Mapping[int, Seen]) -> dict[tuple[int, int | None], int]:
    """Alerts that still hold, by rule and customer."""
    rows = Alert.objects.for_org(org_id).filter(customer_id__in=list(seen), recovered_at=None)
    return {
        (rule_id, customer_id): pk
        for pk, rule_id, customer_id in rows.values_list("id", "rule_id", "customer_id")
    }


def _judge(
    org_id: int,
    cases: list[tuple[AlertRule, Condition]],
    seen: Mapping[int, Seen],
    held: Mapping[tuple[int, int | None], int],
    *,
    bands: Bands,
    now: datetime,
) -> dict[Verdict, list[Case]]:
    """Verdicts; the former alerts are only asked for of those who would fire."""

    def verdict(case: Case, past: Past) -> Verdict:
        one = seen[case.customer_id]
        return judge(
            case.condition,
            before=one.before,
            after=one.after,
            bands=bands,
            past=past,
            cooldown=timedelta(hours=case.rule.cooldown_hours),
            now=now,
        )

    found: dict[Verdict, list[Case]] = defaultdict(list)
    for rule, condition in cases:
        for customer_id, one in seen.items():
            case = Case(rule, condition, customer_id)
            past = Past(is_held=(rule.pk, customer_id) in held)
            told = verdict(case, past)
            if told is Verdict.RECOVER or not one.is_new:
                found[told].append(case)
    crossing = within_scope(org_id, found.pop(Verdict.FIRE, []))
    fired = former(org_id, crossing)
    for case in crossing:
        past = Past(fired_at=fired.get((case.rule.pk, case.customer_id)))
        found[verdict(case, past)].append(case)
    return found


def former(org_id: int, cases: Sequence[Case | Concern]) -> dict[tuple[int, int | None], datetime]:
    """When these rules last fired for these customers."""
    rows = Alert.objects.for_org(org_id).filter(
        customer_id__in={case.customer_id for case in cases},
        rule_id__in={case.rule.pk for case in cases},
    )
    newest = rows.values_list("rule_id", "customer_id").annotate(last=Max("fired_at")).order_by()
    return {(rule_id, customer_id): last for rule_id, customer_id, last in newest} if cases else {}


def _fire(org_id: int, cases: list[Case], seen: Mapping[int, Seen], *, now: datetime) -> None:
    """By COPY: a saved configuration can make a level of tens of thousands another at once."""
    if not cases:
        return
    rows = (
        (
            org_id,
            case.rule.pk,
            case.customer_id,
            AlertState.OPEN.value,
            now,
            json.dumps(_facts(case, seen[case.customer_id])),
        )
        for case in cases
    )
    copy_rows(Alert._meta.db_table, COLUMNS, rows)


def reopen(org_id: int, cases: Sequence[Case | Concern]) -> None:
    """The newest alert of each holds again. Nobody is told: they were, not long ago."""
    pairs = {(case.rule.pk, case.customer_id) for case in cases}
    if not pairs:
        return
    rows = Alert.objects.for_org(org_id).filter(
        customer_id__in={customer for _, customer in pairs}, rule_id__in={rule for rule, _ in pairs}
    )
    newest = {
        (rule_id, customer_id): pk
        for pk, rule_id, customer_id in rows.order_by("fired_at", "id").values_list(
            "id", "rule_id", "customer_id"
        )
    }
    chosen = [pk for pair, pk in newest.items() if pair in pairs]
    Alert.objects.for_org(org_id).filter(pk__in=chosen).update(
        state=AlertState.OPEN,
        resolved_at=None,
        resolved_by=None,
        recovered_at=None,
        reopened=F("reopened") + 1,
    )


def _facts(case: Case, seen: Seen) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "params": case.rule.params,
        "score": seen.after.score,
        "score_before": seen.before.score,
        "level": seen.after.level,
        "level_before": seen.before.level,
    }
    if isinstance(case.condition, FactorReaches):
        facts["raw"] = seen.after.raws[case.condition.factor]
    if isinstance(case.condition, ScoreDrops) and seen.after.score is not None:
        facts["dropped"] = seen.after.peaks[case.condition.days] - seen.after.score
    return facts


def _changes(seen: Mapping[int, Seen]) -> Iterable[Change]:
    for customer_id, (before, after, is_new) in seen.items():
        moved = (before.score, before.level) != (after.score, after.level)
        if moved and before.score is not None and not is_new:
            yield Change(customer_id, before.score, after.score, before.level, after.level)
