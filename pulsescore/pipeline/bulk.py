"""What people ask for many customers at once, beyond what the store alone can do."""

from collections.abc import Sequence
from datetime import datetime

from pulsescore.accounts import audit
from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import Role
from pulsescore.scoring import actions as scoring
from pulsescore.store import bulk_actions, customer_facts


def recalculate_many(actor: Actor, *, customer_ids: Sequence[int], now: datetime) -> int:
    """Score these customers right now, in batches; returns how many were scored.

    Ids of others and of the deleted are passed over. Raises `Invalid` for more than
    `bulk_actions.MOST`.
    """
    actor.require(Role.MEMBER)
    bulk_actions.refuse_too_many(customer_ids)
    known = customer_facts.known_ids(actor.org_id, customer_ids)
    for start in range(0, len(known), bulk_actions.BATCH):
        batch = known[start : start + bulk_actions.BATCH]
        scoring.rescore(org_id=actor.org_id, customer_ids=batch, now=now, fresh=True)
    audit.record_by(
        actor,
        "customers.recalculated",
        subject="customers",
        details={"customers": len(known)},
        now=now,
    )
    return len(known)
