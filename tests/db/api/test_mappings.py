"""Mapping tables and attributes as the API takes and tells them."""

from typing import Any

import pytest

from pulsescore.connectors.intercom.models import DirectoryEntry
from pulsescore.core.clock import utcnow
from tests.db.api.conftest import Api, World

OUT = {"object": "contact", "attribute": "plan", "intercom": "name", "overwrite": True}
IN = {"intercom": "location.city", "attribute": "city of work", "overwrite": False}


def path_of(world: World) -> str:
    return f"/integrations/intercom/connections/{world.connection.pk}/mappings"


def test_tables_are_saved_and_told(alice: Api, world: World) -> None:
    saved = alice.call("PUT", path_of(world), {"incoming": [IN], "outgoing": [OUT]})
    assert saved.status == 200
    told = alice.get(path_of(world)).body
    assert told == saved.body
    assert told["incoming"] == [IN]
    assert told["outgoing"] == [OUT | {"problem": None, "is_missing": False}]


def test_a_table_that_is_left_out_stays(alice: Api, world: World) -> None:
    alice.call("PUT", path_of(world), {"incoming": [IN], "outgoing": [OUT]})
    told = alice.call("PUT", path_of(world), {"incoming": []}).body
    assert (told["incoming"], len(told["outgoing"])) == ([], 1)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"outgoing": [OUT, OUT | {"intercom": "shoe size"}]}, "outgoing.1.intercom"),
        ({"outgoing": [OUT | {"attribute": "factor.luck"}]}, "outgoing.0.attribute"),
        ({"incoming": [IN | {"intercom": "nickname"}]}, "incoming.0.intercom"),
        ({"incoming": [IN | {"attribute": "score"}]}, "incoming.0.attribute"),
        ({"outgoing": [OUT | {"object": "deal"}]}, "outgoing.0.object"),
        ({"incoming": [IN | {"overwrite": "yes"}]}, "incoming.0.overwrite"),
    ],
)
def test_a_fault_is_told_with_its_place(
    alice: Api, world: World, body: dict[str, Any], field: str
) -> None:
    answer = alice.call("PUT", path_of(world), body)
    assert (answer.status, [one["field"] for one in answer.body["errors"]]) == (422, [field])


def test_faults_of_both_tables_are_told_at_once(alice: Api, world: World) -> None:
    body = {"incoming": [IN | {"intercom": "x"}], "outgoing": [OUT | {"attribute": ""}]}
    errors = alice.call("PUT", path_of(world), body).body["errors"]
    assert [one["field"] for one in errors] == ["incoming.0.intercom", "outgoing.0.attribute"]


def test_attributes_of_both_sides_have_types(alice: Api, world: World) -> None:
    DirectoryEntry(
        org_id=world.connection.org_id,
        connection=world.connection,
        kind="contact_attribute",
        external_id="custom_attributes.seats",
        name="Seats",
        details={"data_type": "integer", "custom": True},
        seen_at=utcnow(),
    ).save(force_insert=True)
    told = alice.get("/integrations/intercom/attributes").body
    ours = {one["name"]: one["type"] for one in told["ours"]["contact"]}
    theirs = {one["name"]: one["type"] for one in told["intercom"]["contact"]}
    incoming = {one["name"]: one["attribute"] for one in told["incoming"]}
    assert (ours["score"], ours["signed_up_at"]) == ("integer", "date")
    assert (theirs["custom_attributes.seats"], theirs["signed_up_at"]) == ("integer", "date")
    assert incoming["is_lead"] == "intercom/is_lead"
    assert incoming["location.city"] == "intercom/location_city"
    assert incoming["custom_attributes.seats"] is None
    assert told["custom_limit"] == 250


def test_members_and_strangers_see_no_tables(bob: Api, charlie: Api, world: World) -> None:
    assert bob.get(path_of(world)).status == 403
    assert charlie.get(path_of(world)).status == 404
    assert bob.call("PUT", path_of(world), {"incoming": []}).status == 403
    assert charlie.call("PUT", path_of(world), {"incoming": []}).status == 404
    assert bob.get("/integrations/intercom/attributes").status == 403
    named = f"/integrations/intercom/attributes?connection={world.connection.pk}"
    assert charlie.get(named).status == 404
