"""Where a small form in the frame returns to: the page it stands on."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def way_back(request: HttpRequest) -> str:
    """The posted address of the page, or the dashboard where it leads out of PulseScore."""
    wished = request.POST.get("next", "")
    inside = wished.startswith("/") and url_has_allowed_host_and_scheme(
        wished, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wished if inside else "/"
