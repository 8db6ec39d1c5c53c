"""Sending and dry runs that somebody asked for: who, when, how far they are, what came of them."""

from typing import ClassVar, Final

from django.db import models
from django.db.models import Q

from pulsescore.core.tenancy import TenantModel


class SendScope(models.TextChoices):
    """Who is sent by one run."""

    EVERYBODY = "everybody", "Everybody chosen"
    USERS = "users", "Users"
    LEADS = "leads", "Leads"
    COMPANIES = "companies", "Companies"
    SEGMENT = "segment", "A segment"


class SendState(models.TextChoices):
    """How a send run stands."""

    QUEUED = "queued", "Queued"
    LOOKING = "looking", "Comparing"
    SENDING = "sending", "Sending"
    HELD = "held", "Waits for a word"
    DONE = "done", "Done"
    STOPPED = "stopped", "Ended early"


OPEN: Final = (SendState.QUEUED, SendState.LOOKING, SendState.SENDING, SendState.HELD)


class SendRun(TenantModel):
    """One press of Send: everybody of its scope is compared, and who differs is sent.

    Of `total` customers and companies `passed` were gone through, `looked` belong to the scope, and
    `differing` got into the outbox; `settled` of those are through, of which Intercom took
    something for `written` and refused something of `refused`. `left` were not sent when it ended.
    A run is open until its last row is through; whoever dies leaves it to the next worker.
    """

    connection = models.ForeignKey(
        "intercom.Connection", on_delete=models.CASCADE, db_index=False, related_name="+"
    )
    scope = models.CharField(max_length=12, choices=SendScope.choices)
    segment_id = models.BigIntegerField(null=True)
    segment_name = models.TextField(blank=True, default="")
    state = models.CharField(max_length=8, choices=SendState.choices, default=SendState.QUEUED)
    asked_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_via = models.CharField(max_length=8)
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    total = models.IntegerField(default=0)
    passed = models.IntegerField(default=0)
    looked = models.IntegerField(default=0)
    differing = models.IntegerField(default=0)
    settled = models.IntegerField(default=0)
    written = models.IntegerField(default=0)
    refused = models.IntegerField(default=0)
    left = models.IntegerField(default=0)
    reason = models.TextField(blank=True, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["connection", "-id"], name="send_runs_newest_first"),
            # The question of every open page whether something moved.
            models.Index(fields=["org", "-id"], name="send_runs_of_org"),
            models.Index(
                fields=["connection", "id"],
                condition=Q(state__in=["queued", "looking", "sending", "held"]),
                name="send_runs_open",
            ),
        ]

    @property
    def title(self) -> str:
        """What it sends, in words."""
        if self.scope == SendScope.SEGMENT:
            return f"Send of “{self.segment_name}”"
        what = {SendScope.EVERYBODY: "everybody chosen"}.get(
            SendScope(self.scope), SendScope(self.scope).label.lower()
        )
        return f"Send of {what}"

    @property
    def is_open(self) -> bool:
        """Whether something of it may still be sent."""
        return self.state in OPEN

    @property
    def waiting(self) -> int:
        """How many that differ are not through."""
        return max(self.differing - self.settled, 0) if self.is_open else 0


class DryRunState(models.TextChoices):
    """How a dry run that the worker makes stands."""

    QUEUED = "queued", "Queued"
    RUNNING = "running", "Running"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"


class DryRun(TenantModel):
    """What would be written, of more customers than are looked at while somebody waits.

    `looked` of `total` are through; `counts` are those of the plan, its writes `PlannedLine`s.
    `settings_token` and `data_token` tell whether the settings, or the customers, changed since.
    """

    connection = models.ForeignKey(
        "intercom.Connection", on_delete=models.CASCADE, db_index=False, related_name="+"
    )
    segment_id = models.BigIntegerField(null=True)
    segment_name = models.TextField(blank=True, default="")
    state = models.CharField(max_length=8, choices=DryRunState.choices, default=DryRunState.QUEUED)
    asked_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)
    total = models.IntegerField(null=True)
    looked = models.IntegerField(default=0)
    counts = models.JSONField(default=dict)
    settings_token = models.CharField(max_length=32, blank=True, default="")
    data_token = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["connection", "segment_id"],
                condition=Q(state__in=["queued", "running"]),
                nulls_distinct=False,
                name="dry_run_under_way_once",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["connection", "-id"], name="dry_runs_newest_first"),
            models.Index(fields=["org", "-id"], name="dry_runs_of_org"),
        ]

    @property
    def is_open(self) -> bool:
        """Whether it is still to be made."""
        return self.state in (DryRunState.QUEUED, DryRunState.RUNNING)


class PlannedLine(TenantModel):
    """One write of a dry run, as it is told; gone with the customer or company that it is about."""

    dry_run = models.ForeignKey(DryRun, on_delete=models.CASCADE, db_index=False, related_name="+")
    place = models.IntegerField()
    customer = models.ForeignKey(
        "store.Customer", null=True, on_delete=models.CASCADE, related_name="+"
    )
    company = models.ForeignKey(
        "store.Company", null=True, on_delete=models.CASCADE, related_name="+"
    )
    told = models.JSONField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dry_run", "place"], name="planned_line_once")
        ]
