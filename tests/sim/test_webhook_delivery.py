"""Delivering: envelope, signature, one retry, and what can go wrong on request."""

import hashlib
import hmac

import pytest

from intercom_sim.actions import contacts, conversations, inbox
from intercom_sim.server import Running
from intercom_sim.workspace import Workspace
from tests.sim.asking import Client, Inbox


def a_user(workspace: Workspace) -> str:
    people = workspace.contacts.values()
    return next(one.id for one in people if one.role == "user" and not one.archived)


def act(sim: Running, name: str) -> None:
    contacts.update_contact(sim.workspace, a_user(sim.workspace), fields={"name": name})


def test_a_notification_is_wrapped_and_signed_over_its_raw_bytes(
    hooked: Running, inbox: Inbox
) -> None:
    act(hooked, "New name")
    message = inbox.wait_for(1)[0]
    headers, raw = inbox.received[0]
    expected = hmac.new(b"demo-secret", raw, hashlib.sha1).hexdigest()
    assert headers["X-Hub-Signature"] == f"sha1={expected}"
    assert headers["User-Agent"] == "intercom-parrot-service-client/1.0"
    assert message["type"] == "notification_event"
    assert message["app_id"] == "sim00001"
    assert message["topic"] == "contact.user.updated"
    assert message["id"].startswith("notif_")
    assert message["data"]["item"]["name"] == "New name"
    assert message["created_at"] == hooked.workspace.now


def test_a_failure_is_retried_once_with_the_same_bytes(hooked: Running, inbox: Inbox) -> None:
    inbox.answers = [500]
    act(hooked, "Once more")
    first, second = inbox.wait_for(2)
    assert first == second


def test_after_the_second_failure_it_is_lost(hooked: Running, inbox: Inbox) -> None:
    inbox.answers = [500, 503]
    act(hooked, "Lost")
    inbox.wait_for(2)
    act(hooked, "Next")
    messages = inbox.wait_for(3)
    assert messages[2]["data"]["item"]["name"] == "Next"
    fates = [one.fate for one in hooked.simulator.webhooks.log]
    assert fates[0] in ("retrying", "failed")
    assert len(messages) == 3


def test_the_body_is_what_was_true_when_it_happened(hooked: Running, inbox: Inbox) -> None:
    for name in ("A", "B", "C"):
        act(hooked, name)
    names = {one["data"]["item"]["name"] for one in inbox.wait_for(3)}
    assert names == {"A", "B", "C"}


def test_a_ping_has_no_id(hooked: Running, inbox: Inbox) -> None:
    Client(hooked.url).post("/_sim/webhooks/ping")
    message = inbox.wait_for(1)[0]
    assert (message["topic"], message["id"]) == ("ping", None)


def test_saving_an_address_is_checked_with_head(hooked: Running, inbox: Inbox) -> None:
    answer = Client(hooked.url).post("/_sim/webhooks/validate")
    assert answer.json == {"status": 200, "error": None}
    assert inbox.methods == ["HEAD"]


def test_only_ticked_topics_are_told(hooked: Running, inbox: Inbox) -> None:
    hooked.simulator.webhooks.target.topics = frozenset({"contact.email.updated"})
    contacts.change_email(hooked.workspace, a_user(hooked.workspace), email="x@y.example")
    assert [one["topic"] for one in inbox.wait_for(1)] == ["contact.email.updated"]
    assert hooked.simulator.webhooks.log.total == 1


def test_notifications_can_come_twice(hooked: Running, inbox: Inbox) -> None:
    hooked.simulator.webhooks.faults.duplicate_rate = 1
    act(hooked, "Twice")
    first, second = inbox.wait_for(2)
    assert first["id"] == second["id"]


def test_notifications_can_get_lost(hooked: Running, inbox: Inbox) -> None:
    hooked.simulator.webhooks.faults.drop_rate = 1
    act(hooked, "Lost")
    hooked.simulator.webhooks.faults.drop_rate = 0
    act(hooked, "Told")
    assert [one["data"]["item"]["name"] for one in inbox.wait_for(1)] == ["Told"]
    assert next(one.fate for one in hooked.simulator.webhooks.log) == "dropped"


def test_notifications_can_overtake_each_other(hooked: Running) -> None:
    webhooks = hooked.simulator.webhooks
    webhooks.faults.reorder = True
    first = webhooks.send("x", {}, at=1)
    second = webhooks.send("y", {}, at=2)
    assert webhooks._ordered(second) == []
    assert webhooks._ordered(first) == [first, second]


def test_a_wrong_signature_can_be_asked_for(hooked: Running, inbox: Inbox) -> None:
    hooked.simulator.webhooks.faults.wrong_signature = True
    act(hooked, "Forged")
    inbox.wait_for(1)
    headers, raw = inbox.received[0]
    good = hmac.new(b"demo-secret", raw, hashlib.sha1).hexdigest()
    assert headers["X-Hub-Signature"] != f"sha1={good}"


@pytest.mark.parametrize("generation", ["current", "v2.14", "legacy", "guide"])
def test_every_generation_can_be_delivered(hooked: Running, inbox: Inbox, generation: str) -> None:
    hooked.simulator.webhooks.target.generation = generation
    conversations.start_conversation(hooked.workspace, a_user(hooked.workspace), body="Hi")
    assert inbox.wait_for(1)[0]["data"]["item"]["type"] == "conversation"


def test_an_unreachable_address_stops_nobody(workspace: Workspace, sim: Running) -> None:
    sim.simulator.webhooks.target.url = "http://127.0.0.1:9/nobody"
    closed = next(one for one in workspace.conversations.values() if one.state == "closed")
    inbox.reopen(workspace, closed.id)
    assert Client(sim.url).get("/me").status == 200
