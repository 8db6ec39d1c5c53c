"""The addresses of all pages, area by area, of an organization that has something on each."""

from urllib.parse import urlencode

from pulsescore.core.clock import utcnow
from pulsescore.ingest.actions import create_write_key
from pulsescore.scoring.queries import CustomerFilters, list_customers
from pulsescore.store.models import Company
from tests import (
    seeding,
    seeding_alerts,
    seeding_backtest,
    seeding_intercom,
    seeding_scoring,
    seeding_segments,
    seeding_team,
)
from tests.seeding import Seeded

OPEN_PAGES = (
    "/login",
    "/signup",
    "/password-reset",
    "/status",
    "/invitations/unknown",
    "/verify-email/unknown",
    "/help",
    "/help/webhooks",
)
FRAME = ("/", "/welcome", "/?trend=average", "/nowhere")
GUIDE = (
    "/help",
    "/help/scoring",
    "/help/problems-connecting",
    "/help?search=redirect",
    "/help?search=zebra",
)
SETTINGS = (
    "/settings/notifications",
    "/settings/webhooks",
    "/settings/slack/new",
    "/settings/team",
    "/settings/organization",
    "/settings/organization/delete",
    "/settings/audit-log",
    "/settings/security",
    "/settings/security/app",
    "/settings/api-keys",
    "/settings/sources",
    "/settings/profile",
    "/organizations",
    "/organizations/new",
)
CUSTOMER_TABS = ("timeline", "attributes", "companies", "notes")


def closed_pages(alices: Seeded) -> list[str]:
    """Everything that is seen once logged in; seeds what the pages show."""
    return [
        *FRAME,
        *customer_pages(alices),
        *segment_pages(alices),
        *company_pages(alices),
        *intercom_pages(alices),
        *sending_pages(alices),
        *scoring_pages(alices),
        *alert_pages(alices),
        *SETTINGS,
        *source_pages(alices),
        *GUIDE,
    ]


def customer_pages(alices: Seeded) -> list[str]:
    """The list, views of it, and customers with and without a score."""
    org_id = alices.organization.pk
    worst = list_customers(org_id, filters=CustomerFilters(), sort="score").customers[0].id
    none = list_customers(org_id, filters=CustomerFilters(risk="none")).customers[0].id
    seeding_team.keep_views(alices, now=utcnow())
    return [
        "/customers",
        "/customers?search=nobody-of-that-name",
        "/customers/views",
        "/customers/views/new?risk=red&tag=vip",
        "/customers?risk=red&risk=yellow&role=user&sort=change",
        *(f"/customers/{worst}?tab={tab}" for tab in CUSTOMER_TABS),
        f"/customers/{worst}",
        f"/customers/{worst}?show=open_tickets&sort=waiting",
        f"/customers/{worst}/erase",
        f"/customers/{worst}/override",
        f"/customers/{worst}/compare",
        f"/customers/{none}",
    ]


def segment_pages(alices: Seeded) -> list[str]:
    """The list, the builder, one segment."""
    segments = seeding_segments.add_segments(alices, now=utcnow())
    return [
        "/segments",
        "/segments/new",
        f"/segments/{segments.complex.pk}/change",
        f"/segments/{segments.critical.pk}",
        f"/segments/{segments.critical.pk}/delete",
    ]


def company_pages(alices: Seeded) -> list[str]:
    """The list, and one of them."""
    company = Company.objects.for_org(alices.organization.pk).earliest("id").pk
    return ["/companies", "/companies?search=nothing-like-it", f"/companies/{company}"]


def intercom_pages(alices: Seeded) -> list[str]:
    """A connection that has had troubles of each kind."""
    now, connection = utcnow(), alices.connection
    run = seeding.SyncRun.objects.for_org(alices.organization.pk).earliest("id").pk
    dead = seeding_intercom.add_delivery(
        connection, name="dead", state="dead", now=now, error="no id"
    )
    seeding_intercom.fall_silent(connection, now=now)
    seeding_intercom.refuse_losses(connection, now=now)
    seeding_intercom.add_troubles(connection, now=now)
    home = _intercom(alices)
    areas = ("runs", "skipped", "webhooks", "deliveries", "permissions", "log", "losses")
    return [
        "/settings/integrations",
        "/settings/integrations/intercom/connect",
        "/integrations/intercom/callback?error=access_denied",
        home,
        *(f"{home}/{area}" for area in areas),
        f"{home}/runs/{run}",
        f"{home}/deliveries/{dead.pk}",
        f"{home}/deliveries/replay?state=dead",
        f"{home}/disconnect",
    ]


def sending_pages(alices: Seeded) -> list[str]:
    """What goes to Intercom, read-only and prepared."""
    home = _intercom(alices)
    return [
        f"{home}/mapping",
        f"{home}/mapping?prepare=1",
        f"{home}/sending",
        f"{home}/sending?prepare=1",
        f"{home}/sending/dry-run",
        f"{home}/sending/runs",
        f"{home}/sending/writes",
        f"{home}/sending/refused",
    ]


def scoring_pages(alices: Seeded) -> list[str]:
    """The configuration and its versions, backtests, outcomes."""
    story = seeding_backtest.add_story(alices, now=utcnow())
    stricter = seeding_scoring.save_stricter_scoring(alices, now=utcnow())
    return [
        "/settings/scoring",
        f"/settings/scoring/changes?{urlencode(stricter)}",
        "/settings/scoring/versions",
        "/settings/scoring/versions/1?with=2",
        "/settings/scoring/backtest",
        f"/settings/scoring/backtest/{story.too_few.pk}",
        "/settings/scoring/outcomes",
        f"/settings/scoring/outcomes/files/{story.file.pk}",
    ]


def alert_pages(alices: Seeded) -> list[str]:
    """Alerts, rules, notifications, endpoints."""
    fired = seeding_alerts.add_alerts(alices, now=utcnow())
    return [
        "/alerts",
        f"/alerts/{fired.new.pk}",
        "/alerts/rules",
        "/alerts/rules/new",
        f"/alerts/rules/{fired.quiet_rule.pk}",
        "/notifications",
        f"/settings/webhooks/{fired.endpoint.pk}",
    ]


def source_pages(alices: Seeded) -> list[str]:
    """One write key."""
    key = create_write_key(seeding_team.owner_of(alices), name="Website", now=utcnow())
    return [f"/settings/sources/{key.pk}", f"/settings/sources/{key.pk}/revoke"]


def _intercom(alices: Seeded) -> str:
    return f"/settings/integrations/intercom/{alices.connection.pk}"
