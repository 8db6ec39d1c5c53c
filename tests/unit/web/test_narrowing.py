"""The address of the customer list says what is listed, and can be said again."""

from urllib.parse import parse_qs

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from pulsescore.scoring.queries import CustomerFilters
from pulsescore.web.customers.chips import chips
from pulsescore.web.customers.narrowing import MAX_PAGE, Narrowing, only_search_differs


def read(query: str) -> Narrowing:
    return Narrowing.read(QueryDict(query))


def test_an_empty_address_lists_the_worst_first() -> None:
    asked = read("")

    assert (asked.filters, asked.sort, asked.order, asked.page) == (
        CustomerFilters(),
        "score",
        "asc",
        1,
    )
    assert asked.query == ""
    assert not asked.narrowed


def test_several_levels_stand_beside_each_other() -> None:
    assert read("risk=yellow&risk=red&risk=blue").filters.levels == ("red", "yellow")


@pytest.mark.parametrize(
    "query",
    [
        "risk=blue",
        "role=admin",
        "became=none",
        "score_from=x",
        "unseen_days=-1",
        "company=0",
        "company=" + "9" * 40,
        "sort=password&order=up",
        "page=0",
        "search=%00%20",
        "deleted=true",
        "score_to=²",
    ],
)
def test_what_is_not_understood_is_left_out(query: str) -> None:
    assert not read(query).narrowed or query.startswith("company=9")
    assert read(query).sort == "score"


def test_paging_ends_somewhere() -> None:
    assert read("page=99999999").page == MAX_PAGE


LISTED = st.builds(
    Narrowing,
    st.builds(
        CustomerFilters,
        risk=st.sampled_from([None, ("red",), ("red", "green"), ("none",)]),
        search=st.none() | st.just("mia@globex.com & co"),
        tag=st.none() | st.just("a=b"),
        company=st.none() | st.integers(1, 99),
        role=st.sampled_from([None, "lead"]),
        deleted=st.booleans(),
        score_from=st.none() | st.integers(0, 100),
        score_to=st.none() | st.integers(0, 100),
        owner=st.sampled_from([None, "none", "admin-1"]),
        became=st.sampled_from([None, "red"]),
        unseen_days=st.none() | st.integers(1, 90),
    ),
    sort=st.sampled_from(["score", "name", "last_seen_at"]),
    order=st.sampled_from(["asc", "desc"]),
    page=st.integers(1, MAX_PAGE),
)


@given(LISTED)
def test_an_address_says_all_that_was_asked(asked: Narrowing) -> None:
    assert read(asked.query) == asked


@given(LISTED)
def test_taking_every_filter_away_one_by_one_ends_with_everybody(asked: Narrowing) -> None:
    for _ in range(20):
        left = chips(asked, owners={})
        if not left:
            break
        asked = read(left[0].query)

    assert not asked.narrowed


def test_a_chip_says_its_filter_in_words() -> None:
    asked = read("search=chen&risk=red&became=red&owner=a1&company=7&unseen_days=30&score_to=40")

    assert [chip.words for chip in chips(asked, owners={"a1": "Tom"}, company="Globex")] == [
        "“chen”",
        "Critical",
        "Became critical within 7 days",
        "Scores 0 to 40",
        "Owner: Tom",
        "Company: Globex",
        "Not seen for 30 days",
    ]


def test_sorting_again_turns_the_order_round() -> None:
    assert read("").sorted_by("score") == "sort=score&order=desc"
    assert read("").sorted_by("last_seen_at") == "sort=last_seen_at&order=desc"
    assert read("sort=last_seen_at&page=4").sorted_by("last_seen_at") == (
        "sort=last_seen_at&order=asc"
    )


@pytest.mark.parametrize(
    ("before", "after", "only"),
    [
        ("search=ch", "search=chen", True),
        ("", "search=c", False),
        ("search=chen", "", False),
        ("search=ch", "search=chen&risk=red", False),
        ("search=ch&risk=red", "search=chen&risk=red", True),
    ],
)
def test_typing_on_is_told_from_a_step_worth_going_back_to(
    before: str, after: str, only: bool
) -> None:
    assert only_search_differs(parse_qs(before), parse_qs(after)) is only
