"""A person's own rights: to have what is kept about them, and to have it erased."""

from django.contrib import messages
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from pulsescore.accounts.models import Role
from pulsescore.core.clock import utcnow
from pulsescore.pipeline import run
from pulsescore.pipeline.exporting import export_customer
from pulsescore.store import queries
from pulsescore.web.pages import PageRequest, member_page


@member_page(role=Role.ADMIN)
def export(request: PageRequest, customer_id: int) -> HttpResponse:
    """Everything about one person as a file."""
    now = utcnow()
    document = export_customer(request.actor, customer_id=customer_id, now=now)
    response = JsonResponse(
        document,
        encoder=DjangoJSONEncoder,
        json_dumps_params={"indent": 2, "ensure_ascii": False},
    )
    name = f"customer-{customer_id}-{now:%Y-%m-%d}.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


@member_page("GET", "POST", role=Role.ADMIN)
def erase(request: PageRequest, customer_id: int) -> HttpResponse:
    """Ask once more, then erase the person everywhere."""
    person = queries.get_customer(request.actor.org_id, customer_id)
    if request.method != "POST":
        return render(request, "customers/erase.html", {"customer": person})
    run.erase_customer(request.actor, customer_id=customer_id, now=utcnow())
    messages.success(request, "The person was erased, here and in stored notifications.")
    return redirect("customers")
