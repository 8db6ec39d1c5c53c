"""Settings → Integrations: tiles, connecting and its failures, runs, webhooks, the banner."""

from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from pulsescore.connectors.intercom import oauth
from pulsescore.connectors.intercom.models import Connection, SyncRun
from tests import seeding
from tests.seeding import Seeded


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined, no-any-return]


def test_the_tile_tells_how_the_connection_stands(alice: Client) -> None:
    html = text(alice.get("/settings/integrations"))

    for said in ("Connected", "Acme Support", "ab12cd34", "Europe", "Read only", "Retry sync"):
        assert said in html


def test_members_see_the_status_but_no_buttons(bob: Client) -> None:
    html = text(bob.get("/settings/integrations"))

    assert "Acme Support" in html
    assert "Retry sync" not in html
    assert "Disconnect" not in html


def test_a_connection_that_needs_attention_says_why_and_what_to_do(
    alice: Client, alices: Seeded, now: datetime
) -> None:
    Connection.objects.for_org(alices.organization.pk).update(
        status="needs_attention",
        last_error="Intercom no longer accepts the access token.",
        attention_since=now,
    )

    html = text(alice.get("/settings/integrations"))

    assert "Needs attention" in html
    assert "no longer accepts the access token" in html
    assert "Connect again" in html


def test_disconnecting_says_what_happens_and_keeps_customers(alice: Client, alices: Seeded) -> None:
    path = reverse("intercom_disconnect", args=[alices.connection.pk])
    assert "Customers, scores and history stay" in text(alice.get(path))

    response = alice.post(path, follow=True)

    assert "is disconnected" in text(response)
    assert Connection.objects.for_org(alices.organization.pk).get().status == "disconnected"
    assert "12 customers" in text(alice.get("/customers"))


def test_retrying_queues_one_full_import(alice: Client, alices: Seeded) -> None:
    for _press in range(2):
        alice.post(reverse("intercom_sync", args=[alices.connection.pk]))

    queued = SyncRun.objects.for_org(alices.organization.pk).filter(status="queued")
    assert [run.kind for run in queued] == ["full"]


def test_settings_are_saved_and_faults_are_said_beside_their_field(
    alice: Client, alices: Seeded
) -> None:
    path = reverse("intercom_update", args=[alices.connection.pk])
    wish = {"mode": "two_way", "conversation_days": "90", "sync_minutes": "10"}

    refused = alice.post(path, {**wish, "conversation_days": "0"})
    assert refused.status_code == 422
    assert 'id="error_conversation_days"' in text(refused)

    alice.post(path, wish)
    saved = Connection.objects.for_org(alices.organization.pk).get()
    assert (saved.mode, saved.sync_interval_secs) == ("two_way", 600)


def test_the_webhook_page_names_endpoint_topics_and_last_deliveries(
    alice: Client, alices: Seeded
) -> None:
    html = text(alice.get(reverse("intercom_webhooks", args=[alices.connection.pk])))

    assert "/api/v1/webhooks/intercom" in html
    assert "conversation.admin.closed" in html
    assert "none yet" in html
    assert "ping" in html


def test_skipped_records_are_listed_with_their_reason(alice: Client, alices: Seeded) -> None:
    html = text(alice.get(reverse("intercom_skipped", args=[alices.connection.pk])))

    assert "contact-no-email" in html
    assert "It has no e-mail address" in html


def test_an_empty_token_is_refused_beside_its_field_and_never_sent_back(alice: Client) -> None:
    response = alice.post(
        "/settings/integrations/intercom/connect",
        {"access_token": "  ", "mode": "read_only", "conversation_days": "90"},
    )
    assert response.status_code == 422
    assert 'id="error_access_token"' in text(response)

    secret = "dG9rOnNlY3JldC1zZWNyZXQ="
    again = alice.post(
        "/settings/integrations/intercom/connect",
        {"access_token": secret, "mode": "nonsense", "conversation_days": "90"},
    )
    assert again.status_code == 422
    assert secret not in text(again)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("error=access_denied&state=x", "press Authorize"),
        ("error=invalid_client", "INTERCOM_CLIENT_ID"),
        ("error=redirect_uri_mismatch", "redirect URLs"),
        ("error=server_error", "Wait a minute and try again"),
        ("error=surprise", "an error that PulseScore does not know"),
        ("state=x", "lacks the code"),
        ("code=c&state=forged", "not started here"),
        ("code=c", "not started here"),
    ],
)
def test_a_failed_way_back_from_intercom_says_what_to_do(
    query: str, said: str, alice: Client, alices: Seeded
) -> None:
    response = alice.get(f"/integrations/intercom/callback?{query}")

    assert response.status_code == 400
    assert said in text(response)
    assert "Nothing was stored" in text(response)
    assert Connection.objects.for_org(alices.organization.pk).count() == 1


def attempt(alices: Seeded, nonce: str, at: datetime) -> str:
    started = oauth.default_attempt(org_id=alices.organization.pk, user_id=alices.user.pk)
    return oauth.new_state(started, session_nonce=nonce, now=at)


def remember(client: Client, nonce: str) -> None:
    session = client.session
    session["intercom_oauth_nonce"] = nonce
    session.save()


def test_an_attempt_older_than_ten_minutes_is_refused(
    alice: Client, alices: Seeded, now: datetime
) -> None:
    remember(alice, "n")
    state = attempt(alices, "n", now - timedelta(minutes=11))

    response = alice.get("/integrations/intercom/callback", {"code": "c", "state": state})

    assert "took too long" in text(response)


def test_an_attempt_works_once_and_only_in_its_own_session(
    alice: Client, bob: Client, alices: Seeded, now: datetime
) -> None:
    state = attempt(alices, "n", now)
    remember(bob, "n")

    elsewhere = bob.get("/integrations/intercom/callback", {"code": "c", "state": state})
    again = alice.get("/integrations/intercom/callback", {"code": "c", "state": state})

    assert "not started here" in text(elsewhere)
    assert "already used" in text(again)


def test_a_forged_answer_does_not_use_up_the_attempt_under_way(alice: Client) -> None:
    remember(alice, "n")

    alice.get("/integrations/intercom/callback", {"code": "c", "state": "forged"})

    assert alice.session["intercom_oauth_nonce"] == "n"


def test_without_an_app_the_way_out_explains_the_other_way(alice: Client) -> None:
    response = alice.get("/integrations/intercom/connect")

    assert response.status_code == 400
    assert "Paste an access token" in text(response)


def test_the_banner_counts_while_a_run_is_active(
    alice: Client, alices: Seeded, now: datetime
) -> None:
    seeding.add_run(alices.connection, status="running", now=now + timedelta(seconds=50))

    with time_machine.travel(now + timedelta(seconds=60), tick=False):
        html = text(alice.get("/customers"))

    assert "Syncing Intercom data…" in html
    assert "12,400 of 50,000 contacts" in html
    assert "left" in html


def test_the_banner_tells_the_outcome_until_it_is_dismissed(alice: Client, alices: Seeded) -> None:
    html = text(alice.get("/banner"))
    assert "Sync complete: 48,211 contacts imported" in html
    assert "312 skipped" in html

    run = SyncRun.objects.for_org(alices.organization.pk).get()
    alice.post(f"/banner/{run.pk}/dismiss")

    assert "Sync complete" not in text(alice.get("/banner"))


def test_a_failed_import_says_why(alice: Client, alices: Seeded, now: datetime) -> None:
    seeding.add_run(
        alices.connection,
        status="failed",
        now=now + timedelta(seconds=60),
        error="Intercom did not answer for an hour.",
    )

    with time_machine.travel(now + timedelta(seconds=60), tick=False):
        html = text(alice.get("/"))

    assert "Intercom did not answer for an hour." in html
    assert "See what to do" in html


def test_nobody_sees_another_organizations_banner(charlie: Client, alices: Seeded) -> None:
    assert "Sync complete" not in text(charlie.get("/banner"))


def test_the_callback_beneath_the_api_leads_to_the_page(client: Client) -> None:
    answer = client.get("/api/v1/integrations/intercom/callback?code=a%3Db&state=s")
    assert answer.status_code == 302
    assert answer["Location"] == "/integrations/intercom/callback?code=a%3Db&state=s"
