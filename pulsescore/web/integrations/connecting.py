"""Connecting an Intercom workspace: by Intercom's permission page, or by a pasted token."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters

from pulsescore.accounts.models import Role
from pulsescore.connectors.intercom.models import Mode, Region
from pulsescore.connectors.intercom.problems import ConnectDelayed, ConnectFailed, ConnectProblem
from pulsescore.core.clock import utcnow
from pulsescore.core.errors import Conflict, FieldFault, Invalid
from pulsescore.pipeline import run
from pulsescore.web.forms import by_field, texts, whole_number
from pulsescore.web.pages import PageRequest, member_page

FIELDS = ("access_token", "region", "mode", "conversation_days", "webhook_secret")
DEFAULTS = {"region": "", "mode": Mode.READ_ONLY.value, "conversation_days": "90"}
REGIONS = [("", "Detect it"), *Region.choices]


@sensitive_post_parameters("access_token", "webhook_secret")
@member_page("GET", "POST", role=Role.ADMIN)
def connect(request: PageRequest) -> HttpResponse:
    """Choose how to connect; the form takes an access token."""
    if request.method != "POST":
        return show_form(request)
    given = texts(request, *FIELDS)
    try:
        connection = run.connect_with_token(
            request.actor,
            access_token=given["access_token"],
            region=given["region"] or None,
            mode=given["mode"] or Mode.READ_ONLY,
            webhook_secret=given["webhook_secret"] or None,
            conversation_days=_days(given["conversation_days"]),
            now=utcnow(),
        )
    except ConnectFailed as error:
        return show_form(request, given=given, faults=by_field(error), problem=error.problem)
    except ConnectDelayed as error:
        return show_form(request, given=given, problem=error.problem)
    except Invalid as error:
        return show_form(request, given=given, faults=by_field(error))
    except Conflict as error:
        return show_form(request, given=given, trouble=str(error))
    messages.success(request, f"{connection.workspace_name} is connected. The import has begun.")
    return redirect("dashboard")


def show_form(
    request: PageRequest,
    *,
    given: dict[str, str] | None = None,
    faults: dict[str, str] | None = None,
    problem: ConnectProblem | None = None,
    trouble: str = "",
) -> HttpResponse:
    """The page with both ways to connect; secrets are never sent back to the browser."""
    context: dict[str, Any] = {
        "section": "integrations",
        "values": {k: v for k, v in (given or DEFAULTS).items() if k not in _SECRETS},
        "faults": faults or {},
        "problem": problem,
        "trouble": trouble,
        "regions": REGIONS,
        "oauth": bool(settings.CONFIG.intercom_client_id),
    }
    status = 422 if problem or trouble or faults else 200
    return render(request, "integrations/connect.html", context, status=status)


_SECRETS = ("access_token", "webhook_secret")


def _days(text: str) -> int:
    days = whole_number(text, 0, least=0)
    if not days:
        raise Invalid(FieldFault("conversation_days", "Enter a whole number of days, like 90."))
    return days
