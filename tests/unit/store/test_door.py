"""What may pass the door of the store."""

from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from pulsescore.store.door import Unacceptable
from tests.unit.store.builders import company, contact, entry, partial_talk, talk


def test_an_empty_email_is_none_and_others_are_trimmed() -> None:
    assert entry(contact(email="  ")).record.email is None  # type: ignore[union-attr]
    assert entry(contact(email=" a@b.c ")).record.email == "a@b.c"  # type: ignore[union-attr]


def test_nul_characters_and_lone_surrogates_are_taken_out_everywhere() -> None:
    hostile = contact(name="A\0n\ud800n", tags=["x\0"], metadata={"k\0": ["\ud800v"]})
    record: Any = entry(hostile).record
    assert (record.name, record.tags, record.metadata) == ("Ann", ["x"], {"k": ["v"]})


def test_the_same_content_has_one_digest_whenever_it_was_seen() -> None:
    one = entry(contact(v=1, seen=5, tags=["b", "a", "a"], metadata={"x": 1, "y": 2}))
    two = entry(contact(v=1, seen=9, tags=["a", "b"], metadata={"y": 2, "x": 1}))
    assert one.digest == two.digest


def test_other_content_has_another_digest() -> None:
    assert entry(contact(name="Ann")).digest != entry(contact(name="Bea")).digest
    assert entry(contact(v=1)).digest != entry(contact(v=2)).digest
    assert entry(contact(phone=None)).digest != entry(contact()).digest


def test_money_is_rounded_to_the_cent() -> None:
    record: Any = entry(company(monthly_spend=Decimal("12.345"))).record
    assert record.monthly_spend == Decimal("12.35")


def _deep() -> dict[str, Any]:
    document: dict[str, Any] = {}
    inner = document
    for _ in range(100_000):
        inner["a"] = {}
        inner = inner["a"]
    return document


@pytest.mark.parametrize(
    "record",
    [
        contact(""),
        contact("x" * 300),
        contact(name="n" * 700),
        contact(email="e" * 700),
        contact(contact_role="somebody else"),
        contact(metadata={"text": "x" * 1_100_000}),
        contact(metadata=_deep()),
        contact(companies=["x" * 300]),
        contact(last_seen_at=datetime(2026, 1, 1)),  # noqa: DTZ001
        company(size=2**70),
        company(monthly_spend=Decimal(10**13)),
        company(monthly_spend=Decimal("NaN")),
        talk(reopens=2**40),
        talk(rating=10**6),
        talk(contacts=[""]),
        partial_talk(time_to_resolution_secs=10**30),
        partial_talk(priority="p" * 99),
    ],
)
def test_what_no_column_can_hold_is_refused(record: Any) -> None:
    with pytest.raises(Unacceptable):
        entry(record)
