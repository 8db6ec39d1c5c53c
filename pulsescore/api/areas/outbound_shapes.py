"""How sending looks in the API."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from pulsescore.api.paging import Pagination


class OutboundOut(BaseModel):
    """Who and what a connection sends; `troubles` is what Intercom does not let it write."""

    user_segments: list[int]
    lead_segments: list[int]
    company_segments: list[int]
    events: list[str]
    tag_segments: bool
    convert_leads: bool
    link_companies: bool
    resend_archived: bool
    confirm_above: int
    is_stopped: bool
    waiting_since: datetime | None
    troubles: dict[str, str]


class ProgressOut(BaseModel):
    """How far sending is. `held` rows wait for confirmation; `written` is of the last hour."""

    marked: int
    waiting: int
    held: int
    refused: int
    events_waiting: int
    written: int
    failed: int


class ChangeOut(BaseModel):
    """One value that would be written, and what stands there."""

    name: str
    before: Any
    after: Any


class RefusedOut(BaseModel):
    """A value that would not be sent, and why."""

    name: str
    reason: str


class PlannedOut(BaseModel):
    """What would be written to one contact or company."""

    action: str
    customer_id: int | None
    company_id: int | None
    title: str
    role: str | None
    changes: list[ChangeOut]
    tags_added: list[str]
    tags_removed: list[str]
    companies_added: int
    refused: list[RefusedOut]
    cut: list[str]


class RenameOut(BaseModel):
    """A tag that would get another name."""

    before: str
    after: str


class PlanOut(BaseModel):
    """What sending would write now: counts of all, and the first hundred writes."""

    looked_at: int
    touched: int
    creates: int
    converts: int
    updates: int
    tags_added: int
    tags_removed: int
    companies: int
    refused: int
    new_tags: list[str]
    renamed_tags: list[RenameOut]
    needs_confirmation: bool
    writes: list[PlannedOut]


class DryRunOut(BaseModel):
    """A dry run made in the background: `looked` of `total` are compared.

    `stale` says what changed since it was begun: `settings` or `customers`.
    """

    id: int
    state: str
    segment: int | None
    looked: int
    total: int | None
    asked_at: datetime
    finished_at: datetime | None
    stale: str | None
    plan: PlanOut | None


class SendRunOut(BaseModel):
    """One press of Send: who asked, how far it is, what came of it.

    Of `total` customers and companies `passed` were gone through, `looked` were of the scope, and
    `differing` were to be sent. `left` were not when it ended; `reason` says why.
    """

    id: int
    scope: str
    segment: int | None
    segment_name: str
    state: str
    asked_by: str | None
    asked_via: str
    asked_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    total: int
    passed: int
    looked: int
    differing: int
    written: int
    refused: int
    waiting: int
    left: int
    reason: str


class SendRunsOut(BaseModel):
    """A page of send runs, newest first."""

    sends: list[SendRunOut]
    pagination: Pagination


class SendOut(BaseModel):
    """The plan of a dry run; or the run that was asked for, and how far sending is.

    `made_later` is a dry run of so many that it is made in the background.
    """

    dry_run: bool
    plan: PlanOut | None
    progress: ProgressOut | None
    run: SendRunOut | None = None
    made_later: DryRunOut | None = None


class WriteOut(BaseModel):
    """One write, with what stood there before and what stands there after it."""

    id: int
    at: datetime
    kind: str
    customer_id: int | None
    company_id: int | None
    external_id: str
    before: dict[str, Any]
    after: dict[str, Any]
    error: str | None
    undone_at: datetime | None
    can_be_undone: bool


class WritesOut(BaseModel):
    """A page of the write log, newest first."""

    writes: list[WriteOut]
    pagination: Pagination


class WithheldOut(BaseModel):
    """A value that is not sent until ours is another one."""

    key: str
    value: Any
    reason: str
    message: str
    customer_id: int | None
    company_id: int | None
    at: datetime


class WithheldListOut(BaseModel):
    """A page of values that are not sent, newest first."""

    withheld: list[WithheldOut]
    pagination: Pagination
