"""One Slack channel: its name, its address, its quiet hours."""

from datetime import time
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from pulsescore.accounts.models import Role
from pulsescore.core.clock import utcnow
from pulsescore.core.errors import FieldFault, Invalid
from pulsescore.delivery import actions, queries
from pulsescore.delivery.models import SlackHook
from pulsescore.pipeline import trials
from pulsescore.web.forms import by_field, read_time, texts
from pulsescore.web.pages import PageRequest, member_page

FIELDS = ("name", "url", "quiet_from", "quiet_to", "enabled")


@member_page("GET", "POST", role=Role.ADMIN)
def new(request: PageRequest) -> HttpResponse:
    """Make a channel known."""
    if request.method != "POST":
        return _show(request, None, {"enabled": "1"})
    return _save(request, None)


@member_page("GET", "POST", role=Role.ADMIN)
def hook(request: PageRequest, hook_id: int) -> HttpResponse:
    """Show and change a channel; its address is never shown again."""
    row = queries.get_slack_hook(request.actor.org_id, hook_id)
    if request.method == "POST":
        return _save(request, row)
    values = {
        "name": row.name,
        "url": "",
        "quiet_from": f"{row.quiet_from:%H:%M}" if row.quiet_from else "",
        "quiet_to": f"{row.quiet_to:%H:%M}" if row.quiet_to else "",
        "enabled": "1" if row.enabled else "",
    }
    return _show(request, row, values)


@member_page("POST", role=Role.ADMIN)
def test(request: PageRequest, hook_id: int) -> HttpResponse:
    """Post a marked test to the channel."""
    trials.test_slack_hook(request.actor, hook_id=hook_id, now=utcnow())
    messages.success(request, "A test is on its way; the deliveries tell what came of it.")
    return redirect("outgoing")


@member_page("GET", "POST", role=Role.ADMIN)
def delete(request: PageRequest, hook_id: int) -> HttpResponse:
    """Ask, then forget the channel."""
    row = queries.get_slack_hook(request.actor.org_id, hook_id)
    if request.method != "POST":
        return render(request, "outgoing/slack_delete.html", {"section": "webhooks", "hook": row})
    actions.delete_slack_hook(request.actor, hook_id=hook_id, now=utcnow())
    messages.success(request, f"{row.name} is removed.")
    return redirect("outgoing")


def _save(request: PageRequest, row: SlackHook | None) -> HttpResponse:
    given = texts(request, *FIELDS)
    try:
        begins, ends = _quiet(given)
        saved = actions.save_slack_hook(
            request.actor,
            hook_id=row.pk if row else None,
            name=given["name"],
            url=given["url"],
            quiet_from=begins,
            quiet_to=ends,
            enabled=bool(given["enabled"]),
            now=utcnow(),
        )
    except Invalid as error:
        return _show(request, row, given, faults=by_field(error), status=422)
    messages.success(
        request, f"{saved.name} is saved. Choose it in the rules that should post there."
    )
    return redirect("outgoing")


def _quiet(given: dict[str, str]) -> list[time | None]:
    faults: list[FieldFault] = []
    found = [read_time(name, given[name], faults) for name in ("quiet_from", "quiet_to")]
    if faults:
        raise Invalid(*faults)
    return found


def _show(
    request: PageRequest,
    row: SlackHook | None,
    values: dict[str, str],
    *,
    status: int = 200,
    **extra: Any,
) -> HttpResponse:
    context: dict[str, Any] = {
        "section": "webhooks",
        "hook": row,
        "values": values,
        "faults": {},
        "zone": request.organization.time_zone,
        **extra,
    }
    return render(request, "outgoing/slack.html", context, status=status)
