"""What the team writes about a customer."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from pulsescore.core.clock import utcnow
from pulsescore.core.errors import Invalid, NotFound
from pulsescore.store import actions, queries
from pulsescore.web.customers.one import show
from pulsescore.web.pages import PageRequest, member_page


@member_page("POST")
def add_note(request: PageRequest, customer_id: int) -> HttpResponse:
    """Write a note for the team."""
    body = request.POST.get("body", "")
    try:
        actions.add_note(request.actor, customer_id=customer_id, body=body, now=utcnow())
    except Invalid as error:
        return _again(request, customer_id, {"note": body, "note_fault": error.faults[0].message})
    messages.success(request, "Note added.")
    return _to_notes(customer_id)


@member_page("POST")
def edit_note(request: PageRequest, customer_id: int, note_id: int) -> HttpResponse:
    """Change one's own note."""
    _check_place(request, customer_id, note_id)
    body = request.POST.get("body", "")
    try:
        actions.edit_note(request.actor, note_id=note_id, body=body, now=utcnow())
    except Invalid as error:
        fault = error.faults[0].message
        extra = {"editing": note_id, "edited": body, "edit_fault": fault}
        return _again(request, customer_id, extra)
    messages.success(request, "Note changed.")
    return _to_notes(customer_id)


@member_page("POST")
def delete_note(request: PageRequest, customer_id: int, note_id: int) -> HttpResponse:
    """Delete a note: one's own, or as admin anybody's."""
    _check_place(request, customer_id, note_id)
    actions.delete_note(request.actor, note_id=note_id, now=utcnow())
    messages.success(request, "Note deleted.")
    return _to_notes(customer_id)


def _check_place(request: PageRequest, customer_id: int, note_id: int) -> None:
    if queries.get_note(request.actor.org_id, note_id).customer_id != customer_id:
        raise NotFound("There is no such note about this customer.")


def _again(request: PageRequest, customer_id: int, extra: dict[str, Any]) -> HttpResponse:
    person = queries.get_customer(request.actor.org_id, customer_id)
    return show(request, person, tab="notes", status=422, extra=extra)


def _to_notes(customer_id: int) -> HttpResponse:
    return redirect(f"{reverse('customer', args=[customer_id])}?tab=notes#tabs")
