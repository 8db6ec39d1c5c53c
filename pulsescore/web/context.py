"""What every template knows: navigation, theme, the present instant and who helps."""

from typing import Any, NamedTuple

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from pulsescore.core.clock import utcnow


class Entry(NamedTuple):
    """One entry of the main navigation."""

    label: str
    href: str
    icon: str
    current: bool


PLACES = (
    ("Dashboard", "dashboard", "layout-dashboard", ""),
    ("Customers", "customers", "users", "/customers"),
    ("Companies", "companies", "building-2", "/companies"),
    ("Settings", "settings", "settings", "/settings"),
)


SETTINGS = (
    ("integrations", "settings_integrations", "Integrations", "plug"),
    ("scoring", "settings_scoring", "Scoring", "sliders-horizontal"),
    ("team", "team", "Team", "users"),
    ("organization", "organization", "Organization", "building-2"),
    ("api_keys", "api_keys", "API keys", "key-round"),
    ("profile", "profile", "Profile", "user"),
)


def shell(request: HttpRequest) -> dict[str, Any]:
    """The context of the frame around every page."""
    user = getattr(request, "user", None)
    return {
        "navigation": [_entry(request.path, *place) for place in PLACES],
        "theme": getattr(user, "theme", "auto"),
        "support_contact": settings.CONFIG.support_contact,
        "settings_entries": [
            (key, reverse(name), label, icon) for key, name, label, icon in SETTINGS
        ],
        "now": utcnow(),
    }


def _entry(path: str, label: str, name: str, icon: str, prefix: str) -> Entry:
    href = reverse(name)
    return Entry(label, href, icon, path.startswith(prefix) if prefix else path == href)
