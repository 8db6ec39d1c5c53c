"""A workspace that was filled by one import: everybody has the same day of creation."""

import msgspec
import pytest

from intercom_sim.actions import contacts as people
from intercom_sim.generator.build import Size, generate
from intercom_sim.server import Running
from intercom_sim.workspace import Workspace
from pulsescore.connectors.intercom.api.client import PAGE_SIZE
from pulsescore.connectors.intercom.models import Connection
from tests.db.intercom import truth
from tests.db.intercom.conftest import Present, Sync, succeeded

DAY = 86_400
PEOPLE = 1_500


@pytest.fixture
def workspace(present: Present) -> Workspace:
    """Nobody came but on one day, a month ago."""
    made = generate(Size(0), clock=present.clock)
    present.pass_secs(-30 * DAY)
    for number in range(PEOPLE):
        people.create_contact(made, role="lead", email=f"{number}@example.com")
    present.pass_secs(30 * DAY)
    return made


def read_by_ends(sim: Running) -> set[str]:
    """The ends of ids that pages were asked for by."""
    found: set[str] = set()
    for one in sim.simulator.log:
        if one.path != "/contacts/search" or one.status != 200:
            continue
        body = msgspec.json.decode(one.body)
        if body["pagination"]["per_page"] > 1:
            for part in body["query"]["value"] if body["query"]["operator"] == "AND" else ():
                ends = part["value"] if part["operator"] == "OR" else [part]
                found |= {end["value"] for end in ends if end["operator"] == "$"}
    return found


def test_its_day_is_read_by_several_cursors(
    sync: Sync, connection: Connection, sim: Running
) -> None:
    run = sync()
    assert succeeded(run), run.error
    assert read_by_ends(sim) == set("0123456789abcdef")
    assert len(truth.customers(connection)) == PEOPLE
    assert run.phases["contacts"]["done"] == PEOPLE
    by_creation = [one for one in sim.simulator.log if b'"created_at"' in one.body]
    assert len(by_creation) <= 3 * PEOPLE / PAGE_SIZE


def test_a_server_that_knows_no_ends_is_read_by_one(
    sync: Sync, connection: Connection, sim: Running
) -> None:
    sim.simulator.faults.refused_filters = {"id": ["$"]}
    run = sync()
    assert succeeded(run), run.error
    assert read_by_ends(sim) == set()
    assert len(truth.customers(connection)) == PEOPLE
