"""The mapping page: both tables read, edited without script, judged line by line, saved."""

from datetime import datetime

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from pulsescore.connectors.intercom.mappings.offers import view_tables
from pulsescore.connectors.intercom.models import Connection
from tests import seeding_sending
from tests.seeding import Seeded

LINE = {
    "contact.0.attribute": "score",
    "contact.0.intercom": "new",
    "contact.0.new": "Health",
    "contact.0.overwrite": "1",
    "incoming.0.intercom": "custom_attributes.plan",
    "incoming.0.attribute": "billing/plan",
    "do": "save",
}


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined, no-any-return]


@pytest.fixture
def two_way(alices: Seeded, now: datetime) -> Connection:
    connection = seeding_sending.make_two_way(alices)
    seeding_sending.add_definitions(connection, now=now)
    return connection


@pytest.fixture
def page(two_way: Connection) -> str:
    return f"/settings/integrations/intercom/{two_way.pk}/mapping"


def test_both_tables_are_saved_from_the_form(alice: Client, two_way: Connection, page: str) -> None:
    response = alice.post(f"{page}/save", LINE)

    assert response["Location"] == page
    tables = view_tables(two_way)
    assert [(row["attribute"], row["intercom"]) for row in tables["outgoing"]] == [
        ("score", "custom_attributes.Health")
    ]
    assert tables["outgoing"][0]["overwrite"]
    assert not tables["incoming"][0]["overwrite"]


def test_lines_are_added_and_removed_without_saving(
    alice: Client, two_way: Connection, page: str
) -> None:
    added = text(alice.post(f"{page}/save", {**LINE, "do": "add:company"}))
    removed = text(alice.post(f"{page}/save", {**LINE, "do": "remove:contact.0"}))

    assert 'name="company.0.attribute"' in added
    assert 'value="Health"' in added
    assert 'name="contact.0.attribute"' not in removed
    assert view_tables(two_way)["outgoing"] == []


def test_faults_stand_at_their_lines(alice: Client, page: str) -> None:
    response = alice.post(f"{page}/save", {**LINE, "company.3.attribute": "name"})
    html = text(response)

    assert response.status_code == 422
    assert "Choose an attribute of Intercom." in html
    assert html.index("Choose an attribute of Intercom.") > html.index("contact-0-attribute")
    assert 'id="company-0-problem"' in html


def test_what_intercom_lacks_is_made_only_after_a_question(
    alice: Client, alices: Seeded, two_way: Connection, page: str, now: datetime
) -> None:
    seeding_sending.add_tables(alices, two_way, now=now)

    html = text(alice.get(page))
    asked = text(alice.get(f"{page}/missing"))

    assert "custom_attributes.health_score" in html
    assert "not in Intercom yet" in html
    assert "health_score</strong> on contacts, as integer" in asked
    assert "Create in Intercom" in asked


def test_members_read_and_cannot_change(
    bob: Client, alices: Seeded, two_way: Connection, page: str, now: datetime
) -> None:
    seeding_sending.add_tables(alices, two_way, now=now)

    html = text(bob.get(page))

    assert "custom_attributes.health_score" in html
    assert "Save the tables" not in html
    assert "only if empty" in html
    for path in ("save", "refresh", "missing"):
        assert bob.post(f"{page}/{path}").status_code == 403


def test_a_read_only_connection_maps_only_what_comes_in(alice: Client, alices: Seeded) -> None:
    page = f"/settings/integrations/intercom/{alices.connection.pk}/mapping"

    html = text(alice.get(page))
    alice.post(f"{page}/save", LINE)

    assert "This connection is read only" in html
    assert 'name="do" value="add:contact"' not in html
    tables = view_tables(alices.connection)
    assert tables["outgoing"] == []
    assert len(tables["incoming"]) == 1


def test_others_see_nothing_and_strangers_log_in(
    charlie: Client, stranger: Client, page: str
) -> None:
    assert charlie.get(page).status_code == 404
    assert charlie.post(f"{page}/save", LINE).status_code == 404
    assert charlie.get(f"{page}/missing").status_code == 404
    assert "/login" in stranger.get(page)["Location"]


def test_the_page_costs_the_same_however_long_the_tables_are(
    alice: Client, page: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(24):
        alice.get(page)
