"""Contacts made whole: lists that a page cuts short, and names of tags not met before."""

import asyncio

from pulsescore.connectors.intercom.api.errors import ContactMerged, NotFoundThere
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
    try:
        tags = companies = None
        if lacks_tags(contact, job.tag_names):
            tags = await _tags_of(job, contact_id)
        if lacks_companies(contact):
            companies = await _companies_of(job, contact_id)
    except (NotFoundThere, ContactMerged):
        # Gone since the page was read: what the page says stands until a sweep notices.
        return FullContact(contact)
    return FullContact(contact, all_tags=tags, all_companies=companies)


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
    """Someone made a tag since the directory was read."""
    page = await job.client.tags()
    job.tag_names.update({str(tag.id): tag.name for tag in page.items if tag.name})
