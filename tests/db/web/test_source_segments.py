"""The segments of Intercom that a customer is in show wherever the tags do."""

from datetime import datetime

import pytest
from django.test import Client

from pulsescore.store.models import Customer
from pulsescore.store.source_segments import SegmentOf, replace_members
from tests.db.web.test_intercom_pages import api_key, downloaded, text
from tests.seeding import Seeded

HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def person(alices: Seeded, now: datetime) -> Customer:
    one = Customer.objects.for_org(alices.organization.pk).filter(deleted_at=None).order_by("id")[0]
    for name in ("Paying", HOSTILE):
        segment = SegmentOf(
            org_id=one.org_id, source_id=one.source_id, external_id=name, name=name, size=1
        )
        replace_members(segment, [one.external_id, "nobody we know"], now=now)
    return one


def test_the_page_of_a_customer_names_them(alice: Client, person: Customer) -> None:
    html = text(alice.get(f"/customers/{person.pk}"))
    assert "Intercom segments" in html
    assert ">Paying<" in html
    assert HOSTILE not in html
    assert "Paying" in text(alice.get(f"/customers/{person.pk}?tab=attributes"))


def test_the_api_tells_them_among_the_attributes(
    alice: Client, alices: Seeded, person: Customer, now: datetime
) -> None:
    headers = api_key(alices, now)
    one = alice.get(f"/api/v1/customers/{person.pk}", headers=headers).json()["customer"]
    assert one["attributes"]["intercom/segments"] == [HOSTILE, "Paying"]
    listed = alice.get("/api/v1/customers?per_page=100", headers=headers).json()["customers"]
    told = [row["id"] for row in listed if "intercom/segments" in row["attributes"]]
    assert told == [person.pk]


def test_the_file_has_them_beside_the_tags(alice: Client, person: Customer) -> None:
    header, *lines = downloaded(alice.get("/customers.csv")).splitlines()
    assert "Tags,Intercom segments" in header
    assert sum("Paying" in line for line in lines) == 1


def test_a_person_who_asks_is_told_of_them(
    alice: Client, alices: Seeded, person: Customer, now: datetime
) -> None:
    answer = alice.get(f"/api/v1/customers/{person.pk}/export", headers=api_key(alices, now))
    assert "Paying" in answer.content.decode()
