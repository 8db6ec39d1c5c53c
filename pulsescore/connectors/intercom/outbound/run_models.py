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
