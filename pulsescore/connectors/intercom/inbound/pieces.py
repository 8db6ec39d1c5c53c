"""What readers hand to the writer: a page with where it came from, and the records in it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from pulsescore.connectors.intercom import mapping
from pulsescore.connectors.intercom.api.pages import Unreadable
from pulsescore.connectors.intercom.api.schemas import (
    Company,
    Contact,
    Conversation,
    ConversationOutline,
)
from pulsescore.connectors.intercom.inbound.raw_pages import Lists, RawPage
from pulsescore.connectors.intercom.times import moment
from pulsescore.store.records import ConversationRecord, DeletionRecord, ObjectKind, Record


@dataclass(frozen=True, slots=True)
class FullContact:
    """A contact with the lists that its page cut short, where they were fetched."""

    contact: Contact
    lists: Lists = field(default_factory=Lists)


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

    A `page` that was not decoded yet comes with the `outlines` of its conversations.
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
    outlines: Sequence[ConversationOutline] = ()


def opened(page: RawPage) -> Piece:
    """The piece that a page makes once it is decoded; raises `UnreadableAnswer`."""
    blank = Piece("", page.kind, page.observed_at, size=0)
    if page.kind == "customer":
        people = page.decoded(Contact)
        whole = zip(people.items, people.places, strict=True)
        full = [FullContact(one, page.lists.get(place, Lists())) for one, place in whole]
        return replace(blank, contacts=full, unreadable=people.unreadable)
    talks = page.decoded(Conversation)
    return replace(blank, conversations=talks.items, unreadable=talks.unreadable)


def records_of(piece: Piece, tag_names: Mapping[str, str]) -> Iterator[Record]:
    """The records of a piece; one that cannot be mapped is quarantined alone."""
    if piece.page is not None:
        yield from records_of(opened(piece.page), tag_names)
    yield from piece.records
    for unreadable in piece.unreadable:
        yield mapping.malformed(piece.kind, unreadable, observed_at=piece.observed_at)
    for full in piece.contacts:
        yield from _contact(full, piece, tag_names)
    things: list[Company | Conversation] = [*piece.companies, *piece.conversations]
    for thing in things:
        try:
            yield _thing(thing, piece, tag_names)
        except (ValueError, OverflowError, ArithmeticError) as error:
            broken = Unreadable(str(thing.id), str(error))
            yield mapping.malformed(piece.kind, broken, observed_at=piece.observed_at)


def contacts_in(pieces: list[Piece], *, updated_since: datetime | None = None) -> set[str]:
    """Ids of the people who take part in the conversations of these pieces (updated since then)."""
    return {
        str(person.id)
        for piece in pieces
        for conversation in (*piece.conversations, *piece.outlines)
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
    return {
        company
        for piece in pieces
        for full in piece.contacts
        if _is_since(full.contact.updated_at, updated_since)
        for company in full.lists.companies or _listed_companies(full.contact)
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


def _contact(full: FullContact, piece: Piece, tag_names: Mapping[str, str]) -> Iterator[Record]:
    try:
        yield mapping.contact_to_record(
            full.contact,
            tag_names=tag_names,
            observed_at=piece.observed_at,
            authoritative=piece.authoritative and full.contact.archived is not True,
            all_tags=full.lists.tags,
            all_companies=full.lists.companies,
        )
    except (ValueError, OverflowError) as error:
        broken = Unreadable(str(full.contact.id), str(error))
        yield mapping.malformed("customer", broken, observed_at=piece.observed_at)
    if full.contact.archived is True:
        yield DeletionRecord(
            kind="customer",
            external_id=str(full.contact.id),
            at=piece.observed_at,
            reason="archived",
        )


def _thing(thing: Company | Conversation, piece: Piece, tag_names: Mapping[str, str]) -> Record:
    if isinstance(thing, Company):
        return mapping.company_to_record(
            thing,
            tag_names=tag_names,
            observed_at=piece.observed_at,
            authoritative=piece.authoritative,
        )
    return mapping.conversation_to_record(
        thing,
        tag_names=tag_names,
        observed_at=piece.observed_at,
        authoritative=piece.authoritative,
    )


def _listed_companies(contact: Contact) -> list[str]:
    companies = contact.companies
    if not companies:
        return []
    return [str(one.id) for one in companies.data or companies.companies or ()]
