"""What readers hand to the writer: a page with where it came from, and the records in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pulsescore.connectors.intercom import mapping
from pulsescore.connectors.intercom.api.pages import Unreadable
from pulsescore.connectors.intercom.api.schemas import Company, Contact, Conversation
from pulsescore.connectors.intercom.times import moment
from pulsescore.store.records import ConversationRecord, DeletionRecord, ObjectKind, Record


@dataclass(frozen=True, slots=True)
class FullContact:
    """A contact with the lists that its page cut short, where they were fetched."""

    contact: Contact
    all_tags: list[str] | None = None
    all_companies: list[str] | None = None


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Where a window stands once this piece is stored; `read` counts all its records so far."""

    window_id: int
    cursor: str
    read: int
    finished: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """One page of one kind. `size` counts towards the progress of `phase`."""

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


def records_of(piece: Piece, tag_names: Mapping[str, str]) -> Iterator[Record]:
    """The records of a piece; one that cannot be mapped is quarantined alone."""
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
        for conversation in piece.conversations
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
        for company in full.all_companies or _listed_companies(full.contact)
    }


def _is_since(value: Any, since: datetime | None) -> bool:
    """Whether a time lies after the other one; one that cannot be read may."""
    try:
        at = moment(value)
    except ValueError:
        return True
    return since is None or at is None or at > since


def _contact(full: FullContact, piece: Piece, tag_names: Mapping[str, str]) -> Iterator[Record]:
    try:
        yield mapping.contact_to_record(
            full.contact,
            tag_names=tag_names,
            observed_at=piece.observed_at,
            authoritative=piece.authoritative and full.contact.archived is not True,
            all_tags=full.all_tags,
            all_companies=full.all_companies,
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
