"""The Sending page: what two-way would allow, how sending stands, what was written and refused."""

from datetime import datetime

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from pulsescore.connectors.intercom.models import Connection
from pulsescore.connectors.intercom.outbound.models import WriteRecord
from tests import seeding_sending
from tests.seeding import Seeded


def text(response: object) -> str:
    return response.content.decode()  # type: ignore[attr-defined, no-any-return]


@pytest.fixture
def two_way(alices: Seeded) -> Connection:
    return seeding_sending.make_two_way(alices)


@pytest.fixture
def page(two_way: Connection) -> str:
    return f"/settings/integrations/intercom/{two_way.pk}/sending"


@pytest.fixture
def written(alices: Seeded, two_way: Connection, now: datetime) -> list[WriteRecord]:
    return seeding_sending.add_writes(alices, two_way, now=now)


def test_read_only_says_what_two_way_would_allow_and_nothing_else(
    alice: Client, bob: Client, alices: Seeded
) -> None:
    page = f"/settings/integrations/intercom/{alices.connection.pk}/sending"

    html, members = text(alice.get(page)), text(bob.get(page))

    assert "Two-way would allow" in html
    assert "Change access to two-way" in html
    assert "Last writes" not in html
    assert "can switch it on" in members
    assert "Change access to two-way" not in members


def test_before_anything_is_sent_the_page_says_so(alice: Client, page: str) -> None:
    assert "Nothing was written yet" in text(alice.get(page))
    assert "Everything fits" in text(alice.get(f"{page}/refused"))
    assert "Nothing was written" in text(alice.get(f"{page}/writes"))


def test_writes_are_read_as_a_diff(alice: Client, page: str, written: list[WriteRecord]) -> None:
    for path in (page, f"{page}/writes"):
        html = text(alice.get(path))
        assert '<del class="break">XYZ</del>' in html
        assert '<ins class="break">XYZ Inc.</ins>' in html
        assert "Put on the tag" in html
        assert "Intercom says: seats is not a number" in html


def test_the_log_is_narrowed_to_one_customer(
    alice: Client, page: str, written: list[WriteRecord]
) -> None:
    html = text(alice.get(f"{page}/writes?customer={written[0].customer_id}"))

    assert "XYZ Inc." in html
    assert "Put on the tag" not in html


def test_refused_values_stand_with_their_reason(
    alice: Client, page: str, written: list[WriteRecord]
) -> None:
    html = text(alice.get(f"{page}/refused"))

    assert "seats" in html
    assert "seats is not a number" in html


def test_others_see_nothing_and_strangers_log_in(
    charlie: Client, stranger: Client, page: str
) -> None:
    for path in ("", "/writes", "/refused"):
        assert charlie.get(f"{page}{path}").status_code == 404
        assert "/login" in stranger.get(f"{page}{path}")["Location"]


def test_the_log_costs_the_same_however_long_it_is(
    alice: Client,
    page: str,
    written: list[WriteRecord],
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    with django_assert_max_num_queries(16):
        alice.get(f"{page}/writes")
