"""Inviting, joining, and what a restricted member sees; deleting an organization."""

import re

import pytest
from django.core import mail
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from pulsescore.accounts.models import Membership, Organization, Role
from pulsescore.core.clock import utcnow
from tests.seeding import PASSWORD, Seeded
from tests.seeding_team import join

pytestmark = pytest.mark.browser


def newest_link(path: str) -> str:
    """The last link of this kind that was mailed."""
    found = re.findall(rf"https?://[^/\s]+({path}\S+)", str(mail.outbox[-1].body))
    return str(found[0])


def test_somebody_is_invited_joins_and_is_restricted(
    alice: Page, alices: Seeded, chromium: Browser, live_server: LiveServer
) -> None:
    alice.goto(live_server.url + "/settings/team")
    alice.get_by_label("E-mail").fill("erin@example.com")
    alice.get_by_role("button", name="Send invitation").click()
    expect(alice.get_by_text("Invitation sent to erin@example.com")).to_be_visible()

    context = chromium.new_context()
    erin = context.new_page()
    erin.goto(live_server.url + newest_link("/invitations/"))
    erin.get_by_label("First name").fill("Erin")
    erin.get_by_label("Last name").fill("Fox")
    erin.get_by_label("Password", exact=True).fill(PASSWORD)
    erin.get_by_role("button", name="Show what is typed").click()
    expect(erin.get_by_label("Password", exact=True)).to_have_attribute("type", "text")
    erin.get_by_role("button", name="Create account and join").click()
    expect(erin.get_by_text("You joined Acme.")).to_be_visible()

    erin.goto(live_server.url + "/settings/team")
    expect(erin.get_by_text("Ada Lovelace").first).to_be_visible()
    assert erin.get_by_role("button", name="Send invitation").count() == 0
    assert erin.locator("main select").count() == 0
    assert erin.get_by_role("link", name="Audit log").count() == 0
    own = Membership.objects.for_org(alices.organization.pk).get(user=alices.user)
    token = erin.locator("[name=csrfmiddlewaretoken]").first.input_value()
    refused = erin.request.post(
        f"{live_server.url}/settings/team/{own.pk}/role",
        form={"role": "member", "csrfmiddlewaretoken": token},
    )
    assert refused.status == 403
    assert erin.goto(live_server.url + "/settings/audit-log").status == 403  # type: ignore[union-attr]
    context.close()


def test_a_role_is_changed_and_somebody_is_removed(
    alice: Page, alices: Seeded, live_server: LiveServer
) -> None:
    join(alices, "bob@example.com", role=Role.MEMBER, first_name="Bob", now=utcnow())
    alice.goto(live_server.url + "/settings/team")
    alice.get_by_label("Role of Bob Berg").select_option("admin")
    expect(alice.get_by_text("Bob Berg is now admin.")).to_be_visible()
    alice.get_by_role("link", name="Remove Bob Berg").click()
    alice.get_by_role("button", name="Remove").click()
    expect(alice.get_by_text("Access ended at once")).to_be_visible()
    assert alice.get_by_text("bob@example.com").count() == 0


def test_an_organization_is_deleted_by_its_name(
    alice: Page, alices: Seeded, live_server: LiveServer
) -> None:
    alice.goto(live_server.url + "/settings/organization")
    alice.get_by_role("link", name="Delete…").click()
    alice.get_by_label("Type Acme to confirm").fill("Acme")
    alice.get_by_label("Your password", exact=True).fill(PASSWORD)
    alice.get_by_role("button", name="Delete this organization").click()

    expect(alice.get_by_text("Acme is deleted.")).to_be_visible()
    expect(alice.get_by_role("heading", name="One more thing")).to_be_visible()
    assert Organization.objects.get(id=alices.organization.pk).deleted_at is not None


@pytest.mark.parametrize("scripted", [False])
def test_keys_and_audit_log_work_without_script(alice: Page, live_server: LiveServer) -> None:
    alice.goto(live_server.url + "/settings/api-keys")
    alice.get_by_label("Name").fill("Robot")
    alice.get_by_role("button", name="Create key").click()
    expect(alice.locator("code", has_text="ps_")).to_be_visible()
    alice.get_by_role("link", name="Revoke Robot").click()
    alice.get_by_role("button", name="Revoke key").click()
    expect(alice.get_by_text("No keys yet")).to_be_visible()

    alice.goto(live_server.url + "/settings/audit-log")
    alice.get_by_label("About").select_option("api_key")
    alice.get_by_role("button", name="Show").click()
    expect(alice.get_by_text("revoked the API key “Robot”")).to_be_visible()
    assert alice.get_by_text("founded the organization").count() == 0
