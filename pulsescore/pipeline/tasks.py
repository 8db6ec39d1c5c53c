"""Jobs: thin shells around one action of a stage each, and the clock that starts them.

No job takes a queue lock: a killed worker would leave it locked. What must not run twice at once
is guarded by advisory locks of the stage itself, which die with the process.
"""

from datetime import timedelta

import structlog
from procrastinate.contrib.django import app

from pulsescore.connectors.intercom import queries as intercom
from pulsescore.connectors.intercom.inbox import purge
from pulsescore.core.clock import from_unix, utcnow
from pulsescore.pipeline import run
from pulsescore.pipeline.wake import wake
from pulsescore.scoring import actions as scoring
from pulsescore.scoring import queries as scores
from pulsescore.store import dirty

log = structlog.get_logger()

HISTORY_DAYS = 90


@app.task(name="sync_connection")
async def sync_connection(run_id: int, org_id: int) -> None:
    """Work on one sync run until it ends."""
    await run.execute_run(run_id, org_id)


@app.task(name="drain_inbox")
def drain_inbox(org_id: int, connection_id: int) -> None:
    """Apply the pending notifications of one connection."""
    run.drain_inbox(org_id=org_id, connection_id=connection_id, now=utcnow())


@app.task(name="rescore_pending")
def rescore_pending(org_id: int) -> None:
    """Rescore the customers that are marked."""
    run.rescore_pending(org_id, now=utcnow())


@app.task(name="rescore_everybody")
def rescore_everybody(org_id: int) -> None:
    """Rescore all customers after a configuration change."""
    scoring.rescore_everybody(org_id=org_id, reason="configuration", now=utcnow())


@app.task(name="reconstruct_history")
def reconstruct_history(org_id: int) -> None:
    """Fill the days before the first import with scores as they would have been."""
    scoring.reconstruct_history(org_id=org_id, now=utcnow(), days=HISTORY_DAYS)


@app.periodic(cron="* * * * *")
@app.task(name="look_around", queueing_lock="look_around")
def look_around(timestamp: int) -> None:
    """Each minute: start what is due, and find what a crash left lying."""
    now = from_unix(timestamp)
    run.start_due_syncs(now=now)
    run.recover()


@app.periodic(cron="10 0 * * *")
@app.task(name="nightly", queueing_lock="nightly")
def nightly(timestamp: int) -> None:
    """Each night: time alone moves scores, and old bodies go."""
    now = from_unix(timestamp)
    for org_id in scores.orgs_with_scores():
        scoring.rescore_everybody(org_id=org_id, reason="nightly", now=now)
    removed = purge.purge_bodies(now=now)
    log.info("nightly done", bodies_removed=removed)


@app.periodic(cron="*/5 * * * *")
@app.task(name="retry_stalled", queueing_lock="retry_stalled")
async def retry_stalled(timestamp: int) -> None:
    """Give jobs of killed workers to the living ones."""
    del timestamp
    for job in await app.job_manager.get_stalled_jobs():
        log.warning("job stalled, trying again", task=job.task_name, job_id=job.id)
        await app.job_manager.retry_job(job)


def wake_scoring(org_id: int) -> None:
    """Have the marked customers of an organization rescored soon."""
    wake(rescore_pending, org_id=org_id)
