"""Topics about companies: their fields, their end, and who belongs to them."""

import msgspec

from pulsescore.connectors.intercom import mapping
from pulsescore.connectors.intercom.api.schemas import Company
from pulsescore.connectors.intercom.inbox.effects import contact as contacts
from pulsescore.connectors.intercom.inbox.effects.telling import (
    CannotUnderstand,
    Effect,
    Refetch,
    Telling,
)
from pulsescore.connectors.intercom.inbox.json_values import JsonObject, as_object, as_text
from pulsescore.connectors.intercom.inbox.payloads.company import rest_company
from pulsescore.store.records import CompanyRecord, DeletionRecord


def changed(telling: Telling) -> Effect:
    """The company as far as the payload tells it."""
    return Effect(records=[_record(telling.item, telling)], refetch=_lacking(telling.item, telling))


def deleted(telling: Telling) -> Effect:
    """The company is gone."""
    external_id = _id_in(telling.item)
    return Effect(records=[DeletionRecord(kind="company", external_id=external_id, at=telling.at)])


def joined(telling: Telling) -> Effect:
    """A contact was added to the company."""
    return _members_changed(telling, "companies_added")


def left(telling: Telling) -> Effect:
    """A contact was taken out of the company."""
    return _members_changed(telling, "companies_removed")


def _members_changed(telling: Telling, delta: str) -> Effect:
    company = as_object(telling.item.get("company"))
    person = as_object(telling.item.get("contact"))
    record = _record(company, telling)
    # The list inside the contact was read at another moment: only this membership is certain.
    told = {key: value for key, value in person.items() if key != "companies"}
    customer = contacts.customer_of(told, telling)
    customer = msgspec.structs.replace(customer, **{delta: [record.external_id]})
    refetch = [*_lacking(company, telling), *contacts.lacking(told, telling.workspace)]
    return Effect(records=[record, customer], refetch=refetch)


def _id_in(item: JsonObject) -> str:
    external_id = as_text(item.get("id"))
    if external_id is None:
        raise CannotUnderstand("the payload names no company id")
    return external_id


def _record(item: JsonObject, telling: Telling) -> CompanyRecord:
    _id_in(item)
    try:
        return mapping.company_to_record(
            _company(item), tag_names=telling.workspace.tags, observed_at=telling.at
        )
    except (ValueError, TypeError) as fault:
        raise CannotUnderstand(f"the company cannot be read: {fault}") from fault


def _company(item: JsonObject) -> Company:
    return msgspec.convert(rest_company(item), Company, strict=False)


def _lacking(item: JsonObject, telling: Telling) -> list[Refetch]:
    """The company itself, if its name, plan or the names of its tags are not told."""
    company = _company(item)
    tags = company.tags.tags if company.tags else []
    unnamed = [
        tag for tag in tags or [] if not tag.name and str(tag.id) not in telling.workspace.tags
    ]
    complete = {"name", "plan", "updated_at"} <= item.keys() and not unnamed
    return [] if complete else [Refetch("company", str(company.id))]
