"""Contacts made whole: lists that a page cuts short, and names of tags not met before."""

import asyncio
from collections.abc import Awaitable

from pulsescore.connectors.intercom.api.errors import CANNOT_BE_READ, ContactMerged
from pulsescore.connectors.intercom.api.pages import follow
from pulsescore.connectors.intercom.api.schemas import Contact
from pulsescore.connectors.intercom.inbound.job import Job
from pulsescore.connectors.intercom.inbound.pieces import FullContact
from pulsescore.connectors.intercom.mapping import lacks_companies, lacks_tags, unknown_tags


async def complete(job: Job, contacts: list[Contact]) -> list[FullContact]:
    """The contacts with all their tags and companies."""
    if any(unknown_tags(contact, job.tag_names) for contact in contacts):
        await _learn_tags(job)
    whole = [FullContact(contact) for contact in contacts]
    short = [
        index
        for index, contact in enumerate(contacts)
        if lacks_companies(contact) or lacks_tags(contact, job.tag_names)
    ]
    fetched = await asyncio.gather(*(_complete_one(job, contacts[index]) for index in short))
    for index, full in zip(short, fetched, strict=True):
        whole[index] = full
    return whole


async def _complete_one(job: Job, contact: Contact) -> FullContact:
    contact_id = str(contact.id)
    tags = companies = None
    if lacks_tags(contact, job.tag_names):
        tags = await _if_readable(_tags_of(job, contact_id))
    if lacks_companies(contact):
        companies = await _if_readable(_companies_of(job, contact_id))
    return FullContact(contact, all_tags=tags, all_companies=companies)


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
