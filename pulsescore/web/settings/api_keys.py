"""Settings → API keys: made, shown once, revoked."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from pulsescore.accounts import actions, queries
from pulsescore.accounts.models import Role, Scope
from pulsescore.core.clock import utcnow
from pulsescore.core.errors import FieldFault, Invalid, NotFound
from pulsescore.web.forms import by_field, texts, whole_number
from pulsescore.web.pages import PageRequest, member_page

LIFETIMES = (("90", "90 days"), ("365", "One year"), ("30", "30 days"), ("", "Never"))
# What a key may do, as one choice: the role it acts with, and whether it may write at all.
POWERS: dict[str, tuple[str, Role, tuple[Scope, ...]]] = {
    "read": ("Read", Role.MEMBER, (Scope.READ,)),
    "write": ("Read, and what members do", Role.MEMBER, (Scope.READ, Scope.WRITE)),
    "read_settings": ("Read, settings too", Role.ADMIN, (Scope.READ,)),
    "admin": ("Everything an admin does", Role.ADMIN, (Scope.READ, Scope.WRITE)),
}


@member_page("GET", "POST", role=Role.ADMIN)
def api_keys(request: PageRequest) -> HttpResponse:
    """List the keys; make one, whose secret this one answer shows."""
    if request.method != "POST":
        return _show(request)
    given = texts(request, "name", "power", "days")
    now = utcnow()
    try:
        _label, role, scopes = _power(given["power"])
        key, secret = actions.create_api_key(
            request.actor,
            name=given["name"],
            role=role,
            scopes=scopes,
            expires_at=_expiry(given["days"], now),
            now=now,
        )
    except Invalid as error:
        return _show(request, values=given, faults=by_field(error), status=422)
    response = _show(request, new_key=key, secret=secret)
    response["Cache-Control"] = "no-store"
    return response


@member_page("GET", "POST", role=Role.ADMIN)
def revoke(request: PageRequest, key_id: int) -> HttpResponse:
    """End a key at once, after a confirmation."""
    if request.method != "POST":
        key = queries.list_api_keys(request.actor.org_id).filter(id=key_id).first()
        if key is None:
            raise NotFound("There is no such API key. It may have been revoked already.")
        context = {"section": "api_keys", "key": key}
        return render(request, "settings/api_key_revoke.html", context)
    actions.revoke_api_key(request.actor, key_id=key_id, now=utcnow())
    messages.success(request, "Key revoked. Programs that use it are refused from now on.")
    return redirect("api_keys")


def _power(text: str) -> tuple[str, Role, tuple[Scope, ...]]:
    if text not in POWERS:
        raise Invalid(FieldFault("power", "Choose what the key may do."))
    return POWERS[text]


def _expiry(days: str, now: datetime) -> datetime | None:
    return now + timedelta(days=whole_number(days, 90, most=3650)) if days else None


def _show(request: PageRequest, *, status: int = 200, **extra: Any) -> HttpResponse:
    context = {
        "section": "api_keys",
        "keys": queries.list_api_keys(request.actor.org_id),
        "powers": [(key, label) for key, (label, _role, _scopes) in POWERS.items()],
        "lifetimes": LIFETIMES,
        **extra,
    }
    return render(request, "settings/api_keys.html", context, status=status)
