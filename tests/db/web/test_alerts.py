"""Alerts and notifications on pages: what fired, who does what, whom a rule tells."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from pulsescore.alerts.models import (
    Alert,
    AlertRule,
    Notification,
    NotificationPreference,
)
from pulsescore.delivery.models import Delivery, SlackHook, WebhookEndpoint
from tests import seeding_alerts
from tests.seeding import Seeded
from tests.seeding_alerts import Fired

FORM = {
    "name": "Too many open",
    "kind": "factor_reaches",
    "level": "red",
    "score": "50",
    "points": "15",
    "days": "7",
    "factor": "open_tickets",
    "value": "3",
    "audience": "admins",
    "cooldown_hours": "4",
    "in_app": "1",
    "enabled": "1",
}


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined, no-any-return]


@pytest.fixture
def fired(alices: Seeded, now: datetime) -> Fired:
    return seeding_alerts.add_alerts(alices, now=now)


def test_the_list_says_what_happened_new_ones_first(alice: Client, fired: Fired) -> None:
    html = text(alice.get("/alerts"))

    assert "became Critical: 62 → 31" in html
    assert html.index(f'/alerts/{fired.new.pk}"') < html.index(f'/alerts/{fired.taken.pk}"')
    assert f'/alerts/{fired.resolved.pk}"' not in html
    assert "1 alert nobody has looked at yet." in html


def test_the_list_is_narrowed_by_state_and_rule(alice: Client, fired: Fired) -> None:
    resolved = text(alice.get("/alerts?state=resolved"))
    none = text(alice.get("/alerts?state=snoozed"))
    other = text(alice.get(f"/alerts?rule={fired.quiet_rule.pk}&state=all"))

    assert f'/alerts/{fired.resolved.pk}"' in resolved
    assert "by itself" in resolved
    assert "No such alert" in none
    assert "No such alert" in other


def test_the_list_costs_the_same_however_long_it_is(
    alice: Client,
    fired: Fired,
    now: datetime,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_max_num_queries(12):
        alice.get("/alerts?state=all")


@pytest.mark.parametrize(
    ("path", "most"),
    [
        ("/alerts/rules", 12),
        ("/notifications", 11),
        ("/settings/webhooks", 11),
        ("/settings/notifications", 10),
    ],
)
def test_the_other_lists_ask_little(
    path: str,
    most: int,
    alice: Client,
    fired: Fired,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_max_num_queries(most):
        alice.get(path)


def test_before_anything_fired_the_list_says_so(alice: Client, alices: Seeded) -> None:
    assert "Nothing waits for you" in text(alice.get("/alerts"))
    assert "Nothing has fired yet" in text(alice.get("/alerts?state=all"))
    AlertRule.objects.for_org(alices.organization.pk).update(enabled=False)
    assert "No rule is switched on" in text(alice.get("/alerts"))


def test_a_member_takes_snoozes_and_resolves(bob: Client, fired: Fired, now: datetime) -> None:
    there = f"/alerts/{fired.new.pk}"

    taken = bob.post(f"{there}/acknowledge", {"next": "/alerts?state=open"})
    assert taken["Location"] == "/alerts?state=open"
    assert again(fired.new).state == "acknowledged"

    bob.post(f"{there}/snooze", {"hours": "24", "next": "/alerts"})
    until = again(fired.new).snoozed_until
    assert until is not None
    assert timedelta(hours=23) < until - now < timedelta(hours=25)

    bob.post(f"{there}/resolve", {"next": "/alerts"})
    assert again(fired.new).state == "resolved"


def test_a_snooze_without_end_is_refused_in_words(alice: Client, fired: Fired) -> None:
    there = f"/alerts/{fired.new.pk}/snooze"

    for hours in ("", "0", "-1", "99999999999999999999"):
        response = alice.post(there, {"hours": hours, "next": "/alerts"}, follow=True)
        assert "Choose an instant within the next 90 days." in text(response)
    assert again(fired.new).state == "open"


def test_an_alert_tells_who_was_told_and_how_it_went(alice: Client, fired: Fired) -> None:
    html = text(alice.get(f"/alerts/{fired.new.pk}"))

    assert "hooks.example.com" in html
    assert "HTTP 500" in html
    assert "Retry" in html


def test_a_failed_delivery_is_sent_again_by_admins(
    alice: Client, bob: Client, fired: Fired
) -> None:
    there = f"/settings/deliveries/{fired.failed.pk}/retry"

    assert "Retry" not in text(bob.get(f"/alerts/{fired.new.pk}"))
    assert bob.post(there).status_code == 403
    assert alice.post(there, {"next": f"/alerts/{fired.new.pk}"}).status_code == 302
    assert Delivery.objects.for_org(fired.new.org_id).get(pk=fired.failed.pk).state == "pending"


def test_the_customers_page_shows_what_is_unresolved(alice: Client, fired: Fired) -> None:
    html = text(alice.get(f"/customers/{fired.new.customer_id}"))

    assert "Became Critical: 62 → 31" in html
    part = text(alice.get(f"/alerts/of-customer/{fired.new.customer_id}"))
    assert f"/alerts/{fired.new.pk}/acknowledge" in part


def test_the_dashboard_shows_what_is_new(alice: Client, fired: Fired) -> None:
    html = text(alice.get("/"))

    assert "became Critical: 62 → 31" in html


def test_rules_are_told_in_words(alice: Client, bob: Client, fired: Fired) -> None:
    html = text(alice.get("/alerts/rules"))

    assert "When a customer becomes Critical; at most once a day about the same one." in html
    assert "New rule" in html
    assert "New rule" not in text(bob.get("/alerts/rules"))


def test_a_rule_is_made_with_the_settings_of_its_kind_only(alice: Client, alices: Seeded) -> None:
    response = alice.post("/alerts/rules/new", FORM, follow=True)

    rule = AlertRule.objects.for_org(alices.organization.pk).get(name="Too many open")
    assert (rule.kind, rule.params) == ("factor_reaches", {"factor": "open_tickets", "value": 3.0})
    assert rule.channels == {"in_app": True, "email": False, "webhook": False, "slack": []}
    assert "it fires when a customer" in text(response)


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "Enter a value."),
        ("value", "many", "Enter a number above 0"),
        ("value", "-1", "Enter a number above 0"),
        ("cooldown_hours", "often", "Choose from 0 to 720 hours."),
        ("kind", "full_moon", "Choose one of"),
    ],
)
def test_what_is_wrong_with_a_rule_is_said_beside_it(
    field: str, value: str, said: str, alice: Client, alices: Seeded
) -> None:
    response = alice.post("/alerts/rules/new", {**FORM, field: value})

    assert response.status_code == 422
    assert said in text(response)
    assert AlertRule.objects.for_org(alices.organization.pk).count() == 1


def test_a_rule_is_changed_switched_off_and_deleted(alice: Client, alices: Seeded) -> None:
    rule = AlertRule.objects.for_org(alices.organization.pk).get()
    there = f"/alerts/rules/{rule.pk}"
    form = text(alice.get(there))
    assert "Support escalation" in form
    assert 'name="kind" value="level_becomes" checked' in form

    alice.post(there, {**FORM, "name": "Renamed"})
    alice.post(f"{there}/switch", {"enabled": "0"})
    rule.refresh_from_db(from_queryset=AlertRule.objects.for_org(alices.organization.pk))
    assert (rule.name, rule.enabled) == ("Renamed", False)

    assert "Delete “Renamed”?" in text(alice.get(f"{there}/delete"))
    alice.post(f"{there}/delete")
    assert alice.get(there).status_code == 404


def test_a_test_goes_through_the_channels_of_a_rule(alice: Client, fired: Fired) -> None:
    response = alice.post(f"/alerts/rules/{fired.rule.pk}/test", follow=True)

    assert "A test is on its way to" in text(response)
    assert Delivery.objects.for_org(fired.rule.org_id).filter(event="test").exists()


def test_a_rule_is_muted_for_oneself(bob: Client, alices: Seeded) -> None:
    org_id = alices.organization.pk
    rule = AlertRule.objects.for_org(org_id).get()

    bob.post(f"/alerts/rules/{rule.pk}/mute", {"mute": "1"})

    assert "muted for you" in text(bob.get("/alerts/rules"))
    assert rule.name in text(bob.get("/settings/notifications"))
    bob.post(f"/alerts/rules/{rule.pk}/mute", {"mute": "0"})
    assert NotificationPreference.objects.for_org(org_id).get().muted_rules == []


def test_the_bell_counts_what_is_unread(alice: Client, bob: Client, fired: Fired) -> None:
    html = text(alice.get("/customers"))

    assert "Notifications, 1 unread" in html
    assert "became Critical" in text(alice.get("/notifications/panel"))
    assert "Notifications, 1 unread" not in text(bob.get("/customers"))


def test_an_open_page_is_told_of_a_notification(
    alice: Client, alices: Seeded, now: datetime
) -> None:
    html = text(alice.get("/customers"))
    seen = html.split('data-live="')[1].split('"')[0]
    seeding_alerts.add_alerts(alices, now=now)

    assert "notifications" in alice.get("/live", {"seen": seen}).json()["changed"]


def test_opening_a_notification_marks_it_read_and_leads_there(alice: Client, fired: Fired) -> None:
    response = alice.post(f"/notifications/{fired.note.pk}/open")

    assert response["Location"] == f"/customers/{fired.new.customer_id}"
    assert "Everything is read" in text(alice.get("/notifications?show=unread"))


def test_a_notification_leads_nowhere_outside(alice: Client, fired: Fired) -> None:
    rows = Notification.objects.for_org(fired.new.org_id)
    rows.filter(pk=fired.note.pk).update(link="//evil.example/")

    assert alice.post(f"/notifications/{fired.note.pk}/open")["Location"] == "/notifications"


def test_everything_is_marked_read_at_once(alice: Client, fired: Fired) -> None:
    alice.post("/notifications/read-all", {"next": "/notifications"})

    assert "Notifications, 1 unread" not in text(alice.get("/notifications"))


def test_what_one_wants_to_be_told_is_kept(alice: Client, alices: Seeded) -> None:
    wish = {"email": "digest", "digest_hour": "7", "quiet_from": "22:00", "quiet_to": "06:30"}

    alice.post("/settings/notifications", wish)

    kept = NotificationPreference.objects.for_org(alices.organization.pk).get()
    assert (kept.in_app, kept.email, kept.digest_hour) == (False, "digest", 7)
    html = text(alice.get("/settings/notifications"))
    assert 'name="email" value="digest" checked' in html
    assert 'value="22:00"' in html
    assert 'value="06:30"' in html


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"quiet_from": "late"}, "Enter a time, like 22:00."),
        ({"quiet_from": "22:00"}, "Quiet hours need a beginning and an end."),
        ({"digest_hour": "25"}, "Choose an hour from 0 to 23."),
        ({"email": "pigeon"}, "Choose one of"),
    ],
)
def test_wishes_that_cannot_be_are_refused(
    change: dict[str, str], said: str, alice: Client, alices: Seeded
) -> None:
    wish = {"email": "each", "digest_hour": "8", "quiet_from": "", "quiet_to": "", **change}

    response = alice.post("/settings/notifications", wish)

    assert response.status_code == 422
    assert said in text(response)
    assert not NotificationPreference.objects.for_org(alices.organization.pk).exists()


def test_an_endpoints_secret_is_shown_once(alice: Client, alices: Seeded) -> None:
    made = alice.post(
        "/settings/webhooks/new",
        {"url": "https://example.com/in", "events": ["alert.fired"], "enabled": "1"},
    )

    endpoint = WebhookEndpoint.objects.for_org(alices.organization.pk).get()
    assert "whsec_" in text(made)
    assert "whsec_" not in text(alice.get(f"/settings/webhooks/{endpoint.pk}"))
    assert "whsec_" in text(alice.post(f"/settings/webhooks/{endpoint.pk}/secret"))


def test_a_wrong_endpoint_is_refused_beside_its_fields(alice: Client) -> None:
    response = alice.post("/settings/webhooks/new", {"url": "ftp://example.com"})

    assert response.status_code == 422
    assert "Enter a web address that begins with https://." in text(response)
    assert "Choose one of alert.fired" in text(response)


def test_an_endpoint_that_was_given_up_says_why(alice: Client, fired: Fired) -> None:
    there = f"/settings/webhooks/{fired.endpoint.pk}"

    assert "Nothing arrived for three days." in text(alice.get(there))
    assert "Nothing arrived for three days." in text(alice.get("/settings/webhooks"))
    assert alice.post(f"{there}/test").status_code == 409
    alice.post(f"{there}/delete")
    assert alice.get(there).status_code == 404


def test_a_slack_channel_keeps_its_address_to_itself(alice: Client, alices: Seeded) -> None:
    alice.post(
        "/settings/slack/new",
        {
            "name": "#support",
            "url": "https://hooks.example.com/services/T0/B0/secret",
            "enabled": "1",
        },
    )
    hook = SlackHook.objects.for_org(alices.organization.pk).get()

    assert "B0/secret" not in text(alice.get(f"/settings/slack/{hook.pk}"))
    assert "#support" in text(alice.get("/alerts/rules/new"))
    alice.post(f"/settings/slack/{hook.pk}/test")
    assert "#support" in text(alice.get("/settings/webhooks"))
    alice.post(f"/settings/slack/{hook.pk}/delete")
    assert "No channel yet" in text(alice.get("/settings/webhooks"))


def test_who_may_not_or_asks_for_what_is_not_there_is_told(
    alice: Client, bob: Client, charlie: Client, stranger: Client, fired: Fired
) -> None:
    pages = {
        f"/alerts/{fired.new.pk}": (200, 200, 404),
        f"/alerts/rules/{fired.rule.pk}": (200, 403, 404),
        f"/alerts/rules/{fired.rule.pk}/delete": (200, 403, 404),
        "/alerts/rules/new": (200, 403, 200),
        "/settings/webhooks": (200, 403, 200),
        f"/settings/webhooks/{fired.endpoint.pk}": (200, 403, 404),
        "/settings/slack/999": (404, 403, 404),
        "/alerts/0": (404, 404, 404),
    }
    for path, (owner, member, other) in pages.items():
        assert alice.get(path).status_code == owner, path
        assert bob.get(path).status_code == member, path
        assert charlie.get(path).status_code == other, path
        assert stranger.get(path).status_code == 302, path
    assert alice.get(f"/alerts/{fired.new.pk}/resolve").status_code == 405
    assert charlie.post(f"/alerts/{fired.new.pk}/resolve").status_code == 404
    assert bob.post(f"/notifications/{fired.note.pk}/open").status_code == 404


def again(alert: Alert) -> Alert:
    return Alert.objects.for_org(alert.org_id).get(pk=alert.pk)


def test_a_rule_about_leaving_can_say_which_segment(alice: Client) -> None:
    html = text(alice.get("/alerts/rules/new"))

    # What belongs to a kind shows while one of its choices is chosen: both share the field.
    parts = [one for one in html.split('<div class="kind-choice">') if 'name="segment"' in one]
    assert len(parts) == 1
    assert 'value="enters_segment"' in parts[0]
    assert 'value="leaves_segment"' in parts[0]
