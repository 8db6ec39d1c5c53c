"""`/_mails`: every e-mail with sample data, as HTML and as text; only where DEBUG is on."""

from datetime import timedelta
from typing import Any

from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from pulsescore.accounts.mail import Letter, compose
from pulsescore.core.clock import utcnow

_HOSTILE = '<script>alert(1)</script> https://evil.example/ "Ada"\r\nBcc: all@example.com'


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    """The list of all letters."""
    _only_in_development()
    letters = [(name, _letter(name)) for name in samples()]
    return render(request, "settings/mails.html", {"letters": letters})


# Mail programs need styles at each element; a page of ours never has them.
@csp_replace(  # type: ignore[arg-type]
    {
        "default-src": ["'none'"],
        "style-src": ["'unsafe-inline'"],
        "script-src": ["'none'"],
        "frame-ancestors": ["'self'"],
    }
)
@require_safe
@xframe_options_sameorigin
def one(request: HttpRequest, name: str, form: str) -> HttpResponse:
    """One letter, as its reader gets it."""
    _only_in_development()
    if name not in samples() or form not in {"html", "text"}:
        raise Http404
    letter = _letter(name)
    if form == "text":
        told = f"Subject: {letter.subject}\n\n{letter.text}"
        return HttpResponse(told, content_type="text/plain; charset=utf-8")
    return HttpResponse(letter.html)


def samples() -> dict[str, tuple[str, dict[str, Any]]]:
    """Each letter's template and what it might tell."""
    home = settings.PUBLIC_URL
    invitation = {
        "inviter": "Ada Lovelace",
        "organization": "Acme",
        "role": "admin",
        "email": "erin@example.com",
        "expires_at": utcnow() + timedelta(days=7),
        "link": f"{home}/invitations/sample",
    }
    verify = {"email": "ada@example.com", "moving": False, "link": f"{home}/verify-email/sample"}
    return {
        "invitation": ("accounts/email/invitation", invitation),
        "invitation-hostile": (
            "accounts/email/invitation",
            invitation | {"inviter": _HOSTILE, "organization": _HOSTILE},
        ),
        "password-reset": (
            "accounts/email/password_reset",
            {"email": "ada@example.com", "link": f"{home}/password-reset/sample"},
        ),
        "verify-address": ("accounts/email/verify_address", verify),
        "new-address": ("accounts/email/verify_address", verify | {"moving": True}),
        "notice": (
            "accounts/email/notice",
            {
                "title": "Your password was changed",
                "what": "The password of Ada Lovelace's PulseScore account was just changed. "
                "Every other log-in has ended.",
                "advice": "If this was not you, choose a new password at once.",
                "link": f"{home}/settings/profile",
            },
        ),
        "needs-attention": (
            "pipeline/email/needs_attention",
            {
                "workspace": "Acme Support",
                "organization": "Acme",
                "reason": "Intercom no longer accepts the access token: it was revoked, or the "
                "app was uninstalled. Connect the workspace again.",
                "link": f"{home}/settings/integrations/intercom/1",
            },
        ),
    }


def _letter(name: str) -> Letter:
    template, context = samples()[name]
    return compose(template, context)


def _only_in_development() -> None:
    if not settings.DEBUG:
        raise Http404
