"""What topics about companies do."""

from decimal import Decimal

import pytest
from msgspec import UNSET

from pulsescore.connectors.intercom.inbox.effects.telling import CannotUnderstand, Refetch
from pulsescore.store.records import CompanyRecord, CustomerRecord, DeletionRecord
from tests.unit.intercom_inbox import payloads
from tests.unit.intercom_inbox.telling import AT, only, tell


@pytest.mark.parametrize("topic", ["company.created", "company.updated"])
def test_a_company_is_told_with_its_tags_by_name(topic: str) -> None:
    effect = tell(topic, payloads.company())
    company = only(effect, CompanyRecord)
    assert (company.external_id, company.company_key) == (payloads.COMPANY, "acme-1")
    assert (company.name, company.plan, company.tags) == ("Acme", "Gold", ["vip"])
    assert (company.size, company.monthly_spend) == (40, Decimal(250))
    assert company.version == AT
    assert effect.refetch == []


def test_a_plan_that_is_only_an_id_has_the_company_read_again() -> None:
    item = {key: value for key, value in payloads.company(plan_id="1").items() if key != "plan"}
    effect = tell("company.created", item)
    assert only(effect, CompanyRecord).plan is UNSET
    assert effect.refetch == [Refetch("company", payloads.COMPANY)]


def test_no_plan_is_told_as_none() -> None:
    assert only(tell("company.updated", payloads.company(plan=None)), CompanyRecord).plan is None


def test_a_deleted_company_leaves_a_tombstone() -> None:
    (record,) = tell("company.deleted", {"id": payloads.COMPANY, "deleted": True}).records
    assert record == DeletionRecord(kind="company", external_id=payloads.COMPANY, at=AT)


def test_attaching_and_detaching_change_one_membership_only() -> None:
    item = {"company": payloads.company(), "contact": payloads.contact()}
    joined = only(tell("company.contact.attached", item), CustomerRecord)
    left = only(tell("company.contact.detached", item), CustomerRecord)
    assert (joined.companies, joined.companies_added) == (UNSET, [payloads.COMPANY])
    assert left.companies_removed == [payloads.COMPANY]


@pytest.mark.parametrize("item", [{}, {"company": {}, "contact": {"id": "1"}}, {"company": 3}])
def test_a_membership_of_nothing_cannot_be_understood(item: dict) -> None:
    with pytest.raises(CannotUnderstand):
        tell("company.contact.attached", item)
