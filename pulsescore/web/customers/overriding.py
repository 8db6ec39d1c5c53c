"""A member's word on a customer's score: asked for, set, and ended."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import get_current_timezone

from pulsescore.core.clock import utcnow
from pulsescore.core.errors import Conflict, Invalid, NotFound
from pulsescore.pipeline import run
from pulsescore.scoring import queries as scoring
from pulsescore.store import queries as store
from pulsescore.web.customers.override_fields import (
    CHOICES,
    FIELDS,
    as_wish,
    in_form,
    values_of,
)
from pulsescore.web.forms import by_field, texts
from pulsescore.web.pages import PageRequest, member_page


@member_page("GET", "POST")
def override(request: PageRequest, customer_id: int) -> HttpResponse:
    """Ask for a score or a level, why, and until when; then set it."""
    person = store.get_customer(request.actor.org_id, customer_id)
    context: dict[str, Any] = {"customer": person}
    if request.method != "POST":
        held = scoring.get_health(request.actor.org_id, customer_id).override
        return render(request, "customers/override.html", {**context, **override_form(held)})
    given = texts(request, *FIELDS)
    try:
        wish = as_wish(given, zone=get_current_timezone())
        run.set_override(request.actor, customer_id=customer_id, wish=wish, now=utcnow())
    except Invalid as error:
        faults = by_field(in_form(error))
        context |= {**override_form(None), "values": given, "faults": faults}
        return render(request, "customers/override.html", context, status=422)
    except Conflict as error:
        messages.error(request, str(error))
        return redirect("customer", customer_id)
    messages.success(request, "The score is what you set, from this moment on.")
    return redirect("customer", customer_id)


@member_page("POST")
def end_override(request: PageRequest, customer_id: int) -> HttpResponse:
    """Give the customer back the score of the factors."""
    store.get_customer(request.actor.org_id, customer_id)
    try:
        run.end_override(request.actor, customer_id=customer_id, now=utcnow())
    except (NotFound, Conflict) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "The override has ended; the factors decide again.")
    return redirect("customer", customer_id)


def override_form(held: scoring.OverrideShown | None) -> dict[str, Any]:
    """The form as it begins, for the page of its own and for the dialog."""
    zone = get_current_timezone()
    today = utcnow().astimezone(zone).date()
    return {
        "choices": (*(() if held else (("", "Choose"),)), *CHOICES),
        "values": values_of(held, today=today, zone=zone),
        "faults": {},
        "today": today.isoformat(),
    }
