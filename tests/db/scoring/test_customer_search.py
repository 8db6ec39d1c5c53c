"""Finding customers: by words, level, owner, what became of them; in small and large lists."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from pytest_django import DjangoDbBlocker

from pulsescore.accounts.models import Organization
from pulsescore.core.errors import Invalid
from pulsescore.core.removal import remove_rows
from pulsescore.scoring.actions import rescore
from pulsescore.scoring.queries import (
    SMALL,
    CustomerFilters,
    Search,
    count_customers,
    find_ids,
    list_customers,
    score_lines,
    week,
)
from pulsescore.store.models import Conversation, Customer
from tests.db.scoring.people import (
    NOW,
    add_conversation,
    add_customer,
    add_example_b,
    add_example_f,
    add_org,
    ago,
    source_of,
)

pytestmark = pytest.mark.django_db

_CROWD = """
    INSERT INTO store_customer (
        org_id, source_id, external_id, email, name, contact_role, observed_at, tags, metadata,
        attributes, company_external_ids, last_seen_at
    )
    SELECT %(org)s, %(source)s, 'n' || n, 'user' || n || '@crowd.example', 'Crowd Person' || n,
        CASE WHEN n %% 4 = 0 THEN 'lead' ELSE 'user' END, %(now)s, '{}', '{}', '{}', '{}',
        CASE WHEN n %% 5 > 0 THEN %(now)s::timestamptz - n * interval '1 minute' END
    FROM generate_series(1, %(count)s) AS n
"""


@pytest.fixture
def org_id() -> int:
    return add_org()


@pytest.fixture(scope="module")
def many(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[int]:
    """An organization of more than `SMALL` customers, made once: tests add to it and roll back."""
    with django_db_blocker.unblock():
        org_id = add_org("Crowd")
        source = source_of(org_id).pk
        values = {"org": org_id, "source": source, "now": NOW, "count": SMALL + 1}
        with connection.cursor() as cursor:
            cursor.execute(_CROWD, values)
            cursor.execute("ANALYZE store_customer")
    yield org_id
    with django_db_blocker.unblock():
        remove_rows(Organization, org_id)


@pytest.fixture
def crowd(many: int, db: None) -> int:
    return many


def named(org_id: int, name: str | None, email: str, **fields: Any) -> int:
    return add_customer(org_id, name=name, email=email, **fields).pk


def found(
    org_id: int, *, sort: str = "name", order: str = "asc", now: datetime = NOW, **filters: Any
) -> list[int]:
    page = list_customers(
        org_id, filters=CustomerFilters(**filters), sort=sort, order=order, now=now, per_page=100
    )
    assert page.total == count_customers(org_id, filters=CustomerFilters(**filters), now=now)
    return [row.id for row in page.customers]


def became(org_id: int, level: str) -> list[int]:
    return found(org_id, became=level)


def add_mover(org_id: int, **fields: Any) -> Customer:
    """Healthy eight days ago, critical now."""
    customer = add_customer(org_id, last_seen_at=ago(8), last_replied_at=ago(8.5), **fields)
    talk = add_conversation(
        customer, created=9, updated=9, status="closed", closed_at=ago(8.9), reopen_count=0
    )
    rescore(org_id=org_id, customer_ids=[customer.pk], now=ago(8))
    Conversation.objects.for_org(org_id).filter(pk=talk.pk).update(
        status="open", reopen_count=5, remote_updated_at=ago(1), closed_at=None
    )
    for day in (7, 6, 5):
        add_conversation(customer, created=day, updated=day, reopen_count=3)
    rescore(org_id=org_id, customer_ids=[customer.pk], now=NOW)
    return customer


class TestWords:
    """In a large list every term must begin a word of the name or the address."""

    @pytest.mark.parametrize(
        "search",
        [
            "chen",
            "CHEN",
            "mia ch",
            "chen mia",
            "mia@my",
            "globex",
            "globex.com",
            "@my-globex.com",
            "my-glo",
            "Mia Chen <mia@my-globex.com>",
        ],
    )
    def test_a_person_is_found_by(self, crowd: int, search: str) -> None:
        mia = named(crowd, "Mia Chen", "mia@my-globex.com")

        assert found(crowd, search=search) == [mia]

    @pytest.mark.parametrize("search", ["hen", "%", "_", "chen zoe", "'", "\\", ":*", "com"])
    def test_a_person_is_not_found_by(self, crowd: int, search: str) -> None:
        named(crowd, "Mia Chen", "mia@my-globex.com")

        assert found(crowd, search=search) == []

    def test_accents_do_not_matter(self, crowd: int) -> None:
        aicha = named(crowd, "Aïcha Ünal", "a@b.example")

        assert found(crowd, search="aicha") == found(crowd, search="ÜNAL") == [aicha]

    def test_names_are_renamed_in_the_index_too(self, crowd: int) -> None:
        mia = named(crowd, "Mia Chen", "mia@globex.com")
        Customer.objects.for_org(crowd).filter(pk=mia).update(name="Mia Berg")

        assert found(crowd, search="chen") == []
        assert found(crowd, search="berg") == [mia]

    def test_each_organization_searches_its_own(self, crowd: int) -> None:
        other = add_org("Other")
        named(other, "Mia Chen", "mia@globex.com", tags=["vip"])

        assert found(crowd, search="chen") == found(crowd, tag="vip") == []

    def test_in_a_small_list_any_part_is_found(self, org_id: int) -> None:
        mia = named(org_id, "Mia Chen", "mia@globex.com")

        assert found(org_id, search="hen") == found(org_id, search="lobex.c ia") == [mia]

    def test_a_tag_is_found_to_the_letter(self, crowd: int) -> None:
        odd = "it's a \\ 'tag' " + "x" * 400
        mia = named(crowd, None, "a@b.example", tags=[odd, "vip", "", "VIP two"])

        assert found(crowd, tag=odd) == found(crowd, tag="vip") == [mia]
        assert found(crowd, tag="VIP") == found(crowd, tag=odd + "y") == []

    def test_hostile_names_and_addresses_are_stored_and_found(self, crowd: int) -> None:
        odd = named(crowd, "\u202e<b>" + "ß" * 400, "x" * 500 + "@e.example")

        assert found(crowd, search="\u202e<b>") == [odd]


class TestFilters:
    def test_several_levels_are_listed_together(self, org_id: int) -> None:
        bad, good = add_example_b(org_id).pk, add_example_f(org_id).pk
        unscored = add_customer(org_id).pk
        rescore(org_id=org_id, customer_ids=None, now=NOW)

        assert found(org_id, sort="score", risk=("green", "red")) == [bad, good]
        assert found(org_id, sort="score", order="desc", risk=("red", "none")) == [bad, unscored]
        assert found(org_id, risk=()) == [bad, good, unscored]

    def test_owners_and_nobodys(self, org_id: int) -> None:
        hers = add_customer(org_id, owner_external_id="a1").pk
        nobodys = add_customer(org_id).pk

        assert found(org_id, owner="a1") == [hers]
        assert found(org_id, owner="none") == [nobodys]
        assert found(org_id, owner="a2") == []

    def test_not_seen_means_long_ago_or_never(self, org_id: int) -> None:
        add_customer(org_id, last_seen_at=ago(2))
        old = add_customer(org_id, last_seen_at=ago(40)).pk
        never = add_customer(org_id).pk

        assert found(org_id, unseen_days=30, sort="last_seen_at", order="desc") == [old, never]

    def test_who_became_critical_is_whom_the_sentence_counts(self, org_id: int) -> None:
        moved = add_mover(org_id).pk
        add_example_b(org_id)
        rescore(org_id=org_id, customer_ids=None, now=NOW)

        assert became(org_id, "red") == [moved]
        assert week(org_id, NOW).became_critical == 1
        assert became(org_id, "green") == became(org_id, "yellow") == []
        assert found(org_id, became="red", now=NOW + timedelta(days=8)) == []

    def test_who_recovered_became_healthy(self, org_id: int) -> None:
        customer = add_mover(org_id)
        later = NOW + timedelta(days=8)
        Conversation.objects.for_org(org_id).update(
            status="closed", reopen_count=0, closed_at=later, remote_updated_at=later
        )
        Customer.objects.for_org(org_id).update(last_seen_at=later, last_replied_at=later)
        rescore(org_id=org_id, customer_ids=None, now=later)

        assert found(org_id, became="green", now=later) == [customer.pk]
        assert found(org_id, became="red", now=later) == []

    @pytest.mark.parametrize(
        ("field", "filters"),
        [
            ("risk", {"risk": ("red", "blue")}),
            ("became", {"became": "none"}),
            ("unseen_days", {"unseen_days": 0}),
        ],
    )
    def test_unknown_filters_are_refused(
        self, org_id: int, field: str, filters: dict[str, Any]
    ) -> None:
        with pytest.raises(Invalid) as refused:
            list_customers(org_id, filters=CustomerFilters(**filters), now=NOW)

        assert [fault.field for fault in refused.value.faults] == [field]


class TestWays:
    """However a page is found, it is the same page."""

    @pytest.mark.parametrize("order", ["asc", "desc"])
    @pytest.mark.parametrize("sort", ["name", "last_seen_at", "created_at", "first_seen_at"])
    @pytest.mark.parametrize(
        "filters",
        [
            {"role": "lead"},
            {"search": "crowd"},
            {"search": "person777"},
            {"unseen_days": 1},
            {"risk": ("none",)},
        ],
    )
    def test_pages_follow_one_another(
        self, crowd: int, filters: dict[str, Any], sort: str, order: str
    ) -> None:
        told = CustomerFilters(**filters)
        search = Search.prepare(crowd, filters=told, now=NOW)
        with search.cursor(sort, order, size=700) as batches:
            everybody = [one for batch in batches for one in batch]

        assert (
            len(everybody) == len(set(everybody)) == count_customers(crowd, filters=told, now=NOW)
        )
        for page in (1, 2, 9):
            listed = list_customers(
                crowd, filters=told, sort=sort, order=order, page=page, now=NOW, count_all=False
            )
            expected = everybody[25 * (page - 1) : 25 * page]
            assert [row.id for row in listed.customers] == expected
            assert not listed.is_counted or listed.total == len(everybody)

    def test_many_cannot_be_ordered_by_their_change(self, crowd: int, org_id: int) -> None:
        with pytest.raises(Invalid, match="narrow them first"):
            list_customers(crowd, filters=CustomerFilters(), sort="change", now=NOW)

    def test_few_are_ordered_by_their_change(self, org_id: int) -> None:
        moved, steady = add_mover(org_id).pk, add_example_f(org_id)
        rescore(org_id=org_id, customer_ids=[steady.pk], now=ago(8))
        rescore(org_id=org_id, customer_ids=None, now=NOW)
        new = add_example_b(org_id).pk

        assert found(org_id, sort="change") == [moved, steady.pk, new]

    def test_ids_for_an_action_are_bounded(self, crowd: int) -> None:
        assert len(find_ids(crowd, filters=CustomerFilters(), limit=101, now=NOW)) == 101


class TestLines:
    def test_a_line_has_a_value_a_day_today_last(self, org_id: int) -> None:
        moved, other = add_mover(org_id), add_example_f(org_id)

        lines = score_lines(org_id, [moved.pk, other.pk], days=5, now=NOW)

        assert set(lines) == {moved.pk}
        line = lines[moved.pk]
        assert len(line) == 5
        assert line[0] == line[3]
        assert line[3] is not None
        assert line[4] is not None
        assert line[4] < line[3]

    def test_anothers_customer_has_no_line(self, org_id: int) -> None:
        stranger = add_mover(add_org("Other"))

        assert score_lines(org_id, [stranger.pk], days=5, now=NOW) == {}
