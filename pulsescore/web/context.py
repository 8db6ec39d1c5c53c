"""What every template knows: navigation, theme, the present instant and who helps."""

from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import Role
from pulsescore.core.clock import utcnow
from pulsescore.pipeline.changes import Mark
from pulsescore.web.live.views import next_secs


class Entry(NamedTuple):
    """One entry of the main navigation; `attention` asks for a look, `roomy` for a wide screen.

    `leads_here` marks the entry to go by where the one of the page itself is too much for a phone.
    """

    label: str
    href: str
    icon: str
    current: bool
    attention: bool
    roomy: bool = False
    leads_here: bool = False


class Support(NamedTuple):
    """Who helps, and the link that reaches them where the setting is an address."""

    text: str
    href: str


PLACES = (
    ("Dashboard", "dashboard", "layout-dashboard", ""),
    ("Customers", "customers", "users", "/customers"),
    ("Companies", "companies", "building-2", "/companies"),
    ("Segments", "segments", "group", "/segments"),
    ("Alerts", "alerts", "bell-ring", "/alerts"),
    ("Settings", "settings", "settings", "/settings"),
)
# At the bottom of a phone there is room for five; the list of customers leads there.
ROOMY = frozenset({"segments"})
LIST = "customers"

SETTINGS = (
    ("integrations", "settings_integrations", "Integrations", "plug"),
    ("scoring", "settings_scoring", "Scoring", "sliders-horizontal"),
    ("sources", "sources", "Sources", "radio-tower"),
    ("notifications", "notification_settings", "Notifications", "bell"),
    ("webhooks", "outgoing", "Webhooks & Slack", "webhook"),
    ("team", "team", "Team", "users"),
    ("organization", "organization", "Organization", "building-2"),
    ("api_keys", "api_keys", "API keys", "key-round"),
    ("audit_log", "audit_log", "Audit log", "scroll-text"),
    ("profile", "profile", "Profile", "user"),
    ("security", "security", "Security", "shield"),
)
FOR_ADMINS = frozenset({"api_keys", "audit_log", "sources", "webhooks"})

THEMES = (("light", "Light", "sun"), ("dark", "Dark", "moon"), ("auto", "Auto", "monitor"))


def shell(request: HttpRequest) -> dict[str, Any]:
    """The context of the frame around every page."""
    user = getattr(request, "user", None)
    mark: Mark | None = getattr(request, "mark", None)
    return {
        "navigation": [_entry(request, mark, *place) for place in PLACES],
        "theme": getattr(user, "theme", "auto"),
        "themes": THEMES,
        "support": support(_contact(request)),
        "settings_entries": [
            (key, reverse(name), label, icon)
            for key, name, label, icon in SETTINGS
            if key not in FOR_ADMINS or _is_admin(request)
        ],
        "live_next_secs": next_secs(mark) if mark else "",
        "now": utcnow(),
    }


def _contact(request: HttpRequest) -> str:
    """Whom the organization names, else whom the installation does."""
    organization = getattr(request, "organization", None)
    return getattr(organization, "support_contact", "") or settings.CONFIG.support_contact


def support(contact: str) -> Support:
    """The contact of the settings: an address of mail or web becomes a link, else it is text."""
    if urlsplit(contact).scheme in {"http", "https", "mailto", "tel"}:
        return Support(contact.removeprefix("mailto:").removeprefix("tel:"), contact)
    is_mail = "@" in contact and " " not in contact
    return Support(contact, f"mailto:{contact}" if is_mail else "")


def _is_admin(request: HttpRequest) -> bool:
    actor: Actor | None = getattr(request, "actor", None)
    return actor is not None and actor.allows(Role.ADMIN)


def _entry(request: HttpRequest, mark: Mark | None, *place: str) -> Entry:
    label, name, icon, prefix = place
    href, path = reverse(name), request.path
    return Entry(
        label,
        href,
        icon,
        current=path.startswith(prefix) if prefix else path == href,
        attention=name == "settings" and mark is not None and mark.needing_attention > 0,
        roomy=name in ROOMY,
        leads_here=name == LIST and path.startswith(tuple(f"/{one}" for one in ROOMY)),
    )
