"""A contact becomes a customer, field by field."""

from typing import Any

import pytest
from msgspec import UNSET

from pulsescore.connectors.intercom import mapping
from pulsescore.connectors.intercom.api.schemas import Contact
from pulsescore.store.records import CustomerRecord
from tests.unit.intercom.builders import CREATED, OBSERVED_AT, UPDATED, contact, utc

TAGS = {"1": "VIP", "2": "beta"}


def record(one: Contact, **options: Any) -> CustomerRecord:
    return mapping.contact_to_record(one, tag_names=TAGS, observed_at=OBSERVED_AT, **options)


def tag_list(*ids: str, total: int | None = None, more: bool = False) -> dict[str, Any]:
    return {
        "type": "list",
        "data": [{"type": "tag", "id": one, "url": f"/tags/{one}"} for one in ids],
        "total_count": len(ids) if total is None else total,
        "has_more": more,
    }


def test_identity_version_and_times_are_those_of_the_contact() -> None:
    made = record(contact(created_at=CREATED, last_seen_at=UPDATED, last_replied_at=CREATED + 5))
    assert made.external_id == "c1"
    assert made.version == utc(UPDATED)
    assert made.first_seen_at == utc(CREATED)
    assert made.last_seen_at == utc(UPDATED)
    assert made.last_replied_at == utc(CREATED + 5)


def test_custom_attributes_become_metadata_whole() -> None:
    custom = {"plan": "pro", "seats": 3, "nested": {"a": [1]}, "empty": None}
    assert record(contact(custom_attributes=custom)).metadata == custom


def test_tag_ids_become_names_in_order() -> None:
    assert record(contact(tags=tag_list("2", "1"))).tags == ["VIP", "beta"]


def test_a_list_cut_short_changes_no_tags_and_asks_to_be_fetched() -> None:
    one = contact(tags=tag_list("1", total=11, more=True))
    assert mapping.lacks_tags(one, TAGS)
    assert record(one).tags is UNSET
    assert record(one, all_tags=["b", "a", "a"]).tags == ["a", "b"]


def test_a_tag_without_a_known_name_asks_to_be_fetched() -> None:
    one = contact(tags=tag_list("1", "99"))
    assert mapping.unknown_tags(one, TAGS) == {"99"}
    assert mapping.lacks_tags(one, TAGS)
    assert record(one).tags is UNSET


def test_more_than_ten_companies_ask_to_be_fetched() -> None:
    one = contact(companies={"data": [{"id": "f1"}], "total_count": 12, "has_more": True})
    assert mapping.lacks_companies(one)
    assert record(one).companies is UNSET
    assert record(one, all_companies=["f1", "f2"]).companies == ["f1", "f2"]


def test_companies_are_linked_by_id() -> None:
    assert record(contact(companies={"data": [{"id": "f1"}, {"id": 2}]})).companies == ["f1", "2"]


@pytest.mark.parametrize("email", [None, "", "  "])
def test_an_empty_address_is_none(email: str | None) -> None:
    assert record(contact(email=email)).email is None


def test_the_external_id_of_a_lead_names_nobody() -> None:
    assert record(contact(role="lead", external_id="6f1c")).external_user_id is None
    assert record(contact(role="user", external_id=42)).external_user_id == "42"


@pytest.mark.parametrize(("owner", "expected"), [(12, "12"), ("12", "12"), (0, None), (None, None)])
def test_the_owner_is_text_whatever_the_version_sends(owner: object, expected: object) -> None:
    assert record(contact(owner_id=owner)).owner_external_id == expected


def test_standard_fields_arrive_in_the_group_intercom() -> None:
    made = record(
        contact(
            role="lead",
            phone="+49 30 1",
            created_at=CREATED,
            utm_source="ad",
            location={"country": "Spain", "city": "Vigo"},
            avatar={"image_url": "https://a.example/x.png"},
        )
    )
    assert isinstance(made.attributes, dict)
    assert made.attributes["intercom/is_lead"] is True
    assert made.attributes["intercom/phone"] == "+49 30 1"
    assert made.attributes["intercom/utm_source"] == "ad"
    assert made.attributes["intercom/created_at"] == "2026-01-01T00:00:00Z"
    assert made.attributes["intercom/location_city"] == "Vigo"
    assert made.attributes["intercom/avatar_url"] == "https://a.example/x.png"
    assert (made.country, made.city, made.avatar_url) == ("Spain", "Vigo", made.avatar_url)


def test_a_slim_payload_says_nothing_of_what_it_lacks() -> None:
    made = mapping.contact_to_record(Contact(id="c1"), tag_names=TAGS, observed_at=OBSERVED_AT)
    said = {name for name in made.__struct_fields__ if getattr(made, name) is not UNSET}
    deltas = {"tags_added", "tags_removed", "companies_added", "companies_removed"}
    assert said - deltas == {"external_id", "version", "observed_at", "authoritative"}
    assert made.version is None


def test_rest_and_webhook_spellings_of_a_contact_give_the_same_record() -> None:
    rest = contact(created_at=CREATED, last_seen_at=UPDATED, owner_id=5)
    webhook = contact(
        created_at="2026-01-01T00:00:00.465Z",
        last_seen_at="2026-01-02T00:00:00.001+00:00",
        updated_at="2026-01-02T00:00:00.999Z",
        owner_id="5",
    )
    first, second = record(rest), record(webhook)
    assert isinstance(first.attributes, dict)
    assert isinstance(second.attributes, dict)
    first.attributes.pop("intercom/owner_id")
    second.attributes.pop("intercom/owner_id")
    assert first == second


def test_an_unknown_role_is_refused() -> None:
    with pytest.raises(ValueError, match="role"):
        record(contact(role="robot"))
