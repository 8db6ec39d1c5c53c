"""What Intercom tells of a contact, as values of our attributes."""

from datetime import UTC, datetime
from typing import Any

import pytest

from pulsescore.connectors.intercom.mappings.incoming import (
    GIVES_WAY_BY,
    STANDARD_PATHS,
    IncomingRow,
    Told,
    is_path,
    values_told,
)

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)
ANN = Told(
    attributes={
        "intercom/name": "Ann",
        "intercom/is_lead": False,
        "intercom/location_city": "Dublin",
        "intercom/avatar_url": "https://example.com/a.png",
    },
    metadata={
        "plan": "Gold",
        "trial": False,
        "emptied": None,
        "renews_at": 1_772_366_400,
        "address": {"street": {"number": 4}, "zip.code": "D02"},
        "orders": [{"id": 7}, {"id": 8}],
    },
    tags=["vip"],
    at=AT,
)


def value(path: str, *, told: Told = ANN, dates: frozenset[str] = frozenset()) -> Any:
    row = IncomingRow(intercom=path, attribute="ours", overwrite=True)
    return values_told(told, [row], dates=dates)[0][0]["ours"]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("name", "Ann"),
        ("is_lead", False),
        ("location.city", "Dublin"),
        ("avatar.image_url", "https://example.com/a.png"),
        ("tags", ["vip"]),
        ("custom_attributes.plan", "Gold"),
        ("custom_attributes.trial", False),
        ("custom_attributes.address.street.number", 4),
        ("custom_attributes.address.zip.code", "D02"),
        ("custom_attributes.orders.1.id", 8),
    ],
)
def test_a_path_leads_into_the_contact_as_intercom_tells_it(path: str, expected: Any) -> None:
    assert value(path) == expected


@pytest.mark.parametrize("path", ["custom_attributes.emptied", "phone"])
def test_what_is_empty_there_is_empty_here(path: str) -> None:
    assert value(path) is None


@pytest.mark.parametrize(
    "path",
    [
        "custom_attributes.never_set",
        "custom_attributes.plan.name",
        "custom_attributes.orders.9.id",
        "custom_attributes.orders.x",
    ],
)
def test_a_custom_attribute_that_was_never_set_says_nothing(path: str) -> None:
    assert values_told(ANN, [IncomingRow(intercom=path, attribute="ours")]) == []


def test_dates_are_told_as_instants() -> None:
    path = "custom_attributes.renews_at"
    assert value(path, dates=frozenset({path})) == "2026-03-01T12:00:00Z"
    assert value(path) == 1_772_366_400


def test_what_only_fills_gaps_counts_as_told_long_ago() -> None:
    rows = [
        IncomingRow(intercom="name", attribute="a", overwrite=True),
        IncomingRow(intercom="name", attribute="b"),
    ]
    assert values_told(ANN, rows) == [({"a": "Ann"}, AT), ({"b": "Ann"}, AT - GIVES_WAY_BY)]


@pytest.mark.parametrize("path", [*STANDARD_PATHS, "avatar", "custom_attributes.plan"])
def test_these_are_paths(path: str) -> None:
    assert is_path(path)


@pytest.mark.parametrize("path", ["", "custom_attributes.", "nickname", "location", "name.first"])
def test_these_are_none(path: str) -> None:
    assert not is_path(path)
