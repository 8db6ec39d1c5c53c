"""What Intercom tells becomes our attributes, the same in every order of arrival."""

from itertools import permutations
from typing import Any

import pytest

from pulsescore.connectors.intercom.mappings.going_through import go_through
from pulsescore.connectors.intercom.mappings.incoming import IncomingRow
from pulsescore.store import dirty
from pulsescore.store.traits import TraitChange, apply_traits
from tests.db.intercom_mappings.conftest import NOW, Workspace
from tests.unit.store.builders import at, contact

WINS = IncomingRow(intercom="custom_attributes.plan", attribute="plan", overwrite=True)
FILLS = IncomingRow(intercom="custom_attributes.plan", attribute="plan")


def told(v: float, plan: Any) -> Any:
    return contact(v=v, metadata={"plan": plan})


def say(workspace: Workspace, v: float, plan: Any) -> None:
    """Somebody else tells the attribute."""
    change = TraitChange(customer_id=workspace.customer().pk, values={"plan": plan}, at=at(v))
    apply_traits(org_id=workspace.org_id, changes=[change], now=NOW)


def test_a_stored_contact_fills_the_attribute_and_is_marked(workspace: Workspace) -> None:
    workspace.map_in(WINS)
    changed = workspace.store(told(1, "Gold"))
    assert changed == {workspace.customer().pk}
    assert workspace.customer().traits == {"plan": "Gold"}
    assert workspace.customer().pk in dirty.claim(workspace.org_id, 10)


def test_storing_the_same_again_writes_nothing(workspace: Workspace) -> None:
    workspace.map_in(WINS, IncomingRow(intercom="name", attribute="nick"))
    workspace.store(told(1, "Gold"))
    before = workspace.customer().updated_at
    assert workspace.store(told(1, "Gold")) == frozenset()
    assert workspace.customer().updated_at == before


@pytest.mark.parametrize("order", list(permutations(range(3))))
@pytest.mark.parametrize(
    ("row", "expected"), [(WINS, "Gold"), (FILLS, "Said")], ids=["overwrite", "only if empty"]
)
def test_the_order_of_arrival_does_not_matter(
    workspace: Workspace, order: tuple[int, ...], row: IncomingRow, expected: str
) -> None:
    workspace.map_in(row)
    workspace.store(contact(v=0))
    steps = (
        lambda: workspace.store(told(1, "Silver")),
        lambda: say(workspace, 2, "Said"),
        lambda: workspace.store(told(3, "Gold")),
    )
    for index in order:
        steps[index]()
        steps[index]()
    assert workspace.customer().traits == {"plan": expected}


def test_a_filled_gap_follows_intercom_until_somebody_tells_better(workspace: Workspace) -> None:
    workspace.map_in(FILLS)
    workspace.store(told(1, "Silver"))
    workspace.store(told(2, "Gold"))
    assert workspace.customer().traits == {"plan": "Gold"}
    say(workspace, 0, "Said")
    assert workspace.customer().traits == {"plan": "Said"}


def test_what_intercom_empties_is_emptied_here_where_it_wins(workspace: Workspace) -> None:
    workspace.map_in(WINS)
    workspace.store(told(1, "Gold"))
    workspace.store(told(2, None))
    assert workspace.customer().traits == {}


def test_what_intercom_empties_takes_nothing_that_somebody_told(workspace: Workspace) -> None:
    workspace.map_in(FILLS)
    workspace.store(told(1, "Gold"))
    say(workspace, 0, "Said")
    workspace.store(told(2, None))
    assert workspace.customer().traits == {"plan": "Said"}


def test_a_new_row_reaches_everybody_who_is_known_already(workspace: Workspace) -> None:
    workspace.store(told(1, "Gold"))
    workspace.map_in(WINS)
    assert workspace.customer().traits == {}
    assert go_through(workspace.connection.pk, now=NOW) == workspace.org_id
    assert workspace.customer().traits == {"plan": "Gold"}
    assert go_through(workspace.connection.pk, now=NOW) is None


def test_dates_come_in_as_instants(workspace: Workspace) -> None:
    workspace.define("custom_attributes.renews_at", data_type="date")
    workspace.map_in(IncomingRow(intercom="custom_attributes.renews_at", attribute="renewal"))
    workspace.store(contact(v=1, metadata={"renews_at": 1_772_366_400}))
    assert workspace.customer().traits == {"renewal": "2026-03-01T12:00:00Z"}
