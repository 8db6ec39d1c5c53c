"""One workspace: everything in it, the indexes over it, and who wants to know of changes."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from intercom_sim.changes import Change
from intercom_sim.clock import Clock, SystemClock
from intercom_sim.habits import Habits
from intercom_sim.ids import IdSource
from intercom_sim.index import SortedIndex
from intercom_sim.model import (
    Admin,
    Company,
    Contact,
    Conversation,
    DataAttribute,
    DeletedConversation,
    Event,
    Note,
    Segment,
    SubscriptionType,
    Tag,
    Team,
    Visitor,
)


@dataclass(frozen=True)
class Identity:
    """How the workspace presents itself in `GET /me`."""

    app_id: str = "sim00001"
    name: str = "Lantern Works"
    region: str = "US"
    timezone: str = "America/New_York"
    created_at: int = 1_577_836_800


class Workspace:
    """State of one workspace. Hold `lock` while reading or changing more than one thing."""

    def __init__(
        self, *, identity: Identity | None = None, clock: Clock | None = None, seed: int = 7
    ) -> None:
        self.identity = identity or Identity()
        self.clock: Clock = clock or SystemClock()
        self.zone = ZoneInfo(self.identity.timezone)
        self.ids = IdSource(seed)
        self.lock = threading.RLock()
        self.habits = Habits()
        self.version = 0
        self.admins: dict[str, Admin] = {}
        self.teams: dict[str, Team] = {}
        self.tags: dict[str, Tag] = {}
        self.segments: dict[str, Segment] = {}
        self.subscription_types: dict[str, SubscriptionType] = {}
        self.visitors: dict[str, Visitor] = {}
        self.attributes: list[DataAttribute] = []
        self.contacts: dict[str, Contact] = {}
        self.conversations: dict[str, Conversation] = {}
        self.companies: dict[str, Company] = {}
        self.deleted_contacts: dict[str, Contact] = {}
        self.notes: dict[str, Note] = {}
        self.events: dict[str, list[Event]] = {}
        self.event_names: set[str] = set()
        self.deleted_conversations: list[DeletedConversation] = []
        self.contacts_by_update: SortedIndex[Contact] = SortedIndex()
        self.contacts_by_creation: SortedIndex[Contact] = SortedIndex()
        self.conversations_by_update: SortedIndex[Conversation] = SortedIndex()
        self.conversations_by_creation: SortedIndex[Conversation] = SortedIndex()
        self._listeners: list[Callable[[Change], None]] = []

    @property
    def now(self) -> int:
        return int(self.clock.time())

    def subscribe(self, listener: Callable[[Change], None]) -> None:
        """Call `listener` for each change, in the thread that made it."""
        self._listeners.append(listener)

    def unsubscribe(self, listener: Callable[[Change], None]) -> None:
        self._listeners.remove(listener)

    def announce(self, change: Change) -> None:
        for listener in self._listeners:
            listener(change)

    def add_contact(self, contact: Contact) -> None:
        self.contacts[contact.id] = contact
        self.show_contact(contact)

    def show_contact(self, contact: Contact) -> None:
        """Let lists and searches find a contact."""
        self.contacts_by_update.add(contact.updated_at, contact)
        self.contacts_by_creation.add(contact.created_at, contact)
        self.version += 1

    def hide_contact(self, contact: Contact) -> None:
        """Take a contact out of lists and searches; it stays readable by id."""
        self.contacts_by_update.remove(contact.updated_at, contact)
        self.contacts_by_creation.remove(contact.created_at, contact)
        self.version += 1

    def touch_contact(self, contact: Contact, *, at: int | None = None) -> None:
        """A contact changed: forget its bytes and, if `at` is given, move its `updated_at`.

        Conversations show names and roles of their people, so they forget theirs too.
        """
        contact.wire = None
        self.version += 1
        for one in contact.conversation_ids:
            self.conversations[one].wire = None
        if at is None or at == contact.updated_at:
            return
        if contact.archived or contact.merged_into:
            contact.updated_at = at
            return
        self.contacts_by_update.remove(contact.updated_at, contact)
        contact.updated_at = at
        self.contacts_by_update.add(at, contact)

    def add_conversation(self, conversation: Conversation) -> None:
        self.conversations[conversation.id] = conversation
        for one in conversation.contact_ids:
            self.contacts[one].conversation_ids.append(conversation.id)
        if conversation.company_id is not None:
            self.companies[conversation.company_id].conversation_ids[conversation.id] = None
        self.conversations_by_update.add(conversation.updated_at, conversation)
        self.conversations_by_creation.add(conversation.created_at, conversation)
        self.version += 1

    def drop_conversation(self, conversation: Conversation) -> None:
        del self.conversations[conversation.id]
        for one in conversation.contact_ids:
            self.person(one).conversation_ids.remove(conversation.id)
        if conversation.company_id is not None:
            del self.companies[conversation.company_id].conversation_ids[conversation.id]
        self.hide_conversation(conversation)

    def hide_conversation(self, conversation: Conversation) -> None:
        """Take a conversation out of lists and searches; it stays readable by id."""
        if not conversation.archived:
            conversation.archived = True
            self.conversations_by_update.remove(conversation.updated_at, conversation)
            self.conversations_by_creation.remove(conversation.created_at, conversation)
            self.version += 1

    def touch_conversation(self, conversation: Conversation, *, at: int) -> None:
        """A conversation changed at `at`."""
        conversation.wire = None
        self.version += 1
        if conversation.archived:
            conversation.updated_at = at
        elif at != conversation.updated_at:
            self.conversations_by_update.remove(conversation.updated_at, conversation)
            conversation.updated_at = at
            self.conversations_by_update.add(at, conversation)

    def touch_company(self, company: Company, *, at: int) -> None:
        """A company changed at `at`."""
        company.updated_at = at
        self.forget_company(company)

    def forget_company(self, company: Company) -> None:
        """Conversations show their company, so they forget their bytes with it."""
        company.wire = None
        self.version += 1
        for one in company.conversation_ids:
            self.conversations[one].wire = None

    def load(self, *, contacts: list[Contact], conversations: list[Conversation]) -> None:
        """Take in many people and conversations at once, before anybody looks."""
        self.contacts.update((contact.id, contact) for contact in contacts)
        self.conversations.update((item.id, item) for item in conversations)
        for item in conversations:
            if item.company_id is not None:
                self.companies[item.company_id].conversation_ids[item.id] = None
        visible = [one for one in contacts if not one.archived and not one.merged_into]
        self.contacts_by_update.load((one.updated_at, one) for one in visible)
        self.contacts_by_creation.load((one.created_at, one) for one in visible)
        self.conversations_by_update.load((one.updated_at, one) for one in conversations)
        self.conversations_by_creation.load((one.created_at, one) for one in conversations)
        self.version += 1

    def person(self, contact_id: str) -> Contact:
        """A contact that others may still mention: also one that was deleted."""
        return self.contacts.get(contact_id) or self.deleted_contacts[contact_id]

    def rename_tag(self, tag: Tag, name: str) -> None:
        """Conversations and companies show tags by name, so those with it forget their bytes."""
        tag.name = name
        self.version += 1
        for conversation in self.conversations.values():
            if tag.id in conversation.tags:
                conversation.wire = None
        for company in self.companies.values():
            if tag.id in company.tag_ids:
                company.wire = None

    def tag_named(self, name: str) -> Tag | None:
        """The tag of that name, whatever the case."""
        wanted = name.casefold()
        return next((tag for tag in self.tags.values() if tag.name.casefold() == wanted), None)

    def company_keyed(self, company_id: str) -> Company | None:
        """The company with the customer's own key."""
        found = (one for one in self.companies.values() if one.company_id == company_id)
        return next(found, None)
