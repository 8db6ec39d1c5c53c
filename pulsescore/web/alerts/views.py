"""The list of alerts, one alert, and what people do about it."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import HttpResponse
from django.shortcuts import redirect, render

from pulsescore.accounts.models import Role
from pulsescore.alerts import actions, queries
from pulsescore.alerts.models import Alert
from pulsescore.core.clock import utcnow
from pulsescore.core.errors import Invalid
from pulsescore.delivery.queries import list_about
from pulsescore.web.alerts.lines import SNOOZES, STATES, alert_line, alert_lines
from pulsescore.web.forms import sentence_of, whole_number
from pulsescore.web.outgoing.lines import delivery_lines
from pulsescore.web.pages import PageRequest, member_page, partial
from pulsescore.web.paging import Paging
from pulsescore.web.shell.going_back import way_back

PER_PAGE = 25
SHOWN_OF_CUSTOMER = 5
_MAX_ID = 2**63 - 1


@member_page()
def alerts(request: PageRequest) -> HttpResponse:
    """What fired, what nobody has looked at first; filtered by state and rule."""
    org_id = request.actor.org_id
    state, rule = _asked(request)
    rows = _rows(org_id, state=state, rule=rule)
    total = rows.count()
    pages = Paging(page=1, per_page=PER_PAGE, total=total).pages
    number = whole_number(request.GET.get("page", ""), 1, most=pages)
    start = (number - 1) * PER_PAGE
    rules = list(queries.list_rules(org_id))
    context = {
        "lines": alert_lines(rows[start : start + PER_PAGE]),
        "page": Paging(page=number, per_page=PER_PAGE, total=total),
        "state": state,
        "states": STATES,
        "rule": rule,
        "rules": [("", "Every rule"), *((str(one.pk), one.name) for one in rules)],
        "chosen_rule": str(rule or ""),
        "has_rules": any(one.enabled for one in rules),
        "is_narrowed": bool(rule) or state not in {"", "all"},
        "stats": queries.stats(org_id, utcnow()),
        "snoozes": SNOOZES,
    }
    return partial(request, "alerts/alerts.html", "alerts/list.html", context)


@member_page()
def alert(request: PageRequest, alert_id: int) -> HttpResponse:
    """One alert: what happened, what people did, and who was told."""
    found = queries.get_alert(request.actor.org_id, alert_id)
    told = list_about(request.actor.org_id, [found.told_as])
    context = {
        "line": alert_line(found),
        "deliveries": delivery_lines(told[:PER_PAGE]),
        "may_retry": request.actor.allows(Role.ADMIN),
        "snoozes": SNOOZES,
    }
    return render(request, "alerts/alert.html", context)


@member_page()
def of_customer(request: PageRequest, customer_id: int) -> HttpResponse:
    """The unresolved alerts about a customer, for the customer's page."""
    context = open_alerts(request, customer_id)
    return render(request, "alerts/of_customer.html", {**context, "customer_id": customer_id})


def open_alerts(request: PageRequest, customer_id: int) -> dict[str, Any]:
    """What the customer's page needs to show them."""
    rows = queries.open_alerts_of(request.actor.org_id, customer_id)
    return {"open_alerts": alert_lines(rows[:SHOWN_OF_CUSTOMER]), "snoozes": SNOOZES}


@member_page("POST")
def acknowledge(request: PageRequest, alert_id: int) -> HttpResponse:
    """Somebody is on it."""
    actions.acknowledge(request.actor, alert_id=alert_id, now=utcnow())
    messages.success(request, "It is in your hands; your team sees that.")
    return redirect(way_back(request))


@member_page("POST")
def snooze(request: PageRequest, alert_id: int) -> HttpResponse:
    """Put it off for some hours."""
    hours = whole_number(request.POST.get("hours", ""), 0, least=0)
    now = utcnow()
    try:
        actions.snooze(
            request.actor,
            alert_id=alert_id,
            until=now + timedelta(hours=min(hours, 10**5)),
            now=now,
        )
    except Invalid as error:
        messages.error(request, sentence_of(error))
        return redirect(way_back(request))
    words = dict(SNOOZES).get(hours, f"{hours} hours")
    messages.success(request, f"It is put off for {words}; then it is new again.")
    return redirect(way_back(request))


@member_page("POST")
def resolve(request: PageRequest, alert_id: int) -> HttpResponse:
    """It is dealt with."""
    actions.resolve(request.actor, alert_id=alert_id, now=utcnow())
    messages.success(request, "Resolved. It fires again only after a recovery in between.")
    return redirect(way_back(request))


def _asked(request: PageRequest) -> tuple[str, int | None]:
    state = request.GET.get("state", "")
    rule = whole_number(request.GET.get("rule", ""), 0, most=_MAX_ID)
    return state if state in dict(STATES) else "", rule or None


def _rows(org_id: int, *, state: str, rule: int | None) -> QuerySet[Alert]:
    if state:
        return queries.list_alerts(org_id, state=None if state == "all" else state, rule=rule)
    new_first = Case(When(state="open", then=Value(0)), default=Value(1), output_field=_WHOLE)
    return queries.list_alerts(org_id, state="live", rule=rule).order_by(
        new_first, "-fired_at", "-id"
    )


_WHOLE = IntegerField()
