"""Pages of an Intercom connection: who may see and press what, and what they say."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.conf import LazySettings
from django.test import Client
from django.urls import reverse

from pulsescore.accounts.access import Actor
from pulsescore.accounts.actions import create_api_key
from pulsescore.accounts.models import AuditEntry, Role
from pulsescore.connectors.intercom.inbox.silence import webhook_silence
from pulsescore.connectors.intercom.models import (
    Connection,
    InboxNotification,
    LogEntry,
    SyncRun,
    TopicDelivery,
)
from pulsescore.connectors.intercom.secrets import seal_webhook_secret
from tests import seeding, seeding_intercom
from tests.seeding import Seeded

READ = ("intercom", "intercom_badge", "intercom_runs", "intercom_skipped", "intercom_webhooks")
READ += ("intercom_deliveries", "intercom_permissions", "intercom_log")
ADMIN_READ = ("intercom_replay", "intercom_log_csv")
ADMIN_POSTS = ("intercom_secret", "intercom_test", "intercom_replay", "intercom_permissions_check")
HOSTILE = (
    '<script>alert("x")</script>',
    '"><img src=x onerror=alert(1)>',
    "\u202egnp.exe",
    "L" * 300,
)


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined, no-any-return]


def at(name: str, alices: Seeded, *more: int) -> str:
    return reverse(name, args=[alices.connection.pk, *more])


def downloaded(response: Any) -> str:
    async def whole() -> bytes:
        return b"".join([part async for part in response.streaming_content])

    return async_to_sync(whole)().decode("utf-8-sig")


@pytest.fixture
def dead(alices: Seeded, now: datetime) -> InboxNotification:
    return seeding_intercom.add_delivery(
        alices.connection, name="dead", state="dead", now=now, error="the payload has no id"
    )


@pytest.mark.parametrize("name", READ)
def test_members_read_every_page(name: str, bob: Client, alices: Seeded) -> None:
    assert bob.get(at(name, alices)).status_code == 200


@pytest.mark.parametrize("name", READ)
def test_members_find_no_button_that_changes_anything(
    name: str, bob: Client, alices: Seeded, dead: InboxNotification
) -> None:
    html = text(bob.get(at(name, alices)))

    for button in ("Retry sync", "Disconnect", "Check again", "Save se", "Send test", "Replay"):
        assert button not in html


@pytest.mark.parametrize("name", [*READ, *ADMIN_READ, "intercom_skipped_csv"])
def test_another_organization_finds_nothing(name: str, charlie: Client, alices: Seeded) -> None:
    assert charlie.get(at(name, alices)).status_code == 404


@pytest.mark.parametrize("name", [*READ, *ADMIN_READ])
def test_a_stranger_is_sent_to_the_log_in(name: str, stranger: Client, alices: Seeded) -> None:
    response = stranger.get(at(name, alices))

    assert response.status_code == 302
    assert response["Location"].startswith("/login?next=")


@pytest.mark.parametrize("name", ADMIN_READ)
def test_some_pages_are_for_admins(name: str, bob: Client, alices: Seeded) -> None:
    assert bob.get(at(name, alices)).status_code == 403


@pytest.mark.parametrize("name", ADMIN_POSTS)
def test_only_admins_of_the_organization_press_buttons(
    name: str, bob: Client, charlie: Client, alices: Seeded
) -> None:
    assert bob.post(at(name, alices)).status_code == 403
    assert charlie.post(at(name, alices)).status_code == 404


@pytest.mark.parametrize("name", ["intercom_secret", "intercom_test", "intercom_permissions_check"])
def test_what_changes_things_cannot_be_fetched(name: str, alice: Client, alices: Seeded) -> None:
    assert alice.get(at(name, alices)).status_code == 405


def test_a_delivery_of_another_connection_is_not_found_here(
    alice: Client, alices: Seeded, now: datetime, dead: InboxNotification
) -> None:
    other = seeding.connect(alices.organization.pk, now=now, workspace="other123")

    assert alice.get(reverse("intercom_delivery", args=[other.pk, dead.pk])).status_code == 404
    assert alice.get(at("intercom_delivery", alices, 0)).status_code == 404


@pytest.mark.parametrize(
    ("code", "button"),
    [("token_refused", "Connect again"), ("permission_missing", "Check again")],
)
def test_what_needs_attention_says_why_and_carries_the_button_that_mends_it(
    code: str, button: str, alice: Client, bob: Client, alices: Seeded
) -> None:
    Connection.objects.for_org(alices.organization.pk).update(
        status="needs_attention",
        attention_code=code,
        last_error="Intercom says no.",
        attention_since=alices.connection.connected_at,
    )

    shown, seen_by_bob = (
        text(alice.get(at("intercom", alices))),
        text(bob.get(at("intercom", alices))),
    )

    assert "Intercom says no." in shown
    assert button in shown
    assert "Intercom says no." in seen_by_bob
    assert button not in seen_by_bob
    assert "Ada Lovelace can mend this" in seen_by_bob


def test_secrets_show_as_four_characters_and_their_grace_is_told(
    alice: Client, alices: Seeded, now: datetime
) -> None:
    for secret in ("the-first-secret-aaaa", "the-second-secret-zzzz"):
        alice.post(at("intercom_secret", alices), {"webhook_secret": secret})

    html = text(alice.get(at("intercom_webhooks", alices)))

    assert "…zzzz" in html
    assert "stays valid until" in html
    assert "the-first-secret" not in html
    assert "the-second-secret" not in html


def test_an_empty_secret_is_refused_beside_its_field(alice: Client, alices: Seeded) -> None:
    response = alice.post(at("intercom_secret", alices), {"webhook_secret": "  "})

    assert response.status_code == 422
    assert 'id="error_webhook_secret"' in text(response)


def test_topics_can_be_copied_by_group_and_lead_to_their_deliveries(
    alice: Client, alices: Seeded
) -> None:
    html = text(alice.get(at("intercom_webhooks", alices)))

    assert "conversation.user.replied\n" in html
    assert "?topic=conversation.user.replied" in html
    assert "none yet" in html


def test_webhooks_that_fell_silent_are_told(alice: Client, alices: Seeded, now: datetime) -> None:
    assert "fell silent" not in text(alice.get(at("intercom_webhooks", alices)))

    seeding_intercom.fall_silent(alices.connection, now=now, changes=14)

    html = text(alice.get(at("intercom_webhooks", alices)))
    assert "Webhooks fell silent" in html
    assert "14 changed conversations" in html
    assert "silent</a> since" in text(alice.get(at("intercom", alices)))


def test_silence_is_told_apart_from_a_few_missing_topics(alices: Seeded, now: datetime) -> None:
    connection = alices.connection

    def state() -> str:
        return webhook_silence(connection.org_id, connection.pk, now=now).state

    assert state() == "fine"
    run = seeding_intercom.fall_silent(connection, now=now, changes=3)
    assert state() == "silent"
    SyncRun.objects.for_org(connection.org_id).filter(pk=run.pk).update(
        created_at=now - timedelta(hours=1)
    )
    assert state() == "fine"
    SyncRun.objects.for_org(connection.org_id).filter(pk=run.pk).update(unannounced=6)
    assert state() == "partial"
    TopicDelivery.objects.for_org(connection.org_id).exclude(topic="ping").delete()
    assert state() == "never"


def test_deliveries_are_narrowed_by_state_topic_and_day(
    alice: Client, alices: Seeded, now: datetime, dead: InboxNotification
) -> None:
    seeding_intercom.add_delivery(
        alices.connection, name="old", now=now - timedelta(days=5), topic="company.updated"
    )
    day = (now - timedelta(days=5)).date()

    def found(query: str) -> list[str]:
        response = alice.get(f"{at('intercom_deliveries', alices)}?{query}")
        return [one.notification_id for one in response.context["deliveries"]]

    assert found("state=dead") == ["dead"]
    assert found("topic=company.updated") == ["old"]
    assert found(f"from={day}&to={day}") == ["old"]
    assert found("topic=nothing") == []
    assert "old" in found("state=nonsense&page=999")


def test_dead_letters_are_announced_with_their_error(
    alice: Client, alices: Seeded, dead: InboxNotification
) -> None:
    html = text(alice.get(at("intercom_deliveries", alices)))

    assert "1 dead letter" in html
    assert "the payload has no id" in html


def test_replaying_says_what_it_does_and_does_only_that(
    alice: Client, alices: Seeded, dead: InboxNotification
) -> None:
    page = text(alice.get(f"{at('intercom_replay', alices)}?state=dead"))
    assert "Replay 1 delivery" in page
    assert "not applied twice" in page

    response = alice.post(at("intercom_replay", alices), {"state": "dead"}, follow=True)

    assert "1 delivery worked on again" in text(response)
    dead.refresh_from_db(from_queryset=InboxNotification.objects.for_org(dead.org_id))
    assert (dead.state, dead.attempts, dead.error) == ("pending", 0, "")
    untouched = InboxNotification.objects.for_org(dead.org_id).exclude(pk=dead.pk)
    assert set(untouched.values_list("state", flat=True)) == {"done"}


def test_one_delivery_is_replayed(alice: Client, alices: Seeded, dead: InboxNotification) -> None:
    response = alice.post(at("intercom_delivery_replay", alices, dead.pk), follow=True)

    assert "worked on again" in text(response)
    dead.refresh_from_db(from_queryset=InboxNotification.objects.for_org(dead.org_id))
    assert dead.state == "pending"


def test_a_raw_body_is_shown_to_admins_and_each_look_is_audited(
    alice: Client, bob: Client, alices: Seeded, dead: InboxNotification
) -> None:
    assert "contact.user.updated" not in text(alice.get(at("intercom_delivery", alices, dead.pk)))
    assert bob.post(at("intercom_delivery_body", alices, dead.pk)).status_code == 403

    html = text(alice.post(at("intercom_delivery_body", alices, dead.pk)))

    assert "contact.user.updated" in html
    assert "Mia &lt;script&gt;" in html
    looks = AuditEntry.objects.for_org(alices.organization.pk).filter(action="webhook.body_viewed")
    assert [one.subject for one in looks] == [f"delivery:{dead.pk}"]


def test_a_disconnected_connection_replays_nothing(
    alice: Client, alices: Seeded, dead: InboxNotification
) -> None:
    Connection.objects.for_org(alices.organization.pk).update(status="disconnected")

    response = alice.post(at("intercom_replay", alices), {"state": "dead"}, follow=True)

    assert "connect the workspace again to replay" in text(response)


def test_a_test_event_says_which_step_failed(
    alice: Client, alices: Seeded, settings: LazySettings
) -> None:
    html = text(alice.post(at("intercom_test", alices)))
    assert "No secret is known to sign with." in html
    assert "Save the client secret" in html

    part = alice.post(at("intercom_test", alices), headers={"HX-Request": "true"})
    assert "<html" not in text(part)
    assert LogEntry.objects.for_org(alices.organization.pk).filter(kind="webhook").count() == 2


def test_a_run_tells_phases_reasons_and_failed_calls(
    alice: Client, alices: Seeded, now: datetime
) -> None:
    run = seeding_intercom.first_import(alices.connection, now=now)
    seeding_intercom.add_troubles(alices.connection, now=now + timedelta(minutes=9))

    html = text(alice.get(at("intercom_run", alices, run.pk)))

    for said in (
        "12,400 of 50,000",
        "waits its turn, about 81,000",
        "120 read",
        "after connecting",
    ):
        assert said in html
    for said in ("It has no e-mail address", "action_forbidden", "req_000sc1oa0bcdefg"):
        assert said in html


def test_a_run_is_asked_for_in_part_when_something_moved(
    alice: Client, alices: Seeded, now: datetime
) -> None:
    run = seeding_intercom.first_import(alices.connection, now=now)
    address = at("intercom_run", alices, run.pk)

    assert 'hx-trigger="pulse:runs from:body"' in text(alice.get(address))
    part = text(alice.get(address, headers={"HX-Request": "true"}))
    assert "<html" not in part
    assert "12,400 of 50,000" in part


def test_skipped_records_are_narrowed_and_downloaded(alice: Client, alices: Seeded) -> None:
    page = alice.get(f"{at('intercom_skipped', alices)}?reason=no_email")
    assert [one.external_id for one, _url in page.context["records"]] == ["contact-no-email"]
    assert "/a/apps/ab12cd34/users/contact-no-email" in text(page)

    response = alice.get(f"{at('intercom_skipped_csv', alices)}?reason=malformed")

    assert response["Content-Disposition"].startswith("attachment")
    lines = downloaded(response).splitlines()
    assert lines[0].startswith("kind,intercom_id,reason")
    assert [line.split(",")[1] for line in lines[1:]] == ["contact-odd"]
    assert lines[1].endswith("/users/contact-odd")
    exports = AuditEntry.objects.for_org(alices.organization.pk).filter(action="export.skipped")
    assert exports.count() == 1


def test_the_log_is_narrowed_by_kind_severity_words_and_day(
    alice: Client, alices: Seeded, now: datetime
) -> None:
    seeding_intercom.add_troubles(alices.connection, now=now)

    def found(query: str) -> int:
        return int(alice.get(f"{at('intercom_log', alices)}?{query}").context["paging"].total)

    assert found("") == 6
    assert found("kind=call") == 2
    assert found("severity=error") == 1
    assert found("severity=warning") == 2
    assert found("search=action_forbidden") == 1
    assert found("search=req_000sc1oa0bcdefg") == 1
    assert found("search=100%25") == 0
    assert (
        found(f"from={(now - timedelta(days=4)).date()}&to={(now - timedelta(days=2)).date()}") == 2
    )


def test_the_log_is_downloaded_with_intercoms_own_words(
    alice: Client, alices: Seeded, now: datetime
) -> None:
    seeding_intercom.add_troubles(alices.connection, now=now)

    lines = downloaded(alice.get(f"{at('intercom_log_csv', alices)}?kind=call")).splitlines()

    assert "request_id" in lines[0]
    assert any("req_000sc1oa0bcdefg" in line and "403" in line for line in lines[1:])


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_only_text(
    name: str, alice: Client, alices: Seeded, now: datetime
) -> None:
    Connection.objects.for_org(alices.organization.pk).update(workspace_name=name)
    seeding_intercom.add_delivery(alices.connection, name="odd", now=now, topic=name, error=name)
    TopicDelivery(
        org_id=alices.organization.pk,
        connection=alices.connection,
        topic=name,
        last_received_at=now,
    ).save(force_insert=True)

    for page in (*READ, "intercom_disconnect"):
        html = text(alice.get(at(page, alices)))
        assert "<script>alert" not in html
        assert "<img src=x" not in html


@pytest.mark.parametrize("name", ["intercom_deliveries", "intercom_runs", "intercom_log"])
def test_long_lists_cost_no_more_queries_than_short_ones(
    name: str, alice: Client, alices: Seeded, now: datetime, django_assert_max_num_queries: Any
) -> None:
    for number in range(60):
        seeding_intercom.add_delivery(alices.connection, name=f"n{number}", now=now)
        run = seeding.add_run(alices.connection, status="succeeded", now=now)
        assert run.pk
    seeding_intercom.add_troubles(alices.connection, now=now)

    with django_assert_max_num_queries(18):
        response = alice.get(at(name, alices))

    assert response.status_code == 200


def test_the_overview_refreshes_in_part_and_never_what_one_fills_in(
    alice: Client, alices: Seeded
) -> None:
    part = text(alice.get(at("intercom", alices), headers={"HX-Request": "true"}))

    assert "How it stands" in part
    assert 'type="text"' not in part
    assert "conversation_days" not in part


def test_what_two_way_may_write_is_said(alice: Client, alices: Seeded) -> None:
    assert "Nothing is ever created, changed, sent or deleted" in text(
        alice.get(at("intercom", alices))
    )
    Connection.objects.for_org(alices.organization.pk).update(mode="two_way")
    assert "may be written" in text(alice.get(at("intercom", alices)))


def test_several_workspaces_are_listed_each_with_its_own_pages(
    alice: Client, alices: Seeded, now: datetime
) -> None:
    other = seeding.connect(alices.organization.pk, now=now, workspace="other123")

    html = text(alice.get("/settings/integrations"))

    assert reverse("intercom", args=[alices.connection.pk]) in html
    assert reverse("intercom", args=[other.pk]) in html
    assert "Another Intercom workspace" in html


def api_key(alices: Seeded, now: datetime, *, role: Role = Role.ADMIN) -> dict[str, str]:
    actor = Actor(user=alices.user, org_id=alices.organization.pk, role=Role.OWNER, via="session")
    _key, secret = create_api_key(actor, name="k", role=role, expires_at=None, now=now)
    return {"Authorization": f"Bearer {secret}"}


def test_the_api_replays_by_filter_and_shows_bodies(
    alice: Client, alices: Seeded, dead: InboxNotification, now: datetime
) -> None:
    headers = api_key(alices, now)
    api = "/api/v1/webhooks/intercom/deliveries"

    body = alice.get(f"{api}/{dead.pk}/body", headers=headers)
    assert json.loads(body.json()["body"])["topic"] == "contact.user.updated"
    replayed = alice.post(
        f"{api}/replay",
        {"connection": alices.connection.pk, "status": "dead"},
        content_type="application/json",
        headers=headers,
    )
    assert (replayed.status_code, replayed.json()) == (202, {"replayed": 1})


@pytest.mark.parametrize(("role", "status"), [(Role.MEMBER, 403), (Role.ADMIN, 404)])
def test_the_api_replays_for_admins_and_within_their_organization(
    role: Role, status: int, alice: Client, alices: Seeded, now: datetime
) -> None:
    _user, elsewhere = seeding.register("else@example.com", name="Elsewhere", now=now)
    foreign = seeding.connect(elsewhere.pk, now=now, workspace="foreign1")

    answer = alice.post(
        "/api/v1/webhooks/intercom/deliveries/replay",
        {"connection": foreign.pk},
        content_type="application/json",
        headers=api_key(alices, now, role=role),
    )

    assert answer.status_code == status


def test_the_api_tells_how_webhooks_do(alice: Client, alices: Seeded, now: datetime) -> None:
    headers = api_key(alices, now)
    seeding_intercom.fall_silent(alices.connection, now=now)
    seal_webhook_secret(alices.connection, "", now=now)
    api = f"/api/v1/integrations/intercom/connections/{alices.connection.pk}"

    told = alice.get(f"{api}/webhooks", headers=headers).json()
    tested = alice.post(
        f"{api}/webhooks/test", {}, content_type="application/json", headers=headers
    ).json()
    log = alice.get(f"{api}/log?severity=error", headers=headers).json()

    assert (told["state"], told["unannounced"]) == ("silent", 14)
    assert (tested["passed"], tested["steps"][0]["title"]) == (False, "Secret")
    assert [line["kind"] for line in log["entries"]] == ["webhook"]
