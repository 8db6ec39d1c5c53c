"""An open page: what it costs while nothing happens, and what it shows when something does."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, Response, expect
from pytest_django.live_server_helper import LiveServer

from pulsescore.core.clock import utcnow
from pulsescore.scoring import actions as scoring
from pulsescore.scoring.models import HealthScore
from pulsescore.store import write
from pulsescore.store.models import Customer
from pulsescore.store.records import ConversationRecord, CustomerRecord, Record
from tests import seeding
from tests.seeding import Seeded

pytestmark = pytest.mark.browser

TEN_MINUTES_SECS = 600
STEP_MS = 6_000
TICK_MS = 1_000
HIDE = """hidden => {
    Object.defineProperty(document, 'hidden', { value: hidden, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
}"""


@pytest.fixture
def paced(alice: Page) -> Page:
    """Alice's dashboard under a clock that the test moves."""
    alice.clock.install()
    alice.reload(wait_until="networkidle")
    alice.clock.pause_at(alice.evaluate("Date.now()") + 1000)
    return alice


def next_answer(page: Page, *, within_ms: int = STEP_MS) -> Response:
    """Let time pass until the page has asked once more.

    Time stands still while the question is under way: the page's patience with the server runs
    on the same clock.
    """
    asked: list[str] = []
    note: Callable[..., None] = lambda request: asked.append(request.url)  # noqa: E731
    page.on("request", note)
    with page.expect_response(re.compile("/live")) as answered:
        for _ in range(0, within_ms, TICK_MS):
            page.clock.run_for(TICK_MS)
            if asked:
                break
    page.remove_listener("request", note)
    return answered.value


def asks_within(page: Page, span_ms: int) -> int:
    """How often the page asks while that much time passes."""
    asked: list[str] = []
    note: Callable[..., None] = lambda request: asked.append(request.url)  # noqa: E731
    page.on("request", note)
    page.clock.run_for(span_ms)
    page.remove_listener("request", note)
    return len([url for url in asked if "/live" in url])


def box_of(page: Page, selector: str) -> float:
    """How far below the upper edge of the window something stands."""
    box = page.locator(selector).bounding_box()
    assert box
    return box["y"]


def trouble(alices: Seeded, external_id: str) -> None:
    """Somebody's tickets pile up, as webhooks would tell it; scored at once."""
    now = utcnow() + timedelta(seconds=2)
    records: list[Record] = [
        ConversationRecord(
            external_id=f"pile-{number}",
            version=now,
            observed_at=now,
            status="open",
            opened_at=now - timedelta(days=12),
            waiting_since=now - timedelta(days=12),
            reopens=5,
            contacts=[external_id],
        )
        for number in range(12)
    ]
    org_id = alices.organization.pk
    write.apply(org_id=org_id, source_id=alices.connection.source_id, records=records, now=now)
    scoring.rescore_dirty(org_id=org_id, now=now)


def test_ten_minutes_of_an_idle_page_are_cheap(paced: Page) -> None:
    asked: list[str] = []
    paced.on("request", lambda request: asked.append(request.url))
    spent = received = 0.0
    count = 0
    began = paced.evaluate("Date.now()")
    while paced.evaluate("Date.now()") - began < TEN_MINUTES_SECS * 1000:
        answer = next_answer(paced)
        count += 1
        assert answer.status == 204
        sizes, timing = answer.request.sizes(), answer.request.timing
        received += sizes["responseHeadersSize"] + sizes["responseBodySize"]
        spent += timing["responseStart"] - timing["requestStart"]

    print(
        f"\nidle page, 10 minutes: {count} questions, {received / count:.0f} bytes an answer,"
        f" {spent / count:.1f} ms each"
    )
    assert all("/live" in url for url in asked)
    assert count <= TEN_MINUTES_SECS / 5
    assert received / count < 700


def test_a_hidden_page_asks_nothing_and_looks_at_once_when_it_is_seen_again(paced: Page) -> None:
    next_answer(paced)
    paced.evaluate(HIDE, True)

    assert asks_within(paced, 60_000) == 0

    with paced.expect_response(re.compile("/live")):
        paced.evaluate(HIDE, False)


def test_a_worse_score_appears_and_focus_and_scroll_stay(alice: Page, alices: Seeded) -> None:
    org_id = alices.organization.pk
    row = HealthScore.objects.for_org(org_id).filter(risk_level="green").earliest("customer_id")
    healthy = Customer.objects.for_org(org_id).get(pk=row.customer_id)
    alice.locator("#trend-average").focus()
    place = box_of(alice, "#trend-average")
    fine = alice.locator("#figure-green .figure-value")
    count = int(fine.inner_text())

    trouble(alices, healthy.external_id)

    expect(fine).to_have_text(str(count - 1))
    expect(alice.locator(f"#case-{healthy.pk}")).to_contain_text(re.compile("1[23] open"))
    expect(alice.locator("#trend-average")).to_be_focused()
    assert box_of(alice, "#trend-average") == pytest.approx(place, abs=2)


def test_a_run_appears_in_the_banner_without_moving_the_page(alice: Page, alices: Seeded) -> None:
    seeding.SyncRun.objects.for_org(alices.organization.pk).delete()
    alice.reload()
    top = alice.locator("h1, .lead").first.bounding_box()

    seeding.add_run(alices.connection, status="running", now=utcnow())

    expect(alice.locator("#sync-banner")).to_contain_text("12,400 of 50,000 contacts")
    assert alice.locator("h1, .lead").first.bounding_box() == top


def test_after_log_out_elsewhere_the_page_says_so_and_stops(paced: Page) -> None:
    other = paced.context.new_page()
    other.goto(paced.url)
    other.locator("summary", has_text="Ada Lovelace").click()
    other.get_by_role("button", name="Log out").click()

    assert next_answer(paced).status == 401

    toast = paced.locator(".toast")
    expect(toast).to_contain_text("You were logged out.")
    expect(toast.get_by_role("link", name="Log in again")).to_have_attribute(
        "href", re.compile("^/login\\?next=")
    )
    assert asks_within(paced, 60_000) == 0


def test_after_a_switch_of_organization_elsewhere_the_page_stops(
    paced: Page, alices: Seeded
) -> None:
    seeding.register("charlie@example.com", name="Elsewhere", now=utcnow())
    other = paced.context.new_page()
    other.goto(paced.url + "organizations/new")
    other.get_by_label("Name").fill("Second")
    other.get_by_role("button", name=re.compile("Create|Found")).click()

    assert next_answer(paced).status == 409

    expect(paced.locator(".toast")).to_contain_text("This browser now looks at Second.")


@pytest.mark.parametrize("forgiven", [("net::ERR_FAILED",)])
def test_a_server_that_is_away_is_asked_ever_less_and_the_page_recovers(paced: Page) -> None:
    away = re.compile("/live")
    paced.route(away, lambda route: route.abort())
    for _ in range(3):
        with paced.expect_event("requestfailed"):
            paced.clock.run_for(180_000)
    expect(paced.locator(".toast")).to_contain_text("does not answer at the moment")

    paced.unroute(away)
    assert next_answer(paced, within_ms=180_000).status == 204

    expect(paced.locator(".toast")).to_contain_text("answers again")


def test_a_name_that_changes_is_seen_on_the_list(
    alice: Page, alices: Seeded, live_server: LiveServer
) -> None:
    alice.goto(live_server.url + "/customers?sort=name")
    now = utcnow() + timedelta(seconds=2)
    first = alice.locator("[data-row-link]").first
    first.focus()

    write.apply(
        org_id=alices.organization.pk,
        source_id=alices.connection.source_id,
        records=[
            CustomerRecord(
                external_id="contact-3",
                version=now,
                observed_at=now,
                contact_role="user",
                email="aaron@example.com",
                name="Aaron Aardvark",
            )
        ],
        now=now,
    )

    expect(alice.get_by_text("Aaron Aardvark").first).to_be_visible()
