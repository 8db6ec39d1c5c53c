"""Searching the guide: sections that have all the words, the best first, with a passage."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulsescore.web.help.guide import assemble
from pulsescore.web.help.links import Addresses
from pulsescore.web.help.search import Hit, find
from tests.unit.help.reading import the_guide

SOURCES = {
    "README": "# Guide\n\nLead.\n\n## All\n\n"
    "- [Colours](colours.md): Some.\n- [Rest](rest.md): More.",
    "colours": "# Colours\n\n## Red\n\nLike a rose, and like blood.\n\n## Blue\n\nLike the sea. "
    + "Far and wide. " * 40
    + "A rose it is not. "
    + "On and on. " * 40,
    "rest": "# Rest\n\nA rose is a rose is a rose.",
}
PAGES = assemble(SOURCES, Addresses("https://scores.example.org")).pages


def headings(hits: list[Hit]) -> list[str]:
    return [one.section.heading or one.page.title for one in hits]


def test_all_words_must_be_there() -> None:
    assert headings(find(PAGES, "rose blood")) == ["Red"]


def test_words_in_a_heading_weigh_more_than_words_in_the_text() -> None:
    assert headings(find(PAGES, "blue")) == ["Blue"]
    assert headings(find(PAGES, "rose"))[0] == "Rest"


def test_if_no_section_has_all_words_those_with_most_are_shown() -> None:
    assert headings(find(PAGES, "blood sweat tears")) == ["Red"]


def test_capitals_and_punctuation_do_not_matter() -> None:
    assert headings(find(PAGES, "“BLOOD”?!")) == ["Red"]


@pytest.mark.parametrize("query", ["", "   ", "?!", "..", "zebra"])
def test_nothing_is_found_by_nothing(query: str) -> None:
    assert find(PAGES, query) == []


def test_the_passage_is_around_the_first_hit_and_marks_each() -> None:
    [hit] = [one for one in find(PAGES, "rose not") if one.section.heading == "Blue"]
    whole = "".join(words for words, _ in hit.snippet)

    assert whole.startswith("… ")
    assert whole.endswith(" …")
    assert [words for words, found in hit.snippet if found] == ["rose", "not"]
    assert len(whole) < 250


@given(st.text(max_size=80))
def test_no_query_breaks_it_and_passages_are_the_text(query: str) -> None:
    for hit in find(PAGES, query):
        passage = "".join(words for words, _ in hit.snippet).strip("… ")
        assert passage in hit.section.text


@pytest.mark.parametrize(
    ("query", "page", "heading"),
    [
        (
            "redirect_uri_mismatch",
            "problems-connecting",
            "Intercom does not accept the return address",
        ),
        ("needs attention", "problems-syncing", "This connection needs attention"),
        ("signature 401", "problems-webhooks", "Intercom says 401"),
        ("reopen rate", "scoring", "Reopen rate"),
        ("no e-mail address", "problems-syncing", "It has no e-mail address"),
        ("429", "problems-api", "429 Too many requests"),
        ("shortcuts", "pages", "Keyboard shortcuts"),
    ],
)
def test_what_people_look_for_is_among_the_first(query: str, page: str, heading: str) -> None:
    first = [(one.page.name, one.section.heading) for one in find(the_guide().pages, query)[:3]]

    assert (page, heading) in first
