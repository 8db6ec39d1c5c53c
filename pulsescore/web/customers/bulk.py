"""What is done to many customers at once: those ticked, or all that match."""

from dataclasses import dataclass, replace

from django.contrib import messages
from django.http import HttpResponse, JsonResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from pulsescore.core.clock import utcnow
from pulsescore.core.errors import FieldFault, Invalid
from pulsescore.pipeline import bulk as pipeline
from pulsescore.scoring import queries as scoring
from pulsescore.store import bulk_actions
from pulsescore.web.customers.export import file_of
from pulsescore.web.customers.narrowing import Narrowing
from pulsescore.web.pages import PageRequest, member_page
from pulsescore.web.words import plural

_MAX_ID = 2**63 - 1


@dataclass(frozen=True)
class Selection:
    """Who was chosen: the ids that were ticked, or everybody whom the address lists."""

    narrowing: Narrowing
    everybody: bool
    ids: tuple[int, ...]

    @classmethod
    def read(cls, form: QueryDict) -> "Selection":
        """Read the form: ticked boxes, those ticked on other pages, and the address."""
        told = [*form.getlist("ids"), *form.get("also", "").split(",")]
        ids = dict.fromkeys(int(one) for one in told if one.isascii() and one.isdigit())
        narrowing = replace(Narrowing.read(QueryDict(form.get("query", ""))), page=1)
        known = tuple(one for one in ids if one <= _MAX_ID)
        return cls(narrowing, form.get("scope") == "all", known)

    @property
    def address(self) -> str:
        """The list from which was chosen."""
        return f"{reverse('customers')}?{self.narrowing.query}".rstrip("?")

    def resolve(self, org_id: int) -> list[int]:
        """The chosen ids; raises `Invalid` for nobody, and for too many."""
        ids = list(self.ids)
        if self.everybody:
            most = bulk_actions.MOST + 1
            ids = scoring.find_ids(org_id, filters=self.narrowing.filters, limit=most, now=utcnow())
        if not ids:
            raise Invalid(FieldFault("customers", "Select the customers first."))
        bulk_actions.refuse_too_many(ids)
        return ids


@member_page("POST")
def bulk(request: PageRequest) -> HttpResponseBase:
    """Do one thing to all that are chosen; back to the list, or a file, or the addresses."""
    selection = Selection.read(request.POST)
    act = _ACTS.get(request.POST.get("action", ""), _unknown)
    try:
        return act(request, selection)
    except Invalid as error:
        return _refused(request, selection, error)


def _csv(request: PageRequest, selection: Selection) -> HttpResponseBase:
    if selection.everybody:
        return file_of(request, selection.narrowing)
    return file_of(request, selection.narrowing, ids=selection.resolve(request.actor.org_id))


def _recalculate(request: PageRequest, selection: Selection) -> HttpResponse:
    ids = selection.resolve(request.actor.org_id)
    done = pipeline.recalculate_many(request.actor, customer_ids=ids, now=utcnow())
    messages.success(request, f"{plural(done, 'score')} calculated again, just now.")
    return redirect(selection.address)


def _note(request: PageRequest, selection: Selection) -> HttpResponse:
    ids = selection.resolve(request.actor.org_id)
    body = request.POST.get("body", "")
    if not body.strip() and "asked" not in request.POST:
        return _ask_for_note(request, selection, ids)
    try:
        done = bulk_actions.add_note_to_all(
            request.actor, customer_ids=ids, body=body, now=utcnow()
        )
    except Invalid as error:
        return _ask_for_note(request, selection, ids, fault=error.faults[0].message, body=body)
    messages.success(request, f"Note added to {plural(done, 'customer')}.")
    return redirect(selection.address)


def _emails(request: PageRequest, selection: Selection) -> HttpResponse:
    ids = selection.resolve(request.actor.org_id)
    found = bulk_actions.copy_addresses(request.actor, customer_ids=ids, now=utcnow())
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"addresses": found})
    context = {"addresses": found, "selection": selection}
    return render(request, "customers/addresses.html", context)


def _unknown(_request: PageRequest, _selection: Selection) -> HttpResponse:
    raise Invalid(FieldFault("action", "Choose what is to be done."))


def _ask_for_note(
    request: PageRequest, selection: Selection, ids: list[int], *, fault: str = "", body: str = ""
) -> HttpResponse:
    context = {"selection": selection, "ids": ids, "fault": fault, "body": body}
    return render(request, "customers/note_for_many.html", context, status=422 if fault else 200)


def _refused(request: PageRequest, selection: Selection, error: Invalid) -> HttpResponse:
    words = error.faults[0].message
    if request.headers.get("Accept") == "application/json":
        return JsonResponse({"trouble": words}, status=422)
    messages.error(request, words)
    return redirect(selection.address)


_ACTS = {"csv": _csv, "recalculate": _recalculate, "note": _note, "emails": _emails}
