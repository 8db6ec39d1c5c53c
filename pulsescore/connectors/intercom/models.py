"""Connections to Intercom workspaces, their sync runs, directory, inbox and log."""

from typing import ClassVar, Final

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now

from pulsescore.connectors.intercom.mappings.models import IncomingMapping as IncomingMapping
from pulsescore.connectors.intercom.mappings.models import MappingMark as MappingMark
from pulsescore.connectors.intercom.mappings.models import OutgoingMapping as OutgoingMapping
from pulsescore.core.tenancy import TenantModel


class Region(models.TextChoices):
    """Where a workspace is hosted."""

    US = "us", "United States"
    EU = "eu", "Europe"
    AU = "au", "Australia"


class Mode(models.TextChoices):
    """Whether PulseScore may ever write to the workspace."""

    READ_ONLY = "read_only", "Read only"
    TWO_WAY = "two_way", "Two-way"


class ConnectionStatus(models.TextChoices):
    """How the connection stands; a running sync shows as syncing."""

    CONNECTED = "connected", "Connected"
    SYNCING = "syncing", "Syncing"
    NEEDS_ATTENTION = "needs_attention", "Needs attention"
    DISCONNECTED = "disconnected", "Disconnected"


class Connection(TenantModel):
    """One organization's connection to one workspace. Secrets are sealed, see core.crypto."""

    source = models.OneToOneField("store.Source", on_delete=models.CASCADE, related_name="+")
    workspace_id = models.TextField()
    workspace_name = models.TextField(blank=True)
    workspace_time_zone = models.TextField(default="UTC")
    region = models.CharField(max_length=2, choices=Region.choices, default=Region.US)
    mode = models.CharField(max_length=9, choices=Mode.choices, default=Mode.READ_ONLY)
    status = models.CharField(max_length=16, choices=ConnectionStatus.choices)
    sealed_token = models.BinaryField(null=True)
    token_last4 = models.CharField(max_length=4, blank=True)
    sealed_webhook_secret = models.BinaryField(null=True)
    webhook_secret_last4 = models.CharField(max_length=4, blank=True)
    sealed_previous_webhook_secret = models.BinaryField(null=True)
    previous_webhook_secret_until = models.DateTimeField(null=True)
    conversation_days = models.IntegerField(default=90)
    # More than this share missing at once is taken for a mistake, until a person confirms it.
    largest_loss_percent = models.SmallIntegerField(default=20, db_default=20)
    sync_interval_secs = models.IntegerField(default=300)
    permissions = models.JSONField(default=dict)
    permissions_checked_at = models.DateTimeField(null=True)
    last_sync_at = models.DateTimeField(null=True)
    synced_through = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)
    attention_code = models.CharField(max_length=32, blank=True)
    attention_since = models.DateTimeField(null=True)
    admins_told_at = models.DateTimeField(null=True)
    last_webhook_at = models.DateTimeField(null=True)
    connected_at = models.DateTimeField()
    disconnected_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["org", "workspace_id"], name="workspace_once_per_org")
        ]
        indexes: ClassVar = [models.Index(fields=["workspace_id"], name="connections_of_workspace")]


class RunKind(models.TextChoices):
    """What a sync run reads."""

    FULL = "full", "Full import"
    INCREMENTAL = "incremental", "Incremental"
    NIGHTLY = "nightly", "Nightly check"
    RECONCILE = "reconcile", "Reconcile"
    FETCH = "fetch", "Fetch"


# Kinds that go on from where the last run ended, rather than reading everything.
GOING_ON: Final = frozenset({RunKind.INCREMENTAL, RunKind.NIGHTLY})


class Scope(models.TextChoices):
    """What a fetch reads all of; every other kind of run has none."""

    USERS = "users", "Users"
    LEADS = "leads", "Leads"
    COMPANIES = "companies", "Companies"


class RunStatus(models.TextChoices):
    """How a sync run stands."""

    QUEUED = "queued", "Queued"
    RUNNING = "running", "Running"
    SUCCEEDED = "succeeded", "Succeeded"
    FAILED = "failed", "Failed"
    CANCELED = "canceled", "Canceled"


class SyncRun(TenantModel):
    """One sync run and its progress. `phases` holds done/total and counts by phase.

    A fetch reads all of one `scope` and nothing else; it leaves what other runs go on from alone.
    `unannounced` counts changed conversations that it found and no webhook had told of.
    """

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=12, choices=RunKind.choices)
    scope = models.CharField(
        max_length=12, choices=Scope.choices, blank=True, default="", db_default=""
    )
    status = models.CharField(max_length=10, choices=RunStatus.choices)
    trigger = models.CharField(max_length=16, default="schedule")
    # A person confirmed that much may be gone at once.
    accepts_losses = models.BooleanField(default=False, db_default=False)
    phase = models.CharField(max_length=24, blank=True)
    done = models.IntegerField(default=0)
    total = models.IntegerField(null=True)
    imported = models.IntegerField(default=0)
    skipped = models.IntegerField(default=0)
    failed = models.IntegerField(default=0)
    unannounced = models.IntegerField(db_default=0, default=0)
    phases = models.JSONField(default=dict)
    since = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["connection"],
                condition=models.Q(status="running"),
                name="one_run_running",
            ),
            models.UniqueConstraint(
                fields=["connection", "scope"],
                condition=models.Q(status="queued"),
                name="one_run_queued_of_a_scope",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["connection", "-created_at"], name="runs_newest_first"),
            # The last fetch of each scope.
            models.Index(
                fields=["connection", "scope", "-created_at"],
                name="fetches_newest_first",
                condition=models.Q(kind="fetch"),
            ),
            # The banner of every page, and losses that wait for a person's word; incremental
            # runs, of which there are hundreds a day, are not in it.
            models.Index(
                fields=["org", "-created_at"],
                name="thorough_runs_newest_first",
                condition=models.Q(kind__in=["full", "reconcile"]),
            ),
        ]

    @property
    def title(self) -> str:
        """What it reads, in words."""
        if self.scope:
            return f"Fetch of {Scope(self.scope).label.lower()}"
        return RunKind(self.kind).label


class SyncWindow(TenantModel):
    """A slice of a run read by one cursor: the checkpoint that commits with its rows."""

    run = models.ForeignKey(SyncRun, on_delete=models.CASCADE, related_name="+")
    phase = models.CharField(max_length=24)
    lower = models.DateTimeField(null=True)
    upper = models.DateTimeField(null=True)
    endings = models.CharField(max_length=16, blank=True, default="")
    cursor = models.TextField(blank=True)
    expected = models.IntegerField(default=0)
    read = models.IntegerField(default=0)
    finished = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["run", "phase"], name="windows_of_phase")]


class DirectoryEntry(TenantModel):
    """A name behind an id of the workspace: admin, team, tag, segment, attribute definition."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=24)
    external_id = models.TextField()
    name = models.TextField(blank=True)
    email = models.TextField(blank=True)
    details = models.JSONField(default=dict)
    seen_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["connection", "kind", "external_id"], name="directory_entry_once"
            )
        ]


class InboxState(models.TextChoices):
    """How a stored notification stands."""

    PENDING = "pending", "Pending"
    DONE = "done", "Done"
    DEAD = "dead", "Dead letter"
    IGNORED = "ignored", "Unknown topic"


class NotificationReceipt(TenantModel):
    """That a notification arrived: what makes it count once, whatever became of its body."""

    connection = models.ForeignKey(
        Connection, on_delete=models.CASCADE, db_index=False, related_name="+"
    )
    notification_id = models.TextField()
    received_at = models.DateTimeField()
    pk = models.CompositePrimaryKey("connection_id", "notification_id")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["received_at"], name="receipts_oldest_first")]


class InboxNotification(TenantModel):
    """A webhook as it came in, kept raw; worked on by workers, replayed at will.

    The table is partitioned by the day of arrival, see inbox.partitions: a query that knows when
    its rows arrived should say so. The receipt stored together with it has the constraints.
    """

    org = models.ForeignKey(
        "accounts.Organization",
        on_delete=models.CASCADE,
        db_index=False,
        db_constraint=False,
        related_name="+",
    )
    connection = models.ForeignKey(
        Connection, on_delete=models.CASCADE, db_index=False, db_constraint=False, related_name="+"
    )
    notification_id = models.TextField()
    topic = models.TextField()
    body = models.BinaryField()
    notified_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=InboxState.choices, db_default="pending")
    attempts = models.IntegerField(db_default=0)
    next_attempt_at = models.DateTimeField(db_default=Now())
    processed_at = models.DateTimeField(null=True)
    error = models.TextField(db_default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["connection", "next_attempt_at", "id"],
                condition=models.Q(state="pending"),
                name="inbox_pending",
            ),
            models.Index(fields=["connection", "-received_at"], name="inbox_newest_first"),
        ]


class TopicDelivery(TenantModel):
    """How often and when a topic was last delivered to a connection; outlives the bodies."""

    connection = models.ForeignKey(
        Connection, on_delete=models.CASCADE, db_index=False, related_name="+"
    )
    topic = models.TextField()
    deliveries = models.BigIntegerField(default=0)
    last_received_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["connection", "topic"], name="topic_once")
        ]


class PendingRefetch(TenantModel):
    """An object that a notification told too little of: to be read again at Intercom.

    `marks` counts the requests, so that one made while the object is being read is not lost.
    `because` are the newest notifications that asked; what they tell is applied once more
    when the object is known.
    """

    connection = models.ForeignKey(
        Connection, on_delete=models.CASCADE, db_index=False, related_name="+"
    )
    kind = models.CharField(max_length=16)
    external_id = models.TextField()
    marks = models.BigIntegerField(default=1)
    because = ArrayField(models.BigIntegerField(), default=list)
    marked_at = models.DateTimeField()
    attempts = models.IntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    error = models.TextField(default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["connection", "kind", "external_id"], name="refetch_once"
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["connection", "next_attempt_at"], name="refetches_due")
        ]


class Severity(models.TextChoices):
    """How much a line of the connection log asks of an admin."""

    INFO = "info", "For information"
    WARNING = "warning", "Warning"
    ERROR = "error", "Error"


class LogEntry(TenantModel):
    """One line of the connection log: run, failed call, setting change, webhook gap."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    kind = models.CharField(max_length=24)
    severity = models.CharField(max_length=8, choices=Severity.choices, db_default=Severity.INFO)
    message = models.TextField()
    details = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["connection", "-at"], name="log_newest_first")]
