"""A company with plan, size, spend and tags."""

from decimal import Decimal

import pytest
from msgspec import UNSET

from pulsescore.connectors.intercom import mapping
from pulsescore.connectors.intercom.api.schemas import Company
from pulsescore.store.records import CompanyRecord
from tests.unit.intercom.builders import CREATED, OBSERVED_AT, company, utc


def record(one: Company) -> CompanyRecord:
    return mapping.company_to_record(one, tag_names={"1": "VIP"}, observed_at=OBSERVED_AT)


@pytest.mark.parametrize(
    ("plan", "name"), [({"name": "Pro"}, "Pro"), ({}, None), (None, None), ("Pro", "Pro")]
)
def test_a_plan_is_its_name(plan: object, name: str | None) -> None:
    assert record(company(plan=plan)).plan == name


def test_numbers_and_instants() -> None:
    made = record(company(size=12, monthly_spend=99.5, remote_created_at=CREATED))
    assert (made.size, made.monthly_spend) == (12, Decimal("99.5"))
    assert made.remote_created_at == utc(CREATED)


def test_tags_by_name_from_rest_and_by_id_from_webhooks() -> None:
    rest = company(tags={"type": "tag.list", "tags": [{"id": "1", "name": "VIP"}]})
    assert record(rest).tags == record(company(tag_ids=[1])).tags == ["VIP"]


def test_both_keys_are_kept_apart() -> None:
    made = record(company(company_id="acme", custom_attributes={"tier": 1}))
    assert (made.external_id, made.company_key, made.metadata) == ("f1", "acme", {"tier": 1})


def test_what_is_not_told_stays_open() -> None:
    assert record(company()).plan is UNSET
    assert record(company()).tags is UNSET


def test_spend_that_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="not a number"):
        record(company(monthly_spend="lots"))
