"""Tags that were renamed or removed in Intercom, followed in all that is stored.

Nothing that carries a tag changes with its name, so only the list of tags tells.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pulsescore.connectors.intercom import connection_log, findings
from pulsescore.connectors.intercom.inbound.job import Job
from pulsescore.connectors.intercom.models import DirectoryEntry, Severity
from pulsescore.connectors.intercom.queries import directory_names
from pulsescore.store.tags import rename_tags

# So few may vanish at once whatever their share.
_FEW: Final = 5


@dataclass(frozen=True)
class Fate:
    """Former names of tags and what became of them: a new name, or nothing.

    `doubtful` are the ids of those that are no longer listed, where these are too many to be
    believed at once.
    """

    changes: dict[str, str]
    doubtful: frozenset[str]


def compare(known: Mapping[str, str], told: Mapping[str, str], *, believed: float) -> Fate:
    """How a list of tags, names by id, differs from the one known. Pure.

    So many may have gone as are `believed`. A name that another tag bore all the time is not
    taken from it.
    """
    gone = known.keys() - told.keys()
    doubtful = frozenset(gone) if len(gone) > max(_FEW, believed) else frozenset()
    unmoved = {name for tag, name in told.items() if known.get(tag) == name}
    changes = {
        name: told.get(tag, "")
        for tag, name in known.items()
        if name and tag not in doubtful and name not in unmoved and told.get(tag, "") != name
    }
    return Fate(changes, doubtful)


async def follow_tags(
    job: Job, entries: Iterable[DirectoryEntry], *, now: datetime
) -> frozenset[str]:
    """Rename tags in all that is stored, before their new names are written down, and report it.

    Whoever dies in between leaves the former list, and the next run finds the same changes.
    Returns the ids of those that are no longer listed and yet are to be kept.
    """
    told = {entry.external_id: entry.name for entry in entries}
    known = await job.database.run(directory_names, job.connection, "tag")
    share = 1.0 if job.run.accepts_losses else job.connection.largest_loss_percent / 100
    fate = compare(known, told, believed=len(known) * share)
    report = job.progress.of(findings.SWEEP) if fate.changes or fate.doubtful else {}
    if fate.doubtful:
        refusal = findings.refuse(report, kind="tag", missing=len(fate.doubtful), held=len(known))
        await job.database.run(_warn, job, refusal, now=now)
    if fate.changes:
        report["changed_tags"] = len(fate.changes)
        report["retagged_rows"] = await job.database.run(
            rename_tags,
            org_id=job.org_id,
            source_id=job.source_id,
            changes=fate.changes,
            now=now,
        )
    return fate.doubtful


def _warn(job: Job, refusal: findings.Refusal, *, now: datetime) -> None:
    connection_log.write(
        job.connection,
        connection_log.RUN,
        f"{refusal.share} are missing in Intercom; none was taken off",
        severity=Severity.WARNING,
        details={"kind": "tag", "run": job.run.pk},
        now=now,
    )
