"""Every page in both themes: nothing for axe to object to, nothing wider than the screen."""

import os
from collections.abc import Sequence
from urllib.parse import urlencode

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from pulsescore.core.clock import utcnow
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

pytestmark = pytest.mark.browser

OPEN_PAGES = (
    "/login",
    "/signup",
    "/password-reset",
    "/status",
    "/invitations/unknown",
    "/help",
    "/help/webhooks",
)
WIDTHS = PHONE, DESK = 390, 1440
CUSTOMER_TABS = ("timeline", "attributes", "companies", "notes")


def closed_pages(alices: Seeded) -> list[str]:
    org_id, connection = alices.organization.pk, alices.connection.pk
    worst = list_customers(org_id, filters=CustomerFilters(), sort="score").customers[0].id
    none = list_customers(org_id, filters=CustomerFilters(risk="none")).customers[0].id
    company = Company.objects.for_org(org_id).earliest("id").pk
    run = seeding.SyncRun.objects.for_org(org_id).earliest("id").pk
    intercom = f"/settings/integrations/intercom/{connection}"
    dead = seeding_intercom.add_delivery(
        alices.connection, name="dead", state="dead", now=utcnow(), error="no id"
    )
    seeding_intercom.fall_silent(alices.connection, now=utcnow())
    seeding_intercom.refuse_losses(alices.connection, now=utcnow())
    seeding_intercom.add_troubles(alices.connection, now=utcnow())
    seeding_team.keep_views(alices, now=utcnow())
    fired = seeding_alerts.add_alerts(alices, now=utcnow())
    segments = seeding_segments.add_segments(alices, now=utcnow())
    story = seeding_backtest.add_story(alices, now=utcnow())
    stricter = seeding_scoring.save_stricter_scoring(alices, now=utcnow())
    return [
        "/",
        "/welcome",
        "/?trend=average",
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
        "/segments",
        "/segments/new",
        f"/segments/{segments.complex.pk}/change",
        f"/segments/{segments.critical.pk}",
        f"/segments/{segments.critical.pk}/delete",
        "/companies",
        "/companies?search=nothing-like-it",
        f"/companies/{company}",
        "/settings/integrations",
        "/settings/integrations/intercom/connect",
        intercom,
        f"{intercom}/runs",
        f"{intercom}/runs/{run}",
        f"{intercom}/skipped",
        f"{intercom}/webhooks",
        f"{intercom}/deliveries",
        f"{intercom}/deliveries/{dead.pk}",
        f"{intercom}/deliveries/replay?state=dead",
        f"{intercom}/permissions",
        f"{intercom}/log",
        f"{intercom}/mapping",
        f"{intercom}/mapping?prepare=1",
        f"{intercom}/sending",
        f"{intercom}/sending?prepare=1",
        f"{intercom}/sending/dry-run",
        f"{intercom}/sending/writes",
        f"{intercom}/sending/refused",
        f"{intercom}/disconnect",
        f"{intercom}/losses",
        "/integrations/intercom/callback?error=access_denied",
        "/settings/scoring",
        f"/settings/scoring/changes?{urlencode(stricter)}",
        "/settings/scoring/versions",
        "/settings/scoring/versions/1?with=2",
        "/settings/scoring/backtest",
        f"/settings/scoring/backtest/{story.too_few.pk}",
        "/settings/scoring/outcomes",
        f"/settings/scoring/outcomes/files/{story.file.pk}",
        "/alerts",
        f"/alerts/{fired.new.pk}",
        "/alerts/rules",
        f"/alerts/rules/{fired.quiet_rule.pk}",
        "/notifications",
        "/settings/notifications",
        "/settings/webhooks",
        f"/settings/webhooks/{fired.endpoint.pk}",
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
        "/help",
        "/help/scoring",
        "/help/problems-connecting",
        "/help?search=redirect",
        "/help?search=zebra",
        "/nowhere",
    ]


def objections(page: Page, address: str, *, rules: Sequence[str] = ()) -> list[str]:
    """What axe finds, by all its rules or by some; and whether the page is too wide."""
    page.goto(address, wait_until="load")
    shown = page.viewport_size
    assert shown
    options = {"runOnly": [*rules]} if rules else None
    found = [
        f"{address}: {one['id']}: {node['target']} {node['failureSummary']}"
        for one in Axe().run(page, options=options).response["violations"]
        for node in one["nodes"]
    ]
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"{address}: wider than a screen of {width} pixels")
    page.set_viewport_size(shown)
    return found


# Every other page is enough for each change; all of them are tried with this set.
EVERY_PAGE = bool(os.environ.get("PULSESCORE_EVERY_PAGE"))
# What another theme and more room can change.
_BY_THEME = ("color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable")


def test_nobody_is_kept_out(alice: Page, alices: Seeded, live_server: LiveServer) -> None:
    alice.emulate_media(color_scheme="light", reduced_motion="reduce")
    alice.set_viewport_size({"width": PHONE, "height": 900})

    found = [
        one
        for path in closed_pages(alices)[:: 1 if EVERY_PAGE else 2]
        for one in objections(alice, live_server.url + path)
    ]

    assert found == []


def test_nobody_is_kept_out_in_the_dark(
    alice: Page, alices: Seeded, live_server: LiveServer
) -> None:
    """Pages between the others: what is dark comes from the same few colours everywhere."""
    alice.emulate_media(color_scheme="dark", reduced_motion="reduce")
    alice.set_viewport_size({"width": DESK, "height": 900})

    found = [
        one
        for path in closed_pages(alices)[1 :: 1 if EVERY_PAGE else 4]
        for one in objections(alice, live_server.url + path, rules=_BY_THEME)
    ]

    assert found == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_kept_out_at_the_front_door(
    scheme: str, visitor: Page, live_server: LiveServer
) -> None:
    visitor.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]

    found = [one for path in OPEN_PAGES for one in objections(visitor, live_server.url + path)]

    assert found == []


def test_errors_in_a_form_are_announced_and_legible(visitor: Page, live_server: LiveServer) -> None:
    visitor.goto(live_server.url + "/signup")
    visitor.get_by_role("button", name="Create account").click()

    assert Axe().run(visitor).violations_count == 0
    assert visitor.locator("[aria-invalid=true]").count() == 5
