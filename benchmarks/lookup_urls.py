"""All pages, and one more: a customer by primary key, the floor of every list."""

from django.http import HttpResponse
from django.urls import path

from pulsescore.store import queries
from pulsescore.urls import urlpatterns as pages
from pulsescore.web.pages import PageRequest, member_page


@member_page()
def lookup(request: PageRequest, customer_id: int) -> HttpResponse:
    """One customer, found by id, and nothing made of it."""
    return HttpResponse(queries.get_customer(request.actor.org_id, customer_id).name or "")


urlpatterns = [path("lookup/<int:customer_id>", lookup), *pages]
