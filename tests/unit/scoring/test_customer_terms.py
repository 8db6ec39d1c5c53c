"""What is typed into the search becomes terms, and terms a query that can do no harm."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulsescore.scoring.queries.customer_lines import fill
from pulsescore.scoring.queries.customer_terms import (
    MAX_TERMS,
    infix_pattern,
    prefix_query,
    tag_query,
    terms_of,
)


@pytest.mark.parametrize(
    ("typed", "terms"),
    [
        ("Mia Chen", ["mia", "chen"]),
        ("  AÏCHA\t", ["aicha"]),
        ("Mia Chen <mia@globex.com>", ["mia", "chen", "mia@globex.com"]),
        ("@globex.com", ["globex.com"]),
        ("O'Neil,", ["o'neil"]),
        ("<>", ["<>"]),
        ("", []),
        (None, []),
    ],
)
def test_a_search_is_split_into_folded_terms(typed: str | None, terms: list[str]) -> None:
    assert terms_of(typed) == terms


@given(st.text())
def test_terms_are_few_short_and_never_empty(typed: str) -> None:
    terms = terms_of(typed)

    assert len(terms) <= MAX_TERMS
    assert all(0 < len(term) <= 100 and "\0" not in term for term in terms)


def test_quotes_and_backslashes_stay_text() -> None:
    assert prefix_query(7, "o'ne\\il") == "'7:o''ne\\\\il':*"
    assert tag_query(7, "it's") == "'7#it''s'"
    assert infix_pattern("50%_\\") == "%50\\%\\_\\\\%"


def test_days_without_a_point_have_the_score_of_the_day_before() -> None:
    points = [(date(2026, 2, 20), 80), (date(2026, 2, 28), 60), (date(2026, 3, 1), None)]

    assert fill(points, first=date(2026, 2, 27), last=date(2026, 3, 2)) == [80, 60, None, None]
