"""Definitions of attributes are read from Intercom, and missing ones are made there."""

from dataclasses import replace

import pytest
from django.conf import LazySettings

from intercom_sim.actions.attributes import MOST, change_attribute, declare_attribute
from intercom_sim.generator.build import Size
from intercom_sim.model import DataAttribute
from intercom_sim.server import Running
from intercom_sim.workspace import Workspace
from pulsescore.accounts.access import Actor
from pulsescore.accounts.models import Role
from pulsescore.connectors.intercom.mappings.actions import save_mappings
from pulsescore.connectors.intercom.mappings.definitions import (
    create_missing,
    refresh_definitions,
)
from pulsescore.connectors.intercom.mappings.fields import MappedKind, Row
from pulsescore.connectors.intercom.mappings.offers import offer, view_tables
from pulsescore.connectors.intercom.mappings.queries import definitions_of
from pulsescore.connectors.intercom.models import Connection, Mode
from pulsescore.connectors.intercom.problems import ConnectDelayed
from pulsescore.core.errors import Conflict, Forbidden, Invalid
from tests.db.intercom.conftest import Present

HEALTH = "custom_attributes.health"


@pytest.fixture
def size() -> Size:
    return Size(0)


@pytest.fixture
def two_way(connection: Connection) -> Connection:
    connection.mode = Mode.TWO_WAY
    connection.save()
    return connection


def map_out(
    admin: Actor, connection: Connection, *rows: tuple[MappedKind, str, str], now: Present
) -> None:
    table = [Row(object=kind, attribute=ours, intercom=theirs) for kind, ours, theirs in rows]
    save_mappings(admin, connection.pk, outgoing=table, now=now.now())


def custom(workspace: Workspace, name: str) -> DataAttribute:
    return next(one for one in workspace.attributes if one.custom and one.name == name)


def test_refreshing_reads_what_was_added_archived_and_removed(
    admin: Actor, connection: Connection, workspace: Workspace, present: Present
) -> None:
    refresh_definitions(admin, connection.pk, now=present.now())
    known = definitions_of(connection, "contact")
    declare_attribute(
        workspace, model="contact", name="tier", data_type="string", options=["Gold", "Silver"]
    )
    change_attribute(workspace, str(custom(workspace, "plan").id), archived=True)
    present.pass_secs(1)
    refresh_definitions(admin, connection.pk, now=present.now())
    fresh = definitions_of(connection, "contact")
    assert fresh.keys() - known.keys() == {"custom_attributes.tier"}
    assert fresh["custom_attributes.tier"].options == ("Gold", "Silver")
    assert (known["custom_attributes.plan"].archived, fresh["custom_attributes.plan"].archived) == (
        False,
        True,
    )


def test_a_missing_attribute_is_made_with_the_type_of_ours(
    admin: Actor, two_way: Connection, workspace: Workspace, present: Present
) -> None:
    map_out(
        admin,
        two_way,
        ("contact", "score", HEALTH),
        ("contact", "signed_up_at", "custom_attributes.joined on"),
        ("company", "risk_level", "custom_attributes.risk"),
        now=present,
    )
    row = view_tables(two_way)["outgoing"][0]
    assert row["is_missing"]
    assert "create it" in row["problem"]
    names = [HEALTH, "custom_attributes.joined on", "custom_attributes.risk"]
    assert create_missing(admin, two_way.pk, names, now=present.now()) == names
    made = {one.name: (one.model, one.data_type) for one in workspace.attributes if one.custom}
    assert made["health"] == ("contact", "integer")
    assert made["joined on"] == ("contact", "date")
    assert made["risk"] == ("company", "string")
    assert [row["problem"] for row in view_tables(two_way)["outgoing"]] == [None, None, None]


def test_an_archived_attribute_is_brought_back_instead(
    admin: Actor, two_way: Connection, workspace: Workspace, present: Present
) -> None:
    change_attribute(workspace, str(custom(workspace, "plan").id), archived=True)
    map_out(admin, two_way, ("contact", "plan", "custom_attributes.plan"), now=present)
    create_missing(admin, two_way.pk, ["custom_attributes.plan"], now=present.now())
    assert not custom(workspace, "plan").archived
    assert not definitions_of(two_way, "contact")["custom_attributes.plan"].archived


def test_only_what_an_outgoing_row_needs_is_made(
    admin: Actor, two_way: Connection, present: Present
) -> None:
    map_out(admin, two_way, ("contact", "plan", "custom_attributes.plan"), now=present)
    with pytest.raises(Invalid) as refusal:
        create_missing(admin, two_way.pk, ["custom_attributes.plan", HEALTH], now=present.now())
    assert [one.field for one in refusal.value.faults] == ["names.0", "names.1"]


def test_a_full_workspace_takes_no_more(
    admin: Actor, two_way: Connection, workspace: Workspace, present: Present
) -> None:
    there = sum(one.custom for one in workspace.attributes)
    for number in range(MOST - there):
        declare_attribute(workspace, model="contact", name=f"n{number}", data_type="string")
    map_out(admin, two_way, ("contact", "score", HEALTH), now=present)
    with pytest.raises(Invalid, match="has room for 0"):
        create_missing(admin, two_way.pk, [HEALTH], now=present.now())
    told = offer(two_way.org_id, two_way)
    assert (told["custom_count"], told["custom_limit"]) == (250, 250)


def test_a_read_only_connection_makes_nothing(
    admin: Actor, connection: Connection, sim: Running, present: Present
) -> None:
    map_out(admin, connection, ("contact", "score", HEALTH), now=present)
    with pytest.raises(Conflict, match="read only"):
        create_missing(admin, connection.pk, [HEALTH], now=present.now())
    assert sim.simulator.log.total_writes == 0


def test_an_intercom_that_does_not_answer_is_told_and_nothing_is_forgotten(
    admin: Actor, connection: Connection, settings: LazySettings, present: Present
) -> None:
    refresh_definitions(admin, connection.pk, now=present.now())
    known = definitions_of(connection, "contact")
    settings.CONFIG = replace(settings.CONFIG, intercom_api_url="http://127.0.0.1:9")
    with pytest.raises(ConnectDelayed):
        refresh_definitions(admin, connection.pk, now=present.now())
    assert definitions_of(connection, "contact") == known


def test_only_admins_may(connection: Connection, admin: Actor, present: Present) -> None:
    member = Actor(user=None, org_id=admin.org_id, role=Role.MEMBER, via="command")
    with pytest.raises(Forbidden):
        refresh_definitions(member, connection.pk, now=present.now())
    with pytest.raises(Forbidden):
        create_missing(member, connection.pk, [HEALTH], now=present.now())
    with pytest.raises(Forbidden):
        save_mappings(member, connection.pk, incoming=[], now=present.now())
