"""Whether webhooks do their part: changes that polling finds and that none of them told of.

Only conversations are judged: each of their changes has a topic, while contacts also change without
one, for example when they are seen. A change must be old enough for its webhook to have arrived.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from pulsescore.connectors.intercom import connection_log
from pulsescore.connectors.intercom.inbound.job import Job
from pulsescore.connectors.intercom.inbox.silence import last_announced_at
from pulsescore.connectors.intercom.models import (
    InboxNotification,
    InboxState,
    LogEntry,
    RunKind,
    Severity,
)
from pulsescore.store.admission import Admitted
from pulsescore.store.kinds import Sourced
from pulsescore.store.models import Conversation, HeldRecord

# A delivery takes seconds; where we poll often, half the interval must do.
_ARRIVES_WITHIN: Final = timedelta(seconds=90)
# A payload tells the conversation as of its event; Intercom may touch it once more right after.
_SAME_CHANGE: Final = timedelta(seconds=60)
_TOLD_AGAIN_AFTER: Final = timedelta(hours=1)


def count_unannounced(job: Job, admitted: Admitted) -> int:
    """How many of these conversations changed without a webhook; call before they are stored.

    Zero unless the run is incremental, and while notifications wait to be worked on: what they
    tell is not stored yet.
    """
    if job.run.kind != RunKind.INCREMENTAL:
        return 0
    told = [entry.record for of_thing in admitted.conversations.values() for entry in of_thing]
    ripe = ripe_changes(told, now=job.now(), interval_secs=job.connection.sync_interval_secs)
    if not ripe or _inbox_waits(job):
        return 0
    known = _known_versions(job, list(ripe))
    return sum(is_news(version, known, external_id) for external_id, version in ripe.items())


def ripe_changes(
    told: Sequence[Sourced], *, now: datetime, interval_secs: int
) -> dict[str, datetime]:
    """Versions by conversation, of those whose webhook should have arrived by now."""
    patience = min(_ARRIVES_WITHIN, timedelta(seconds=interval_secs) / 2)
    return {
        one.external_id: one.version
        for one in told
        if one.version is not None and one.version <= now - patience
    }


def is_news(version: datetime, known: Mapping[str, datetime | None], external_id: str) -> bool:
    """Whether what is stored does not know this change yet."""
    if external_id not in known:
        return True
    before = known[external_id]
    return before is not None and version - before > _SAME_CHANGE


def note_gap(job: Job) -> None:
    """Tell the connection log what the run found, at most once an hour.

    Nothing is missed where webhooks were never set up.
    """
    count = job.progress.unannounced
    if not count or last_announced_at(job.org_id, job.connection.pk) is None:
        return
    lines = LogEntry.objects.for_org(job.org_id).filter(connection=job.connection)
    recent = lines.filter(kind=connection_log.WEBHOOK, severity=Severity.WARNING)
    if recent.filter(at__gt=job.now() - _TOLD_AGAIN_AFTER).exists():
        return
    plural = "conversation" if count == 1 else "conversations"
    connection_log.write(
        job.connection,
        connection_log.WEBHOOK,
        f"{count:,} {plural} had changed in Intercom without a webhook announcing it",
        severity=Severity.WARNING,
        details={"run": job.run.pk, "unannounced": count},
        now=job.now(),
    )


def _inbox_waits(job: Job) -> bool:
    waiting = InboxNotification.objects.for_org(job.org_id).filter(
        connection=job.connection, state=InboxState.PENDING
    )
    return waiting.exists()


def _known_versions(job: Job, ids: list[str]) -> dict[str, datetime | None]:
    """What is stored of them; those that are held count as known, whatever their version."""
    stored = Conversation.objects.for_org(job.org_id).filter(
        source_id=job.source_id, external_id__in=ids
    )
    held = HeldRecord.objects.for_org(job.org_id).filter(
        source_id=job.source_id, kind="conversation", external_id__in=ids
    )
    known: dict[str, datetime | None] = dict.fromkeys(held.values_list("external_id", flat=True))
    return known | dict(stored.values_list("external_id", "remote_updated_at"))
