"""Choosing a new password by a mailed link."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from pulsescore.accounts import actions, throttle
from pulsescore.core.clock import utcnow
from pulsescore.core.errors import Invalid
from pulsescore.pipeline import telling
from pulsescore.web.accounts.second_step import enter_or_ask
from pulsescore.web.accounts.session import address_of
from pulsescore.web.forms import by_field


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def request_reset(request: HttpRequest) -> HttpResponse:
    """Ask for the link; the answer is the same whether the account exists or not."""
    page = "accounts_pages/password_forgotten.html"
    if request.method != "POST":
        return render(request, page, {"values": {"email": request.GET.get("email", "")}})
    email = request.POST.get("email", "").strip()
    if not email:
        faults = {"email": "Enter your e-mail address."}
        return render(request, page, {"faults": faults}, status=422)
    try:
        telling.request_password_reset(email=email, address=address_of(request), now=utcnow())
    except throttle.TooMany as error:
        context = {"throttled": str(error), "values": {"email": email}}
        response = render(request, page, context, status=429)
        response["Retry-After"] = str(error.retry_after_secs)
        return response
    return render(request, page, {"sent_to": email})


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def choose_password(request: HttpRequest, uid: str, token: str) -> HttpResponse:
    """Set the new password and log in with it, by way of the second step where there is one."""
    page = "accounts_pages/password_new.html"
    person = actions.find_by_reset_link(uid=uid, token=token)
    if person is None:
        return render(request, page, {"dead": True}, status=404)
    if request.method != "POST":
        return render(request, page, {"person": person})
    password = request.POST.get("password", "")
    try:
        user = actions.complete_password_reset(
            uid=uid, token=token, password=password, now=utcnow()
        )
    except Invalid as error:
        context = {"person": person, "faults": by_field(error)}
        return render(request, page, context, status=422)
    response = enter_or_ask(request, user, onward="/")
    messages.success(request, "Your new password is set. Other log-ins have ended.")
    return response
