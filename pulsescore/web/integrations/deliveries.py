"""Deliveries of a connection: what came in, what could not be worked in, and replaying it."""

from typing import Any

import msgspec
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from pulsescore.accounts.models import Role
from pulsescore.connectors.intercom import queries
from pulsescore.connectors.intercom.inbox import actions
from pulsescore.connectors.intercom.inbox import queries as inbox
from pulsescore.connectors.intercom.models import Connection, InboxNotification, InboxState
from pulsescore.core.clock import utcnow
from pulsescore.core.errors import Conflict, NotFound
from pulsescore.pipeline import run
from pulsescore.web.integrations.frame import frame
from pulsescore.web.integrations.narrowing import delivery_filters, page_number, paging_of
from pulsescore.web.pages import PageRequest, member_page
from pulsescore.web.words import plural

FILTERS = ("state", "topic", "from", "to")


@member_page()
def deliveries(request: PageRequest, connection_id: int) -> HttpResponse:
    """What came in, newest first, narrowed by state, topic and days."""
    connection = queries.get_connection(request.actor.org_id, connection_id)
    return render(request, "integrations/deliveries.html", _listed(request, connection))


@member_page("GET", "POST", role=Role.ADMIN)
def replay(request: PageRequest, connection_id: int) -> HttpResponse:
    """Say what replaying these does, and do it."""
    connection = queries.get_connection(request.actor.org_id, connection_id)
    if request.method != "POST":
        return render(request, "integrations/replay.html", _listed(request, connection))
    filters = delivery_filters(request.POST, connection_id=connection.pk)
    try:
        count = run.replay_webhooks(request.actor, filters=filters, now=utcnow())
    except Conflict as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"{plural(count, 'delivery', 'deliveries')} worked on again.")
    return _back(connection.pk, request.POST)


@member_page()
def delivery(request: PageRequest, connection_id: int, delivery_id: int) -> HttpResponse:
    """One delivery: when it came, how it went, and for admins the way to its body."""
    connection = queries.get_connection(request.actor.org_id, connection_id)
    context = {
        "delivery": _of(connection, delivery_id),
        **frame(request, connection, "webhooks"),
    }
    return render(request, "integrations/delivery.html", context)


@never_cache
@member_page("POST", role=Role.ADMIN)
def body(request: PageRequest, connection_id: int, delivery_id: int) -> HttpResponse:
    """The same with the raw body. Asked for by a button, since each look is audited."""
    connection = queries.get_connection(request.actor.org_id, connection_id)
    found = _of(connection, delivery_id)
    raw = actions.read_body(request.actor, delivery_id=delivery_id, now=utcnow())
    context = {
        "delivery": found,
        "body": legible(raw),
        **frame(request, connection, "webhooks"),
    }
    return render(request, "integrations/delivery.html", context)


@member_page("POST", role=Role.ADMIN)
def replay_one(request: PageRequest, connection_id: int, delivery_id: int) -> HttpResponse:
    """Have this one worked on again."""
    connection = queries.get_connection(request.actor.org_id, connection_id)
    found = _of(connection, delivery_id)
    try:
        run.replay_webhook(request.actor, delivery_id=found.pk, now=utcnow())
    except Conflict as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "It is worked on again; what was applied is not applied twice.")
    return redirect("intercom_delivery", connection_id, delivery_id)


def legible(raw: bytes) -> str:
    """A body with line breaks where it is JSON, else as it came."""
    try:
        return msgspec.json.format(raw, indent=2).decode(errors="replace")
    except msgspec.DecodeError:
        return raw.decode(errors="replace")


def _listed(request: PageRequest, connection: Connection) -> dict[str, Any]:
    filters = delivery_filters(request.GET, connection_id=connection.pk)
    found = inbox.list_deliveries(connection.org_id, filters)
    paging = paging_of(page_number(request.GET), found.count())
    topics = inbox.topics_delivered(connection.org_id, connection.pk)
    return {
        "deliveries": found[paging.first - 1 if paging.total else 0 : paging.last],
        "paging": paging,
        "filters": filters,
        "replayable": inbox.list_replayable(connection.org_id, filters).count(),
        "dead": _dead(connection),
        "states": [("", "Any state"), *InboxState.choices],
        "topics": [("", "Any topic"), *((name, name) for name in topics)],
        "kept": {name: request.GET[name] for name in FILTERS if request.GET.get(name)},
        **frame(request, connection, "webhooks"),
    }


def _dead(connection: Connection) -> int:
    filters = inbox.DeliveryFilters(connection_id=connection.pk, state=InboxState.DEAD)
    return inbox.list_deliveries(connection.org_id, filters).count()


def _of(connection: Connection, delivery_id: int) -> InboxNotification:
    found = inbox.get_delivery(connection.org_id, delivery_id)
    if found.connection_id != connection.pk:
        raise NotFound("There is no such delivery.")
    return found


def _back(connection_id: int, posted: QueryDict) -> HttpResponseRedirect:
    kept = QueryDict(mutable=True)
    kept.update({name: str(posted[name]) for name in FILTERS if posted.get(name)})
    address = reverse("intercom_deliveries", args=[connection_id])
    return HttpResponseRedirect(f"{address}?{kept.urlencode()}" if kept else address)
