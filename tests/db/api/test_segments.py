"""Segments by API: rules in and out, who is in them, what is refused."""

from typing import Any

import pytest

from pulsescore.core.clock import utcnow
from pulsescore.pipeline import segmenting
from tests.db.api.conftest import Api, World

pytestmark = pytest.mark.django_db
LEADS = {"any": [{"field": "contact_role", "op": "eq", "value": "lead"}]}
EVERYBODY: dict[str, Any] = {"all": []}


def test_a_segment_is_made_filled_changed_and_deleted(alice: Api, bob: Api, world: World) -> None:
    made = alice.post("/segments", {"name": "Everyone", "rule": EVERYBODY})
    assert (made.status, made.body["size"], made.body["filled"]) == (201, 0, False)
    segmenting.refresh_everybody(world.org_id, now=utcnow())
    path = f"/segments/{made.body['id']}"
    assert bob.get(path).body["filled"]
    people = bob.get(f"{path}/customers").body
    assert people["pagination"]["total"] == bob.get(path).body["size"] > 0
    listed = bob.get(f"/customers?segment={made.body['id']}").body
    assert listed["customers"] == people["customers"]
    one = bob.get(f"/customers/{people['customers'][0]['id']}").body
    assert "Everyone" in one["segments"]
    changed = alice.call("PATCH", path, {"name": "All", "rule": LEADS})
    assert (changed.body["name"], changed.body["rule"]) == ("All", LEADS)
    assert alice.call("DELETE", path).status == 204
    assert bob.get(path).status == 404


def test_members_read_and_admins_write(bob: Api) -> None:
    names = [one["name"] for one in bob.get("/segments?kind=customer").body["segments"]]
    assert names == sorted(names)
    assert {"Critical", "Waiting on us"} <= set(names)
    assert bob.post("/segments", {"name": "Mine", "rule": EVERYBODY}).status == 403


def test_a_wrong_rule_is_refused_by_the_path_of_each_fault(alice: Api) -> None:
    rule = {"all": [{"field": "score", "op": "has", "value": 1}, {"any": [{"event": ""}]}]}
    for path, body in (("", {"name": "Wrong"}), ("/preview", {})):
        refused = alice.post(f"/segments{path}", {**body, "rule": rule})
        assert refused.status == 422
        assert [one["field"] for one in refused.body["errors"]] == [
            "rule.all.0.op",
            "rule.all.1.any.0.event",
        ]


def test_a_preview_stores_nothing(alice: Api, bob: Api) -> None:
    before = len(bob.get("/segments").body["segments"])
    found = bob.post("/segments/preview", {"rule": EVERYBODY}).body
    assert found["count"] >= len(found["customers"]) > 0
    firms = bob.post("/segments/preview", {"kind": "company", "rule": EVERYBODY}).body
    assert firms["count"] == len(firms["companies"]) > 0
    assert len(alice.get("/segments").body["segments"]) == before


def test_fields_tell_their_operators(bob: Api) -> None:
    fields = {one["field"]: one for one in bob.get("/segments/fields").body["fields"]}
    assert "within_days" in fields["last_seen_at"]["operators"]
    assert fields["risk_level"]["choices"] == ["red", "yellow", "green"]
    assert fields["score_change"]["span"] == "required"


def test_segments_of_companies_have_companies(alice: Api, world: World) -> None:
    rule = {"field": "members", "op": "gte", "value": 0}
    made = alice.post("/segments", {"kind": "company", "name": "Firms", "rule": rule}).body
    segmenting.refresh_everybody(world.org_id, now=utcnow())
    path = f"/segments/{made['id']}"
    assert alice.get(f"{path}/companies").body["pagination"]["total"] > 0
    assert alice.get(f"{path}/customers").status == 404
