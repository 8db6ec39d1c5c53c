"""Webhooks of a connection: setting them up, whether they arrive, the secret, a test event."""

from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters

from pulsescore.accounts.models import Role
from pulsescore.connectors.intercom import queries
from pulsescore.connectors.intercom.inbox import queries as inbox
from pulsescore.connectors.intercom.inbox.self_test import SelfTest, send_test_event
from pulsescore.connectors.intercom.inbox.silence import webhook_silence
from pulsescore.connectors.intercom.inbox.topics import SUBSCRIBED
from pulsescore.connectors.intercom.models import Connection
from pulsescore.core.clock import utcnow
from pulsescore.core.errors import Conflict, Invalid
from pulsescore.pipeline import run
from pulsescore.web.forms import by_field, texts
from pulsescore.web.integrations.frame import frame
from pulsescore.web.integrations.wording import topic_groups, topic_states
from pulsescore.web.pages import PageRequest, member_page


@member_page()
def webhooks(request: PageRequest, connection_id: int) -> HttpResponse:
    """Where Intercom is to deliver, which topics, and what arrived last."""
    return _show(request, queries.get_connection(request.actor.org_id, connection_id))


@sensitive_post_parameters("webhook_secret")
@member_page("POST", role=Role.ADMIN)
def set_secret(request: PageRequest, connection_id: int) -> HttpResponse:
    """Keep the app's client secret; the former one stays valid for a day."""
    connection = queries.get_connection(request.actor.org_id, connection_id)
    secret = texts(request, "webhook_secret")["webhook_secret"].strip()
    if not secret:
        fault = "Paste the client secret from the app's Basic information in Intercom."
        return _show(request, connection, faults={"webhook_secret": fault})
    try:
        run.update_connection(
            request.actor, connection_id=connection_id, webhook_secret=secret, now=utcnow()
        )
    except Invalid as error:
        return _show(request, connection, faults=by_field(error))
    except Conflict as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "Secret saved. Send a test event to see whether it works.")
    return redirect("intercom_webhooks", connection_id)


@sensitive_post_parameters("test_secret")
@member_page("POST", role=Role.ADMIN)
def test(request: PageRequest, connection_id: int) -> HttpResponse:
    """Send a signed event through the public address and say which step failed."""
    connection = queries.get_connection(request.actor.org_id, connection_id)
    given = texts(request, "test_secret")["test_secret"]
    try:
        outcome = send_test_event(
            request.actor, connection_id=connection_id, secret=given, now=utcnow()
        )
    except Conflict as error:
        messages.error(request, str(error))
        return redirect("intercom_webhooks", connection_id)
    if request.htmx:
        return render(request, "integrations/self_test.html", {"test": outcome})
    return _show(request, connection, outcome=outcome)


def _show(
    request: PageRequest,
    connection: Connection,
    *,
    faults: dict[str, str] | None = None,
    outcome: SelfTest | None = None,
) -> HttpResponse:
    context = {
        "faults": faults or {},
        "test": outcome,
        **_told(connection, now=utcnow()),
        **frame(request, connection, "webhooks"),
    }
    return render(request, "integrations/webhooks.html", context, status=422 if faults else 200)


def _told(connection: Connection, *, now: datetime) -> dict[str, Any]:
    delivered = inbox.list_topics(connection.org_id, connection.pk)
    groups = topic_groups(SUBSCRIBED, delivered)
    until = connection.previous_webhook_secret_until
    return {
        "groups": groups,
        "others": topic_states(delivered, without=SUBSCRIBED),
        "health": inbox.inbox_health(connection.org_id, connection.pk, now=now),
        "silence": webhook_silence(connection.org_id, connection.pk, now=now),
        "grace_until": until if until and until > now else None,
    }
