"""How connections, runs and what lies around them look in the API."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from pulsescore.api.paging import Pagination


class CountsOut(BaseModel):
    """What came in, and what was skipped."""

    customers: int
    conversations: int
    companies: int
    skipped_contacts: int
    skipped_conversations: int


class RefusedOut(BaseModel):
    """A loss that a reconciliation did not believe: none of the missing was marked as gone."""

    kind: str
    missing: int
    held: int


class RunOut(BaseModel):
    """A sync run and its progress; `findings` says in words what a check found."""

    id: int
    kind: str
    scope: str | None
    status: str
    phase: str | None
    done: int
    total: int | None
    imported: int
    skipped: int
    failed: int
    unannounced: int
    phases: dict[str, Any]
    findings: list[str]
    refused: list[RefusedOut]
    accepts_losses: bool
    trigger: str
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    error: str | None


class RunsOut(BaseModel):
    """A page of runs, newest first."""

    runs: list[RunOut]
    pagination: Pagination


class ConnectionOut(BaseModel):
    """A connection to one workspace; secrets show as their last four characters."""

    id: int
    provider: str
    workspace_id: str
    workspace_name: str
    region: str
    mode: str
    status: str
    last_sync_at: datetime | None
    last_error: str | None
    webhook_url: str
    last_webhook_at: datetime | None
    conversation_days: int
    sync_interval_secs: int
    largest_loss_percent: int
    token_last4: str
    webhook_secret_last4: str
    connected_at: datetime
    disconnected_at: datetime | None
    run: RunOut | None
    counts: CountsOut


class ConnectionsOut(BaseModel):
    """All connections of the organization."""

    connections: list[ConnectionOut]


class IntegrationOut(BaseModel):
    """One outside service and the organization's connections to it."""

    provider: str
    status: str
    connections: list[ConnectionOut]


class IntegrationsOut(BaseModel):
    """The outside services that can be connected."""

    integrations: list[IntegrationOut]


class LogEntryOut(BaseModel):
    """One line of the connection log."""

    id: int
    at: datetime
    kind: str
    severity: str
    message: str
    details: dict[str, Any]


class LogOut(BaseModel):
    """A page of the connection log, newest first."""

    entries: list[LogEntryOut]
    pagination: Pagination


class PermissionOut(BaseModel):
    """One permission, what it is for, and whether the token has it (null: not tried yet)."""

    key: str
    label: str
    purpose: str
    needed: bool
    granted: bool | None


class PermissionsOut(BaseModel):
    """The permissions that the connection uses, and when they were last all tried."""

    permissions: list[PermissionOut]
    checked_at: datetime | None


class TopicOut(BaseModel):
    """How often and when a topic was last delivered."""

    topic: str
    deliveries: int
    last_received_at: datetime


class WebhooksOut(BaseModel):
    """How webhooks do.

    `state` is never (nothing delivered yet), silent (changes came after the last delivery that
    polling found itself), partial (more than a few changes come without a webhook) or fine;
    `unannounced` counts such changes within a day.
    """

    state: str
    unannounced: int
    last_announced_at: datetime | None
    lag_secs: float
    counts: dict[str, int]
    topics: list[TopicOut]


class StepOut(BaseModel):
    """One thing that a test event tried; `remedy` says what to do where it failed."""

    title: str
    passed: bool
    told: str
    remedy: str | None


class SelfTestOut(BaseModel):
    """A test event, followed until a step failed or all had passed."""

    passed: bool
    steps: list[StepOut]
