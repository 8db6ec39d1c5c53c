"""Contacts made whole: lists that a page cuts short, and names of tags not met before."""

import asyncio
from collections.abc import Awaitable, Sequence

from pulsescore.connectors.intercom.api.errors import CANNOT_BE_READ, ContactMerged
from pulsescore.connectors.intercom.api.pages import follow
from pulsescore.connectors.intercom.api.schemas import Contact, ContactOutline
from pulsescore.connectors.intercom.inbound.job import Job
from pulsescore.connectors.intercom.inbound.pieces import FullContact
from pulsescore.connectors.intercom.inbound.raw_pages import Lists
from pulsescore.connectors.intercom.mapping import lacks_companies, lacks_tags, unknown_tags


async def complete(job: Job, contacts: list[Contact]) -> list[FullContact]:
    """The contacts with all their tags and companies."""
    fetched = await fetch_lists(job, contacts)
    return [
        FullContact(contact, fetched.get(place, Lists())) for place, contact in enumerate(contacts)
    ]


async def fetch_lists(job: Job, contacts: Sequence[ContactOutline]) -> dict[int, Lists]:
    """What the page left out of the contacts' lists, by the contact's place among them."""
    short = [index for index, contact in enumerate(contacts) if _is_short(job, contact)]
    if any(unknown_tags(contacts[index], job.tag_names) for index in short):
        await _learn_tags(job)
        short = [index for index in short if _is_short(job, contacts[index])]
    fetched = await asyncio.gather(*(_complete_one(job, contacts[index]) for index in short))
    return dict(zip(short, fetched, strict=True))


def _is_short(job: Job, contact: ContactOutline) -> bool:
    return lacks_companies(contact) or lacks_tags(contact, job.tag_names)


async def _complete_one(job: Job, contact: ContactOutline) -> Lists:
    contact_id = str(contact.id)
    tags = companies = None
    if lacks_tags(contact, job.tag_names):
        tags = await _if_readable(_tags_of(job, contact_id))
    if lacks_companies(contact):
        companies = await _if_readable(_companies_of(job, contact_id))
    return Lists(tags, companies)


async def _if_readable(answer: Awaitable[list[str]]) -> list[str] | None:
    """None where the token may not read it, or the contact has gone since its page was read.

    What the page says stands then.
    """
    try:
        return await answer
    except (*CANNOT_BE_READ, ContactMerged):
        return None


async def _tags_of(job: Job, contact_id: str) -> list[str]:
    page = await job.client.contact_tags(contact_id)
    job.tag_names.update({str(tag.id): tag.name for tag in page.items if tag.name})
    return [tag.name for tag in page.items if tag.name]


async def _companies_of(job: Job, contact_id: str) -> list[str]:
    found: list[str] = []
    async for page in follow(
        lambda cursor: job.client.contact_companies(contact_id, cursor=cursor)
    ):
        found += [str(company.id) for company in page.items]
    return found


async def _learn_tags(job: Job) -> None:
    """Someone made a tag since the directory was read; or the directory could not be read."""
    try:
        page = await job.client.tags()
    except CANNOT_BE_READ:
        return
    job.tag_names.update({str(tag.id): tag.name for tag in page.items if tag.name})
