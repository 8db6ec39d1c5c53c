"""Intercom's objects become the store's records: pure, for REST answers and webhook items alike.

What a payload does not mention stays `UNSET`. A value of the wrong kind raises `ValueError`; the
caller quarantines that record with `malformed`.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from msgspec import UNSET, UnsetType

from pulsescore.connectors.intercom.api.pages import Unreadable
from pulsescore.connectors.intercom.api.schemas import (
    Avatar,
    Company,
    CompanyList,
    Contact,
    ContactOutline,
    Conversation,
    ConversationOutline,
    Count,
    Id,
    Location,
    Plan,
    SourceMessage,
    Tag,
    TagList,
    Text,
)
from pulsescore.connectors.intercom.contact_attributes import standard_attributes
from pulsescore.connectors.intercom.conversation_facts import (
    conversation_status,
    normal_priority,
    statistics_facts,
)
from pulsescore.connectors.intercom.plain_text import plain_text
from pulsescore.connectors.intercom.times import moment, parse_time
from pulsescore.store.records import (
    CompanyRecord,
    ConversationRecord,
    CustomerRecord,
    Malformed,
    ObjectKind,
)

TagNames = Mapping[str, str]
_ROLES: Final = frozenset({"user", "lead"})


def contact_to_record(
    contact: Contact,
    *,
    tag_names: TagNames,
    observed_at: datetime,
    authoritative: bool = False,
    all_tags: Iterable[str] | None = None,
    all_companies: Sequence[str] | None = None,
) -> CustomerRecord:
    """A contact as a customer. `all_tags` (names) and `all_companies` (ids) replace its own lists.

    Its own lists hold ten entries at most and tags only ids: `lacks_tags` and `lacks_companies`
    tell when they must be fetched. An incomplete list adds and removes nothing.
    """
    location = contact.location or Location()
    known = not isinstance(contact.location, UnsetType)
    return CustomerRecord(
        external_id=str(contact.id),
        version=moment(contact.updated_at),
        observed_at=observed_at,
        authoritative=authoritative,
        contact_role=_role(contact.role),
        external_user_id=_own_user_id(contact),
        email=_text(contact.email),
        name=_text(contact.name),
        phone=_text(contact.phone),
        avatar_url=_avatar(contact.avatar),
        owner_external_id=_reference(contact.owner_id),
        country=location.country if known and location else UNSET,
        region=location.region if known and location else UNSET,
        city=location.city if known and location else UNSET,
        browser=contact.browser,
        os=contact.os,
        language=contact.language_override or contact.browser_language,
        unsubscribed_from_emails=contact.unsubscribed_from_emails,
        has_hard_bounced=contact.has_hard_bounced,
        marked_email_as_spam=contact.marked_email_as_spam,
        first_seen_at=parse_time(contact.created_at),
        signed_up_at=parse_time(contact.signed_up_at),
        last_seen_at=parse_time(contact.last_seen_at),
        last_replied_at=parse_time(contact.last_replied_at),
        last_contacted_at=parse_time(contact.last_contacted_at),
        tags=_contact_tags(contact, tag_names, all_tags),
        metadata=_attributes(contact.custom_attributes),
        attributes=UNSET if contact.role is UNSET else standard_attributes(contact),
        companies=_contact_companies(contact, all_companies),
    )


def lacks_tags(contact: ContactOutline, tag_names: TagNames) -> bool:
    """Whether the tags need their own call: more than the list holds, or one without a name."""
    tags = contact.tags
    if not isinstance(tags, TagList):
        return False
    listed = _listed(tags)
    return _cut_short(tags, listed) or any(_is_nameless(tag, tag_names) for tag in listed)


def unknown_tags(contact: ContactOutline, tag_names: TagNames) -> set[str]:
    """Ids of tags on this contact whose names are not in the table."""
    if not isinstance(contact.tags, TagList):
        return set()
    listed = _listed(contact.tags)
    return {str(tag.id) for tag in listed if _is_nameless(tag, tag_names)}


def looked_up_names(
    record: ContactOutline | ConversationOutline, tag_names: TagNames
) -> list[str | None]:
    """What the table says of the tags that come without a name."""
    if not isinstance(record.tags, TagList):
        return []
    return [tag_names.get(str(tag.id)) for tag in _listed(record.tags) if not tag.name]


def lacks_companies(contact: ContactOutline) -> bool:
    """Whether the companies need their own call."""
    companies = contact.companies
    if not isinstance(companies, CompanyList):
        return False
    return _cut_short(companies, companies.data or companies.companies or [])


def company_to_record(
    company: Company,
    *,
    tag_names: TagNames,
    observed_at: datetime,
    authoritative: bool = False,
) -> CompanyRecord:
    """A company; its tags by name where named, else through the table."""
    return CompanyRecord(
        external_id=str(company.id),
        version=moment(company.updated_at),
        observed_at=observed_at,
        authoritative=authoritative,
        company_key=_reference(company.company_id),
        name=_text(company.name),
        plan=_plan(company.plan),
        size=_whole(company.size),
        industry=_text(company.industry),
        website=_text(company.website),
        monthly_spend=_money(company.monthly_spend),
        remote_created_at=parse_time(company.remote_created_at),
        last_request_at=parse_time(company.last_request_at),
        tags=_company_tags(company, tag_names),
        metadata=_attributes(company.custom_attributes),
    )


def conversation_to_record(
    conversation: Conversation,
    *,
    tag_names: TagNames,
    observed_at: datetime,
    authoritative: bool = False,
) -> ConversationRecord:
    """A conversation with its contacts, statistics and durations."""
    source = conversation.source
    rating = conversation.conversation_rating
    opened_at = parse_time(conversation.created_at)
    return ConversationRecord(
        external_id=str(conversation.id),
        version=moment(conversation.updated_at),
        observed_at=observed_at,
        authoritative=authoritative,
        status=conversation_status(conversation),
        subject=_subject(conversation),
        opened_at=UNSET if opened_at is None else opened_at,
        waiting_since=parse_time(conversation.waiting_since),
        snoozed_until=parse_time(conversation.snoozed_until),
        assignee_external_id=_reference(conversation.admin_assignee_id),
        team_external_id=_reference(conversation.team_assignee_id),
        priority=normal_priority(conversation.priority),
        rating=UNSET if rating is UNSET else rating.rating if rating else None,
        rating_remark=UNSET if rating is UNSET else rating.remark if rating else None,
        source_type=UNSET if source is UNSET else source.type if source else None,
        delivered_as=UNSET if source is UNSET else source.delivered_as if source else None,
        author_type=UNSET if source is UNSET else _author_type(source),
        tags=_tag_names(conversation.tags, tag_names),
        contacts=_participants(conversation),
        **statistics_facts(conversation, opened_at=moment(conversation.created_at)),
    )


def malformed(kind: ObjectKind, record: Unreadable, *, observed_at: datetime) -> Malformed:
    """A record that could not be read, for quarantine."""
    return Malformed(
        kind=kind,
        external_id=record.external_id,
        detail=record.detail,
        observed_at=observed_at,
    )


def _role(role: Text) -> str | UnsetType:
    if role is UNSET:
        return UNSET
    if role not in _ROLES:
        raise ValueError(f"role must be user or lead, not {role!r}")
    return str(role)


def _own_user_id(contact: Contact) -> str | None | UnsetType:
    """A lead's external id is made up by Intercom and names nobody."""
    if contact.role == "lead":
        return None
    return UNSET if contact.role is UNSET else _reference(contact.external_id)


def _text(value: Text) -> str | None | UnsetType:
    if isinstance(value, str):
        return value.strip() or None
    return value


def _reference(value: Id) -> str | None | UnsetType:
    """An id as text; 0 means nobody (2.16 where earlier versions say null)."""
    if value is UNSET:
        return UNSET
    return str(value) if value not in (None, 0, "0", "") else None


def _avatar(value: Avatar | str | None | UnsetType) -> str | None | UnsetType:
    if isinstance(value, Avatar):
        return value.image_url or None
    return _text(value)


def _plan(value: Plan | str | None | UnsetType) -> str | None | UnsetType:
    return _text(value.name if isinstance(value, Plan) else value)


def _whole(value: Count) -> int | None | UnsetType:
    number = _money(value)
    return int(number) if isinstance(number, Decimal) else number


def _money(value: Count) -> Decimal | None | UnsetType:
    if value is UNSET:
        return UNSET
    if value is None or value == "":
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation as error:
        raise ValueError(f"not a number: {value!r}") from error


def _attributes(value: dict[str, Any] | None | UnsetType) -> dict[str, Any] | UnsetType:
    return {} if value is None else value


def _is_nameless(tag: Tag, names: TagNames) -> bool:
    return not tag.name and str(tag.id) not in names


def _listed(tags: TagList) -> list[Tag]:
    return tags.data or tags.tags or []


def _cut_short(whole: TagList | CompanyList, listed: Sequence[object]) -> bool:
    return whole.has_more or (whole.total_count or 0) > len(listed)


def _tag_names(tags: TagList | None | UnsetType, names: TagNames) -> list[str] | UnsetType:
    """Sorted names; `UNSET` when one is not known, since a partial list would blank it."""
    if tags is UNSET:
        return UNSET
    listed = _listed(tags) if tags else []
    found = {tag.name or names.get(str(tag.id)) for tag in listed}
    return UNSET if None in found else sorted(name for name in found if name)


def _contact_tags(
    contact: Contact, names: TagNames, all_tags: Iterable[str] | None
) -> list[str] | UnsetType:
    if all_tags is not None:
        return sorted(set(all_tags))
    if isinstance(contact.tags, TagList) and _cut_short(contact.tags, _listed(contact.tags)):
        return UNSET
    return _tag_names(contact.tags, names)


def _contact_companies(
    contact: Contact, all_companies: Sequence[str] | None
) -> list[str] | UnsetType:
    if all_companies is not None:
        return list(all_companies)
    companies = contact.companies
    if companies is UNSET or lacks_companies(contact):
        return UNSET
    listed = (companies.data or companies.companies or []) if companies else []
    return [str(company.id) for company in listed]


def _company_tags(company: Company, names: TagNames) -> list[str] | UnsetType:
    if company.tags is not UNSET or company.tag_ids is UNSET:
        return _tag_names(company.tags, names)
    return _tag_names(TagList(tags=[Tag(id=one) for one in company.tag_ids or []]), names)


def _subject(conversation: Conversation) -> str | None | UnsetType:
    """The subject of the first message, else the title that Intercom gave it."""
    source, title = conversation.source, conversation.title
    if source is UNSET and title is UNSET:
        return UNSET
    subject = plain_text(source.subject) if source else None
    return subject or (plain_text(title) if title else None)


def _author_type(source: SourceMessage | None) -> str | None:
    return source.author.type if source and source.author else None


def _participants(conversation: Conversation) -> list[str] | UnsetType:
    contacts = conversation.contacts
    if contacts is UNSET:
        return UNSET
    return [str(person.id) for person in (contacts.contacts if contacts else None) or []]
