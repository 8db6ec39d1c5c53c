"""Dry runs of very many, made by the worker: asked for, made, judged by their age.

A dry run that was interrupted begins again from nothing, since customers change meanwhile.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import asdict, fields
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet, Sum

from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import Role
from pulsescore.connectors.intercom.mappings.models import OutgoingMapping
from pulsescore.connectors.intercom.models import Connection
from pulsescore.connectors.intercom.outbound import membership
from pulsescore.connectors.intercom.outbound.dry_run import Change, Plan, PlannedWrite, Walk
from pulsescore.connectors.intercom.outbound.run_models import DryRun, DryRunState, PlannedLine
from pulsescore.connectors.intercom.outbound.settings import settings_of
from pulsescore.connectors.intercom.queries import get_connection
from pulsescore.core.errors import NotFound
from pulsescore.core.locks import held_lock, own_conninfo
from pulsescore.scoring.models import ScoreRevision
from pulsescore.store.models import Source

# More writes than these are counted, and not kept.
LINES_KEPT: Final = 10_000
KEPT: Final = timedelta(days=7)
_RUNS_KEPT: Final = 3
_ATTEMPTS: Final = 3
_OPEN: Final = (DryRunState.QUEUED, DryRunState.RUNNING)


@transaction.atomic
def request_dry_run(
    actor: Actor, connection_id: int, *, segment_id: int | None = None, now: datetime
) -> DryRun:
    """Have a dry run made; one that is under way stays one. Older ones are forgotten.

    Raises `NotFound` for a segment that is none of the organization's.
    """
    actor.require(Role.ADMIN)
    connection = get_connection(actor.org_id, connection_id, for_update=True)
    name = ""
    if segment_id is not None:
        names = membership.names_of(actor.org_id, [segment_id])
        if segment_id not in names:
            raise NotFound("There is no such segment of customers.")
        name = names[segment_id]
    rows = _of(connection)
    under_way = rows.filter(segment_id=segment_id, state__in=_OPEN).first()
    if under_way is not None:
        return under_way
    ended = rows.exclude(state__in=_OPEN).order_by("-id").values_list("id", flat=True)
    rows.filter(pk__in=list(ended[_RUNS_KEPT - 1 :])).delete()
    return DryRun.objects.for_org(actor.org_id).create(
        org_id=actor.org_id,
        connection=connection,
        segment_id=segment_id,
        segment_name=name,
        asked_by=actor.user,
        asked_at=now,
    )


def execute(dry_run_id: int, *, now: Callable[[], datetime]) -> None:
    """Make the dry run, unless another process does; what is our own fault is raised.

    One that dies time and again is given up.
    """
    with held_lock(own_conninfo(), f"intercom.dry_run:{dry_run_id}") as is_free:
        run = _begin(dry_run_id, now=now()) if is_free else None
        if run is None:
            return
        walk = Walk(run.connection, settings_of(run.connection), segment=run.segment_id)
        place = 0
        for fresh in walk.steps():
            if not _note(run, walk, fresh, place=place):
                return
            place += len(fresh)
        _rows(run).filter(state=DryRunState.RUNNING).update(
            state=DryRunState.DONE, finished_at=now()
        )


def waiting_ids() -> list[int]:
    """Dry runs that are to be made, whoever left them there."""
    rows = DryRun.objects.across_orgs("the worker serves every organization")
    return list(rows.filter(state__in=_OPEN).order_by("id").values_list("id", flat=True))


def prune(*, now: datetime) -> int:
    """Forget dry runs after a week; returns how many."""
    rows = DryRun.objects.across_orgs("nightly, for every organization")
    return rows.filter(asked_at__lt=now - KEPT).delete()[0]


def newest(connection: Connection, segment_id: int | None) -> DryRun | None:
    """The last dry run of everybody chosen, or of a segment."""
    return _of(connection).filter(segment_id=segment_id).order_by("-id").first()


def get_dry_run(connection: Connection, dry_run_id: int) -> DryRun:
    """One dry run; raises `NotFound`."""
    found = _of(connection).filter(pk=dry_run_id).first()
    if found is None:
        raise NotFound("There is no such dry run.")
    return found


def plan_of(run: DryRun, writes: Sequence[PlannedWrite] = ()) -> Plan:
    """The plan that a dry run told, with these of its writes."""
    known = {one.name for one in fields(Plan)}
    counts = {name: value for name, value in run.counts.items() if name in known}
    counts["renamed_tags"] = [(old, new) for old, new in counts.get("renamed_tags", [])]
    return Plan(**counts, writes=list(writes))


def lines_of(run: DryRun) -> QuerySet[PlannedLine]:
    """The writes that were kept, in their order."""
    return PlannedLine.objects.for_org(run.org_id).filter(dry_run=run).order_by("place")


def write_of(line: PlannedLine) -> PlannedWrite:
    """A kept line as it was planned."""
    told = dict(line.told)
    changes = [Change(**one) for one in told.pop("changes")]
    refused = [(name, reason) for name, reason in told.pop("refused")]
    return PlannedWrite(
        **told,
        changes=changes,
        refused=refused,
        customer_id=line.customer_id,
        company_id=line.company_id,
    )


def why_stale(run: DryRun) -> str:
    """What changed since a dry run was begun: "settings", "customers" or nothing."""
    if run.settings_token != settings_token(run.connection):
        return "settings"
    return "customers" if run.data_token != data_token(run.org_id) else ""


def settings_token(connection: Connection) -> str:
    """Another one whenever who or what is sent is chosen otherwise."""
    settings = settings_of(connection)
    rows = OutgoingMapping.objects.for_org(connection.org_id).filter(connection=connection)
    told = [
        settings.updated_at if settings.is_saved else None,
        *rows.order_by("id").values_list("id", "object", "attribute", "intercom", "overwrite"),
    ]
    return hashlib.blake2b(repr(told).encode(), digest_size=16).hexdigest()


def data_token(org_id: int) -> str:
    """Another one whenever a customer, a company or a score changed."""
    sources = Source.objects.for_org(org_id).aggregate(told=Sum("revision"))["told"]
    scores = ScoreRevision.objects.for_org(org_id).aggregate(told=Sum("revision"))["told"]
    return f"{sources or 0}.{scores or 0}"


def _begin(dry_run_id: int, *, now: datetime) -> DryRun | None:
    everywhere = DryRun.objects.across_orgs("a job names its dry run by id")
    with transaction.atomic():
        run = (
            everywhere.select_for_update(of=("self",))
            .filter(pk=dry_run_id, state__in=_OPEN)
            .select_related("connection")
            .first()
        )
        if run is None:
            return None
        if run.attempts >= _ATTEMPTS:
            run.state, run.finished_at = DryRunState.FAILED, now
            run.save(update_fields=["state", "finished_at"])
            return None
        lines_of(run).delete()
        run.state, run.started_at, run.attempts = DryRunState.RUNNING, now, run.attempts + 1
        run.total, run.looked, run.counts = None, 0, {}
        run.settings_token = settings_token(run.connection)
        run.data_token = data_token(run.org_id)
        run.save()
        return run


def _note(run: DryRun, walk: Walk, fresh: Sequence[PlannedWrite], *, place: int) -> bool:
    """Keep a batch; whether the dry run is still wanted."""
    kept = fresh[: max(LINES_KEPT - place, 0)]
    counts = {name: value for name, value in asdict(walk.made).items() if name != "writes"}
    with transaction.atomic():
        noted = _rows(run).filter(state=DryRunState.RUNNING)
        if not noted.update(total=walk.total, looked=walk.passed, counts=counts):
            return False
        PlannedLine.objects.for_org(run.org_id).bulk_create(
            PlannedLine(
                org_id=run.org_id,
                dry_run=run,
                place=place + number,
                customer_id=one.customer_id,
                company_id=one.company_id,
                told=_told(one),
            )
            for number, one in enumerate(kept)
        )
    return True


def _told(one: PlannedWrite) -> dict[str, Any]:
    told = asdict(one)
    del told["customer_id"], told["company_id"]
    return told


def _rows(run: DryRun) -> QuerySet[DryRun]:
    return DryRun.objects.for_org(run.org_id).filter(pk=run.pk)


def _of(connection: Connection) -> QuerySet[DryRun]:
    rows = DryRun.objects.for_org(connection.org_id).filter(connection=connection)
    return rows.select_related("connection")
