"""What fires reaches mailboxes, Slack and endpoints; each is tried against a real server."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from aiohttp import web
from procrastinate.contrib.django.models import ProcrastinateJob
from standardwebhooks import Webhook, WebhookVerificationError

from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import Membership, Organization, User
from pulsescore.alerts import actions as alerts
from pulsescore.alerts.actions.preferences import Wishes
from pulsescore.alerts.evaluating import evaluate
from pulsescore.alerts.models import Notification
from pulsescore.alerts.queries import list_rules
from pulsescore.core.errors import Conflict, Invalid
from pulsescore.delivery import actions, queries
from pulsescore.delivery.destinations import GIVEN_UP_AFTER
from pulsescore.delivery.events import SUBSCRIBABLE
from pulsescore.delivery.models import Delivery, SlackHook, WebhookEndpoint
from pulsescore.pipeline import alerting
from pulsescore.pipeline.delivering import deliver_due
from pulsescore.store.models import Customer
from tests.db.alerts.world import NOW, add_customers, add_rule, alerts_of, found, join, move
from tests.db.delivery.servers import Mailbox, Receiver, mailing, receiving

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
EVERYTHING = sorted(SUBSCRIBABLE)


@pytest.fixture
def alice(settings: Any) -> Actor:
    settings.CONFIG = replace(settings.CONFIG, allow_private_targets=True)
    return found()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as one:
        yield one


@pytest.fixture
def mailbox(settings: Any) -> Iterator[Mailbox]:
    with mailing(settings) as one:
        yield one


def endpoint(actor: Actor, receiver: Receiver, events: list[str]) -> tuple[WebhookEndpoint, str]:
    return actions.save_endpoint(actor, url=receiver.url, events=events, now=NOW)


def slack(actor: Actor, receiver: Receiver, **fields: Any) -> SlackHook:
    return actions.save_slack_hook(actor, name="#support", url=receiver.url, now=NOW, **fields)


def become_critical(actor: Actor, count: int = 1, *, at: datetime = NOW) -> list[int]:
    ids = add_customers(actor.org_id, *[62] * count)
    move(actor.org_id, dict.fromkeys(ids, 31))
    alerting.evaluate_pending(actor.org_id, now=at)
    return ids


def send(at: datetime = NOW) -> int:
    return deliver_due(now=lambda: at)


def deliveries(actor: Actor) -> list[Delivery]:
    return list(queries.list_deliveries(actor.org_id).order_by("id"))


def test_a_letter_says_who_became_what_and_where_to_look(alice: Actor, mailbox: Mailbox) -> None:
    (mia,) = become_critical(alice)
    assert send() == 1

    ((to, letter),) = mailbox.letters
    text, html = letter.get_body(("plain",)), letter.get_body(("html",))
    assert text is not None
    assert html is not None
    assert (to, letter["Subject"]) == (
        "alice@example.com",
        "Customer 0 became Critical: 62 → 31",
    )
    assert f"/customers/{mia}" in text.get_content()
    assert f"/customers/{mia}" in html.get_content()
    assert "Support escalation" in text.get_content()
    (delivery,) = deliveries(alice)
    assert (delivery.state, delivery.attempts, delivery.sent_at) == ("sent", 1, NOW)
    assert send() == 0
    assert list(alerting.deliveries_of(alice.org_id, alerts_of(alice.org_id)[0].pk)) == [delivery]


def test_people_are_told_as_they_wish(alice: Actor, mailbox: Mailbox) -> None:
    """Bob wants no mail, Dora nothing in the app; Emil muted the rule, Finn proved no address."""
    people = {name: join(alice.org_id, name) for name in ("bob", "dora", "emil", "finn")}
    actors = {name: replace(alice, user=user) for name, user in people.items()}
    alerts.save_preferences(actors["bob"], wishes=Wishes(email="off"), now=NOW)
    alerts.save_preferences(actors["dora"], wishes=Wishes(in_app=False), now=NOW)
    rule = list_rules(alice.org_id).get()
    alerts.mute_rule(actors["emil"], rule_id=rule.pk, now=NOW)
    User.objects.filter(pk=people["finn"].pk).update(email_verified_at=None)
    become_critical(alice)
    send()

    assert sorted(to for to, _ in mailbox.letters) == ["alice@example.com", "dora@example.com"]
    notified = Notification.objects.for_org(alice.org_id).values_list("user__email", flat=True)
    assert sorted(notified) == ["alice@example.com", "bob@example.com", "finn@example.com"]


def test_quiet_hours_hold_mail_back_until_they_end(alice: Actor, mailbox: Mailbox) -> None:
    wishes = Wishes(quiet_from=time(11), quiet_to=time(14))
    alerts.save_preferences(alice, wishes=wishes, now=NOW)
    become_critical(alice)

    assert send() == 0
    assert send(NOW + timedelta(hours=2)) == 1
    assert len(mailbox.letters) == 1


def test_a_digest_tells_a_day_at_once(alice: Actor, mailbox: Mailbox) -> None:
    alerts.save_preferences(alice, wishes=Wishes(email="digest", digest_hour=8), now=NOW)
    become_critical(alice, 3)
    assert send() == 0
    morning = NOW.replace(hour=8) + DAY
    assert alerting.send_digests(now=morning - timedelta(minutes=1)) == 0
    assert alerting.send_digests(now=morning) == 1
    assert alerting.send_digests(now=morning) == 0
    send(morning)

    ((_, letter),) = mailbox.letters
    text = letter.get_body(("plain",))
    assert letter["Subject"] == "3 alerts since the last digest"
    assert text is not None
    assert text.get_content().count("became Critical") == 3
    assert alerting.send_digests(now=morning + DAY) == 0, "nothing happened since"


def test_many_at_once_are_told_together(alice: Actor, mailbox: Mailbox, receiver: Receiver) -> None:
    endpoint(alice, receiver, ["alert.fired"])
    become_critical(alice, 30)
    send()

    ((_, letter),) = mailbox.letters
    text = letter.get_body(("plain",))
    assert letter["Subject"] == "30 customers became Critical"
    assert text is not None
    assert "… and 10 more" in text.get_content()
    assert Notification.objects.for_org(alice.org_id).get().title == "30 customers became Critical"
    assert len(receiver.requests) == 30, "programs are told of each"


def test_a_refused_address_is_given_up_and_a_busy_mail_server_is_not(
    alice: Actor, mailbox: Mailbox
) -> None:
    mailbox.refusal = "450 busy"
    become_critical(alice)
    send()
    (delivery,) = deliveries(alice)
    assert (delivery.state, delivery.attempts) == ("pending", 1)
    assert delivery.next_at > NOW
    mailbox.refusal = "550 no such user"
    send(NOW + timedelta(minutes=1))
    (delivery,) = deliveries(alice)
    assert delivery.state == "failed"
    assert "alice" not in delivery.last_error


def test_an_event_is_signed_so_that_the_official_library_takes_it(
    alice: Actor, receiver: Receiver
) -> None:
    _, secret = endpoint(alice, receiver, EVERYTHING)
    (mia,) = become_critical(alice)
    send()

    told = {}
    for headers, body in receiver.requests:
        with time_machine.travel(NOW, tick=False):
            event = Webhook(secret).verify(body, headers)
            with pytest.raises(WebhookVerificationError):
                Webhook(secret).verify(body + b" ", headers)
        told[event["type"]] = event
    assert set(told) == {"alert.fired", "customer.score_changed", "customer.level_changed"}
    assert told["alert.fired"]["data"]["customer"]["id"] == mia
    assert told["alert.fired"]["timestamp"] == "2026-06-10T12:00:00Z"
    assert told["customer.score_changed"]["data"]["score_before"] == 62
    assert told["customer.score_changed"]["data"]["score"] == 31

    move(alice.org_id, {mia: 80})
    alerting.evaluate_pending(alice.org_id, now=NOW)
    send()
    assert json.loads(receiver.requests[-3][1])["type"].startswith("customer.")
    assert "alert.resolved" in {json.loads(body)["type"] for _, body in receiver.requests}


def test_while_a_secret_is_replaced_both_sign(alice: Actor, receiver: Receiver) -> None:
    made, old = endpoint(alice, receiver, EVERYTHING)
    _, new = actions.rotate_secret(alice, endpoint_id=made.pk, now=NOW)
    for at, valid in ((NOW, {old, new}), (NOW + DAY, {new})):
        alerting.test_endpoint(alice, endpoint_id=made.pk, now=at)
        send(at)
        headers, body = receiver.requests[-1]
        with time_machine.travel(at, tick=False):
            for secret in (old, new):
                if secret in valid:
                    assert Webhook(secret).verify(body, headers)["type"] == "test"
                else:
                    with pytest.raises(WebhookVerificationError):
                        Webhook(secret).verify(body, headers)


def test_an_endpoint_that_fails_is_tried_again_with_the_same_id_over_a_day(
    alice: Actor, receiver: Receiver
) -> None:
    made, _ = endpoint(alice, receiver, ["alert.fired"])
    receiver.answers = [500]
    become_critical(alice)
    at, tries = NOW, 0
    while True:
        delivery = queries.list_deliveries(alice.org_id, endpoint=made.pk).get()
        if delivery.state != "pending":
            break
        at = max(at, delivery.next_at)
        tries += send(at)
    assert delivery.state == "failed"
    assert delivery.last_error == "HTTP 500"
    assert 20 < (at - NOW).total_seconds() / 3600 < 32
    ids = {headers["webhook-id"] for headers, _ in receiver.requests}
    assert (len(ids), len(receiver.requests)) == (1, 9)

    receiver.answers = [200]
    alerting.retry_delivery(alice, delivery_id=delivery.pk, now=at)
    send(at)
    assert queries.get_delivery(alice.org_id, delivery.pk).state == "sent"
    assert receiver.requests[-1][0]["webhook-id"] in ids


def test_an_endpoint_says_itself_when_to_come_again(alice: Actor, receiver: Receiver) -> None:
    endpoint(alice, receiver, ["alert.fired"])
    receiver.answers = [web.Response(status=429, headers={"Retry-After": "3600"})]
    become_critical(alice)
    send()

    delivery = queries.list_deliveries(alice.org_id, channel="webhook").get()
    assert delivery.next_at == NOW + timedelta(hours=1)


def test_while_an_endpoint_fails_nothing_else_is_tried_there(
    alice: Actor, receiver: Receiver
) -> None:
    endpoint(alice, receiver, ["alert.fired"])
    receiver.answers = [500]
    become_critical(alice, 50)
    send()

    assert len(receiver.requests) <= 20, "what was under way, and no more"


@pytest.mark.parametrize(
    ("answers", "after"), [([410], timedelta()), ([500], GIVEN_UP_AFTER)], ids=["gone", "long"]
)
def test_an_endpoint_that_is_gone_is_switched_off_and_what_waits_goes_later(
    alice: Actor, receiver: Receiver, answers: list[Any], after: timedelta
) -> None:
    made, _ = endpoint(alice, receiver, ["alert.fired"])
    WebhookEndpoint.objects.for_org(alice.org_id).update(failing_since=NOW - after)
    receiver.answers = answers
    become_critical(alice)
    send()

    row = queries.get_endpoint(alice.org_id, made.pk)
    assert not row.enabled
    assert row.disabled_reason
    assert deliveries(alice)[-1].state == "paused"
    told = Notification.objects.for_org(alice.org_id).get(kind="destination_off")
    assert told.title == "The webhook endpoint at 127.0.0.1 was switched off"
    with pytest.raises(Conflict):
        alerting.retry_delivery(alice, delivery_id=deliveries(alice)[-1].pk, now=NOW)

    receiver.answers = [200]
    actions.save_endpoint(
        alice, endpoint_id=made.pk, url=made.url, events=made.events, enabled=True, now=NOW
    )
    send()
    assert deliveries(alice)[-1].state == "sent"


def test_slack_is_told_in_blocks_in_which_names_are_only_text(
    alice: Actor, receiver: Receiver
) -> None:
    hook = slack(alice, receiver)
    add_rule(alice, "score_below", {"score": 50}, name="Below 50", channels={"slack": [hook.pk]})
    (mia,) = add_customers(alice.org_id, 62)
    Customer.objects.for_org(alice.org_id).update(name="<!channel> *Mia* https://evil.example")
    move(alice.org_id, {mia: 45})
    alerting.evaluate_pending(alice.org_id, now=NOW)
    send()

    ((headers, body),) = receiver.requests
    told = json.loads(body)
    line = told["blocks"][1]["text"]["text"]
    assert headers["Content-Type"] == "application/json"
    assert f"/customers/{mia}|" in line
    assert "fell below 50: 62 → 45" in line
    assert "<!channel>" not in line + told["text"]
    assert "https://evil.example" not in line


def test_slack_says_that_a_channel_is_gone(alice: Actor, receiver: Receiver) -> None:
    hook = slack(alice, receiver)
    receiver.answers = [web.Response(status=404, text="channel_is_archived")]
    alerting.test_slack_hook(alice, hook_id=hook.pk, now=NOW)
    send()

    row = queries.get_slack_hook(alice.org_id, hook.pk)
    assert not row.enabled
    assert "channel_is_archived" in row.disabled_reason


def test_slack_has_quiet_hours_in_the_organizations_time_zone(
    alice: Actor, receiver: Receiver
) -> None:
    """It is 14 in Madrid when it is 12 in UTC."""
    Organization.objects.filter(pk=alice.org_id).update(time_zone="Europe/Madrid")
    hook = slack(alice, receiver, quiet_from=time(13, 30), quiet_to=time(15))
    add_rule(alice, "score_below", {"score": 40}, channels={"slack": [hook.pk]})
    become_critical(alice)

    send()
    assert receiver.requests == []
    send(NOW + timedelta(hours=1))
    assert len(receiver.requests) == 1


def test_secrets_are_sealed(alice: Actor, receiver: Receiver) -> None:
    made, secret = endpoint(alice, receiver, EVERYTHING)
    hook = slack(alice, receiver)

    assert secret.startswith("whsec_")
    assert secret.encode() not in bytes(made.sealed_secret or b"")
    assert made.secret_last4 == secret[-4:]
    assert b"127.0.0.1" not in bytes(hook.sealed_url or b"")


def test_private_addresses_are_refused_when_a_connection_is_made(
    alice: Actor, receiver: Receiver, settings: Any
) -> None:
    made, _ = endpoint(alice, receiver, ["alert.fired"])
    hook = slack(alice, receiver)
    settings.CONFIG = replace(settings.CONFIG, allow_private_targets=False)
    alerting.test_endpoint(alice, endpoint_id=made.pk, now=NOW)
    alerting.test_slack_hook(alice, hook_id=hook.pk, now=NOW)
    send()

    assert receiver.requests == []
    assert {(one.state, one.last_error) for one in deliveries(alice)} == {
        ("failed", "The address leads into a private network.")
    }
    with pytest.raises(Invalid):
        actions.save_endpoint(alice, url="http://example.com/", events=EVERYTHING, now=NOW)


def test_redirects_are_not_followed(alice: Actor, receiver: Receiver) -> None:
    made, _ = endpoint(alice, receiver, ["alert.fired"])
    receiver.answers = [web.Response(status=302, headers={"Location": receiver.url})]
    alerting.test_endpoint(alice, endpoint_id=made.pk, now=NOW)
    send()

    assert len(receiver.requests) == 1
    assert deliveries(alice)[0].last_error == "HTTP 302"


def test_whoever_was_erased_is_not_told_of(
    alice: Actor, mailbox: Mailbox, receiver: Receiver
) -> None:
    endpoint(alice, receiver, EVERYTHING)
    become_critical(alice)
    Customer.objects.for_org(alice.org_id).all().delete()
    send()

    assert (mailbox.letters, receiver.requests, deliveries(alice)) == ([], [], [])


def test_who_left_meanwhile_is_not_written_to(alice: Actor, mailbox: Mailbox) -> None:
    bob = join(alice.org_id, "bob")
    become_critical(alice)
    Membership.objects.for_org(alice.org_id).filter(user=bob).delete()
    send()

    assert [to for to, _ in mailbox.letters] == ["alice@example.com"]
    assert sorted(one.state for one in deliveries(alice)) == ["failed", "sent"]


def test_a_closed_organization_sends_nothing(alice: Actor, mailbox: Mailbox) -> None:
    become_critical(alice)
    Organization.objects.filter(pk=alice.org_id).update(deleted_at=NOW)

    assert send() == 0
    assert mailbox.letters == []


def test_without_a_mail_server_customers_are_not_named_in_the_log(
    alice: Actor, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    become_critical(alice)
    send()

    (delivery,) = deliveries(alice)
    assert (delivery.state, "PULSESCORE_SMTP_URL" in delivery.last_error) == ("failed", True)
    printed = capsys.readouterr()
    assert "Customer 0" not in printed.out + printed.err


def test_a_muted_rule_records_and_tells_nobody(alice: Actor, mailbox: Mailbox) -> None:
    rule = list_rules(alice.org_id).get()
    alerts.mute_rule_for_all(alice, rule_id=rule.pk, until=NOW + DAY, now=NOW)
    become_critical(alice)
    send()

    assert len(alerts_of(alice.org_id)) == 1
    assert mailbox.letters == []
    assert not Notification.objects.for_org(alice.org_id).exists()


def test_a_test_goes_through_each_channel_and_to_who_asked_only(
    alice: Actor, mailbox: Mailbox, receiver: Receiver
) -> None:
    join(alice.org_id, "bob")
    hook = slack(alice, receiver)
    endpoint(alice, receiver, ["alert.fired"])
    rule = add_rule(
        alice,
        "score_below",
        {"score": 40},
        name="Below 40",
        channels={"email": True, "webhook": True, "slack": [hook.pk]},
    )
    made = alerting.test_rule(alice, rule_id=rule.pk, now=NOW)
    assert {one.channel for one in made} == {"email", "slack", "webhook"}
    send()

    ((to, letter),) = mailbox.letters
    assert (to, letter["Subject"]) == ("alice@example.com", "Test: Below 40")
    assert len(receiver.requests) == 2
    silent = add_rule(alice, "score_below", {"score": 30}, channels={"in_app": True})
    with pytest.raises(Conflict):
        alerting.test_rule(alice, rule_id=silent.pk, now=NOW)


def test_the_minute_wakes_whatever_waits(
    alice: Actor, mailbox: Mailbox, django_capture_on_commit_callbacks: Any
) -> None:
    """A crash may have lost any wake-up: marks, what nobody was told of, and what is due remain."""

    def woken() -> set[str]:
        ProcrastinateJob.objects.all().delete()
        with django_capture_on_commit_callbacks(execute=True):
            alerting.look_around(now=NOW)
        return set(ProcrastinateJob.objects.values_list("task_name", flat=True))

    assert woken() == set()
    ids = add_customers(alice.org_id, 62)
    move(alice.org_id, dict.fromkeys(ids, 31))
    assert woken() == {"evaluate_alerts"}
    evaluate(alice.org_id, now=NOW, settling={})
    assert woken() == {"evaluate_alerts"}
    alerting.evaluate_pending(alice.org_id, now=NOW)
    assert woken() == {"deliver"}
    send()
    assert woken() == set()
    assert len(mailbox.letters) == 1
