"""Where a person goes after logging in or out: only ever to a page of this installation."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def next_of(request: HttpRequest, *, default: str = "/") -> str:
    """The page that was asked for before, where it is one of ours."""
    wish = request.POST.get("next") or request.GET.get("next") or default
    return wish if is_ours(request, wish) else default


def is_ours(request: HttpRequest, address: str) -> bool:
    """Whether an address leads to a page of this installation."""
    return url_has_allowed_host_and_scheme(
        address, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
