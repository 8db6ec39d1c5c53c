"""What the answers hold."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings as django_settings
from django.test import Client
from msgspec.structs import replace

from pulsescore.accounts import audit
from pulsescore.api.areas.integrations import NONCE_KEY
from pulsescore.core.clock import utcnow
from pulsescore.store import write
from pulsescore.store.records import ConversationRecord
from pulsescore.web.integrations import oauth as web_oauth
from tests.db.api.test_endpoints import CONFIG
from tests.db.api.world import Api, World, records


def test_a_customer_is_shown_whole(alice: Api, world: World) -> None:
    customer = alice.get(f"/customers/{world.ids['dora']}").body["customer"]
    assert {
        "external_id": "c1",
        "source": "intercom",
        "email": "dora@example.com",
        "name": "Dora",
        "contact_role": "user",
        "is_lead": False,
        "first_seen_at": "2026-01-02T03:04:05Z",
        "tags": ["vip"],
        "metadata": {"plan": "gold"},
        "deleted_at": None,
        "score_reason": None,
    }.items() <= customer.items()
    assert isinstance(customer["score"], int)


def test_a_customer_without_conversations_says_why_there_is_no_score(
    alice: Api, world: World
) -> None:
    body = alice.get(f"/customers/{world.ids['emil']}").body
    assert body["customer"]["is_lead"] is True
    assert body["customer"]["score"] is body["customer"]["risk_level"] is None
    assert "no conversation" in body["customer"]["score_reason"]


def test_a_customer_comes_with_score_conversations_and_companies(alice: Api, world: World) -> None:
    body = alice.get(f"/customers/{world.ids['dora']}").body
    assert set(body) == {
        "customer",
        "health_score",
        "open_conversations",
        "segments",
        "companies",
    }
    assert body["open_conversations"] == 1
    assert [one["name"] for one in body["companies"]] == ["Initech"]
    score = body["health_score"]
    assert score["score"] == body["customer"]["score"]
    missing = next(one for one in score["factors"] if one["key"] == "resolution_time")
    assert (missing["value"], missing["weight"]) == (None, 0)
    assert {"key", "name", "raw", "unit", "value", "weight", "points", "points_lost"} <= set(
        missing
    )


def test_a_conversation_tells_its_own_instants_people_and_address(alice: Api, world: World) -> None:
    path = f"/customers/{world.ids['dora']}/conversations"
    (conversation,) = alice.get(path).body["conversations"]
    assert conversation["created_at"] == "2026-01-02T03:04:05Z"
    assert conversation["status"] == "open"
    assert (conversation["reopen_count"], conversation["assignment_count"]) == (1, 2)
    assert conversation["assignee"] == {"name": "Ina", "email": "ina@example.com"}
    assert [one["email"] for one in conversation["participants"]] == ["dora@example.com"]
    assert conversation["link"] == "https://app.intercom.com/a/apps/wk1/conversations/v1"
    assert alice.get(f"{path}?status=closed").body["conversations"] == []


def test_the_timeline_is_filtered(alice: Api, world: World) -> None:
    path = f"/customers/{world.ids['dora']}/events"
    found = alice.get(f"{path}?type=Added%20Tag&source=intercom").body["events"]
    assert [(one["name"], one["properties"]) for one in found] == [("Added Tag", {"tag": "vip"})]
    exactly = "2026-01-02T03:04:05Z"
    assert alice.get(f"{path}?type=Added%20Tag&from={exactly}&to={exactly}").body["events"]
    later = alice.get(f"{path}?type=Added%20Tag&from=2026-01-02T03:04:06Z")
    assert later.body["events"] == []
    assert alice.get(f"{path}?from=yesterday").status == 422


def test_the_score_history_is_oldest_first(alice: Api, world: World) -> None:
    history = alice.get(f"/customers/{world.ids['dora']}/score-history").body["history"]
    assert history
    assert set(history[0]) == {
        "at",
        "score",
        "risk_level",
        "config_version",
        "reconstructed",
        "overridden",
        "computed_score",
    }
    assert [one["at"] for one in history] == sorted(one["at"] for one in history)


def test_an_explanation_compares_when_asked(alice: Api, world: World) -> None:
    path = f"/customers/{world.ids['dora']}/explanation"
    plain = alice.get(path).body
    assert not {"since", "score_then", "changes"} & set(plain)
    compared = alice.get(f"{path}?since=2026-01-01T00:00:00Z").body
    assert {"since", "score_then", "changes"} <= set(compared)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", ["Dora", "Emil"]),
        ("?order=desc", ["Emil", "Dora"]),
        ("?search=emil", ["Emil"]),
        ("?role=lead", ["Emil"]),
        ("?tag=vip", ["Dora"]),
        ("?risk=none", ["Emil"]),
        ("?source=intercom&per_page=1&page=2", ["Emil"]),
        ("?deleted=true", []),
        ("?risk=none&risk=red&risk=yellow&risk=green", ["Dora", "Emil"]),
        ("?score_from=0&score_to=100", ["Dora"]),
        ("?owner=none", ["Dora", "Emil"]),
        ("?owner=admin-of-nobody", []),
        ("?became=red", []),
        ("?unseen_days=3650", ["Emil"]),
        ("?source=segment", []),
        ("?page=3", []),
    ],
)
def test_customers_are_filtered_sorted_and_paged(alice: Api, query: str, names: list[str]) -> None:
    assert [one["name"] for one in alice.get(f"/customers{query}").body["customers"]] == names


def test_a_list_tells_its_pages(alice: Api) -> None:
    told = alice.get("/customers?per_page=1").body["pagination"]
    assert told == {"page": 1, "per_page": 1, "total": 2, "total_pages": 2}


def test_companies_and_their_people(alice: Api, world: World) -> None:
    assert [one["name"] for one in alice.get("/companies").body["companies"]] == ["Initech"]
    people = alice.get(f"/companies/{world.ids['company']}/customers").body["customers"]
    assert [one["name"] for one in people] == ["Dora"]
    by_company = alice.get(f"/customers?company={world.ids['company']}").body["customers"]
    assert [one["name"] for one in by_company] == ["Dora"]


def test_a_company_tells_its_score_and_its_worst_member(alice: Api, world: World) -> None:
    (listed,) = alice.get("/companies?sort=score&order=desc&search=init").body["companies"]
    company = alice.get(f"/companies/{world.ids['company']}").body

    assert company["members"] == company["scored_members"] == 1
    assert company["worst_member"]["customer_id"] == world.ids["dora"]
    assert company["worst_member"]["score"] == company["score"] == listed["score"]
    assert company["levels"][company["risk_level"]] == 1
    history = alice.get(f"/companies/{world.ids['company']}/score-history?days=3").body["history"]
    assert [day["score"] for day in history][-1] == company["score"]
    assert len(history) == 3


def test_the_conversations_behind_a_factor_are_those_it_counted(alice: Api, world: World) -> None:
    path = f"/customers/{world.ids['dora']}/conversations"
    factors = {
        one["key"]: one["raw"]
        for one in alice.get(f"/customers/{world.ids['dora']}").body["health_score"]["factors"]
    }
    behind = alice.get(f"{path}?factor=open_tickets").body["pagination"]["total"]
    assert behind == factors["open_tickets"]
    assert alice.get(f"{path}?factor=response_rate").body["pagination"]["total"] == 1
    assert alice.get(f"{path}?factor=mood").status == 422
    assert alice.get(f"{path}?sort=waiting_since").status == 200


def test_a_note_is_changed_by_its_author_alone(alice: Api, bob: Api, world: World) -> None:
    path = f"/customers/{world.ids['dora']}/notes"
    note = alice.post(path, {"body": "Call her"}).body
    assert bob.call("PATCH", f"{path}/{note['id']}", {"body": "No"}).status == 403
    changed = alice.call("PATCH", f"{path}/{note['id']}", {"body": "Called her"}).body
    assert changed["body"] == "Called her"
    assert changed["edited_at"] is not None


def test_a_persons_data_comes_whole(alice: Api, world: World) -> None:
    document = alice.get(f"/customers/{world.ids['dora']}/export").body
    assert [one["name"] for one in document["contacts"]] == ["Dora"]
    assert {"companies", "conversations", "timeline", "notes", "score_history"} < document.keys()


def test_a_connection_tells_how_it_stands(alice: Api) -> None:
    (connection,) = alice.get("/integrations/intercom/status").body["connections"]
    assert connection["counts"] == {
        "customers": 2,
        "conversations": 1,
        "companies": 1,
        "skipped_contacts": 0,
        "skipped_conversations": 0,
    }
    assert connection["webhook_url"].endswith("/api/v1/webhooks/intercom")
    assert connection["run"]["status"] == "succeeded"
    assert connection["provider"] == "intercom"
    assert "token" not in {name for name in connection if "last4" not in name}


def test_integrations_tell_the_loudest_status(alice: Api, charlie: Api, world: World) -> None:
    def status(api: Api) -> str:
        return api.get("/integrations").body["integrations"][0]["status"]

    assert status(charlie) == "not_connected"
    assert status(alice) == "connected"
    world.connection.status = "needs_attention"
    world.connection.save()
    assert status(alice) == "needs_attention"


def test_the_consent_page_is_named_with_a_state(alice: Api, settings: object) -> None:
    answer = alice.get("/integrations/intercom/connect")
    if not django_settings.CONFIG.intercom_client_id:
        assert answer.status == 422
        return
    query = parse_qs(urlsplit(answer.body["url"]).query)
    assert query["redirect_uri"] == [f"{django_settings.PUBLIC_URL}{web_oauth.CALLBACK_PATH}"]
    assert query["state"]


def test_the_callback_page_finds_the_attempt_where_the_api_left_it() -> None:
    assert NONCE_KEY == web_oauth.NONCE_KEY


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"access_token": 5}, "access_token"),
        ({"access_token": ""}, "access_token"),
        ({"access_token": "t", "region": "mars"}, "region"),
        ({"access_token": "t", "mode": "write"}, "mode"),
        ({"access_token": "t", "conversation_days": 0}, "conversation_days"),
        ({"access_token": "t", "conversation_days": 2**70}, "conversation_days"),
        ({"access_token": "t", "workspace": "x"}, "workspace"),
    ],
)
def test_connecting_names_what_is_wrong(alice: Api, change: dict[str, object], field: str) -> None:
    answer = alice.post("/integrations/intercom/connections", change)
    assert answer.status == 422
    assert [one["field"] for one in answer.body["errors"]] == [field]


def test_only_admins_connect(bob: Api) -> None:
    body = {"access_token": "t"}
    assert bob.post("/integrations/intercom/connections", body).status == 403
    assert bob.get("/integrations/intercom/connect").status == 403


def test_disconnecting_keeps_customers(alice: Api, world: World) -> None:
    path = f"/integrations/intercom/connections/{world.ids['connection']}"
    assert alice.call("DELETE", path).status == 204
    assert alice.get(path).body["status"] == "disconnected"
    assert alice.get("/customers").body["pagination"]["total"] == 2
    assert alice.post(f"{path}/sync", {"kind": "full"}).status == 409


def test_a_second_sync_answers_the_run_that_waits(alice: Api, world: World) -> None:
    path = f"/integrations/intercom/connections/{world.ids['connection']}/sync"
    first, second = alice.post(path), alice.post(path, {"kind": "reconcile"})
    assert (first.status, second.status) == (202, 202)
    assert first.body["id"] == second.body["id"]


def test_saving_weights_makes_a_new_version(alice: Api) -> None:
    changed = {**CONFIG, "thresholds": {"yellow": 30, "green": 60}, "comment": "Milder"}
    saved = alice.call("PUT", "/scoring/config", changed)
    assert (saved.status, saved.body["version"]) == (200, 2)
    assert alice.get("/scoring/config").body["thresholds"] == {"yellow": 30, "green": 60}
    versions = alice.get("/scoring/versions").body["versions"]
    assert [one["version"] for one in versions] == [2, 1]
    assert versions[0]["comment"] == "Milder"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"weights": {**CONFIG["weights"], "open_tickets": -1}}, "weights.open_tickets"),
        ({"weights": {**CONFIG["weights"], "luck": 1}}, "weights.luck"),
        ({"halves": {**CONFIG["halves"], "open_tickets": 0}}, "halves.open_tickets"),
        ({"thresholds": {"yellow": 70, "green": 40}}, "thresholds.yellow"),
        ({"thresholds": {"yellow": "x", "green": 40}}, "thresholds.yellow"),
        ({"weights": []}, "weights"),
    ],
)
def test_a_wrong_configuration_is_told_field_by_field(
    alice: Api, change: dict[str, object], field: str
) -> None:
    for method, path in (("PUT", "/scoring/config"), ("POST", "/scoring/preview")):
        answer = alice.call(method, path, {**CONFIG, **change})
        assert answer.status == 422
        assert [one["field"] for one in answer.body["errors"]] == [field]


def test_a_preview_shows_who_would_move(alice: Api) -> None:
    found = alice.post(
        "/scoring/preview", {**CONFIG, "thresholds": {"yellow": 99.5, "green": 100}}
    ).body
    assert found["after"] == {"green": 0, "yellow": 0, "red": 1, "none": 1}
    assert [one["level_after"] for one in found["changed"]] == ["red"]
    assert (found["changed_total"], found["looked_at"], found["is_estimate"]) == (1, 2, False)
    assert alice.get("/scoring/versions").body["pagination"]["total"] == 1


def test_a_preview_names_no_more_than_asked_for_and_counts_all(alice: Api, world: World) -> None:
    strict = {**CONFIG, "thresholds": {"yellow": 99.5, "green": 100}}
    now = utcnow()
    told = next(one for one in records(now) if isinstance(one, ConversationRecord))
    another = replace(told, external_id="v2", contacts=["c2"])
    write.apply(org_id=world.org_id, source_id=world.source.pk, records=[another], now=now)
    for wish, named in (("?limit=1", 1), ("", 2), ("?limit=1&estimate=true", 1)):
        found = alice.post(f"/scoring/preview{wish}", strict).body
        assert (len(found["changed"]), found["changed_total"]) == (named, 2)
    for wrong in (0, 10_001, "many"):
        refused = alice.post(f"/scoring/preview?limit={wrong}", strict)
        assert (refused.status, refused.body["errors"][0]["field"]) == (422, "limit")


def test_figures_of_the_dashboard_agree(alice: Api) -> None:
    levels = alice.get("/scoring/risk-distribution").body
    summary = alice.get("/dashboard/summary").body
    assert summary["risk_distribution"] == levels
    assert (summary["customers"], summary["scored"]) == (2, 1)
    bins = alice.get("/scoring/histogram").body["bins"]
    assert (len(bins), sum(one["count"] for one in bins)) == (10, 1)
    assert alice.get("/dashboard/score-distribution").body["bins"] == bins
    trend = alice.get("/dashboard/score-trend?days=7").body["trend"]
    assert len(trend) <= 7
    assert trend[-1]["scored"] == 1
    assert alice.get("/dashboard/score-trend?days=0").status == 422


def test_who_needs_attention_is_told_as_on_the_dashboard(alice: Api) -> None:
    body = alice.get("/dashboard/attention").body

    assert body["sentence"] == "No customer became critical this week."
    assert (body["worse"], body["became_critical"]) == ([], 0)
    assert alice.get("/dashboard/attention?limit=0").status == 422


def test_dead_letters_are_listed_and_replayed(alice: Api, world: World) -> None:
    (dead,) = alice.get("/webhooks/intercom/deliveries?status=dead").body["deliveries"]
    assert (dead["topic"], dead["error"]) == ("contact.created", "Unreadable")
    replayed = alice.post(f"/webhooks/intercom/deliveries/{dead['id']}/replay")
    assert (replayed.status, replayed.body["status"]) == (202, "pending")
    assert alice.get("/webhooks/intercom/deliveries?status=dead").body["deliveries"] == []


def test_the_audit_log_is_filtered(alice: Api, world: World) -> None:
    audit.record(org_id=world.org_id, user=None, action="retention.applied", now=utcnow())
    entries = alice.get("/audit-log?action=retention").body["entries"]
    assert [(one["action"], one["user"]) for one in entries] == [("retention.applied", None)]


def test_notes_are_written_and_deleted(alice: Api, bob: Api, world: World) -> None:
    path = f"/customers/{world.ids['dora']}/notes"
    note = bob.post(path, {"body": "Called her"}).body
    assert note["author"] == "Bob Tester"
    assert bob.get(path).body["notes"] == [note]
    assert bob.post(path, {"body": "  "}).status == 422
    assert alice.call("DELETE", f"{path}/{note['id']}").status == 204


@pytest.mark.django_db
def test_probes_answer(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["checks"]) == (
        200,
        {"database": "ok", "migrations": "ok"},
    )
    assert b"pulsescore_api_requests_total" in client.get("/metrics").content


@pytest.mark.django_db
def test_the_reference_reads_without_scripts(client: Client) -> None:
    page = client.get("/api/docs")
    text = page.content.decode()
    assert page.status_code == 200
    assert "/api/v1/customers/{customer_id}" in text
    assert "<script" not in text
    assert "style=" not in text


@pytest.mark.django_db
def test_the_description_is_openapi_31(client: Client) -> None:
    description = client.get("/api/v1/openapi.json").json()
    assert description["openapi"].startswith("3.1")
    assert "/api/v1/webhooks/intercom" in description["paths"]


def test_a_rule_names_channels_of_slack_that_are_there(alice: Api, charlie: Api) -> None:
    hook = {"name": "#ops", "url": "https://hooks.slack.com/services/T0/B0/y"}
    mine = alice.post("/alerts/slack-hooks", hook).body["id"]
    other = charlie.post("/alerts/slack-hooks", hook).body["id"]
    rule = {"name": "Low", "kind": "score_below", "params": {"score": 30}}

    for unknown in (other, 987_654):
        refused = alice.post("/alerts/rules", {**rule, "channels": {"slack": [mine, unknown]}})
        assert [one["field"] for one in refused.body["errors"]] == ["channels.slack"]
    made = alice.post("/alerts/rules", {**rule, "channels": {"slack": [mine]}})
    assert (made.status, made.body["channels"]["slack"]) == (201, [mine])

    alice.call("DELETE", f"/alerts/slack-hooks/{mine}")
    renamed = alice.call("PATCH", f"/alerts/rules/{made.body['id']}", {"name": "Lower"})
    assert (renamed.status, renamed.body["channels"]["slack"]) == (200, [])
