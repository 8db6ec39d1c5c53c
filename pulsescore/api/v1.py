"""REST API v1: its areas and its error answers."""

from ninja import NinjaAPI, Router

from pulsescore import __version__
from pulsescore.api import addresses
from pulsescore.api.areas import (
    alert_rules,
    alerts,
    api_keys,
    audit_log,
    auth,
    backtests,
    companies,
    connection_checks,
    connections,
    customer_details,
    customer_sending,
    customers,
    dashboard,
    deliveries,
    endpoints,
    integrations,
    invitations,
    mappings,
    members,
    notifications,
    organizations,
    outbound,
    outcomes,
    overrides,
    saved_views,
    scoring,
    second_step,
    segments,
    sessions,
    skipped,
    slack_hooks,
    users,
    write_keys,
)
from pulsescore.api.body import StrictParser
from pulsescore.api.description import DescribedApi
from pulsescore.api.problems import HANDLERS

DESCRIPTION = """Customer health scores from Intercom support data.

Send Authorization: Bearer followed by an access token or an API key. X-Organization-ID selects
another organization that you belong to. Errors are RFC 9457 problem documents. Writes accept an
Idempotency-Key. Instants are ISO 8601 in UTC.
"""


def build() -> NinjaAPI:
    """Put the API together."""
    addresses.register()
    made = DescribedApi(
        title="PulseScore API",
        version=__version__,
        description=DESCRIPTION,
        urls_namespace="api",
        docs_url=None,
        parser=StrictParser(),
    )
    for prefix, router in AREAS:
        made.add_router(prefix, router)
    for kind, handler in HANDLERS:
        made.add_exception_handler(kind, handler)
    return made


AREAS: tuple[tuple[str, Router], ...] = (
    ("/auth", auth.router),
    ("/users", users.router),
    ("/users/me/sessions", sessions.router),
    ("/users/me/second-step", second_step.router),
    ("/organizations", organizations.router),
    ("/customer-views", saved_views.router),
    ("/members", members.router),
    ("/invitations", invitations.router),
    ("/api-keys", api_keys.router),
    ("/write-keys", write_keys.router),
    ("/integrations", integrations.router),
    ("/integrations/intercom", mappings.router),
    ("/integrations/intercom/connections", connections.router),
    ("/integrations/intercom/connections", connection_checks.router),
    ("/integrations/intercom/connections", skipped.router),
    ("/integrations/intercom/connections", outbound.router),
    ("/webhooks/intercom/deliveries", deliveries.router),
    ("/customers", customers.router),
    ("/customers", customer_details.router),
    ("/customers", customer_sending.router),
    ("/customers", overrides.router),
    ("/companies", companies.router),
    ("/segments", segments.router),
    ("/scoring", scoring.router),
    ("/outcomes", outcomes.router),
    ("/backtests", backtests.router),
    ("/dashboard", dashboard.router),
    ("/alerts/rules", alert_rules.router),
    ("/alerts/slack-hooks", slack_hooks.router),
    ("/alerts", alerts.router),
    ("/notifications", notifications.router),
    ("/webhooks/endpoints", endpoints.router),
    ("/audit-log", audit_log.router),
)

api = build()
