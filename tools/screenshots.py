"""`python -m tools.screenshots`: every page at 390 and 1440 pixels, light and dark, to look at.

Seeds an organization in a database of its own, serves the pages, and writes PNG files to
`screenshots/`. Words after the command keep only the pages whose name contains one of them;
`SHOTS_PORT` and `SHOTS_FOLDER` let two runs go side by side.
"""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlencode

FOLDER = Path(os.environ.get("SHOTS_FOLDER", "screenshots"))
PORT = int(os.environ.get("SHOTS_PORT", "8799"))
URL = f"http://127.0.0.1:{PORT}"
WIDTHS = (1440, 390)
SCHEMES = ("light", "dark")
PATIENCE_SECS = 60
FIRST = "fay@first.example"
FULL, EMPTY, NEW, BROKEN = (
    "ada@full.example",
    "eve@empty.example",
    "new@new.example",
    "bo@broken.example",
)
LOST = "lou@lost.example"
TWO_WAY = "tim@two-way.example"
MEMBER = "mallory@full.example"
QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")


def main(words: list[str]) -> None:
    """Seed, serve, photograph."""
    directory = Path(tempfile.mkdtemp(prefix="pulsescore-screenshots-"))
    prepare(directory)
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 (after the environment is set)

    from tools.find_browser import find_browser, playwright_browser  # noqa: PLC0415

    FOLDER.mkdir(exist_ok=True)
    plan = [shot for shot in seed() if not words or any(word in shot[0] for word in words)]
    with serving(), sync_playwright() as playwright:
        path = find_browser() or playwright_browser()
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        for width in WIDTHS:
            for scheme in SCHEMES:
                take(browser, plan, width=width, scheme=scheme)
    print(f"{len(plan) * len(WIDTHS) * len(SCHEMES)} screenshots in {FOLDER}/")


def prepare(directory: Path) -> None:
    """A database and settings of this run's own."""
    from pulsescore.core import embedded  # noqa: PLC0415 (before Django is set up)

    os.environ |= {
        "PULSESCORE_SECRET_KEY": "screenshots-0123456789abcdef0123456789abcdef",
        "PULSESCORE_DATA_DIR": str(directory),
        "PULSESCORE_DATABASE_URL": embedded.start(directory),
        "PULSESCORE_PUBLIC_URL": URL,
        "PULSESCORE_API_RATE": "0",
        "PULSESCORE_DEBUG": "1",
        "INTERCOM_CLIENT_ID": "screenshots",
        "DJANGO_SETTINGS_MODULE": "pulsescore.settings",
        "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
    }
    import django  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415

    django.setup()
    call_command("migrate", verbosity=0)


def seed() -> list[tuple[str, str, str]]:
    """Organizations in several states; returns (name, who looks, address)."""
    from pulsescore.accounts import actions  # noqa: PLC0415
    from pulsescore.core.clock import utcnow  # noqa: PLC0415
    from pulsescore.scoring.queries import CustomerFilters, list_customers  # noqa: PLC0415
    from pulsescore.store.source_segments import (  # noqa: PLC0415
        SegmentOf,
        replace_members,
    )
    from tests import (  # noqa: PLC0415
        seeding,
        seeding_alerts,
        seeding_backtest,
        seeding_intercom,
        seeding_scoring,
        seeding_segments,
        seeding_sending,
        seeding_team,
    )

    now = utcnow()
    # A worker that lives for as long as the photographs take.
    seeding.beat(now + timedelta(days=1))
    full = seeding.seed(FULL, customers=160, now=now)
    _user, empty = seeding.register(EMPTY, name="Empty Ltd", now=now)
    seeding.add_run(seeding.connect(empty.pk, now=now), status="running", now=now)
    seeding.register(NEW, name="Newcomer Inc", now=now)
    _user, first = seeding.register(FIRST, name="First Steps GmbH", now=now)
    first_import = seeding_intercom.first_import(seeding.connect(first.pk, now=now), now=now)
    seeding_intercom.add_troubles(full.connection, now=now)
    seeding_intercom.add_delivery(full.connection, name="waiting", state="pending", now=now)
    dead = seeding_intercom.add_delivery(
        full.connection, name="dead", state="dead", now=now, error="the payload has no id"
    )
    broken = seeding.seed(BROKEN, customers=12, now=now, name="Broken plc", days=0)
    seeding.Connection.objects.for_org(broken.organization.pk).update(
        status="needs_attention",
        attention_since=now,
        last_error="Intercom no longer accepts the access token: it was revoked, or the app was "
        "uninstalled. Connect the workspace again.",
    )
    seeding_intercom.fall_silent(broken.connection, now=now)
    failed = seeding.add_run(
        broken.connection,
        status="failed",
        now=now + timedelta(seconds=1),
        error="Intercom no longer accepts the access token.",
    )
    lost = seeding.seed(LOST, customers=8, now=now, name="Lost and Found", days=0)
    refused = seeding_intercom.refuse_losses(lost.connection, now=now)
    segment = SegmentOf(
        org_id=full.organization.pk,
        source_id=full.connection.source_id,
        external_id="s1",
        name="Paying",
        size=3,
    )
    segments = seeding_segments.add_segments(full, now=now)
    sender = seeding.seed(TWO_WAY, customers=40, now=now, name="Two Way BV")
    sent_customer = seeding_sending.add_everything(sender, now=now)
    two_way = f"/settings/integrations/intercom/{sender.connection.pk}"
    team = seeding_team.add_team(full, now=now)
    actor = seeding_team.owner_of(full)
    _told, link = actions.new_invitation_link(actor, invitation_id=team.invitation.pk, now=now)
    invited = link.removeprefix(URL)
    org_id = full.organization.pk
    listed = list_customers(org_id, filters=CustomerFilters(), sort="score")
    unscored = list_customers(org_id, filters=CustomerFilters(risk="none")).customers[0].id
    worst, company = listed.customers[0], listed.customers[0].companies[0][0]
    replace_members(segment, [listed.customers[0].external_id], now=now)
    fired = seeding_alerts.add_alerts(full, now=now)
    seeding_team.keep_views(full, now=now)
    stricter = seeding_scoring.save_stricter_scoring(full, now=now)
    story = seeding_backtest.add_story(full, now=now)
    by_hand = listed.customers[1].id
    seeding_scoring.override_score(full, by_hand, now=now)
    seeding_backtest.add_running(broken, now=now)
    losing = f"/settings/integrations/intercom/{lost.connection.pk}"
    intercom = f"/settings/integrations/intercom/{full.connection.pk}"
    trouble = f"/settings/integrations/intercom/{broken.connection.pk}"
    return [
        ("log-in", "", "/login"),
        ("sign-up", "", "/signup"),
        ("style", "", "/_style"),
        ("status", "", "/status"),
        ("welcome-connect", NEW, "/welcome"),
        ("welcome-import", FIRST, "/welcome"),
        ("welcome-done", FULL, "/welcome"),
        (
            "intercom-run-running",
            FIRST,
            f"/settings/integrations/intercom/{first_import.connection_id}/runs/{first_import.pk}",
        ),
        ("connect", NEW, "/settings/integrations/intercom/connect"),
        ("connect-denied", NEW, "/integrations/intercom/callback?error=access_denied"),
        ("integrations-none", NEW, "/settings/integrations"),
        ("dashboard-importing", EMPTY, "/"),
        ("customers-none", EMPTY, "/customers"),
        ("dashboard", FULL, "/"),
        ("dashboard-average", FULL, "/?trend=average"),
        ("dashboard-attention", BROKEN, "/"),
        ("error-not-found", FULL, "/customers/999999999"),
        ("error-not-a-page", FULL, "/theme"),
        ("customers", FULL, "/customers"),
        ("customers-nobody", FULL, "/customers?search=nobody"),
        ("customers-filtered", FULL, "/customers?risk=red&risk=yellow&unseen_days=7&sort=change"),
        ("customers-views", FULL, "/customers/views"),
        ("customers-views-none", NEW, "/customers/views"),
        ("customers-view-new", FULL, "/customers/views/new?risk=red&risk=yellow&unseen_days=7"),
        ("customer", FULL, f"/customers/{worst.id}?days=90"),
        ("customer-timeline", FULL, f"/customers/{worst.id}?tab=timeline"),
        ("customer-attributes", FULL, f"/customers/{worst.id}?tab=attributes"),
        ("customer-factor", FULL, f"/customers/{worst.id}?show=reopen_rate"),
        ("customer-companies", FULL, f"/customers/{worst.id}?tab=companies"),
        ("customer-by-hand", FULL, f"/customers/{by_hand}?days=90"),
        ("customer-override", FULL, f"/customers/{by_hand}/override"),
        (
            "customer-compare",
            FULL,
            f"/customers/{worst.id}/compare?since={now - timedelta(days=40):%Y-%m-%d}",
        ),
        ("customers-by-hand", FULL, "/customers?overridden=1"),
        ("customer-erase", FULL, f"/customers/{worst.id}/erase"),
        ("customer-notes", FULL, f"/customers/{worst.id}?tab=notes"),
        ("customer-unscored", FULL, f"/customers/{unscored}"),
        ("companies", FULL, "/companies"),
        ("companies-none", NEW, "/companies"),
        ("companies-nothing", FULL, "/companies?search=nothing-like-it"),
        ("company", FULL, f"/companies/{company}"),
        ("integrations", FULL, "/settings/integrations"),
        ("intercom", FULL, intercom),
        ("intercom-runs", FULL, f"{intercom}/runs"),
        ("intercom-skipped", FULL, f"{intercom}/skipped"),
        ("intercom-webhooks", FULL, f"{intercom}/webhooks"),
        ("intercom-log", FULL, f"{intercom}/log"),
        ("mapping", TWO_WAY, f"{two_way}/mapping"),
        ("mapping-read-only", FULL, f"{intercom}/mapping"),
        ("mapping-missing", TWO_WAY, f"{two_way}/mapping/missing"),
        ("sending", TWO_WAY, f"{two_way}/sending"),
        ("sending-read-only", FULL, f"{intercom}/sending"),
        ("sending-prepared", FULL, f"{intercom}/sending?prepare=1"),
        ("sending-dry-run", TWO_WAY, f"{two_way}/sending/dry-run"),
        ("sending-nobody", FULL, f"{intercom}/sending/dry-run"),
        ("sending-writes", TWO_WAY, f"{two_way}/sending/writes"),
        ("sending-refused", TWO_WAY, f"{two_way}/sending/refused"),
        ("sending-customer", TWO_WAY, f"/customers/{sent_customer}"),
        ("sending-tags", TWO_WAY, f"/customers/{sent_customer}/tag"),
        ("intercom-permissions", FULL, f"{intercom}/permissions"),
        ("intercom-deliveries", FULL, f"{intercom}/deliveries"),
        ("intercom-delivery", FULL, f"{intercom}/deliveries/{dead.pk}"),
        ("intercom-replay", FULL, f"{intercom}/deliveries/replay?state=dead"),
        ("intercom-losses", LOST, f"{losing}/losses"),
        ("intercom-refused", LOST, losing),
        ("intercom-run-refused", LOST, f"{losing}/runs/{refused.pk}"),
        ("intercom-silent", BROKEN, f"{trouble}/webhooks"),
        ("intercom-attention", BROKEN, trouble),
        ("intercom-disconnect", FULL, f"{intercom}/disconnect"),
        ("integrations-attention", BROKEN, "/settings/integrations"),
        ("run-failed", BROKEN, f"{trouble}/runs/{failed.pk}"),
        ("scoring", FULL, "/settings/scoring"),
        ("scoring-as-member", MEMBER, "/settings/scoring"),
        ("scoring-changes", FULL, f"/settings/scoring/changes?{urlencode(stricter)}"),
        ("scoring-version", FULL, "/settings/scoring/versions/1?with=2"),
        ("scoring-versions", FULL, "/settings/scoring/versions"),
        ("backtest", FULL, "/settings/scoring/backtest"),
        ("backtest-none", NEW, "/settings/scoring/backtest"),
        ("backtest-too-few", FULL, f"/settings/scoring/backtest/{story.too_few.pk}"),
        ("backtest-failed", FULL, f"/settings/scoring/backtest/{story.failed.pk}"),
        ("backtest-running", BROKEN, "/settings/scoring/backtest"),
        ("outcomes", FULL, "/settings/scoring/outcomes"),
        ("outcomes-none", NEW, "/settings/scoring/outcomes"),
        ("outcomes-file", FULL, f"/settings/scoring/outcomes/files/{story.file.pk}"),
        ("outcomes-imported", FULL, f"/settings/scoring/outcomes/files/{story.imported.pk}"),
        ("segments", FULL, "/segments"),
        ("segments-as-member", MEMBER, "/segments"),
        ("segment-new", FULL, "/segments/new"),
        ("segment-new-company", FULL, "/segments/new?kind=company"),
        ("segment-change", FULL, f"/segments/{segments.complex.pk}/change"),
        ("segment-one", FULL, f"/segments/{segments.critical.pk}"),
        ("segment-empty", FULL, f"/segments/{segments.complex.pk}"),
        ("segment-delete", FULL, f"/segments/{segments.critical.pk}/delete"),
        ("alerts", FULL, "/alerts"),
        ("alerts-all", FULL, "/alerts?state=all"),
        ("alerts-none", NEW, "/alerts"),
        ("alert-one", FULL, f"/alerts/{fired.new.pk}"),
        ("alert-rules", FULL, "/alerts/rules"),
        ("alert-rules-as-member", MEMBER, "/alerts/rules"),
        ("alert-rule", FULL, f"/alerts/rules/{fired.quiet_rule.pk}"),
        ("alert-rule-new", FULL, "/alerts/rules/new"),
        ("alert-rule-delete", FULL, f"/alerts/rules/{fired.quiet_rule.pk}/delete"),
        ("customer-alert", FULL, f"/customers/{fired.new.customer_id}"),
        ("notifications", FULL, "/notifications"),
        ("notifications-none", NEW, "/notifications"),
        ("notification-settings", FULL, "/settings/notifications"),
        ("outgoing", FULL, "/settings/webhooks"),
        ("outgoing-none", NEW, "/settings/webhooks"),
        ("outgoing-endpoint", FULL, f"/settings/webhooks/{fired.endpoint.pk}"),
        ("outgoing-new", FULL, "/settings/webhooks/new"),
        ("outgoing-slack", FULL, "/settings/slack/new"),
        ("team", FULL, "/settings/team"),
        ("team-remove", FULL, f"/settings/team/{team.member.pk}/remove"),
        ("team-as-member", MEMBER, "/settings/team"),
        ("api-keys", FULL, "/settings/api-keys"),
        ("api-keys-none", NEW, "/settings/api-keys"),
        ("api-key-revoke", FULL, f"/settings/api-keys/{team.key.pk}/revoke"),
        ("sources-none", NEW, "/settings/sources"),
        ("organization", FULL, "/settings/organization"),
        ("organization-delete", FULL, "/settings/organization/delete"),
        ("organizations", FULL, "/organizations"),
        ("organization-new", FULL, "/organizations/new"),
        ("audit-log", FULL, "/settings/audit-log"),
        ("audit-log-nothing", FULL, "/settings/audit-log?from=2030-01-01"),
        ("profile", FULL, "/settings/profile"),
        ("security", FULL, "/settings/security"),
        ("security-app", FULL, "/settings/security/app"),
        ("invitation", "", invited),
        ("invitation-other", FULL, invited),
        ("invitation-dead", "", "/invitations/unknown"),
        ("password-forgotten", "", "/password-reset"),
        ("password-dead", "", "/password-reset/x/y"),
        ("mails", FULL, "/_mails"),
        ("help", FULL, "/help"),
        ("help-scoring", FULL, "/help/scoring"),
        ("help-connecting", FULL, "/help/connect-intercom"),
        ("help-problem", FULL, "/help/problems-connecting#access-was-not-granted"),
        ("help-search", FULL, "/help?search=redirect+url"),
        ("help-search-none", FULL, "/help?search=zebra"),
        ("help-stranger", "", "/help/webhooks"),
    ]


@contextlib.contextmanager
def serving() -> Iterator[None]:
    """The pages, served by a process of their own."""
    command = [sys.executable, "-m", "uvicorn", "pulsescore.asgi:application"]
    server = subprocess.Popen([*command, "--port", str(PORT), "--log-level", "warning"])
    try:
        deadline = time.monotonic() + PATIENCE_SECS
        while not answers() and time.monotonic() < deadline:
            time.sleep(0.2)
        yield
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(10)


def answers() -> bool:
    """Whether the server is up."""
    try:
        with urllib.request.urlopen(f"{URL}/healthz", timeout=5) as response:  # noqa: S310
            return bool(response.status)
    except (urllib.error.URLError, OSError):
        return False


def take(browser, plan, *, width: int, scheme: str) -> None:  # type: ignore[no-untyped-def]
    """All pages of the plan at one width and in one theme."""
    from tests.seeding import PASSWORD  # noqa: PLC0415

    for who in dict.fromkeys(shot[1] for shot in plan):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, reduced_motion="reduce"
        )
        page = context.new_page()
        if who:
            page.goto(f"{URL}/login")
            page.fill("#id_email", who)
            page.fill("#id_password", PASSWORD)
            page.press("#id_password", "Enter")
            page.wait_for_url(lambda url: "/login" not in url)
        for name, viewer, address in plan:
            if viewer == who:
                page.goto(URL + address, wait_until="load")
                page.screenshot(path=FOLDER / f"{name}-{width}-{scheme}.png", full_page=True)
        context.close()


if __name__ == "__main__":
    main(sys.argv[1:])
