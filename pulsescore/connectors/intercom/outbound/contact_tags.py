"""Sending one contact: the tags of its segments."""

from pulsescore.connectors.intercom.api.errors import NotFoundThere, RequestRefused
from pulsescore.connectors.intercom.outbound.contact_work import NOT_PERMITTED, Work
from pulsescore.connectors.intercom.outbound.diff import Mirror


async def write_tags(work: Work, contact_id: str) -> None:
    """Put on the tags that are missing, and take off those that are too many."""
    for one in work.diff.attach:
        if work.may("tags"):
            await _tag(work, contact_id, one)
    for one in work.diff.detach:
        if work.may("tags"):
            await _untag(work, contact_id, one)


async def _tag(work: Work, contact_id: str, one: Mirror) -> None:
    at = work.tick()
    tag_id = one.tag_id
    try:
        if tag_id is None:
            made = await work.client.save_tag(one.name)
            tag_id = str(made.id)
            work.outcome.made_tags[tag_id] = made.name or one.name
        tag = await work.client.attach_tag(contact_id, tag_id)
    except NOT_PERMITTED as fault:
        work.bar("tags", fault)
    except NotFoundThere as fault:
        if not _is_about_tag(fault) or tag_id is None:
            raise
        work.outcome.lost_tags.append(tag_id)
        work.outcome.again = True
    except RequestRefused as fault:
        work.withhold({f"tag:{tag_id}": True}, fault)
    else:
        work.outcome.attached.append(tag_id)
        work.outcome.accepted.add(f"tag:{tag_id}")
        work.outcome.records.append(work.delta(contact_id, at, tags_added=[tag.name or one.name]))
        work.note("tag.attach", contact_id, after={"tag": one.name, "tag_id": tag_id})


async def _untag(work: Work, contact_id: str, one: Mirror) -> None:
    tag_id, at = one.tag_id or "", work.tick()
    try:
        await work.client.detach_tag(contact_id, tag_id)
    except NOT_PERMITTED as fault:
        work.bar("tags", fault)
        return
    except NotFoundThere as fault:
        if not _is_about_tag(fault):
            raise
    else:
        work.note("tag.detach", contact_id, before={"tag": one.name, "tag_id": tag_id})
    work.outcome.detached.append(tag_id)
    work.outcome.records.append(work.delta(contact_id, at, tags_removed=[one.name]))


def _is_about_tag(fault: NotFoundThere) -> bool:
    """Whether the tag is missing: of a contact Intercom says "User Not Found" under this code."""
    words = fault.failure.message.lower()
    return "user" not in words and "contact" not in words
