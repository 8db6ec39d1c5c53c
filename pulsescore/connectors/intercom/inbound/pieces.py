"""What readers hand to the writer: a page with where it came from, and the records in it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import repeat
from typing import Any

from msgspec import UNSET, UnsetType

from pulsescore.connectors.intercom import mapping
from pulsescore.connectors.intercom.api.pages import Unreadable
from pulsescore.connectors.intercom.api.schemas import (
    Company,
    Contact,
    ContactOutline,
    Conversation,
    ConversationOutline,
)
from pulsescore.connectors.intercom.inbound.raw_pages import Lists, RawPage
from pulsescore.connectors.intercom.times import moment
from pulsescore.store.kinds import Sourced
from pulsescore.store.records import ConversationRecord, DeletionRecord, ObjectKind, Record


@dataclass(frozen=True, slots=True)
class FullContact:
    """A contact with the lists that its page cut short, where they were fetched."""

    contact: Contact
    lists: Lists = field(default_factory=Lists)


Thing = FullContact | Company | Conversation


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Where a window stands once this piece is stored; `read` counts all its records so far."""

    window_id: int
    cursor: str
    read: int
    finished: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """One page of one kind. `size` counts towards the progress of `phase`.

    A `page` that was not decoded yet comes with the `outlines` of its records by their places. Of
    one that was, the contacts or conversations may come with their `fingerprints`.
    """

    phase: str
    kind: ObjectKind
    observed_at: datetime
    size: int
    contacts: list[FullContact] = field(default_factory=list)
    conversations: list[Conversation] = field(default_factory=list)
    companies: list[Company] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    checkpoint: Checkpoint | None = None
    authoritative: bool = False
    page: RawPage | None = None
    outlines: Mapping[int, ContactOutline | ConversationOutline] = field(default_factory=dict)
    fingerprints: Sequence[bytes] = ()


def opened(page: RawPage, tag_names: Mapping[str, str]) -> Piece:
    """The piece that a page makes once it is decoded; raises `UnreadableAnswer`."""
    blank = Piece("", page.kind, page.observed_at, size=0)
    if page.kind == "customer":
        people = page.decoded(Contact)
        prints = page.fingerprints(zip(people.places, people.items, strict=True), tag_names)
        whole = zip(people.items, people.places, strict=True)
        full = [FullContact(one, page.lists.get(place, Lists())) for one, place in whole]
        return replace(blank, contacts=full, unreadable=people.unreadable, fingerprints=prints)
    talks = page.decoded(Conversation)
    prints = page.fingerprints(zip(talks.places, talks.items, strict=True), tag_names)
    return replace(
        blank, conversations=talks.items, unreadable=talks.unreadable, fingerprints=prints
    )


def records_of(piece: Piece, tag_names: Mapping[str, str]) -> Iterator[Record]:
    """The records of a piece; one that cannot be mapped is quarantined alone."""
    if piece.page is not None:
        yield from records_of(opened(piece.page, tag_names), tag_names)
    yield from piece.records
    for unreadable in piece.unreadable:
        yield mapping.malformed(piece.kind, unreadable, observed_at=piece.observed_at)
    things: list[Thing] = [*piece.contacts, *piece.companies, *piece.conversations]
    prints: Iterable[bytes | UnsetType] = piece.fingerprints or repeat(UNSET)
    for thing, fingerprint in zip(things, prints, strict=False):
        yield from _told(thing, piece, tag_names, fingerprint)


def contacts_in(pieces: list[Piece], *, updated_since: datetime | None = None) -> set[str]:
    """Ids of the people who take part in the conversations of these pieces (updated since then)."""
    return {
        str(person.id)
        for piece in pieces
        for conversation in (*piece.conversations, *piece.outlines.values())
        if not isinstance(conversation, ContactOutline)
        if conversation.contacts and _is_since(conversation.updated_at, updated_since)
        for person in conversation.contacts.contacts or ()
    } | {
        contact
        for piece in pieces
        for record in piece.records
        if isinstance(record, ConversationRecord) and record.contacts
        for contact in record.contacts
    }


def companies_in(pieces: list[Piece], *, updated_since: datetime | None = None) -> set[str]:
    """Ids of the companies of the contacts of these pieces (updated since then)."""
    whole = [(full.contact, full.lists) for piece in pieces for full in piece.contacts]
    outlined = [
        (one, piece.page.lists.get(place, Lists()))
        for piece in pieces
        if piece.page is not None
        for place, one in piece.outlines.items()
        if isinstance(one, ContactOutline)
    ]
    return {
        company
        for contact, lists in (*whole, *outlined)
        if _is_since(contact.updated_at, updated_since)
        for company in lists.companies or _listed_companies(contact)
    }


def _is_since(value: Any, since: datetime | None) -> bool:
    """Whether a time lies after the other one; one that cannot be read may."""
    if since is None:
        return True
    try:
        at = moment(value)
    except ValueError:
        return True
    return at is None or at > since


def _told(
    thing: Thing, piece: Piece, tag_names: Mapping[str, str], fingerprint: bytes | UnsetType
) -> Iterator[Record]:
    """What a thing of the piece says; an archived contact says two things."""
    whole = thing.contact if isinstance(thing, FullContact) else thing
    is_archived = isinstance(whole, Contact) and whole.archived is True
    try:
        record = _mapped(thing, piece, tag_names, is_archived=is_archived)
    except (ValueError, ArithmeticError) as error:
        broken = Unreadable(str(whole.id), str(error))
        yield mapping.malformed(piece.kind, broken, observed_at=piece.observed_at)
    else:
        # what says more than one thing is never recognised by what it is stored as
        record.fingerprint = UNSET if is_archived else fingerprint
        yield record
    if is_archived:
        yield DeletionRecord(
            kind="customer", external_id=str(whole.id), at=piece.observed_at, reason="archived"
        )


def _mapped(
    thing: Thing, piece: Piece, tag_names: Mapping[str, str], *, is_archived: bool
) -> Sourced:
    """Raises `ValueError` or `ArithmeticError` for what makes no sense."""
    observed_at, authoritative = piece.observed_at, piece.authoritative
    if isinstance(thing, FullContact):
        return mapping.contact_to_record(
            thing.contact,
            tag_names=tag_names,
            observed_at=observed_at,
            authoritative=authoritative and not is_archived,
            all_tags=thing.lists.tags,
            all_companies=thing.lists.companies,
        )
    if isinstance(thing, Company):
        return mapping.company_to_record(
            thing, tag_names=tag_names, observed_at=observed_at, authoritative=authoritative
        )
    return mapping.conversation_to_record(
        thing, tag_names=tag_names, observed_at=observed_at, authoritative=authoritative
    )


def _listed_companies(contact: ContactOutline) -> list[str]:
    companies = contact.companies
    if not companies:
        return []
    return [str(one.id) for one in companies.data or companies.companies or ()]
