"""The way to Intercom's permission page and back."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from pulsescore.accounts import queries as accounts
from pulsescore.accounts.access import SESSION_ORG_KEY
from pulsescore.accounts.models import Role
from pulsescore.connectors.intercom import oauth
from pulsescore.connectors.intercom.models import Connection, Mode, Region
from pulsescore.connectors.intercom.problems import ConnectDelayed, ConnectFailed, ConnectProblem
from pulsescore.core.clock import utcnow
from pulsescore.core.errors import Conflict
from pulsescore.pipeline import run
from pulsescore.web.forms import whole_number
from pulsescore.web.integrations.connecting import after_connecting, is_new_here
from pulsescore.web.pages import PageRequest, member_page

CALLBACK_PATH = "/integrations/intercom/callback"
# The attempt belongs to the browser session that holds its nonce; completing it removes the nonce.
NONCE_KEY = "intercom_oauth_nonce"


@never_cache
@member_page(role=Role.ADMIN)
def start(request: PageRequest) -> HttpResponse:
    """Leave for Intercom's permission page."""
    nonce = oauth.new_nonce()
    region = request.GET.get("oauth_region", "")
    attempt = oauth.Attempt(
        org_id=request.actor.org_id,
        user_id=request.user.pk,
        region=region if region in Region.values else "",
        mode=Mode.TWO_WAY if request.GET.get("mode") == Mode.TWO_WAY else Mode.READ_ONLY,
        conversation_days=whole_number(request.GET.get("conversation_days", ""), 90, most=3650),
    )
    try:
        address = oauth.authorize_url(
            state=oauth.new_state(attempt, session_nonce=nonce, now=utcnow()),
            redirect_uri=settings.PUBLIC_URL + CALLBACK_PATH,
            region=attempt.region,
        )
    except ConnectFailed as error:
        return explain(request, error.problem)
    request.session[NONCE_KEY] = nonce
    return redirect(address)


@never_cache
@member_page()
def callback(request: PageRequest) -> HttpResponse:
    """Come back from Intercom: connect, or say why not and what to do."""
    problem = oauth.callback_problem(request.GET.dict())
    if problem:
        request.session.pop(NONCE_KEY, None)
        return explain(request, problem)
    try:
        connection = _complete(request)
    except ConnectFailed as error:
        return explain(request, error.problem, detail=error.detail)
    except ConnectDelayed as error:
        return explain(request, error.problem)
    except Conflict as error:
        messages.info(request, str(error))
        return redirect("settings_integrations")
    request.session[SESSION_ORG_KEY] = connection.org_id
    return after_connecting(request, connection)


def _complete(request: PageRequest) -> Connection:
    attempt = oauth.check_state(
        request.GET.get("state", ""),
        session_nonce=request.session.get(NONCE_KEY),
        user_id=request.user.pk,
        now=utcnow(),
    )
    # Only now: a forged answer must not use up the attempt that is under way.
    del request.session[NONCE_KEY]
    return run.connect_with_code(
        accounts.get_actor(user=request.user, org_id=attempt.org_id),
        code=request.GET["code"],
        region=attempt.region or None,
        mode=attempt.mode,
        conversation_days=attempt.conversation_days,
        now=utcnow(),
    )


def explain(request: PageRequest, problem: ConnectProblem, *, detail: str = "") -> HttpResponse:
    """The page that says what happened, what it means and what to do."""
    context = {
        "section": "integrations",
        "problem": problem,
        "detail": detail,
        "is_new": is_new_here(request.actor.org_id),
    }
    return render(request, "integrations/connect_failed.html", context, status=400)
