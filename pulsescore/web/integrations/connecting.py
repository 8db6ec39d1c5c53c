"""Connecting an Intercom workspace: by Intercom's permission page, or by a pasted token."""

from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.debug import sensitive_post_parameters

from pulsescore.accounts.models import Role
from pulsescore.connectors.intercom import queries
from pulsescore.connectors.intercom.models import Connection, Mode, Region
from pulsescore.connectors.intercom.permissions import PERMISSIONS
from pulsescore.connectors.intercom.problems import ConnectDelayed, ConnectFailed, ConnectProblem
from pulsescore.core.clock import utcnow
from pulsescore.core.errors import Conflict, FieldFault, Invalid
from pulsescore.pipeline import run
from pulsescore.web.forms import by_field, texts, whole_number
from pulsescore.web.pages import PageRequest, member_page

FIELDS = ("access_token", "region", "mode", "conversation_days", "webhook_secret")
DEFAULTS = {"region": "", "mode": Mode.READ_ONLY.value, "conversation_days": "90"}
REGIONS = [("", "Detect it"), *Region.choices]
# Where the browser goes for consent is not detected: the workspace is chosen there.
OAUTH_REGIONS = (
    ("", "app.intercom.com (most workspaces)"),
    ("eu", "app.eu.intercom.com (Europe)"),
    ("au", "app.au.intercom.com (Australia)"),
)
_SECRETS = ("access_token", "webhook_secret")


@dataclass
class Attempt:
    """What came of a filled-in form: a connection, or why there is none."""

    connection: Connection | None = None
    given: dict[str, str] = field(default_factory=lambda: dict(DEFAULTS))
    faults: dict[str, str] = field(default_factory=dict)
    problem: ConnectProblem | None = None
    detail: str = ""
    trouble: str = ""

    @property
    def failed(self) -> bool:
        """Whether something is to be mended."""
        return bool(self.faults or self.problem or self.trouble)


@sensitive_post_parameters("access_token", "webhook_secret")
@member_page("GET", "POST", role=Role.ADMIN)
def connect(request: PageRequest) -> HttpResponse:
    """Choose how to connect; the form takes an access token."""
    attempt = connect_from(request) if request.method == "POST" else Attempt()
    if attempt.connection is not None:
        return after_connecting(request, attempt.connection)
    again = _again(request)
    if again is not None and request.method != "POST":
        attempt.given |= {
            "mode": again.mode,
            "conversation_days": str(again.conversation_days),
        }
    context = {"section": "integrations", "again": again, **form_context(attempt)}
    status = 422 if attempt.failed else 200
    return render(request, "integrations/connect.html", context, status=status)


def connect_from(request: PageRequest) -> Attempt:
    """Connect with the token that was filled in."""
    attempt = Attempt(given=texts(request, *FIELDS))
    try:
        attempt.connection = _connect(request, attempt.given)
    except ConnectFailed as error:
        attempt.faults, attempt.problem = {"access_token": error.problem.title}, error.problem
        attempt.detail = error.detail
        if error.problem.code == "wrong_region":
            attempt.faults = {"region": error.problem.title}
    except ConnectDelayed as error:
        attempt.problem = error.problem
    except Invalid as error:
        attempt.faults = by_field(error)
    except Conflict as error:
        attempt.trouble = str(error)
    return attempt


def form_context(attempt: Attempt) -> dict[str, Any]:
    """What the form shows; secrets are never sent back to the browser."""
    return {
        "values": {k: v for k, v in attempt.given.items() if k not in _SECRETS},
        "faults": attempt.faults,
        "problem": attempt.problem,
        "detail": attempt.detail,
        "trouble": attempt.trouble,
        "regions": REGIONS,
        "oauth_regions": OAUTH_REGIONS,
        "oauth": bool(settings.CONFIG.intercom_client_id),
        "permissions": PERMISSIONS,
    }


def after_connecting(request: PageRequest, connection: Connection) -> HttpResponse:
    """Newcomers watch the import; others see the connection."""
    messages.success(request, f"{connection.workspace_name} is connected. The import has begun.")
    if is_new_here(connection.org_id):
        return redirect("welcome")
    return redirect("intercom", connection.pk)


def is_new_here(org_id: int) -> bool:
    """Whether no import has ever succeeded."""
    return all(one.last_sync_at is None for one in queries.list_connections(org_id))


def _connect(request: PageRequest, given: dict[str, str]) -> Connection:
    return run.connect_with_token(
        request.actor,
        access_token=given["access_token"],
        region=given["region"] or None,
        mode=given["mode"] or Mode.READ_ONLY,
        webhook_secret=given["webhook_secret"] or None,
        conversation_days=_days(given["conversation_days"]),
        now=utcnow(),
    )


def _again(request: PageRequest) -> Connection | None:
    """The connection that is to be mended; the form is then filled in as it was."""
    known = whole_number(request.GET.get("again", ""), 0, least=0, most=2**63 - 1)
    found = queries.list_connections(request.actor.org_id) if known else []
    return next((one for one in found if one.pk == known), None)


def _days(text: str) -> int:
    days = whole_number(text, 0, least=0)
    if not days:
        raise Invalid(FieldFault("conversation_days", "Enter a whole number of days, like 90."))
    return days
