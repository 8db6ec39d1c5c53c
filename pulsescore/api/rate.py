"""The rate limit of the API: so many requests a minute per token, told in headers."""

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from pulsescore.accounts import throttle

_WINDOW_SECS = 60


def spend(request: HttpRequest, subject: str, *, now: datetime) -> None:
    """Count one request; raises `TooMany` beyond `PULSESCORE_API_RATE` (0: no limit)."""
    rate = settings.CONFIG.api_rate
    if not rate:
        return
    allowance = throttle.take(throttle.Limit("api", rate, _WINDOW_SECS), subject, now=now)
    request.api_allowance = allowance  # type: ignore[attr-defined]
    if allowance.exceeded:
        raise throttle.TooMany(allowance.reset_secs)


def tell(request: HttpRequest, response: HttpResponse) -> None:
    """Add the RateLimit headers, where the request was counted."""
    allowance: throttle.Allowance | None = getattr(request, "api_allowance", None)
    if allowance is None:
        return
    response["RateLimit-Limit"] = str(allowance.limit)
    response["RateLimit-Remaining"] = str(allowance.remaining)
    response["RateLimit-Reset"] = str(allowance.reset_secs)
