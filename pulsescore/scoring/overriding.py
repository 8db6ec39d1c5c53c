"""Writes of overrides: a member sets one or ends it; the clock ends those that expired."""

from collections import defaultdict
from datetime import datetime
from typing import Any

from django.db import transaction

from pulsescore.accounts import audit
from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import Role
from pulsescore.core.errors import Conflict, NotFound
from pulsescore.scoring.engine import lock_scores, rescore_batch
from pulsescore.scoring.models import HealthScore, ScoreOverride
from pulsescore.scoring.override_form import OverrideWish, check_override
from pulsescore.scoring.override_rows import read_overrides
from pulsescore.scoring.signals import Scope
from pulsescore.scoring.versions import current_config
from pulsescore.store import dirty, queries


def set_override(
    actor: Actor, *, customer_id: int, wish: OverrideWish, now: datetime
) -> ScoreOverride:
    """Put a member's word in the place of a score, until it expires; a former one ends.

    Raises `Invalid` with each wrong field, `NotFound`, and `Conflict` for a deleted customer, who
    keeps the last score.
    """
    actor.require(Role.MEMBER)
    checked = check_override(wish, now=now)
    with transaction.atomic():
        _require_living(actor.org_id, customer_id)
        row = _follow(
            actor,
            customer_id=customer_id,
            now=now,
            score=checked.score,
            risk_level=checked.risk_level,
            reason=checked.reason,
            expires_at=checked.expires_at,
        )
        audit.record_by(
            actor,
            "customer.score_overridden",
            subject=f"customer:{customer_id}",
            # The reason may tell about a person, and the log outlives them.
            details={
                "score": checked.score,
                "risk_level": checked.risk_level,
                "until": checked.expires_at.isoformat(),
            },
            now=now,
        )
    return row


def end_override(actor: Actor, *, customer_id: int, now: datetime) -> None:
    """Give a customer back the score of the formula. Raises `NotFound` where no override holds."""
    actor.require(Role.MEMBER)
    with transaction.atomic():
        queries.get_customer(actor.org_id, customer_id)
        lock_scores(actor.org_id)
        if not len(read_overrides(_only(actor.org_id, customer_id)).held_at(now.timestamp()).ids):
            raise NotFound("No override holds for this customer.")
        _require_living(actor.org_id, customer_id)
        _follow(actor, customer_id=customer_id, now=now)
        subject = f"customer:{customer_id}"
        audit.record_by(actor, "customer.override_ended", subject=subject, now=now)


def mark_expired(*, now: datetime) -> int:
    """Mark the customers whose override has expired, to be rescored; returns how many."""
    rows = HealthScore.objects.across_orgs("the clock ends overrides of every organization")
    expired = rows.filter(override__expires_at__lte=now, customer__deleted_at=None)
    found: dict[int, list[int]] = defaultdict(list)
    for org_id, customer_id in expired.values_list("org_id", "customer_id"):
        found[org_id].append(customer_id)
    return sum(dirty.mark(org_id, customer_ids) for org_id, customer_ids in found.items())


def _require_living(org_id: int, customer_id: int) -> None:
    if queries.get_customer(org_id, customer_id).deleted_at is not None:
        raise Conflict("This customer is deleted; the last score stays as it is.")


def _follow(actor: Actor, *, customer_id: int, now: datetime, **said: Any) -> ScoreOverride:
    """Add a row, and score the customer with it.

    The mark has them scored again, should another process have scored them a moment later than
    this `now`, and their companies with them.
    """
    lock_scores(actor.org_id)
    row = ScoreOverride(
        org_id=actor.org_id, customer_id=customer_id, author=actor.user, set_at=now, **said
    )
    row.save(force_insert=True)
    config, version = current_config(actor.org_id)
    rescore_batch(_only(actor.org_id, customer_id), config, version=version, now=now)
    dirty.mark(actor.org_id, [customer_id])
    return row


def _only(org_id: int, customer_id: int) -> Scope:
    return Scope(org_id, customer_id, customer_id, (customer_id,))
