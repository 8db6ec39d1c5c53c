"""A world in which every kind of thing that the API names by an id is there."""

from dataclasses import replace
from typing import Any

from pulsescore.alerts.models import Alert
from pulsescore.alerts.notes import note
from pulsescore.core.clock import utcnow
from tests.db.api.world import Api, World, make_world

CONFIG = {
    "weights": {
        "support_recency": 0.2,
        "open_tickets": 0.25,
        "resolution_time": 0.2,
        "reopen_rate": 0.2,
        "response_rate": 0.15,
    },
    "halves": {
        "support_recency": 10,
        "open_tickets": 2,
        "resolution_time": 24,
        "reopen_rate": 1,
        "response_rate": 72,
    },
    "thresholds": {"yellow": 40, "green": 70},
}

EVERYBODY: dict[str, Any] = {"all": []}


def make_full_world() -> World:
    """The world of the API, where Alice has made one of each thing that has an id."""
    world = make_world()
    alice = world.api("alice")
    members = alice.get("/members").body["members"]
    invited = alice.post("/invitations", {"email": "x@example.com"})
    key = alice.post("/api-keys", {"name": "k"})
    note = alice.post(f"/customers/{world.ids['dora']}/notes", {"body": "Hello"})
    ids = {
        **world.ids,
        "member": next(one["id"] for one in members if one["email"] == "bob@example.com"),
        "invitation": invited.body["id"],
        "key": key.body["id"],
        "write_key": alice.post("/write-keys", {"name": "Website"}).body["id"],
        "note": note.body["id"],
        "view": alice.post("/customer-views", {"name": "Red", "query": "risk=red"}).body["id"],
        "version": alice.call("PUT", "/scoring/config", CONFIG).body["version"],
        "outcome": told_outcome(alice, world.ids["dora"]),
        "backtest": alice.post("/backtests").body["id"],
        "segment": made_segment(alice, "customer"),
        "company_segment": made_segment(alice, "company"),
        **alerted(world, alice),
    }
    return replace(world, ids=ids)


def alerted(world: World, alice: Api) -> dict[str, int]:
    """A rule that fired about Dora, told to Alice; an endpoint and a Slack channel."""
    (rule,) = alice.get("/alerts/rules").body["rules"]
    alert = Alert.objects.for_org(world.org_id).create(
        org_id=world.org_id,
        rule_id=rule["id"],
        customer_id=world.ids["dora"],
        fired_at=utcnow(),
        facts={"params": {"level": "red"}, "score": 20, "score_before": 60},
    )
    told = note(alert, world.users["alice"].pk, kind="alert", body="", now=utcnow())
    told.save()
    hook = {"name": "#ops", "url": "https://hooks.slack.com/services/T0/B0/y"}
    endpoint = {"url": "https://example.com/x", "events": ["alert.fired"]}
    made = alice.post("/webhooks/endpoints", endpoint).body["id"]
    return {
        "rule": rule["id"],
        "alert": alert.pk,
        "notification": told.pk,
        "hook": alice.post("/alerts/slack-hooks", hook).body["id"],
        "endpoint": made,
        "sent": alice.post(f"/webhooks/endpoints/{made}/test").body["id"],
    }


def made_segment(alice: Api, kind: str) -> int:
    body = {"name": f"Every {kind}", "kind": kind, "rule": EVERYBODY}
    made: int = alice.post("/segments", body).body["id"]
    return made


def told_outcome(alice: Api, customer_id: int) -> int:
    alice.call("PUT", "/outcomes/attribute", {"field": "metadata.churned_at"})
    told = [{"customer_id": customer_id, "left_on": "2026-01-31"}]
    alice.post("/outcomes", {"outcomes": told})
    found: int = alice.get("/outcomes").body["outcomes"][0]["id"]
    return found
