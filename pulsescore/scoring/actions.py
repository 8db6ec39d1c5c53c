"""Writes of the scoring stage: rescore customers, everybody or the marked; save a configuration."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from django.db import transaction

from pulsescore.accounts import audit
from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import Role
from pulsescore.core.errors import Conflict, FieldFault, Invalid
from pulsescore.scoring import scored
from pulsescore.scoring.companies import roll_up_all, roll_up_marked
from pulsescore.scoring.config import Config, parse_config
from pulsescore.scoring.decide import ScoreChange
from pulsescore.scoring.engine import Batch, lock_scores, rescore_batch
from pulsescore.scoring.history import reconstruct_history
from pulsescore.scoring.models import ConfigVersion, RescoreRun
from pulsescore.scoring.queries.configs import get_version
from pulsescore.scoring.rollup import roll_up_days
from pulsescore.scoring.signals import Scope, scopes
from pulsescore.scoring.versions import add_version, current_config, to_config
from pulsescore.store import dirty
from pulsescore.store.models import Customer

__all__ = [
    "ScoreChange",
    "reconstruct_history",
    "rescore",
    "rescore_dirty",
    "rescore_everybody",
    "restore_version",
    "roll_up_all",
    "roll_up_marked",
    "save_config",
]

MAX_COMMENT = 500
CLAIM = 5_000

Progress = Callable[[RescoreRun], None]


def rescore(
    *, org_id: int, customer_ids: Sequence[int] | None, now: datetime, fresh: bool = False
) -> list[ScoreChange]:
    """Score these customers (None: all that are not deleted) and their companies, in batches.

    Returns the changes of score or level. Nothing is written where nothing changed, unless `fresh`
    asks for the time of calculation to be renewed (a person pressed "recalculate").
    """
    batches = _rescore_scopes(scopes(org_id, customer_ids), now=now, fresh=fresh)
    changes = [change for batch in batches for change in batch.changes]
    roll_up = roll_up_all if customer_ids is None else roll_up_marked
    roll_up(org_id=org_id, now=now)
    return changes


def rescore_dirty(*, org_id: int, now: datetime) -> int:
    """Score the customers marked as changed; returns how many were claimed.

    Marks are claimed in the transaction that writes the scores: a crash gives them back. A full
    claim means that more may wait: call again. Their companies are marked, not rolled up: during an
    import the same companies would be again and again (`roll_up_marked` is the caller's last step).
    """
    with transaction.atomic():
        lock_scores(org_id)
        claimed = dirty.claim(org_id, CLAIM)
        config, version = current_config(org_id)
        for scope in scopes(org_id, claimed):
            rescore_batch(scope, config, version=version, now=now)
        dirty.mark_companies_of(org_id, claimed)
        scored.mark(org_id, claimed)
    return len(claimed)


def rescore_everybody(
    *, org_id: int, reason: str, now: datetime, progress: Progress | None = None
) -> RescoreRun:
    """Score every customer, keeping count in a `RescoreRun` that pages show."""
    _config, version = current_config(org_id)
    run = RescoreRun.objects.for_org(org_id).create(
        org_id=org_id,
        reason=reason,
        config_version=version,
        total=Customer.objects.for_org(org_id).filter(deleted_at=None).count(),
        started_at=now,
    )
    for batch in _rescore_scopes(scopes(org_id, None), now=now):
        run.done += batch.customers
        _advance(run, progress)
    roll_up_all(org_id=org_id, now=now)
    roll_up_days(org_id=org_id, now=now)
    run.finished_at = now
    _advance(run, progress)
    return run


def save_config(actor: Actor, *, config: Config, comment: str, now: datetime) -> ConfigVersion:
    """Make a configuration the organization's next version; admins only.

    Raises `Invalid` with the path of each wrong field, `Forbidden` for a member. Rescoring is the
    caller's next step.
    """
    actor.require(Role.ADMIN)
    checked = parse_config(config.as_json())
    if len(comment) > MAX_COMMENT:
        raise Invalid(FieldFault("comment", f"must be at most {MAX_COMMENT} characters"))
    with transaction.atomic():
        row = add_version(
            org_id=actor.org_id, config=checked, author=actor.user, comment=comment, now=now
        )
        audit.record_by(
            actor,
            "scoring.config_saved",
            subject=f"version {row.version}",
            details={**checked.as_json(), "comment": comment},
            now=now,
        )
    return row


def restore_version(
    actor: Actor, *, version: int, comment: str = "", now: datetime
) -> ConfigVersion:
    """Make an old configuration the next version, so that nothing of the past is rewritten.

    Raises `NotFound` for a number that never was, `Conflict` for the version in force, and what
    `save_config` raises.
    """
    actor.require(Role.ADMIN)
    old = get_version(actor.org_id, version)
    if version == current_config(actor.org_id)[1]:
        raise Conflict(f"Version {version} is in force already.")
    words = comment or f"As in version {version}"
    return save_config(actor, config=to_config(old), comment=words, now=now)


def _rescore_scopes(
    batches: Iterator[Scope], *, now: datetime, fresh: bool = False
) -> Iterator[Batch]:
    for scope in batches:
        with transaction.atomic():
            lock_scores(scope.org_id)
            config, version = current_config(scope.org_id)
            batch = rescore_batch(scope, config, version=version, now=now, fresh=fresh)
            if scope.ids is not None:
                dirty.mark_companies_of(scope.org_id, scope.ids)
                scored.mark(scope.org_id, scope.ids)
        yield batch


def _advance(run: RescoreRun, progress: Progress | None) -> None:
    run.save(update_fields=["done", "total", "finished_at"])
    if progress:
        progress(run)
