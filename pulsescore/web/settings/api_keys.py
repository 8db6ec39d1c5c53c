"""Settings → API keys: made, shown once, revoked."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from pulsescore.accounts import actions, queries
from pulsescore.accounts.models import Role
from pulsescore.core.clock import utcnow
from pulsescore.core.errors import FieldFault, Forbidden, Invalid
from pulsescore.web.forms import by_field, texts, whole_number
from pulsescore.web.pages import PageRequest, member_page

LIFETIMES = (("90", "90 days"), ("365", "One year"), ("30", "30 days"), ("", "Never"))


@member_page("GET", "POST", role=Role.ADMIN)
def api_keys(request: PageRequest) -> HttpResponse:
    """List the keys; make one, whose secret this one answer shows."""
    if request.method != "POST":
        return _show(request)
    given = texts(request, "name", "role", "days")
    now = utcnow()
    try:
        key, secret = actions.create_api_key(
            request.actor,
            name=given["name"],
            role=_role(given["role"]),
            expires_at=_expiry(given["days"], now),
            now=now,
        )
    except Invalid as error:
        return _show(request, values=given, faults=by_field(error), status=422)
    except Forbidden as error:
        return _show(request, values=given, faults={"role": str(error)}, status=422)
    response = _show(request, new_key=key, secret=secret)
    response["Cache-Control"] = "no-store"
    return response


@member_page("POST", role=Role.ADMIN)
def revoke(request: PageRequest, key_id: int) -> HttpResponse:
    """End a key at once."""
    actions.revoke_api_key(request.actor, key_id=key_id, now=utcnow())
    messages.success(request, "Key revoked. Programs that use it are refused from now on.")
    return redirect("api_keys")


def _role(text: str) -> Role:
    if text not in Role.values:
        raise Invalid(FieldFault("role", "Choose a role."))
    return Role(text)


def _expiry(days: str, now: datetime) -> datetime | None:
    return now + timedelta(days=whole_number(days, 90, most=3650)) if days else None


def _show(request: PageRequest, *, status: int = 200, **extra: Any) -> HttpResponse:
    context = {
        "section": "api_keys",
        "keys": queries.list_api_keys(request.actor.org_id),
        "roles": [(role.value, role.label) for role in Role if request.actor.allows(role)],
        "lifetimes": LIFETIMES,
        **extra,
    }
    return render(request, "settings/api_keys.html", context, status=status)
