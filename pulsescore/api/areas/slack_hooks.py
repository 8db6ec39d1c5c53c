"""Slack channels that rules can tell, by incoming webhook."""

from datetime import datetime
from typing import Annotated, Any

from ninja import Query, Router, Status
from pydantic import BaseModel

from pulsescore.api.areas.delivery_shapes import SentOut, show_sent
from pulsescore.api.areas.notifications import Clock
from pulsescore.api.bodies import StrictBody
from pulsescore.api.callers import MemberRequest, admin
from pulsescore.api.paging import PageQuery, Pagination, cut
from pulsescore.core.clock import utcnow
from pulsescore.delivery import actions, queries
from pulsescore.delivery.models import SlackHook
from pulsescore.pipeline import alerting

router = Router(tags=["Alerts"], auth=admin)


class SlackHookIn(StrictBody):
    """A name to know the channel by, and the address of its incoming webhook: a secret.

    Quiet hours are in the organization's time zone.
    """

    name: str
    url: str
    quiet_from: Clock | None = None
    quiet_to: Clock | None = None
    enabled: bool = True


class SlackHookChangesIn(StrictBody):
    """What is to change; what is not told stays. Quiet hours end with both ends null."""

    name: str | None = None
    url: str | None = None
    quiet_from: Clock | None = None
    quiet_to: Clock | None = None
    enabled: bool | None = None


class SlackHookOut(BaseModel):
    """A channel without its address."""

    id: int
    name: str
    url_last4: str
    enabled: bool
    disabled_reason: str | None
    failing_since: datetime | None
    last_success_at: datetime | None
    quiet_from: str | None
    quiet_to: str | None
    created_at: datetime


class SlackHooksOut(BaseModel):
    """A page of channels."""

    slack_hooks: list[SlackHookOut]
    pagination: Pagination


@router.get("", response=SlackHooksOut)
def list_slack_hooks(request: MemberRequest, page: Annotated[PageQuery, Query()]) -> SlackHooksOut:
    """Slack channels in the order they were added."""
    rows, told = cut(queries.list_slack_hooks(request.auth.org_id), page)
    return SlackHooksOut(slack_hooks=[_show(one) for one in rows], pagination=told)


@router.post("", response={201: SlackHookOut})
def create_slack_hook(request: MemberRequest, body: SlackHookIn) -> Status[SlackHookOut]:
    """Make a Slack channel known; its address is sealed and never shown again."""
    hook = actions.save_slack_hook(request.auth, **body.model_dump(), now=utcnow())
    return Status(201, _show(hook))


@router.patch("/{id:hook_id}", response=SlackHookOut)
def change_slack_hook(
    request: MemberRequest, hook_id: int, body: SlackHookChangesIn
) -> SlackHookOut:
    """Change a Slack channel, or switch it on or off."""
    hook = queries.get_slack_hook(request.auth.org_id, hook_id)
    told = body.model_dump(exclude_unset=True)
    quiet = {name: told.pop(name) for name in ("quiet_from", "quiet_to") if name in told}
    known: dict[str, Any] = {
        "name": hook.name,
        "quiet_from": hook.quiet_from,
        "quiet_to": hook.quiet_to,
        "enabled": hook.enabled,
    }
    given = {name: value for name, value in told.items() if value is not None}
    changed = actions.save_slack_hook(
        request.auth, hook_id=hook_id, **(known | given | quiet), now=utcnow()
    )
    return _show(changed)


@router.delete("/{id:hook_id}", response={204: None})
def delete_slack_hook(request: MemberRequest, hook_id: int) -> Status[None]:
    """Forget a Slack channel with its deliveries."""
    actions.delete_slack_hook(request.auth, hook_id=hook_id, now=utcnow())
    return Status(204, None)


@router.post("/{id:hook_id}/test", response={202: SentOut})
def test_slack_hook(request: MemberRequest, hook_id: int) -> Status[SentOut]:
    """Post a test."""
    sent = alerting.test_slack_hook(request.auth, hook_id=hook_id, now=utcnow())
    return Status(202, show_sent(sent))


def _show(row: SlackHook) -> SlackHookOut:
    return SlackHookOut(
        id=row.pk,
        name=row.name,
        url_last4=row.url_last4,
        enabled=row.enabled,
        disabled_reason=row.disabled_reason or None,
        failing_since=row.failing_since,
        last_success_at=row.last_success_at,
        quiet_from=row.quiet_from.strftime("%H:%M") if row.quiet_from else None,
        quiet_to=row.quiet_to.strftime("%H:%M") if row.quiet_to else None,
        created_at=row.created_at,
    )
