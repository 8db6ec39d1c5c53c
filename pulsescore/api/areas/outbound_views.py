"""Runs, dry runs, progress and the write log of sending, in the shapes of the API."""

from dataclasses import asdict
from typing import Final

from pulsescore.api.areas.outbound_shapes import (
    ChangeOut,
    DryRunOut,
    OutboundOut,
    PlannedOut,
    PlanOut,
    ProgressOut,
    RefusedOut,
    RenameOut,
    SendRunOut,
    WithheldOut,
    WriteOut,
)
from pulsescore.connectors.intercom.models import Connection
from pulsescore.connectors.intercom.outbound import dry_run, dry_runs, queries
from pulsescore.connectors.intercom.outbound.actions.undoing import why_not
from pulsescore.connectors.intercom.outbound.models import WithheldValue, WriteRecord
from pulsescore.connectors.intercom.outbound.run_models import DryRun, DryRunState, SendRun
from pulsescore.core.clock import utcnow

# What a run tells otherwise than its row.
_TOLD: Final = ("segment", "asked_by")


def show_dry_run(run: DryRun) -> DryRunOut:
    """How far a dry run is; its plan once it is done."""
    is_done = run.state == DryRunState.DONE
    writes = dry_runs.lines_of(run)[: dry_run.SHOWN] if is_done else ()
    plan = dry_runs.plan_of(run, [dry_runs.write_of(one) for one in writes])
    return DryRunOut(
        id=run.pk,
        state=run.state,
        segment=run.segment_id,
        looked=run.looked,
        total=run.total,
        asked_at=run.asked_at,
        finished_at=run.finished_at,
        stale=(dry_runs.why_stale(run) or None) if is_done else None,
        plan=show_plan(plan) if is_done else None,
    )


def show_run(run: SendRun) -> SendRunOut:
    """One run that somebody asked for."""
    return SendRunOut(
        **{name: getattr(run, name) for name in SendRunOut.model_fields if name not in _TOLD},
        segment=run.segment_id,
        asked_by=run.asked_by.get_full_name() if run.asked_by else None,
    )


def show_settings(connection: Connection) -> OutboundOut:
    """Who and what a connection sends."""
    return OutboundOut(**queries.view_settings(connection))


def show_progress(connection: Connection) -> ProgressOut:
    """How far its sending is."""
    return ProgressOut(**asdict(queries.progress_of(connection, now=utcnow())))


def show_plan(plan: dry_run.Plan) -> PlanOut:
    """What would be written."""
    return PlanOut(
        looked_at=plan.looked_at,
        touched=plan.touched,
        creates=plan.creates,
        converts=plan.converts,
        updates=plan.updates,
        tags_added=plan.tags_added,
        tags_removed=plan.tags_removed,
        companies=plan.companies,
        refused=plan.refused,
        new_tags=plan.new_tags,
        renamed_tags=[RenameOut(before=old, after=new) for old, new in plan.renamed_tags],
        needs_confirmation=plan.needs_confirmation,
        writes=[_planned(one) for one in plan.writes],
    )


def _planned(one: dry_run.PlannedWrite) -> PlannedOut:
    return PlannedOut(
        action=one.action,
        customer_id=one.customer_id,
        company_id=one.company_id,
        title=one.title,
        role=one.role,
        changes=[ChangeOut(**asdict(change)) for change in one.changes],
        tags_added=list(one.tags_added),
        tags_removed=list(one.tags_removed),
        companies_added=one.companies_added,
        refused=[RefusedOut(name=name, reason=reason) for name, reason in one.refused],
        cut=list(one.cut),
    )


def show_write(one: WriteRecord) -> WriteOut:
    """One line of the write log."""
    return WriteOut(
        id=one.pk,
        at=one.at,
        kind=one.kind,
        customer_id=one.customer_id,
        company_id=one.company_id,
        external_id=one.external_id,
        before=one.before,
        after=one.after,
        error=one.error or None,
        undone_at=one.undone_at,
        can_be_undone=not why_not(one),
    )


def show_withheld(one: WithheldValue) -> WithheldOut:
    """One value that is not sent."""
    return WithheldOut(
        key=one.key,
        value=one.value,
        reason=one.reason,
        message=one.message,
        customer_id=one.customer_id,
        company_id=one.company_id,
        at=one.at,
    )
