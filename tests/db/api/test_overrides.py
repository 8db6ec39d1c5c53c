"""Overrides, exceptions and explanations as the API tells them."""

from datetime import timedelta
from typing import Any

from pulsescore.core.clock import utcnow
from pulsescore.scoring.actions import rescore
from pulsescore.scoring.models import ScorePoint
from tests.db.api.test_endpoints import CONFIG
from tests.db.api.world import Api, World

HELD = {"not_seen": {"days": 30, "at_most": 60}, "many_open": {"open": 1, "at_most": 20}}


WRONG: list[tuple[dict[str, Any], str]] = [
    ({}, "score"),
    ({"score": 101}, "score"),
    ({"score": 10**30}, "score"),
    ({"score": 5.5}, "score"),
    ({"score": True}, "score"),
    ({"score": 5, "risk_level": "red"}, "score"),
    ({"risk_level": "orange"}, "risk_level"),
    ({"score": 5, "reason": " "}, "reason"),
    ({"score": 5, "reason": None}, "reason"),
    ({"score": 5, "expires_at": "2020-01-01T00:00:00Z"}, "expires_at"),
    ({"score": 5, "expires_at": "9999-01-01T00:00:00Z"}, "expires_at"),
    ({"score": 5, "expires_at": "2999-01-01T00:00:00"}, "expires_at"),
    ({"score": 5, "mood": "good"}, "mood"),
]


def wish(**said: Any) -> dict[str, Any]:
    until = (utcnow() + timedelta(days=10)).isoformat()
    return {"reason": "They renewed on the phone", "expires_at": until, **said}


def path_of(world: World, name: str = "dora") -> str:
    return f"/customers/{world.ids[name]}"


def adds_up(health: dict[str, Any]) -> bool:
    lines = [*health["factors"], *health["adjustments"]]
    return bool(sum(one["points"] for one in lines) + health["rounding"] == health["score"])


def test_a_member_sets_a_score_and_everything_tells_it(bob: Api, world: World) -> None:
    before = bob.get(path_of(world)).body["health_score"]
    set_to = 5 if before["score"] > 50 else 95
    health = bob.call("PUT", f"{path_of(world)}/override", wish(score=set_to)).body
    assert (health["score"], health["computed_score"]) == (set_to, before["score"])
    assert health["override"]["author"].startswith("Bob")
    assert adds_up(before)
    assert adds_up(health)
    (listed,) = bob.get("/customers?overridden=true").body["customers"]
    assert (listed["id"], listed["score"], listed["overridden"]) == (
        world.ids["dora"],
        set_to,
        True,
    )
    assert bob.get(f"{path_of(world)}/score-history").body["history"][-1]["overridden"] is True


def test_it_is_ended_and_its_history_stays(bob: Api, world: World) -> None:
    before = bob.get(path_of(world)).body["health_score"]["score"]
    bob.call("PUT", f"{path_of(world)}/override", wish(risk_level="yellow"))
    assert bob.call("DELETE", f"{path_of(world)}/override").status == 204
    assert bob.call("DELETE", f"{path_of(world)}/override").status == 404
    told = bob.get(f"{path_of(world)}/override").body
    assert told["override"] is None
    assert [one["risk_level"] for one in told["history"]] == [None, "yellow"]
    assert bob.get(path_of(world)).body["health_score"]["score"] == before


def test_a_wrong_override_is_refused_by_its_field(bob: Api, world: World) -> None:
    for change, field in WRONG:
        answer = bob.call("PUT", f"{path_of(world)}/override", wish(**change))
        refused = (answer.status, [one["field"] for one in answer.body["errors"]])
        assert refused == (422, [field]), change


def test_exceptions_are_saved_previewed_and_off_when_left_out(alice: Api, world: World) -> None:
    assert alice.get("/scoring/config").body["exceptions"] == {"not_seen": None, "many_open": None}
    body = {**CONFIG, "exceptions": HELD}
    preview = alice.post("/scoring/preview", body).body
    assert preview["after"]["red"] == 1
    assert alice.call("PUT", "/scoring/config", body).body["exceptions"] == HELD
    assert alice.get("/scoring/versions").body["versions"][0]["exceptions"] == HELD
    rescore(org_id=world.org_id, customer_ids=None, now=utcnow())
    health = alice.get(path_of(world)).body["health_score"]
    assert health["score"] == 20
    assert [one["key"] for one in health["adjustments"]] == ["many_open"]
    assert adds_up(health)
    off = alice.call("PUT", "/scoring/config", CONFIG).body["exceptions"]
    assert off == {"not_seen": None, "many_open": None}


def test_a_wrong_exception_is_refused_by_its_path(alice: Api) -> None:
    body = {**CONFIG, "exceptions": {"not_seen": {"days": 0, "at_most": 60}, "mood": {}}}
    answer = alice.call("PUT", "/scoring/config", body)
    assert [one["field"] for one in answer.body["errors"]] == [
        "exceptions.mood",
        "exceptions.not_seen.days",
    ]


def test_any_two_dates_are_compared_and_the_conversations_named(bob: Api, world: World) -> None:
    now = utcnow()
    bob.call("PUT", f"{path_of(world)}/override", wish(score=50))
    points = ScorePoint.objects.for_org(world.org_id).filter(customer_id=world.ids["dora"])
    first = points.earliest("at")
    ScorePoint.objects.for_org(world.org_id).filter(pk=first.pk).update(
        at=now - timedelta(days=400), values=[1.0] * 5, score=100, risk_level="green"
    )
    asked = f"since={stamp(now - timedelta(days=399))}&until={stamp(now + timedelta(hours=1))}"
    told = bob.get(f"{path_of(world)}/explanation?{asked}").body
    assert sum(one["points"] for one in told["changes"]) == 50 - 100
    causes = {
        one["key"]: [talk["external_id"] for talk in one["conversations"]]
        for one in told["changes"]
    }
    assert causes["open_tickets"] == ["v1"]
    assert causes["override"] == []
    then = bob.get(f"{path_of(world)}/explanation?until={stamp(now - timedelta(days=1))}").body
    assert (then["score"], then["override"]) == (100, None)
    early = bob.get(f"{path_of(world)}/explanation?until={stamp(now - timedelta(days=900))}").body
    assert early["score"] is None


def test_the_past_does_not_come_after_the_present(bob: Api, world: World) -> None:
    asked = "since=2026-02-02T00:00:00Z&until=2026-02-01T00:00:00Z"
    answer = bob.get(f"{path_of(world)}/explanation?{asked}")
    assert (answer.status, answer.body["errors"][0]["field"]) == (422, "since")


def stamp(t: Any) -> str:
    return str(t.isoformat()).replace("+00:00", "Z")
