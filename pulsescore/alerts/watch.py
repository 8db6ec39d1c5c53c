"""What the enabled rules of an organization need to learn of scores."""

from collections.abc import Iterable

from pulsescore.alerts.models import AlertRule
from pulsescore.alerts.params import parse_condition
from pulsescore.alerts.rules import (
    HIGHEST,
    MARGIN,
    Condition,
    FactorReaches,
    LevelBecomes,
    ScoreBelow,
    ScoreDrops,
)
from pulsescore.scoring import watching
from pulsescore.scoring.watching import Watch

WATCHER = "alerts"


def active_rules(org_id: int) -> list[AlertRule]:
    """The rules that fire."""
    rows = AlertRule.objects.for_org(org_id).filter(enabled=True, deleted_at=None)
    return list(rows.order_by("id"))


def save_watch_of(org_id: int) -> None:
    """Have scores watched for the rules as they are now; in the transaction that changed them."""
    rules = active_rules(org_id)
    conditions = [parse_condition(rule.kind, rule.params) for rule in rules]
    watch = watch_of(one for one in conditions if one is not None)
    watching.save_watch(org_id, WATCHER, watch)


def watch_of(conditions: Iterable[Condition]) -> Watch:
    """Everything at which one of the conditions may begin to hold, or be clear."""
    known = list(conditions)
    edges: set[float] = set()
    factor_edges: dict[str, set[float]] = {}
    for one in known:
        if isinstance(one, ScoreBelow):
            edges |= {one.score, min(one.score + MARGIN, HIGHEST)}
        elif isinstance(one, FactorReaches):
            factor_edges.setdefault(one.factor, set()).update({one.value, one.lower_edge})
    return Watch(
        any_change=any(isinstance(one, ScoreDrops) for one in known),
        levels=any(isinstance(one, LevelBecomes) for one in known),
        level_margin=float(MARGIN),
        edges=frozenset(edges),
        factor_edges={key: frozenset(values) for key, values in factor_edges.items()},
    )
