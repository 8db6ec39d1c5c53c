"""What the caller was told in the app, and what they want to be told."""

from datetime import datetime, time
from typing import Annotated, Any, Literal

from ninja import Query, Router
from pydantic import BaseModel, Strict

from pulsescore.alerts import actions, queries
from pulsescore.alerts.actions.preferences import Wishes
from pulsescore.alerts.models import Notification, NotificationPreference
from pulsescore.api.bodies import StrictBody
from pulsescore.api.callers import MemberRequest, member
from pulsescore.api.paging import PageQuery, Pagination, cut
from pulsescore.core.clock import utcnow

router = Router(tags=["Notifications"], auth=member)
Clock = Annotated[time, Strict(False)]
Email = Literal["each", "digest", "off"]


class NotificationQuery(PageQuery):
    """Which notifications."""

    unread: bool = False


class NotificationOut(BaseModel):
    """Something told to the caller; `link` is a path of the app."""

    id: int
    alert_id: int | None
    kind: str
    title: str
    body: str
    link: str
    created_at: datetime
    read_at: datetime | None


class NotificationsOut(BaseModel):
    """A page of notifications, newest first."""

    notifications: list[NotificationOut]
    pagination: Pagination


class UnreadOut(BaseModel):
    """How many are not read."""

    unread: int


class ReadOut(BaseModel):
    """How many were marked as read."""

    read: int


class PreferencesOut(BaseModel):
    """What the caller wants. Times are in `time_zone`, that of their profile."""

    in_app: bool
    email: str
    digest_hour: int
    quiet_from: str | None
    quiet_to: str | None
    muted_rules: list[int]
    time_zone: str


class PreferencesIn(StrictBody):
    """What is to change; what is not told stays. Quiet hours end with both ends null."""

    in_app: bool | None = None
    email: Email | None = None
    digest_hour: int | None = None
    quiet_from: Clock | None = None
    quiet_to: Clock | None = None


@router.get("", response=NotificationsOut)
def list_notifications(
    request: MemberRequest, query: Annotated[NotificationQuery, Query()]
) -> NotificationsOut:
    """The caller's notifications, newest first."""
    user = request.auth.require_person()
    found = queries.list_notifications(request.auth.org_id, user.pk, unread=query.unread)
    rows, told = cut(found, query)
    return NotificationsOut(notifications=[_show(one) for one in rows], pagination=told)


@router.get("/unread-count", response=UnreadOut)
def unread_count(request: MemberRequest) -> UnreadOut:
    """How many the caller has not read."""
    user = request.auth.require_person()
    return UnreadOut(unread=queries.unread_count(request.auth.org_id, user.pk))


@router.post("/read-all", response=ReadOut)
def mark_all_read(request: MemberRequest) -> ReadOut:
    """Mark all as read."""
    return ReadOut(read=actions.mark_all_read(request.auth, now=utcnow()))


@router.get("/preferences", response=PreferencesOut)
def get_preferences(request: MemberRequest) -> PreferencesOut:
    """What the caller wants to be told in this organization."""
    user = request.auth.require_person()
    row = queries.get_preferences(request.auth.org_id, user.pk)
    return _show_preferences(row, user.time_zone)


@router.patch("/preferences", response=PreferencesOut)
def save_preferences(request: MemberRequest, body: PreferencesIn) -> PreferencesOut:
    """Change what the caller wants to be told."""
    user = request.auth.require_person()
    row = queries.get_preferences(request.auth.org_id, user.pk)
    told = body.model_dump(exclude_unset=True)
    quiet = {name: told.pop(name) for name in ("quiet_from", "quiet_to") if name in told}
    known: dict[str, Any] = {
        "in_app": row.in_app,
        "email": row.email,
        "digest_hour": row.digest_hour,
        "quiet_from": row.quiet_from,
        "quiet_to": row.quiet_to,
    }
    given = {name: value for name, value in told.items() if value is not None}
    wishes = Wishes(**(known | given | quiet))
    row = actions.save_preferences(request.auth, wishes=wishes, now=utcnow())
    return _show_preferences(row, user.time_zone)


@router.post("/{id:notification_id}/read", response=NotificationOut)
def mark_read(request: MemberRequest, notification_id: int) -> NotificationOut:
    """Mark one as read."""
    return _show(actions.mark_read(request.auth, notification_id=notification_id, now=utcnow()))


def _show(row: Notification) -> NotificationOut:
    return NotificationOut(
        id=row.pk,
        alert_id=row.alert_id,
        kind=row.kind,
        title=row.title,
        body=row.body,
        link=row.link,
        created_at=row.created_at,
        read_at=row.read_at,
    )


def _show_preferences(row: NotificationPreference, time_zone: str) -> PreferencesOut:
    return PreferencesOut(
        in_app=row.in_app,
        email=row.email,
        digest_hour=row.digest_hour,
        quiet_from=row.quiet_from.strftime("%H:%M") if row.quiet_from else None,
        quiet_to=row.quiet_to.strftime("%H:%M") if row.quiet_to else None,
        muted_rules=row.muted_rules,
        time_zone=time_zone,
    )
