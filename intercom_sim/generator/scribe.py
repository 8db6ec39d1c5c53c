"""Writes conversations: who said what when, with ids, assignees and markup filled in."""

import random
from functools import lru_cache

from intercom_sim import threads
from intercom_sim.generator import talk
from intercom_sim.generator.talk import Topic
from intercom_sim.model import Applied, Contact, Conversation, Source
from intercom_sim.shapes.text import paragraph
from intercom_sim.workspace import Workspace

HOUR = 3_600
OPERATOR = -1
markup = lru_cache(maxsize=4_096)(paragraph)


class Scribe:
    """Keeps what all histories of a workspace share: the dice, the ids, the teammates."""

    def __init__(self, workspace: Workspace, *, rng: random.Random, now: int) -> None:
        self.workspace = workspace
        self.rng = rng
        self.now = now
        self.admins = list(workspace.admins)[:OPERATOR]
        self.bot = list(workspace.admins)[OPERATOR]
        self.teams = list(workspace.teams)
        self.tag_ids = {tag.name: tag.id for tag in workspace.tags.values()}

    def topic(self) -> Topic:
        return self.rng.choice(talk.TOPICS)

    def opened(self, contact: Contact, *, at: int, topic: Topic) -> "Story":
        """A conversation begun by a contact: in the messenger if seen since, else by e-mail."""
        in_messenger = contact.last_seen_at is not None and at <= contact.last_seen_at
        source = Source(
            self.workspace.ids.part(),
            "conversation" if in_messenger else "email",
            "customer_initiated",
            f"contact:{contact.id}",
            "" if in_messenger else topic.subject,
            markup(self.rng.choice(topic.opening)),
            url="https://app.lanternworks.example/" if in_messenger else None,
        )
        story = self._story(contact, source, at=at, title=topic.subject)
        story.conversation.waiting_since = at
        story.conversation.read = False
        if self.rng.random() < 0.4:
            applied = Applied(at + 120, story.admin)
            story.conversation.tags[self.tag_ids[topic.tag]] = applied
        return story

    def outreach(self, contact: Contact, *, at: int) -> "Story":
        """A conversation begun by a teammate."""
        subject, body = self.rng.choice(talk.OUTREACH)
        admin = self.rng.choice(self.admins)
        part_id = self.workspace.ids.part()
        author = f"admin:{admin}"
        source = Source(part_id, "email", "admin_initiated", author, subject, markup(body))
        return self._story(contact, source, at=at, title=subject, admin=admin)

    def _story(
        self, contact: Contact, source: Source, *, at: int, title: str, admin: str | None = None
    ) -> "Story":
        conversation = Conversation(
            self.workspace.ids.conversation(),
            at,
            at,
            source,
            [contact.id],
            title=title,
            company_id=contact.company_ids[0] if contact.company_ids else None,
        )
        return Story(self, conversation, contact, admin or self.rng.choice(self.admins))


class Story:
    """One conversation being written; each step happens `hours` after its beginning."""

    def __init__(
        self, scribe: Scribe, conversation: Conversation, contact: Contact, admin: str
    ) -> None:
        self._scribe = scribe
        self.conversation = conversation
        self.contact = contact
        self.admin = admin

    def assign(self, hours: float) -> "Story":
        self.conversation.team_assignee_id = self._scribe.rng.choice(self._scribe.teams)
        at, part_id = self._step(hours)
        author = f"bot:{self._scribe.bot}"
        assignee = f"admin:{self.admin}"
        threads.assign(self.conversation, part_id=part_id, author=author, at=at, assignee=assignee)
        return self

    def customer(self, hours: float, body: str) -> "Story":
        at, part_id = self._step(hours)
        author = f"contact:{self.contact.id}"
        threads.say(self.conversation, part_id=part_id, author=author, at=at, body=markup(body))
        return self

    def teammate(self, hours: float, body: str) -> "Story":
        at, part_id = self._step(hours)
        author = f"admin:{self.admin}"
        threads.say(self.conversation, part_id=part_id, author=author, at=at, body=markup(body))
        return self

    def bot(self, hours: float, body: str) -> "Story":
        at, part_id = self._step(hours)
        author = f"bot:{self._scribe.bot}"
        threads.say(self.conversation, part_id=part_id, author=author, at=at, body=markup(body))
        self.conversation.bot_answered = True
        return self

    def note(self, hours: float, body: str) -> "Story":
        at, part_id = self._step(hours)
        author = f"admin:{self.admin}"
        threads.note(self.conversation, part_id=part_id, author=author, at=at, body=markup(body))
        return self

    def close(self, hours: float, body: str | None = None) -> "Story":
        at, part_id = self._step(hours)
        text = None if body is None else markup(body)
        author = f"admin:{self.admin}"
        threads.close(self.conversation, part_id=part_id, author=author, at=at, body=text)
        return self

    def snooze(self, hours: float, *, for_hours: float) -> "Story":
        at, part_id = self._step(hours)
        until = self._scribe.now + int(for_hours * HOUR)
        author = f"admin:{self.admin}"
        threads.snooze(self.conversation, part_id=part_id, author=author, at=at, until=until)
        return self

    def rate(self, hours: float, rating: int, remark: str) -> "Story":
        at, _ = self._step(hours)
        one = self.contact.id
        threads.rate(self.conversation, contact_id=one, at=at, rating=rating, remark=remark)
        return self

    def _step(self, hours: float) -> tuple[int, int]:
        """When the step happens (never in the future) and the id of its part."""
        wanted = self.conversation.created_at + int(hours * HOUR)
        at = max(self.conversation.updated_at + 1, min(wanted, self._scribe.now))
        self.conversation.updated_at = at
        return at, self._scribe.workspace.ids.part()
