"""From a file of those who left to what a backtest says, and on to the scoring form."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from pulsescore.core.clock import utcnow
from pulsescore.scoring.backtest.run import execute
from pulsescore.scoring.outcomes.models import Backtest
from pulsescore.store.models import Customer
from tests.seeding import Seeded
from tests.seeding_backtest import add_backtest

pytestmark = pytest.mark.browser


def test_a_file_is_told_a_backtest_runs_and_its_suggestion_fills_the_form(
    alice: Page, alices: Seeded, live_server: LiveServer
) -> None:
    org_id = alices.organization.pk
    mail = Customer.objects.for_org(org_id).exclude(email=None).earliest("id").email
    alice.goto(live_server.url + "/settings/scoring")
    alice.get_by_role("link", name="Backtest").click()
    alice.get_by_role("link", name="Tell who left").click()
    content = f"Mail;Left on\n{mail};31.3.2026\nnobody@example.com;31.3.2026\n".encode()
    alice.get_by_label("CSV file").set_input_files(
        {"name": "left.csv", "mimeType": "text/csv", "buffer": content}
    )
    alice.get_by_role("button", name="Choose columns").click()
    expect(alice.get_by_role("cell", name="31 Mar 2026").first).to_be_visible()
    alice.get_by_role("button", name="Import 2 rows").click()
    expect(alice.get_by_text("1 outcome imported.")).to_be_visible()
    expect(alice.get_by_role("link", name="Refused rows")).to_be_visible()

    alice.get_by_role("link", name="To the backtest").click()
    alice.get_by_role("button", name="Run a backtest").click()
    expect(alice.get_by_text("The backtest waits for its turn")).to_be_visible()
    execute(Backtest.objects.for_org(org_id).get().pk, now=utcnow)
    expect(alice.get_by_text("Too few outcomes to say anything")).to_be_visible()

    add_backtest(alices, now=utcnow() + timedelta(seconds=1))
    alice.reload()
    expect(alice.get_by_text("In 78 of 100 pairs")).to_be_visible()
    alice.get_by_role("link", name="Fill in the scoring form").click()
    expect(alice.get_by_label("Weight of Reopen rate in per cent")).to_have_value("40")
