"""Jobs: thin shells around one action each, and the clock that starts them.

No job takes a queue lock: a killed worker would leave it locked. What must not run twice at once
is guarded by advisory locks of the stage itself, which die with the process.
"""

import structlog
from procrastinate.contrib.django import app

from pulsescore.accounts import housekeeping, posting
from pulsescore.accounts.models import Organization
from pulsescore.connectors.intercom import connection_log
from pulsescore.connectors.intercom.inbox.purge import purge
from pulsescore.core.clock import from_unix, utcnow
from pulsescore.ingest.prune import prune as prune_ingested
from pulsescore.pipeline import (
    alerting,
    delivering,
    mapping,
    removing,
    segmenting,
    sending,
    telling,
    work,
)
from pulsescore.pipeline.wake import wake
from pulsescore.scoring import actions as scoring
from pulsescore.scoring import overriding
from pulsescore.scoring.backtest import run as backtesting
from pulsescore.scoring.history import reconstruct_history
from pulsescore.scoring.outcomes import attribute as outcomes
from pulsescore.scoring.outcomes.actions import prune_uploads
from pulsescore.scoring.rollup import roll_up_days
from pulsescore.scoring.surveys import take_survey
from pulsescore.segments.sweeps import request_sweep
from pulsescore.store import joining

log = structlog.get_logger(__name__)


@app.task(name="sync_connection")
async def sync_connection(run_id: int) -> None:
    """Work on one sync run until it ends."""
    await work.execute_run(run_id)


@app.task(name="drain_inbox")
async def drain_inbox(connection_id: int) -> None:
    """Apply the pending notifications of one connection."""
    await work.drain_inbox(connection_id)


@app.task(name="apply_mappings")
def apply_mappings(connection_id: int) -> None:
    """Go through everybody after the mapping tables of a connection changed."""
    mapping.apply_mappings(connection_id, now=utcnow())


@app.task(name="apply_ingested")
def apply_ingested(org_id: int) -> None:
    """Apply the calls that arrived for one organization."""
    work.apply_ingested(org_id)


@app.task(name="join_everybody")
def join_everybody(org_id: int) -> None:
    """Join whoever is known twice."""
    joining.join_everybody(org_id=org_id, now=utcnow())


@app.task(name="rescore_pending")
def rescore_pending(org_id: int) -> None:
    """Rescore the customers that are marked."""
    work.rescore_pending(org_id, now=utcnow())


@app.task(name="rescore_everybody")
def rescore_everybody(org_id: int) -> None:
    """Rescore all customers after a configuration change."""
    request_sweep(org_id, now=utcnow())
    scoring.rescore_everybody(org_id=org_id, reason="configuration", now=utcnow())
    segmenting.refresh_everybody(org_id, now=utcnow())
    wake("evaluate_alerts", org_id=org_id)
    wake("survey", org_id=org_id)


@app.task(name="rescore_nightly")
def rescore_nightly(org_id: int) -> None:
    """Rescore all customers, since time alone moves scores."""
    request_sweep(org_id, now=utcnow())
    scoring.rescore_everybody(org_id=org_id, reason="nightly", now=utcnow())
    segmenting.refresh_everybody(org_id, now=utcnow())
    alerting.look_again(org_id, now=utcnow())
    wake("survey", org_id=org_id)


@app.task(name="refresh_segments")
def refresh_segments(org_id: int) -> None:
    """Look at everybody, where a rule or a day is new."""
    segmenting.refresh_everybody(org_id, now=utcnow())
    sending.wake_sending(org_id, now=utcnow())
    wake("deliver")
    wake("evaluate_alerts", org_id=org_id)


@app.task(name="evaluate_alerts")
def evaluate_alerts(org_id: int) -> None:
    """Look at customers who passed what a rule watches, and tell of what fired."""
    alerting.evaluate_pending(org_id, now=utcnow())


@app.task(name="deliver")
def deliver() -> None:
    """Send what is due to mailboxes, Slack channels and endpoints."""
    delivering.deliver_due()


@app.task(name="send_letters")
def send_letters() -> None:
    """Send the letters of accounts that wait: new ones, and those that were not taken."""
    posting.send_due()


@app.task(name="send_outbound")
async def send_outbound(connection_id: int) -> None:
    """Write to Intercom what differs there."""
    await sending.send_outbound(connection_id)


@app.task(name="make_dry_run")
def make_dry_run(dry_run_id: int) -> None:
    """Find out what sending would write."""
    sending.make_dry_run(dry_run_id)


@app.task(name="survey")
def survey(org_id: int) -> None:
    """Count everybody of a large organization for its dashboard, and the days that are over."""
    roll_up_days(org_id=org_id, now=utcnow())
    take_survey(org_id, now=utcnow())


@app.task(name="reconstruct_history")
def fill_history(org_id: int) -> None:
    """Fill the days before the first import with scores as they would have been."""
    reconstruct_history(org_id=org_id, now=utcnow())


@app.task(name="run_backtest")
def run_backtest(backtest_id: int) -> None:
    """Work on one backtest until it ends."""
    backtesting.execute(backtest_id, now=utcnow)


@app.task(name="read_outcomes")
def read_outcomes(org_id: int) -> None:
    """Read again who left, where an attribute tells it."""
    outcomes.refresh(org_id, now=utcnow())


@app.task(name="remove_organization")
def remove_organization(org_id: int) -> None:
    """Remove every row of an organization that was deleted."""
    removing.remove_organization(org_id, now=utcnow())


@app.periodic(cron="* * * * *")
@app.task(name="look_around", queueing_lock="look_around")
def look_around(timestamp: int) -> None:
    """Each minute: start what is due, and find what a crash left lying."""
    now = from_unix(timestamp)
    work.start_due_checks(now=now)
    work.start_due_syncs(now=now)
    overriding.mark_expired(now=now)
    work.recover(now=now)
    mapping.wake_mappings()
    removing.wake_removals()
    telling.tell_admins(now=now)
    telling.wake_letters(now=now)
    segmenting.look_around()
    alerting.look_around(now=now)
    sending.look_around(now=now)


@app.periodic(cron="10 0 * * *")
@app.task(name="nightly", queueing_lock="nightly")
def nightly(timestamp: int) -> None:
    """Each night, shortly after the UTC day began: rescore everybody, forget what has expired."""
    now = from_unix(timestamp)
    for org_id in Organization.objects.filter(deleted_at=None).values_list("id", flat=True):
        wake("join_everybody", org_id=org_id)
        wake("rescore_nightly", org_id=org_id)
        wake("read_outcomes", org_id=org_id)
    removed = purge(now=now)
    prune_ingested(now=now)
    connection_log.prune(now=now)
    housekeeping.prune(now=now)
    alerting.prune(now=now)
    sending.forget_old(now=now)
    prune_uploads(now=now)
    log.info("nightly", bodies_removed=removed)


@app.periodic(cron="* * * * *")
@app.task(name="retry_stalled", queueing_lock="retry_stalled")
async def retry_stalled(timestamp: int) -> None:
    """Give jobs of killed workers to the living ones."""
    del timestamp
    for job in await app.job_manager.get_stalled_jobs():
        log.warning("job stalled, trying again", task=job.task_name, job_id=job.id)
        await app.job_manager.retry_job(job)
