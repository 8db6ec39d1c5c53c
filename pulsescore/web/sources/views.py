"""Settings → Sources: write keys, the snippet of each, and what could not be applied."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from pulsescore.accounts.models import Role
from pulsescore.core.clock import utcnow
from pulsescore.core.errors import Invalid
from pulsescore.ingest import actions, queries, script
from pulsescore.ingest.models import WriteKey
from pulsescore.pipeline import run as pipeline
from pulsescore.web.forms import by_field, texts
from pulsescore.web.pages import PageRequest, member_page


@member_page("GET", "POST", role=Role.ADMIN)
def sources(request: PageRequest) -> HttpResponse:
    """List the write keys; make one."""
    if request.method != "POST":
        return _show(request)
    given = texts(request, "name")
    try:
        key = actions.create_write_key(request.actor, name=given["name"], now=utcnow())
    except Invalid as error:
        return _show(request, values=given, faults=by_field(error), status=422)
    messages.success(request, "Write key created.")
    return redirect("source", key.pk)


@member_page("GET", "POST", role=Role.ADMIN)
def source(request: PageRequest, key_id: int) -> HttpResponse:
    """One key: how a website and a program use it; switches forwarding to the Messenger."""
    if request.method == "POST":
        is_on = bool(request.POST.get("forwards_to_messenger"))
        actions.change_write_key(
            request.actor, key_id=key_id, forwards_to_messenger=is_on, now=utcnow()
        )
        messages.success(request, "Saved. Websites follow within an hour.")
        return redirect("source", key_id)
    key = queries.get_write_key(request.actor.org_id, key_id)
    context = {"section": "sources", "key": key, "snippet": _snippet(key), "home": _home()}
    return render(request, "sources/source.html", context)


@member_page("GET", "POST", role=Role.ADMIN)
def revoke(request: PageRequest, key_id: int) -> HttpResponse:
    """End a key, after a confirmation."""
    if request.method != "POST":
        key = queries.get_write_key(request.actor.org_id, key_id)
        return render(request, "sources/revoke.html", {"section": "sources", "key": key})
    actions.revoke_write_key(request.actor, key_id=key_id, now=utcnow())
    messages.success(request, "Write key revoked. Its calls are refused from now on.")
    return redirect("sources")


@member_page("POST", role=Role.ADMIN)
def retry(request: PageRequest) -> HttpResponse:
    """Have what was given up applied again."""
    count = pipeline.retry_ingested(request.actor, now=utcnow())
    messages.success(request, f"{count} request{'' if count == 1 else 's'} tried again.")
    return redirect("sources")


def _show(request: PageRequest, *, status: int = 200, **extra: Any) -> HttpResponse:
    context = {
        "section": "sources",
        "keys": queries.list_write_keys(request.actor.org_id),
        "queue": queries.count_waiting(request.actor.org_id),
        **extra,
    }
    return render(request, "sources/sources.html", context, status=status)


def _snippet(key: WriteKey) -> str:
    return f'<script async src="{_home()}{script.address_of(key.key)}"></script>'


def _home() -> str:
    return str(settings.PUBLIC_URL).rstrip("/")
