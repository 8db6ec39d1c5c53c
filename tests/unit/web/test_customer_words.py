"""What the page of a customer says: points that add up, sentences, doors."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulsescore.scoring.config import FACTORS
from pulsescore.scoring.moved import FactorChange
from pulsescore.scoring.queries import Moved
from pulsescore.scoring.wording import REASONS
from pulsescore.web.customers.changes import headline, parts_of, turn_in_words
from pulsescore.web.customers.doors import door_of
from pulsescore.web.customers.points import adding_up
from pulsescore.web.customers.telling import sentence, words_of
from pulsescore.web.templatetags.records import signed_aligned, signed_tenth
from pulsescore.web.words import (
    BRIEF_REASONS,
    COMPANY_REASONS,
    company_reason,
    reason_in_brief,
    reason_in_words,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
WEEK = timedelta(days=7)
points = st.floats(-100, 100).map(lambda value: round(value * 1024) / 1024)


def moved(then: int | None, now: int | None, *, days: float = 7, **fields: Any) -> Moved:
    return Moved(
        since=NOW - timedelta(days=days),
        at=NOW,
        score_then=then,
        level_then=fields.get("was", "yellow"),
        score_now=now,
        level_now=fields.get("level", "red"),
        changes=fields.get("changes", []),
    )


@given(st.lists(points, min_size=1, max_size=5))
def test_parts_add_up_to_the_total_and_stay_near_the_truth(parts: list[float]) -> None:
    shown = adding_up(parts, total=sum(parts))

    assert round(sum(shown), 1) == round(sum(parts), 1)
    assert all(abs(one - part) <= 0.1 + 1e-9 for one, part in zip(shown, parts, strict=True))


def test_a_change_is_told_by_its_factors() -> None:
    changes = [
        FactorChange("reopen_rate", "Reopen rate", -9.25),
        FactorChange("open_tickets", "Open", -2.75),
    ]

    assert parts_of(changes, total=-12) == [("reopened tickets", -9.3), ("open tickets", -2.7)] or (
        parts_of(changes, total=-12) == [("reopened tickets", -9.2), ("open tickets", -2.8)]
    )
    assert turn_in_words(moved(52, 40, changes=changes)).startswith(
        "At risk → Critical, 52 → 40: reopened tickets −9"
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (moved(55, 31), "Down 24 in 7 days, from 55, At risk"),
        (moved(31, 36, was="red"), "Up 5 in 7 days, from 31"),
        (moved(31, 31, was="red"), "Unchanged in 7 days"),
        (moved(None, 31), "No score to compare with"),
        (moved(55, 31, days=2), "Down 24 since the first score 2 days ago, from 55, At risk"),
    ],
)
def test_the_headline_says_what_happened_since_when(change: Moved, words: str) -> None:
    assert headline(change, wanted=WEEK, now=NOW) == words


def test_a_turn_without_a_score_on_one_side_says_so() -> None:
    assert turn_in_words(moved(None, 31, was=None)) == "No score → Critical, none → 31"


@pytest.mark.parametrize("factor", FACTORS)
def test_every_factor_has_a_door_where_there_is_something_behind_it(factor: str) -> None:
    assert door_of(factor, 0) is None
    one, many = door_of(factor, 1), door_of(factor, 4)
    assert one is not None
    assert many is not None
    assert one.show == factor
    assert "4" in many.words or many.words.startswith(("latest", "the latest"))


@pytest.mark.parametrize(
    ("name", "properties", "words"),
    [
        ("User started conversation", {}, "Started a conversation"),
        (
            "Admin assigned conversation",
            {"assignee_name": "Tom"},
            "The conversation was assigned to Tom",
        ),
        ("Admin assigned conversation", {"assignee_name": None}, "The conversation was assigned"),
        ("Added Tag", {"tag": "vip"}, "Tagged vip"),
        ("Removed Tag", {"tag": "vip"}, "Tag vip removed"),
        ("Conversation Part Tag Added", {"tags_added": ["a", 1]}, "A message was tagged a, 1"),
        ("Health score changed", {"score_before": 52, "score": 31}, "The score fell from 52 to 31"),
        ("Health score changed", {"score_before": "x"}, "The score changed"),
        (
            "Risk level changed",
            {"risk_level_before": "yellow", "risk_level": "red"},
            "At risk → Critical",
        ),
        ("First health score", {"score": 61, "risk_level": "yellow"}, "First score: 61, At risk"),
        ("Updated email address", {}, "The e-mail address became another one"),
        ("invoice paid", {"amount": 3}, "invoice paid"),
    ],
)
def test_entries_are_told_in_sentences(name: str, properties: dict[str, Any], words: str) -> None:
    assert sentence(name, properties) == words


def test_what_was_said_is_a_message_or_a_note() -> None:
    assert words_of({"message": "Hi", "note": "x"}) == "Hi"
    assert words_of({"message": {"odd": 1}, "note": "x"}) == "x"


@pytest.mark.parametrize(("value", "words"), [(8, "+8"), (-13.2, "−13.2"), (0.04, "0")])
def test_points_carry_their_sign(value: float, words: str) -> None:
    assert signed_tenth(value) == words


@pytest.mark.parametrize(("value", "words"), [(8, "+8.0"), (-13.2, "−13.2"), (0, "0.0")])
def test_points_beneath_one_another_have_a_decimal_each(value: float, words: str) -> None:
    assert signed_aligned(value) == words


def test_each_reason_of_a_missing_score_has_full_and_few_words() -> None:
    keys = {*REASONS, *COMPANY_REASONS}

    assert keys == BRIEF_REASONS.keys()
    assert {company_reason(0), company_reason(3)} == COMPANY_REASONS.keys()
    assert reason_in_words(None) == "No score yet"
    assert reason_in_brief("something new") == "no score yet"
