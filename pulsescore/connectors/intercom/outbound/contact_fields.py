"""Sending one contact: its own fields, all at once, or one by one where a value is refused."""

from collections.abc import Mapping
from typing import Any, Final

from msgspec import UNSET

from pulsescore.connectors.intercom.api.errors import AlreadyThere, RequestRefused
from pulsescore.connectors.intercom.mappings import theirs as theirs_of
from pulsescore.connectors.intercom.outbound.contact_work import NOT_PERMITTED, Work
from pulsescore.connectors.intercom.outbound.diff import as_body
from pulsescore.connectors.intercom.outbound.roles import LEAD
from pulsescore.store.records import CustomerRecord

_ROLE: Final = "role"
_NAMING: Final[tuple[str, ...]] = ("email", "external_id")


async def is_lead_already(work: Work) -> bool:
    """Intercom refuses no second lead of an address: look before one is made.

    It is there where the answer to its making was lost, or where we were not told of it.
    """
    email = work.diff.fields.get("email")
    if email is None:
        return False
    at = work.tick()
    page = await work.client.search_contacts(_lead_with(email), per_page=1)
    for lead in page.items:
        work.outcome.contact_id, work.outcome.again = str(lead.id), True
        work.outcome.records.append(work.record(lead, at))
    return bool(page.items)


async def write_fields(work: Work) -> None:
    """Make the contact, or change what differs of it; refused values are found and left out."""
    diff = work.diff
    body = diff.body
    if not (body or diff.restores) or not work.may("contacts"):
        return
    try:
        await _put(work, diff.fields, body)
    except NOT_PERMITTED as fault:
        work.bar("contacts", fault)
    except AlreadyThere:
        raise
    except RequestRefused as refusal:
        await _put_apart(work, refusal)


async def _put(work: Work, fields: Mapping[str, Any], body: dict[str, Any]) -> None:
    diff, outcome = work.diff, work.outcome
    at = work.tick()
    if diff.creates and outcome.contact_id is None:
        contact = await work.client.create_contact(body)
        kind = "contact.create"
    else:
        contact = await work.client.update_contact(outcome.contact_id or "", body)
        kind = "contact.convert" if _ROLE in body else "contact.update"
    outcome.contact_id = str(contact.id)
    record = work.record(contact, at)
    outcome.records.append(record)
    outcome.accepted |= fields.keys() - outcome.task.values.keys()
    outcome.echoes |= work.means.mapper.made_otherwise("contact", fields, _held(record))
    before = {name: diff.before.get(name) for name in fields} if diff.before else {}
    after = dict(fields)
    if _ROLE in body:
        after[_ROLE] = body[_ROLE]
        before |= {} if diff.creates else {_ROLE: "lead"}
    work.note(kind, outcome.contact_id, before=before, after=after)


async def _put_apart(work: Work, refusal: RequestRefused) -> None:
    """Find out which values are refused, and have the others written."""
    diff = work.diff
    optional = dict(diff.fields)
    if diff.creates or diff.converts:
        needed = {name: optional.pop(name) for name in _NAMING if name in optional}
        body = as_body(needed) | {_ROLE: diff.body[_ROLE]}
        if not optional:
            work.withhold({"*": diff.body}, refusal)
            return
        try:
            await _put(work, needed, body)
        except AlreadyThere:
            raise
        except RequestRefused as fault:
            work.withhold({"*": diff.body}, fault)
            return
    elif len(optional) == 1:
        work.withhold(optional, refusal)
        return
    for name, value in optional.items():
        try:
            await _put(work, {name: value}, as_body({name: value}))
        except RequestRefused as fault:
            work.withhold({name: value}, fault)


def _lead_with(email: str) -> dict[str, Any]:
    told = {"role": LEAD, "email": email}
    filters = [{"field": name, "operator": "=", "value": value} for name, value in told.items()]
    return {"operator": "AND", "value": filters}


def _held(record: CustomerRecord) -> Mapping[str, Any]:
    """What an answer tells of the contact's fields, by full name; nothing where it tells little."""
    if record.attributes is UNSET or record.metadata is UNSET:
        return {}
    return theirs_of.contact(record.attributes, record.metadata).values
