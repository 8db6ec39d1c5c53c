"""Rows of the customer list: what each cell says, and that no text of a customer is markup."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pulsescore.scoring.queries import CustomerRow
from pulsescore.segments.queries import SegmentRef
from pulsescore.web.customers.cells import More
from pulsescore.web.customers.columns import COLUMNS, Layout
from pulsescore.web.customers.rows import table_rows

NOW = datetime(2026, 3, 1, tzinfo=UTC)
HOSTILE = "\"><script>alert('x')</script>"
MIA = CustomerRow(
    id=7,
    external_id="c7",
    source="intercom",
    email="mia@example.com",
    name="Mia Chen",
    contact_role="user",
    first_seen_at=None,
    last_seen_at=NOW - timedelta(days=3),
    last_replied_at=None,
    tags=["vip", "beta", "early"],
    metadata={},
    attributes={},
    created_at=NOW,
    updated_at=NOW,
    deleted_at=None,
    score=31,
    risk_level="red",
    score_reason=None,
    raws=[],
    change=-4,
    companies=[(3, "Acme"), (4, "Initech")],
)


def drawn(row: CustomerRow, *keys: str, **beside: Any) -> str:
    more: More = {
        "has_email": "email" in keys,
        "tags": [(tag, "tag=" + tag) for tag in row.tags[:2]],
        "segments": [],
        "line": [],
        "open": 0,
        "owner": "",
        "attributes": {},
        **beside,
    }
    return table_rows([(row, more)], Layout(keys).columns, now=NOW)


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("score", '31<span class="visually-hidden">, Critical</span>'),
        ("change", '<span class="visually-hidden">down </span>4'),
        ("company", 'title="Acme">Acme</a> <span class="faint">+1</span>'),
        ("last_seen", ">3 days ago</time>"),
        ("last_replied", ">never</td>"),
        ("open", '<span class="faint">0</span>'),
        ("tags", '<span class="truncate">beta</span></a> <span class="faint">+1</span>'),
        ("email", ">mia@example.com</span>"),
        ("role", ">user</td>"),
    ],
)
def test_a_cell_says_what_its_column_is_about(key: str, words: str) -> None:
    assert words in drawn(MIA, key)


def test_who_has_no_score_is_shown_with_the_reason() -> None:
    nobody = replace(MIA, score=None, risk_level=None, score_reason="no_conversation")

    text = drawn(nobody, "score")

    assert 'title="Not enough data: no conversation yet">N/A<' in text
    assert 'cell-reason" aria-hidden="true">no conversation yet<' in text


def test_a_score_set_by_hand_tells_what_the_factors_come_to() -> None:
    text = drawn(replace(MIA, is_overridden=True, computed_score=80), "score")

    assert 'title="Set by hand; the factors come to 80"' in text
    assert "Critical, set by hand" in text


def test_what_stands_beneath_a_name_is_told_once() -> None:
    lead = replace(MIA, contact_role="lead", deleted_at=NOW - timedelta(days=5))

    assert 'truncate">mia@example.com · lead · deleted <time' in drawn(lead)
    assert 'truncate">lead · deleted <time' in drawn(lead, "email")
    assert 'truncate">lead · deleted <time' in drawn(replace(lead, name=None))


def test_segments_and_open_conversations_are_doors() -> None:
    text = drawn(MIA, "segments", "open", segments=[SegmentRef(5, "Big ones")], open=1_200)

    assert 'href="/customers?segment=5" title="Big ones"' in text
    assert 'href="/customers/7?tab=conversations&amp;show=open#tabs">1,200</a>' in text


def test_no_text_of_a_customer_becomes_markup() -> None:
    hostile = replace(
        MIA,
        name=HOSTILE,
        email=HOSTILE,
        contact_role=HOSTILE,
        tags=[HOSTILE],
        companies=[(3, HOSTILE)],
    )
    text = drawn(
        hostile,
        *(column.key for column in COLUMNS),
        "meta.plan",
        "meta." + HOSTILE,
        segments=[SegmentRef(5, HOSTILE)],
        owner=HOSTILE,
        attributes={"meta.plan": HOSTILE, "meta." + HOSTILE: HOSTILE},
        tags=[(HOSTILE, "tag=x")],
    )

    assert "<script" not in text
    assert text.count("&lt;script&gt;") > len(COLUMNS)
