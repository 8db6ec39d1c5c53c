"""What the dashboard, the customer list and the customer page read."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from pulsescore.core.errors import Invalid, NotFound
from pulsescore.scoring.actions import rescore
from pulsescore.scoring.queries import (
    CustomerFilters,
    Week,
    coverage,
    get_explanation,
    get_health,
    histogram,
    level_trend,
    list_customers,
    risk_distribution,
    score_history,
    score_trend,
    summary,
    week,
    worst_changes,
)
from pulsescore.store.models import Company, CompanyMember, Customer
from tests.db.scoring.people import (
    NOW,
    add_conversation,
    add_customer,
    add_example_b,
    add_example_f,
    add_fallen,
    add_org,
    ago,
    source_of,
)

pytestmark = pytest.mark.django_db
WEEK = timedelta(days=7)


@pytest.fixture
def org_id() -> int:
    return add_org()


def rescore_all(org_id: int, days_ago: float = 0) -> None:
    rescore(org_id=org_id, customer_ids=None, now=ago(days_ago))


class TestCustomer:
    def test_health_carries_factors_that_add_up_to_the_score(self, org_id: int) -> None:
        customer = add_example_b(org_id)
        rescore_all(org_id)
        health = get_health(org_id, customer.pk)
        assert (health.score, health.risk_level, health.config_version) == (21, "red", 1)
        assert sum(row.points for row in health.factors) + health.rounding == 21
        assert health.factors[0].words == "seen 30 days ago"
        assert health.factors[1].words == "4 open conversations"

    def test_without_a_score_the_reason_is_told(self, org_id: int) -> None:
        customer = add_customer(org_id)
        assert get_health(org_id, customer.pk).reason == "not_calculated"
        rescore_all(org_id)
        health = get_health(org_id, customer.pk)
        assert (health.score, health.reason) == (None, "no_conversation")
        assert health.reason_words == "Not enough data: no conversation yet"

    def test_anothers_customer_is_not_found(self, org_id: int) -> None:
        stranger = add_example_b(add_org("Other"))
        for read in (get_health, score_history):
            with pytest.raises(NotFound):
                read(org_id, stranger.pk)
        with pytest.raises(NotFound):
            get_explanation(org_id, stranger.pk, since=None)

    def test_an_explanation_since_then_adds_up_to_the_difference(self, org_id: int) -> None:
        customer = add_fallen(org_id)
        told = get_explanation(org_id, customer.pk, since=ago(7))
        assert told.since == ago(8)
        assert told.score_then is not None
        assert told.health.score is not None
        total = sum(change.points for change in told.changes)
        assert total == told.health.score - told.score_then < 0

    def test_an_explanation_reaches_back_to_the_first_point_at_most(self, org_id: int) -> None:
        customer = add_fallen(org_id)
        assert get_explanation(org_id, customer.pk, since=ago(400)).since == ago(8)
        assert get_explanation(org_id, customer.pk, since=None).changes == []

    def test_history_is_told_oldest_first_within_its_bounds(self, org_id: int) -> None:
        customer = add_fallen(org_id)
        assert [point.at for point in score_history(org_id, customer.pk)] == [ago(8), NOW]
        assert [p.at for p in score_history(org_id, customer.pk, ago(1))] == [NOW]
        assert [p.at for p in score_history(org_id, customer.pk, None, ago(1))] == [ago(8)]


class TestDashboard:
    def test_levels_are_counted_without_the_deleted(self, org_id: int) -> None:
        add_example_b(org_id)
        add_example_f(org_id)
        add_customer(org_id)
        gone = add_example_b(org_id)
        rescore_all(org_id)
        Customer.objects.for_org(org_id).filter(pk=gone.pk).update(deleted_at=NOW)
        assert risk_distribution(org_id, NOW) == {"green": 1, "yellow": 0, "red": 1, "none": 1}

    def test_an_empty_organization_has_empty_answers(self, org_id: int) -> None:
        assert risk_distribution(org_id, NOW) == {"green": 0, "yellow": 0, "red": 0, "none": 0}
        assert coverage(org_id, NOW).share is None
        seen = summary(org_id, NOW)
        assert (seen.average, seen.total, seen.coverage, seen.red_change) == (None, 0, None, None)
        assert [point.average for point in score_trend(org_id, 90, NOW)] == [None]
        assert week(org_id, NOW).sentence == "No customer became critical this week."
        assert worst_changes(org_id, NOW) == []
        assert len(histogram(org_id, NOW)) == 10

    def test_the_histogram_has_ten_bins_with_levels(self, org_id: int) -> None:
        add_example_b(org_id)
        add_example_f(org_id)
        rescore_all(org_id)
        bins = histogram(org_id, NOW)
        assert (bins[0].low, bins[9].low, bins[9].high) == (0, 90, 100)
        assert [(b.low, b.count, b.red, b.green) for b in bins if b.count] == [
            (20, 1, 1, 0),
            (90, 1, 0, 1),
        ]

    def test_a_full_hundred_is_in_the_last_bin(self, org_id: int) -> None:
        customer = add_customer(org_id, last_seen_at=NOW, last_replied_at=NOW)
        add_conversation(customer, created=1, updated=0, status="closed", closed_at=NOW)
        rescore_all(org_id)
        assert histogram(org_id, NOW)[9].green == 1

    def test_coverage_tells_why_the_others_have_no_score(self, org_id: int) -> None:
        add_example_b(org_id)
        add_customer(org_id)
        rescore_all(org_id)
        add_customer(org_id)
        seen = coverage(org_id, NOW)
        assert (seen.total, seen.scored) == (3, 1)
        assert [(reason, count) for reason, _words, count in seen.reasons] == [
            ("no_conversation", 1),
            ("not_calculated", 1),
        ]

    def test_the_summary_compares_with_the_end_of_the_day_a_week_ago(self, org_id: int) -> None:
        add_fallen(org_id)
        rescore(org_id=org_id, customer_ids=[add_example_f(org_id).pk], now=NOW)
        assert summary(org_id, NOW).red_change is None
        seen = summary(org_id, NOW - timedelta(days=1))
        assert (seen.red_change, seen.green_change) == (1, 0)
        assert seen.average_change is not None
        assert (seen.scored, seen.coverage) == (2, 1)

    def test_trends_have_a_point_for_each_day_with_scores_and_today(self, org_id: int) -> None:
        add_fallen(org_id)
        levels = level_trend(org_id, 90, NOW)
        assert [(day.on, day.green, day.red) for day in levels] == [
            (ago(8).date(), 1, 0),
            (NOW.date(), 0, 1),
        ]
        assert len(level_trend(org_id, 5, NOW)) == 1

    def test_the_week_says_who_fell_and_over_what(self, org_id: int) -> None:
        customer = add_fallen(org_id, name="Mia Chen")
        add_example_b(org_id)
        rescore_all(org_id)
        (fallen,) = worst_changes(org_id, NOW)
        assert (fallen.customer_id, fallen.name, fallen.level_then) == (
            customer.pk,
            "Mia Chen",
            "green",
        )
        assert fallen.change == fallen.score - fallen.score_then < 0
        assert fallen.cause == "reopen_rate"
        assert week(org_id, NOW).sentence == (
            "1 customer became critical this week, over reopened tickets."
        )

    def test_the_sentence_counts_the_main_cause(self) -> None:
        causes = [("reopen_rate", "reopened tickets", 5), ("open_tickets", "open tickets", 2)]
        assert Week(7, causes).sentence == (
            "7 customers became critical this week, 5 of them over reopened tickets."
        )
        assert Week(5, causes[:1]).sentence == (
            "5 customers became critical this week, all of them over reopened tickets."
        )


def listed(org_id: int, sort: str = "name", order: str = "asc", **filters: Any) -> list[int]:
    return [
        row.id
        for row in list_customers(
            org_id, filters=CustomerFilters(**filters), sort=sort, order=order
        ).customers
    ]


class TestList:
    @pytest.fixture
    def three(self, org_id: int) -> list[int]:
        """Critical Ada with a name, healthy Bob, and one without name, visit or score."""
        ada, bob = add_example_b(org_id), add_example_f(org_id)
        nobody = add_customer(org_id, email="zoe_1@example.com", contact_role="lead")
        everybody = Customer.objects.for_org(org_id)
        everybody.filter(pk=ada.pk).update(name="Ada", tags=["vip"], email="ada@example.com")
        everybody.filter(pk=bob.pk).update(name="Bob")
        rescore_all(org_id)
        add_example_b(add_org("Other"))
        return [ada.pk, bob.pk, nobody.pk]

    @pytest.mark.parametrize(
        ("sort", "order", "expected"),
        [
            ("name", "asc", (0, 1, 2)),
            ("name", "desc", (1, 0, 2)),
            ("score", "asc", (0, 1, 2)),
            ("score", "desc", (1, 0, 2)),
            ("last_seen_at", "asc", (0, 1, 2)),
            ("last_seen_at", "desc", (1, 0, 2)),
            ("created_at", "desc", (2, 1, 0)),
        ],
    )
    def test_sorting_puts_those_without_a_value_last(
        self, org_id: int, three: list[int], sort: str, order: str, expected: tuple[int, ...]
    ) -> None:
        assert listed(org_id, sort, order) == [three[place] for place in expected]

    @pytest.mark.parametrize(
        ("filters", "expected"),
        [
            ({"risk": "red"}, (0,)),
            ({"risk": "green"}, (1,)),
            ({"risk": "yellow"}, ()),
            ({"risk": "none"}, (2,)),
            ({"search": "AD"}, (0,)),
            ({"search": "example.com"}, (0, 2)),
            ({"search": "zoe_1"}, (2,)),
            ({"search": "%"}, ()),
            ({"search": "o_b"}, ()),
            ({"search": "back\\slash"}, ()),
            ({"tag": "vip"}, (0,)),
            ({"tag": "VIP"}, ()),
            ({"role": "lead"}, (2,)),
            ({"source": "intercom"}, (0, 1, 2)),
            ({"source": "csv"}, ()),
            ({"deleted": True}, ()),
            ({"risk": "red", "tag": "vip", "search": "ada", "role": "user"}, (0,)),
        ],
    )
    @pytest.mark.parametrize("sort", ["name", "score"])
    def test_filters_narrow_the_list_and_its_total(
        self,
        org_id: int,
        three: list[int],
        sort: str,
        filters: dict[str, Any],
        expected: tuple[int, ...],
    ) -> None:
        page = list_customers(org_id, filters=CustomerFilters(**filters), sort=sort)
        assert [row.id for row in page.customers] == [three[place] for place in expected]
        assert page.total == len(expected)

    def test_a_company_lists_its_members(self, org_id: int, three: list[int]) -> None:
        company = Company.objects.for_org(org_id).create(
            org_id=org_id,
            source=source_of(org_id),
            external_id="globex",
            name="Globex",
            observed_at=NOW,
        )
        CompanyMember.objects.for_org(org_id).create(
            org_id=org_id, company=company, customer_id=three[1]
        )
        assert listed(org_id, company=company.pk) == [three[1]]
        page = list_customers(org_id, filters=CustomerFilters(search="bob"))
        assert page.customers[0].companies == [(company.pk, "Globex")]

    def test_deleted_customers_are_listed_only_on_request(
        self, org_id: int, three: list[int]
    ) -> None:
        Customer.objects.for_org(org_id).filter(pk=three[0]).update(deleted_at=NOW)
        assert listed(org_id) == three[1:]
        assert listed(org_id, deleted=True) == three[:1]

    @pytest.mark.parametrize("order", ["asc", "desc"])
    @pytest.mark.parametrize("sort", ["name", "score", "last_seen_at", "created_at"])
    def test_pages_partition_the_list(self, org_id: int, sort: str, order: str) -> None:
        for number in range(7):
            add_customer(org_id, name="Same" if number % 3 else None, last_seen_at=ago(1))
        whole = listed(org_id, sort, order)
        pages = [
            list_customers(
                org_id, filters=CustomerFilters(), sort=sort, order=order, page=page, per_page=3
            )
            for page in (1, 2, 3, 4)
        ]
        assert [row.id for page in pages for row in page.customers] == whole
        assert len(whole) == 7
        assert {(page.total, page.total_pages) for page in pages} == {(7, 3)}

    def test_rows_carry_score_reason_and_the_weeks_change(self, org_id: int) -> None:
        fallen = add_fallen(org_id, name="Mia")
        add_customer(org_id, name="Zoe")
        rescore_all(org_id)
        mia, zoe = list_customers(org_id, filters=CustomerFilters(), now=NOW).customers
        assert (mia.id, mia.risk_level, mia.source) == (fallen.pk, "red", "intercom")
        assert mia.change is not None
        assert mia.change < 0
        assert (zoe.score, zoe.score_reason) == (None, "no_conversation")
        assert zoe.score_reason_words == "Not enough data: no conversation yet"

    @pytest.mark.parametrize(
        ("field", "arguments"),
        [
            ("sort", {"sort": "email"}),
            ("order", {"order": "up"}),
            ("page", {"page": 0}),
            ("page", {"page": 10**30}),
            ("per_page", {"per_page": 101}),
            ("risk", {"filters": CustomerFilters(risk="blue")}),
        ],
    )
    def test_what_cannot_be_listed_is_refused(
        self, org_id: int, field: str, arguments: dict[str, Any]
    ) -> None:
        with pytest.raises(Invalid) as refused:
            list_customers(org_id, **{"filters": CustomerFilters(), **arguments})
        assert [fault.field for fault in refused.value.faults] == [field]

    def test_a_page_costs_the_same_queries_whatever_its_length(self, org_id: int) -> None:
        counts = []
        for size in (2, 20):
            for _ in range(size):
                add_example_f(org_id)
            with CaptureQueriesContext(connection) as queries:
                list_customers(org_id, filters=CustomerFilters(), now=NOW)
            counts.append(len(queries))
        assert counts == [4, 4]
