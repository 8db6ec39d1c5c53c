"""What a two-way connection sends: settings, marks, the outbox; and the tables of files beside."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from pulsescore.connectors.intercom.outbound.event_models import EventState as EventState
from pulsescore.connectors.intercom.outbound.event_models import OutgoingEvent as OutgoingEvent
from pulsescore.connectors.intercom.outbound.run_models import DryRun as DryRun
from pulsescore.connectors.intercom.outbound.run_models import PlannedLine as PlannedLine
from pulsescore.connectors.intercom.outbound.run_models import SendRun as SendRun
from pulsescore.connectors.intercom.outbound.tag_models import AppliedTag as AppliedTag
from pulsescore.connectors.intercom.outbound.tag_models import SegmentTag as SegmentTag
from pulsescore.connectors.intercom.outbound.value_models import HeldOtherwise as HeldOtherwise
from pulsescore.connectors.intercom.outbound.value_models import Reason as Reason
from pulsescore.connectors.intercom.outbound.value_models import WithheldValue as WithheldValue
from pulsescore.connectors.intercom.outbound.write_models import WriteRecord as WriteRecord
from pulsescore.core.tenancy import TenantModel, TenantPart


class OutboundSettings(TenantModel):
    """Who and what one connection sends; nothing unless chosen. Segments are told by their ids.

    `events` are names of timeline events, or "*" for all; only those since `events_since` are sent.
    A run that would touch more than `confirm_above` things waits from `waiting_since` until a
    person agreed, at `confirmed_at`.
    """

    connection = models.OneToOneField(
        "intercom.Connection", on_delete=models.CASCADE, related_name="+"
    )
    user_segments = ArrayField(models.BigIntegerField(), default=list)
    lead_segments = ArrayField(models.BigIntegerField(), default=list)
    company_segments = ArrayField(models.BigIntegerField(), default=list)
    events = ArrayField(models.TextField(), default=list)
    events_since = models.DateTimeField(null=True)
    tag_segments = models.BooleanField(default=True)
    convert_leads = models.BooleanField(default=False)
    link_companies = models.BooleanField(default=False)
    resend_archived = models.BooleanField(default=False)
    confirm_above = models.IntegerField(default=500)
    is_stopped = models.BooleanField(default=False)
    stopped_at = models.DateTimeField(null=True)
    waiting_since = models.DateTimeField(null=True)
    # What Intercom does not let this connection write: kind of write to {message, at}.
    troubles = models.JSONField(default=dict)
    updated_at = models.DateTimeField(db_default=Now())

    @property
    def is_saved(self) -> bool:
        """Whether anybody ever chose; else these are the defaults, which send nothing."""
        return not self._state.adding


class OutboundMark(TenantPart):
    """A customer whose place in Intercom may differ now: the mark that planning claims.

    `is_automatic`: something changed; without it only the `run` that a person asked for is meant.
    """

    connection = models.ForeignKey(
        "intercom.Connection", on_delete=models.CASCADE, db_index=False, related_name="+"
    )
    customer = models.ForeignKey("store.Customer", on_delete=models.CASCADE, related_name="+")
    run = models.ForeignKey(
        SendRun, null=True, on_delete=models.SET_NULL, db_index=False, related_name="+"
    )
    is_automatic = models.BooleanField(default=True, db_default=True)
    pk = models.CompositePrimaryKey("connection_id", "customer_id")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["run"], condition=Q(run__isnull=False), name="marks_of_run")
        ]


class CompanyMark(TenantPart):
    """A company whose place in Intercom may differ now, as `OutboundMark` of a customer."""

    connection = models.ForeignKey(
        "intercom.Connection", on_delete=models.CASCADE, db_index=False, related_name="+"
    )
    company = models.ForeignKey("store.Company", on_delete=models.CASCADE, related_name="+")
    run = models.ForeignKey(
        SendRun, null=True, on_delete=models.SET_NULL, db_index=False, related_name="+"
    )
    is_automatic = models.BooleanField(default=True, db_default=True)
    pk = models.CompositePrimaryKey("connection_id", "company_id")

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["run"], condition=Q(run__isnull=False), name="company_marks_of_run"
            )
        ]


class TaskState(models.TextChoices):
    """Where a row of the outbox stands."""

    WAITING = "waiting", "Waiting"
    HELD = "held", "Waits for confirmation"
    REFUSED = "refused", "Refused"


class OutboundTask(TenantModel):
    """One customer or company that differs from Intercom: what differs is decided when it is sent.

    However much changes meanwhile, it stays one row. `marks` counts the askings, so that one made
    while it is being sent is not lost. `is_forced`: a person asked for it, whatever the segments;
    `is_confirmed`: a person agreed to the large run that it was part of. Tags put on or taken off
    by hand travel along, by name; so do `values` that an undo brings back, and whether it archives.
    What came of it is counted for the `run`, if one asked for it; without `is_automatic` nobody
    else did.
    """

    connection = models.ForeignKey(
        "intercom.Connection", on_delete=models.CASCADE, db_index=False, related_name="+"
    )
    customer = models.ForeignKey(
        "store.Customer", null=True, on_delete=models.CASCADE, related_name="+"
    )
    company = models.ForeignKey(
        "store.Company", null=True, on_delete=models.CASCADE, related_name="+"
    )
    state = models.CharField(max_length=8, choices=TaskState.choices, default=TaskState.WAITING)
    marks = models.BigIntegerField(default=1, db_default=1)
    is_forced = models.BooleanField(default=False, db_default=False)
    is_confirmed = models.BooleanField(default=False, db_default=False)
    is_automatic = models.BooleanField(default=True, db_default=True)
    run = models.ForeignKey(
        SendRun, null=True, on_delete=models.SET_NULL, db_index=False, related_name="+"
    )
    tags_to_add = ArrayField(models.TextField(), default=list)
    tags_to_remove = ArrayField(models.TextField(), default=list)
    values = models.JSONField(default=dict, db_default={})
    archives = models.BooleanField(default=False, db_default=False)
    attempts = models.SmallIntegerField(default=0, db_default=0)
    next_at = models.DateTimeField()
    queued_at = models.DateTimeField()
    error = models.TextField(blank=True, default="", db_default="")
    error_code = models.CharField(max_length=40, blank=True, default="", db_default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["connection", "customer"],
                condition=Q(customer__isnull=False),
                name="task_once_per_customer",
            ),
            models.UniqueConstraint(
                fields=["connection", "company"],
                condition=Q(company__isnull=False),
                name="task_once_per_company",
            ),
            models.CheckConstraint(
                condition=Q(customer__isnull=True, company__isnull=False)
                | Q(customer__isnull=False, company__isnull=True),
                name="task_is_about_one_thing",
            ),
        ]
        indexes: ClassVar = [
            # outbox.take: what is due of one connection, oldest first
            models.Index(fields=["connection", "state", "next_at", "id"], name="outbound_due"),
            models.Index(
                fields=["run", "state"], condition=Q(run__isnull=False), name="tasks_of_run"
            ),
        ]
