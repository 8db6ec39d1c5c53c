"""What a two-way connection sends: settings, marks, outbox, tags of segments, events, write log."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from pulsescore.connectors.intercom.outbound.run_models import DryRun as DryRun
from pulsescore.connectors.intercom.outbound.run_models import PlannedLine as PlannedLine
from pulsescore.connectors.intercom.outbound.run_models import SendRun as SendRun
from pulsescore.core.tenancy import TenantModel


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


class OutboundMark(TenantModel):
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


class CompanyMark(TenantModel):
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


class SegmentTag(TenantModel):
    """The tag in Intercom that mirrors a segment, known by its id there.

    Without a `tag_id` it is about to be created, or was deleted over there. `name` is the one it
    had in Intercom when last told. One that we did not create is never renamed or deleted. From
    `ended_at` on nobody is to bear it; then it goes.
    """

    connection = models.ForeignKey(
        "intercom.Connection", on_delete=models.CASCADE, db_index=False, related_name="+"
    )
    segment_id = models.BigIntegerField()
    tag_id = models.TextField(null=True)
    name = models.TextField()
    is_ours = models.BooleanField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["connection", "segment_id"],
                condition=Q(ended_at__isnull=True),
                name="tag_once_per_segment",
            ),
            models.UniqueConstraint(fields=["connection", "tag_id"], name="segment_tag_once"),
        ]


class AppliedTag(TenantModel):
    """We put a mirrored tag on this customer: so we are the ones to take it off."""

    tag = models.ForeignKey(SegmentTag, on_delete=models.CASCADE, related_name="+")
    customer = models.ForeignKey(
        "store.Customer", on_delete=models.CASCADE, db_index=False, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["customer", "tag"], name="tag_applied_once")
        ]


class EventState(models.TextChoices):
    """Where an event that goes out stands."""

    WAITING = "waiting", "Waiting"
    SENT = "sent", "Sent"
    REFUSED = "refused", "Refused"


class OutgoingEvent(TenantModel):
    """A timeline event on its way to Intercom.

    Intercom tells events of one person and name apart by their second, so each is given a second
    of its own (`second`, unix) before it is sent for the first time, and keeps it: sending it again
    after a crash tells nothing new there.
    """

    connection = models.ForeignKey(
        "intercom.Connection", on_delete=models.CASCADE, db_index=False, related_name="+"
    )
    customer = models.ForeignKey("store.Customer", on_delete=models.CASCADE, related_name="+")
    event = models.ForeignKey("store.TimelineEvent", on_delete=models.CASCADE, related_name="+")
    name = models.TextField()
    second = models.BigIntegerField()
    state = models.CharField(max_length=8, choices=EventState.choices, default=EventState.WAITING)
    error = models.TextField(blank=True, default="")
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["connection", "event"], name="event_sent_once"),
            models.UniqueConstraint(
                fields=["connection", "customer", "name", "second"], name="event_second_once"
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["connection", "customer"],
                condition=Q(state="waiting"),
                name="events_to_send",
            )
        ]


class Reason(models.TextChoices):
    """Why a value is not sent."""

    REFUSED = "refused", "Refused by Intercom"
    UNDONE = "undone", "Undone by a member"
    UNFIT = "unfit", "Does not fit the attribute"
    CUT = "cut", "Sent shortened"


class WithheldValue(TenantModel):
    """A value that is not sent as it is to one contact or company, until ours is another one.

    `key` is Intercom's name of the attribute, "tag:<id>" of a tag, or "*" where Intercom refused
    the thing as a whole. `value` is what is withheld.
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
    key = models.TextField()
    value = models.JSONField(null=True)
    reason = models.CharField(max_length=8, choices=Reason.choices)
    message = models.TextField(blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["connection", "customer", "key"],
                condition=Q(customer__isnull=False),
                name="withheld_once_of_customer",
            ),
            models.UniqueConstraint(
                fields=["connection", "company", "key"],
                condition=Q(company__isnull=False),
                name="withheld_once_of_company",
            ),
        ]


class HeldOtherwise(TenantModel):
    """A value that Intercom took and holds in a form of its own: trimmed, rounded, moved elsewhere.

    While ours is still `sent` and theirs still `held`, there is nothing to write. `key` is
    Intercom's name of the attribute.
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
    key = models.TextField()
    sent = models.JSONField(null=True)
    held = models.JSONField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["connection", "customer", "key"],
                condition=Q(customer__isnull=False),
                name="held_otherwise_once_of_customer",
            ),
            models.UniqueConstraint(
                fields=["connection", "company", "key"],
                condition=Q(company__isnull=False),
                name="held_otherwise_once_of_company",
            ),
        ]


class WriteRecord(TenantModel):
    """One write to Intercom, with what stood there before and what stands there after it.

    `kind` is like "contact.update"; `external_id` is the id in Intercom of what was written; `run`
    is the one that asked for it, if one did.
    """

    connection = models.ForeignKey(
        "intercom.Connection", on_delete=models.CASCADE, db_index=False, related_name="+"
    )
    customer = models.ForeignKey(
        "store.Customer", null=True, on_delete=models.CASCADE, db_index=False, related_name="+"
    )
    company = models.ForeignKey(
        "store.Company", null=True, on_delete=models.CASCADE, db_index=False, related_name="+"
    )
    run = models.ForeignKey(
        SendRun, null=True, on_delete=models.SET_NULL, db_index=False, related_name="+"
    )
    at = models.DateTimeField()
    kind = models.CharField(max_length=24)
    external_id = models.TextField(blank=True, default="")
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    error = models.TextField(blank=True, default="")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.SET_NULL, db_index=False, related_name="+"
    )

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["connection", "-at", "-id"], name="writes_newest_first"),
            models.Index(
                fields=["customer", "-at"],
                condition=Q(customer__isnull=False),
                name="writes_of_customer",
            ),
            models.Index(
                fields=["run", "-at", "-id"], condition=Q(run__isnull=False), name="writes_of_run"
            ),
            models.Index(
                fields=["company"],
                condition=Q(company__isnull=False),
                name="writes_of_company",
            ),
        ]
