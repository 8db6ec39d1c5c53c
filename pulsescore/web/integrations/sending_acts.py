"""What admins do about sending: choose, stop, confirm, send, undo."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from pulsescore.accounts.models import Role
from pulsescore.connectors.intercom import queries
from pulsescore.connectors.intercom.outbound.run_models import SendScope
from pulsescore.core.clock import utcnow
from pulsescore.core.errors import Conflict, Invalid
from pulsescore.pipeline import sending as pipeline
from pulsescore.web.forms import by_field, whole_number
from pulsescore.web.integrations.sending import page
from pulsescore.web.integrations.sending_form import read_form
from pulsescore.web.pages import PageRequest, member_page
from pulsescore.web.shell.going_back import way_back
from pulsescore.web.words import plural


@member_page("POST", role=Role.ADMIN)
def save(request: PageRequest, connection_id: int) -> HttpResponse:
    """Save who and what is sent."""
    connection = queries.get_connection(request.actor.org_id, connection_id)
    form = read_form(request.POST)
    try:
        pipeline.save_outbound(
            request.actor, connection_id=connection_id, wish=form.wish(), now=utcnow()
        )
    except Invalid as error:
        faults = {name.split(".")[0]: text for name, text in by_field(error).items()}
        return page(request, connection, form=form, faults=faults, status=422)
    except Conflict as error:
        return page(request, connection, form=form, trouble=str(error), status=409)
    messages.success(request, "Saved. Who differs from Intercom is looked for in the background.")
    return redirect("intercom_sending", connection_id)


@member_page("POST", role=Role.ADMIN)
def stop(request: PageRequest, connection_id: int) -> HttpResponse:
    """Hold everything back."""
    return _done(request, connection_id, pipeline.stop, "Nothing is sent until it goes on.")


@member_page("POST", role=Role.ADMIN)
def resume(request: PageRequest, connection_id: int) -> HttpResponse:
    """Let it go on."""
    return _done(request, connection_id, pipeline.resume, "Sending goes on.")


@member_page("POST", role=Role.ADMIN)
def confirm(request: PageRequest, connection_id: int) -> HttpResponse:
    """Send a large run after all."""
    return _done(request, connection_id, pipeline.confirm, "{} sent in the background.")


@member_page("POST", role=Role.ADMIN)
def discard(request: PageRequest, connection_id: int) -> HttpResponse:
    """Drop a large run."""
    return _done(request, connection_id, pipeline.discard, "{} not sent.")


@member_page("POST", role=Role.ADMIN)
def send(request: PageRequest, connection_id: int) -> HttpResponse:
    """Compare everybody chosen, users, leads, companies or a segment, and send what differs."""
    scope = request.POST.get("scope", "")
    segment = whole_number(request.POST.get("segment", ""), 0, least=0, most=2**63 - 1)
    try:
        run = pipeline.request_send(
            request.actor,
            connection_id=connection_id,
            scope=scope if scope in SendScope.values else SendScope.EVERYBODY,
            segment_id=segment or None,
            now=utcnow(),
        )
    except Conflict as error:
        messages.error(request, str(error))
        return redirect("intercom_sending", connection_id)
    return redirect("intercom_send_run", connection_id, run.pk)


@member_page("POST", role=Role.ADMIN)
def undo(request: PageRequest, connection_id: int, write_id: int) -> HttpResponse:
    """Write back what stood there before."""
    try:
        pipeline.undo(request.actor, connection_id=connection_id, write_id=write_id, now=utcnow())
    except Conflict as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "It is undone in a moment; ours is not sent until it changes.")
    back = way_back(request)
    return redirect("intercom_writes", connection_id) if back == "/" else redirect(back)


def _done(
    request: PageRequest, connection_id: int, act: Callable[..., Any], words: str
) -> HttpResponse:
    try:
        done = act(request.actor, connection_id=connection_id, now=utcnow())
    except Conflict as error:
        messages.error(request, str(error))
    else:
        count = plural(done, "change is", "changes are") if isinstance(done, int) else ""
        messages.success(request, words.format(count))
    return redirect("intercom_sending", connection_id)
