"""What one does about a single customer in Intercom: read again, send now, tag, untag."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from pulsescore.accounts.models import Role
from pulsescore.connectors.intercom.models import Connection, Mode
from pulsescore.connectors.intercom.outbound.queries import withheld_from
from pulsescore.core.clock import utcnow
from pulsescore.core.errors import Conflict, Invalid
from pulsescore.pipeline import sending
from pulsescore.store.queries import get_customer
from pulsescore.web.customers.shown import Shown
from pulsescore.web.forms import sentence_of
from pulsescore.web.integrations.write_lines import refused_lines
from pulsescore.web.pages import PageRequest, member_page


@member_page("POST")
def refresh(request: PageRequest, customer_id: int) -> HttpResponse:
    """Have the contact read again from Intercom."""
    return _done(
        request,
        customer_id,
        lambda: sending.refresh_customer(request.actor, customer_id=customer_id, now=utcnow()),
        "The contact is read from Intercom again, in a moment.",
    )


@member_page("POST", role=Role.ADMIN)
def send(request: PageRequest, customer_id: int) -> HttpResponse:
    """Send this one customer now, whatever the segments."""
    person = get_customer(request.actor.org_id, customer_id)
    connection_id = request.POST.get("connection", "")
    number = int(connection_id) if connection_id.isascii() and connection_id.isdigit() else 0
    return _done(
        request,
        person.pk,
        lambda: sending.send_customer(
            request.actor, connection_id=number, customer_id=customer_id, now=utcnow()
        ),
        "What differs is sent to Intercom, in a moment.",
    )


@member_page("GET", "POST", role=Role.ADMIN)
def tag(request: PageRequest, customer_id: int) -> HttpResponse:
    """Put a tag on the contact in Intercom, or take one off; asked for without a dialog, too."""
    if request.method != "POST":
        person = get_customer(request.actor.org_id, customer_id)
        context = {"customer": person, "full_name": person.name or person.email or "Nameless"}
        return render(request, "customers/tags.html", context)
    name, is_on = request.POST.get("name", "").replace("\0", ""), request.POST.get("on") != "0"
    return _done(
        request,
        customer_id,
        lambda: sending.tag_customer(
            request.actor, customer_id=customer_id, name=name, is_on=is_on, now=utcnow()
        ),
        f"“{name.strip()}” is {'put on' if is_on else 'taken off'} in Intercom, in a moment.",
    )


def context_of(request: PageRequest, shown: Shown) -> dict[str, Any]:
    """What the page offers: by role, by the connection's access, and what is not sent."""
    connection = shown.connection
    may_write = _may_write(connection) and shown.person.deleted_at is None
    return {
        "intercom": connection,
        "may_fetch": connection is not None and connection.status != "disconnected",
        "may_send": may_write and request.actor.allows(Role.ADMIN),
        "withheld": refused_lines(withheld_from(request.actor.org_id, shown.person.pk)),
    }


def _may_write(connection: Connection | None) -> bool:
    return (
        connection is not None
        and connection.mode == Mode.TWO_WAY
        and connection.status != "disconnected"
    )


def _done(
    request: PageRequest, customer_id: int, act: Callable[[], object], words: str
) -> HttpResponse:
    try:
        act()
    except Invalid as error:
        messages.error(request, sentence_of(error))
    except Conflict as error:
        messages.error(request, str(error))
    else:
        messages.success(request, words)
    return redirect("customer", customer_id)
