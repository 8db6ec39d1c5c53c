"""What people ask for: one action of a stage, then a wake-up for the stage that comes next.

The wake-up is sent when the action's transaction commits; pages and the API call nothing else.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from pulsescore.accounts import audit
from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import Role
from pulsescore.connectors.intercom import actions as intercom
from pulsescore.connectors.intercom import queries as connections
from pulsescore.connectors.intercom import runs
from pulsescore.connectors.intercom.inbox import actions as inbox
from pulsescore.connectors.intercom.inbox.erasing import erase_notifications
from pulsescore.connectors.intercom.inbox.queries import DeliveryFilters
from pulsescore.connectors.intercom.models import (
    Connection,
    ConnectionStatus,
    RunKind,
    Scope,
    SyncRun,
)
from pulsescore.connectors.intercom.outbound.send_runs import end_unable
from pulsescore.core.errors import Conflict, FieldFault, Invalid
from pulsescore.ingest import actions as ingest_actions
from pulsescore.ingest.erasing import erase_calls
from pulsescore.pipeline.sending import look_at_everybody
from pulsescore.pipeline.wake import wake
from pulsescore.scoring import actions as scoring
from pulsescore.scoring import overriding
from pulsescore.scoring.backtest import lifecycle as backtests
from pulsescore.scoring.config import Config
from pulsescore.scoring.engine import lock_scores
from pulsescore.scoring.models import Backtest, ConfigVersion
from pulsescore.scoring.outcomes.actions import forget_uploads
from pulsescore.scoring.override_form import OverrideWish
from pulsescore.segments.membership import take_out
from pulsescore.store import actions as store_actions
from pulsescore.store import queries as store
from pulsescore.store.erase import people_of


def connect_with_token(actor: Actor, *, now: datetime, **settings: Any) -> Connection:
    """Connect a workspace by its access token; the first sync starts by itself.

    Takes the settings of `connectors.intercom.actions.connect_with_token` and raises what it does.
    """
    connection = intercom.connect_with_token(actor, now=now, **settings)
    _wake_runs(connection)
    return connection


def connect_with_code(actor: Actor, *, now: datetime, **settings: Any) -> Connection:
    """Connect a workspace by the code that Intercom's consent page sent back."""
    connection = intercom.connect_with_code(actor, now=now, **settings)
    _wake_runs(connection)
    return connection


def update_connection(
    actor: Actor, *, connection_id: int, now: datetime, **changes: Any
) -> Connection:
    """Change settings of a connection; what needs reading again is read again."""
    connection = intercom.update_settings(actor, connection_id=connection_id, now=now, **changes)
    if "mode" in changes:
        look_at_everybody(connection, now=now)
    _wake_runs(connection)
    return connection


def disconnect(actor: Actor, *, connection_id: int, now: datetime) -> None:
    """Disconnect a workspace; customers, scores and history stay."""
    intercom.disconnect(actor, connection_id=connection_id, now=now)
    end_unable(now=now, connection_id=connection_id)


def request_sync(
    actor: Actor,
    *,
    connection_id: int,
    kind: str,
    now: datetime,
    accepts_losses: bool = False,
    scope: str | None = None,
) -> SyncRun:
    """Queue a sync run; the one that already waits is returned instead of a second.

    A run of kind fetch reads all of one `scope`: users, leads or companies.

    With `accepts_losses` a reconciliation marks as gone whatever is, however much that is.

    Raises `Conflict` while the connection cannot sync: disconnected, or its token was refused;
    `Invalid` where a kind of run accepts losses that finds none, or has a scope and no fetch is
    meant, or the other way round.
    """
    actor.require(Role.ADMIN)
    if (kind == RunKind.FETCH) != (scope is not None):
        raise Invalid(FieldFault("scope", "A run of kind fetch has a scope, and no other."))
    if accepts_losses and kind != RunKind.RECONCILE:
        raise Invalid(FieldFault("accepts_losses", "Only a run of kind reconcile finds losses."))
    with transaction.atomic():
        connection = connections.get_connection(actor.org_id, connection_id)
        if connection.status == ConnectionStatus.NEEDS_ATTENTION:
            raise Conflict(f"This connection needs attention first: {connection.last_error}")
        if scope is not None:
            run = runs.request_fetch(connection, scope=Scope(scope), trigger="person", now=now)
        else:
            run = runs.request_run(
                connection, kind=kind, trigger="person", now=now, accepts_losses=accepts_losses
            )
        if accepts_losses:
            audit.record_by(
                actor, "intercom.losses_accepted", subject=connection.workspace_id, now=now
            )
        wake("sync_connection", run_id=run.pk)
    return run


def save_scoring_config(
    actor: Actor, *, config: Config, comment: str = "", now: datetime
) -> ConfigVersion:
    """Save a configuration as a new version and have everybody rescored with it."""
    with transaction.atomic():
        version = scoring.save_config(actor, config=config, comment=comment, now=now)
        wake("rescore_everybody", org_id=actor.org_id)
    return version


def restore_scoring_version(
    actor: Actor, *, version: int, comment: str = "", now: datetime
) -> ConfigVersion:
    """Make an old configuration the newest version and have everybody rescored with it."""
    with transaction.atomic():
        restored = scoring.restore_version(actor, version=version, comment=comment, now=now)
        wake("rescore_everybody", org_id=actor.org_id)
    return restored


def request_backtest(actor: Actor, *, now: datetime) -> Backtest:
    """Have scores compared with who left; what goes on already is returned instead of a second."""
    actor.require(Role.ADMIN)
    with transaction.atomic():
        user_id = actor.user.pk if actor.user else None
        backtest, _is_new = backtests.request(actor.org_id, user_id=user_id, now=now)
        wake("run_backtest", backtest_id=backtest.pk)
    return backtest


def recalculate(actor: Actor, *, customer_id: int, now: datetime) -> None:
    """Score one customer right now. Raises `NotFound` for an id of another organization."""
    customer = store.get_customer(actor.org_id, customer_id)
    scoring.rescore(org_id=actor.org_id, customer_ids=[customer.id], now=now, fresh=True)
    wake("evaluate_alerts", org_id=actor.org_id)


def set_override(actor: Actor, *, customer_id: int, wish: OverrideWish, now: datetime) -> None:
    """Put a member's word in the place of a customer's score; companies follow in a moment.

    Raises what `scoring.overriding.set_override` raises.
    """
    with transaction.atomic():
        overriding.set_override(actor, customer_id=customer_id, wish=wish, now=now)
        wake("rescore_pending", org_id=actor.org_id)


def end_override(actor: Actor, *, customer_id: int, now: datetime) -> None:
    """Give a customer back the score of the formula. Raises `NotFound` where none holds."""
    with transaction.atomic():
        overriding.end_override(actor, customer_id=customer_id, now=now)
        wake("rescore_pending", org_id=actor.org_id)


def erase_customer(actor: Actor, *, customer_id: int, now: datetime) -> None:
    """Erase a person everywhere, raw notifications included; a sync does not bring them back."""
    with transaction.atomic():
        take_out(actor.org_id, people_of(actor.org_id, customer_id))
        lock_scores(actor.org_id)
        erased = store_actions.erase_customer(actor, customer_id=customer_id, now=now)
        erase_notifications(
            org_id=actor.org_id,
            source_id=erased.source_id,
            contacts=erased.contacts,
            conversations=erased.conversations,
        )
        erase_calls(org_id=actor.org_id, names=erased.names)
        forget_uploads(actor.org_id)
        wake("rescore_pending", org_id=actor.org_id)


def retry_ingested(actor: Actor, *, now: datetime) -> int:
    """Have ingested calls that were given up applied again; returns how many requests."""
    with transaction.atomic():
        count = ingest_actions.retry_given_up(actor, now=now)
        wake("apply_ingested", org_id=actor.org_id)
    return count


def replay_webhook(actor: Actor, *, delivery_id: int, now: datetime) -> None:
    """Have one stored notification worked on again. Raises `NotFound`."""
    with transaction.atomic():
        connection_id = inbox.replay_one(actor, delivery_id=delivery_id, now=now)
        wake("drain_inbox", connection_id=connection_id)


def replay_dead_webhooks(actor: Actor, *, connection_id: int, now: datetime) -> int:
    """Have every dead letter of a connection worked on again; returns how many."""
    with transaction.atomic():
        count = inbox.replay_dead(actor, connection_id=connection_id, now=now)
        wake("drain_inbox", connection_id=connection_id)
    return count


def replay_webhooks(actor: Actor, *, filters: DeliveryFilters, now: datetime) -> int:
    """Have all stored notifications of these filters worked on again; returns how many."""
    with transaction.atomic():
        count = inbox.replay_filtered(actor, filters=filters, now=now)
        wake("drain_inbox", connection_id=filters.connection_id or 0)
    return count


def check_permissions(actor: Actor, *, connection_id: int, now: datetime) -> SyncRun | None:
    """Ask Intercom anew what the token may do; the run, where that mended the connection."""
    run = intercom.check_permissions(actor, connection_id=connection_id, now=now)
    if run is not None:
        wake("sync_connection", run_id=run.pk)
    return run


def _wake_runs(connection: Connection) -> None:
    for run in connections.list_active_runs(connection.org_id):
        if run.connection_id == connection.pk:
            wake("sync_connection", run_id=run.pk)
