"""What one is told: the panel under the bell, the list, and marking it read."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from pulsescore.alerts import actions, queries
from pulsescore.core.clock import utcnow
from pulsescore.web.forms import whole_number
from pulsescore.web.pages import PageRequest, member_page, partial
from pulsescore.web.paging import Paging
from pulsescore.web.shell.going_back import way_back

PER_PAGE, IN_PANEL = 25, 6


@member_page()
def notifications(request: PageRequest) -> HttpResponse:
    """Everything one was told, newest first, or what is not read yet."""
    unread_only = request.GET.get("show") == "unread"
    rows = queries.list_notifications(request.actor.org_id, request.user.pk, unread=unread_only)
    total = rows.count()
    pages = Paging(page=1, per_page=PER_PAGE, total=total).pages
    number = whole_number(request.GET.get("page", ""), 1, most=pages)
    start = (number - 1) * PER_PAGE
    context = {
        "rows": rows[start : start + PER_PAGE],
        "page": Paging(page=number, per_page=PER_PAGE, total=total),
        "unread_only": unread_only,
        "unread": queries.unread_count(request.actor.org_id, request.user.pk),
    }
    return partial(request, "notifications/notifications.html", "notifications/list.html", context)


@member_page()
def panel(request: PageRequest) -> HttpResponse:
    """The newest few, for the panel under the bell."""
    org_id, user_id = request.actor.org_id, request.user.pk
    context = {
        "rows": queries.list_notifications(org_id, user_id)[:IN_PANEL],
        "unread": queries.unread_count(org_id, user_id),
    }
    return render(request, "notifications/panel.html", context)


@member_page()
def mark(request: PageRequest) -> HttpResponse:
    """The number on the bell."""
    unread = queries.unread_count(request.actor.org_id, request.user.pk)
    return render(request, "notifications/mark.html", {"unread": unread})


@member_page("POST")
def open_one(request: PageRequest, notification_id: int) -> HttpResponse:
    """Mark it read, and go where it leads."""
    row = actions.mark_read(request.actor, notification_id=notification_id, now=utcnow())
    inside = row.link.startswith("/") and url_has_allowed_host_and_scheme(
        row.link, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return redirect(row.link if inside else "notifications")


@member_page("POST")
def read_one(request: PageRequest, notification_id: int) -> HttpResponse:
    """Mark it read, and stay."""
    actions.mark_read(request.actor, notification_id=notification_id, now=utcnow())
    return redirect(way_back(request))


@member_page("POST")
def read_all(request: PageRequest) -> HttpResponse:
    """Mark everything read."""
    actions.mark_all_read(request.actor, now=utcnow())
    return redirect(way_back(request))
