"""What rules about segments make of customers who entered or left one.

A rule fires at the move, and its alert holds until the opposite one. Nobody needs marks for that:
the stage before knows who moved, and calls in the transaction that wrote it.
"""

import json
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from pulsescore.alerts.evaluating import COLUMNS, Concern, former, recover, reopen
from pulsescore.alerts.models import Alert, AlertRule, AlertState, RuleKind
from pulsescore.alerts.scopes import within_scope
from pulsescore.alerts.watch import active_rules
from pulsescore.core.bulk_sql import copy_rows
from pulsescore.core.locks import lock_for_transaction
from pulsescore.scoring.models import HealthScore
from pulsescore.segments.membership import Move

_KINDS: Final = (RuleKind.ENTERS_SEGMENT, RuleKind.LEAVES_SEGMENT)


def evaluate_moves(
    org_id: int, moves: Sequence[Move], *, telling: Collection[Move], now: datetime
) -> list[int]:
    """Fire for moves worth `telling`, and end what any move ended; returns alerts that are over.

    Call it in the transaction of the moves.
    """
    rules = [rule for rule in active_rules(org_id) if rule.kind in _KINDS] if moves else []
    if not rules:
        return []
    lock_for_transaction(f"alerts:{org_id}")
    firing, ending = _sorted(rules, moves, telling)
    held = _held(org_id, [*firing, *ending])
    over = [held[key] for one in ending if (key := _key(one)) in held]
    recover(org_id, over, now=now)
    fresh = within_scope(org_id, [one for one in firing if _key(one) not in held])
    told = former(org_id, fresh)
    again = [one for one in fresh if _is_recent(one, told.get(_key(one)), now)]
    reopen(org_id, again)
    known = {_key(one) for one in again}
    _fire(org_id, [one for one in fresh if _key(one) not in known], now=now)
    return over


def _sorted(
    rules: Sequence[AlertRule], moves: Sequence[Move], telling: Collection[Move]
) -> tuple[list[Concern], list[Concern]]:
    """What would fire, and what would end."""
    worth = set(telling)
    firing: list[Concern] = []
    ending: list[Concern] = []
    for rule in rules:
        wants_entry = rule.kind == RuleKind.ENTERS_SEGMENT
        for move in moves:
            if move.segment_id != rule.params["segment"]:
                continue
            if move.entered != wants_entry:
                ending.append(Concern(rule, move.member_id))
            elif move in worth:
                firing.append(Concern(rule, move.member_id))
    return firing, ending


def _held(org_id: int, concerns: Sequence[Concern]) -> dict[tuple[int, int], int]:
    rows = Alert.objects.for_org(org_id).filter(
        customer_id__in={one.customer_id for one in concerns},
        rule_id__in={one.rule.pk for one in concerns},
        recovered_at=None,
    )
    told = rows.values_list("id", "rule_id", "customer_id") if concerns else ()
    return {(rule_id, customer): pk for pk, rule_id, customer in told if customer is not None}


def _is_recent(concern: Concern, fired_at: datetime | None, now: datetime) -> bool:
    cooldown = timedelta(hours=concern.rule.cooldown_hours)
    return fired_at is not None and now - fired_at < cooldown


def _fire(org_id: int, concerns: Sequence[Concern], *, now: datetime) -> None:
    if not concerns:
        return
    rows = HealthScore.objects.for_org(org_id).filter(
        customer_id__in=[one.customer_id for one in concerns]
    )
    scores = {
        customer: (score, level)
        for customer, score, level in rows.values_list("customer_id", "score", "risk_level")
    }
    copy_rows(
        Alert._meta.db_table,
        COLUMNS,
        (
            (
                org_id,
                one.rule.pk,
                one.customer_id,
                AlertState.OPEN.value,
                now,
                json.dumps(_facts(one, scores.get(one.customer_id, (None, None)))),
            )
            for one in concerns
        ),
    )


def _facts(concern: Concern, standing: tuple[int | None, str | None]) -> dict[str, Any]:
    score, level = standing
    return {"params": concern.rule.params, "score": score, "level": level}


def _key(concern: Concern) -> tuple[int, int]:
    return concern.rule.pk, concern.customer_id
