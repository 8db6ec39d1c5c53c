"""Two accounts with a plot of their own: one getting clearly worse, one recovering."""

from dataclasses import dataclass
from typing import Literal

from intercom_sim.generator.scribe import Scribe, Story
from intercom_sim.generator.talk import CLOSING, IMPATIENT, PATIENCE, THANKS, TOPICS, Topic
from intercom_sim.model import Company, Contact

DAY = 86_400
Step = tuple[Literal["assign", "customer", "teammate", "note", "close", "rate"], float, str]


@dataclass(frozen=True)
class Chapter:
    """One conversation, begun `days_ago`; its steps happen hours after."""

    days_ago: float
    topic: Topic
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Account:
    """A company with one person and their history."""

    company: str
    domain: str
    person: str
    seen_days_ago: float
    chapters: tuple[Chapter, ...]


def _solved(days_ago: float, topic: int, hours: float) -> Chapter:
    known = TOPICS[topic]
    return Chapter(
        days_ago,
        known,
        (
            ("assign", 0.1, ""),
            ("teammate", hours / 2, known.answer[0]),
            ("customer", hours * 0.9, THANKS[0]),
            ("close", hours, CLOSING[0]),
        ),
    )


def _ignored(days_ago: float, topic: int) -> Chapter:
    steps: tuple[Step, ...] = (
        ("customer", 30, IMPATIENT[0]),
        ("customer", 54, IMPATIENT[2]),
    )
    return Chapter(days_ago, TOPICS[topic], steps)


def _reopened(days_ago: float, topic: int) -> Chapter:
    known = TOPICS[topic]
    return Chapter(
        days_ago,
        known,
        (
            ("assign", 2, ""),
            ("teammate", 20, known.answer[0]),
            ("close", 26, ""),
            ("customer", 60, known.again),
            ("teammate", 96, PATIENCE[0]),
            ("close", 120, ""),
            ("customer", 140, known.again),
            ("note", 141, "Third time for the same thing. They are losing patience."),
            ("close", 168, ""),
            ("rate", 170, "1"),
        ),
    )


WORSENING = Account(
    company="Harbor & Pine",
    domain="harborandpine.example",
    person="Mara Lindqvist",
    seen_days_ago=24,
    chapters=(
        _solved(70, 2, 3),
        _solved(55, 12, 5),
        _reopened(27, 3),
        _reopened(19, 0),
        _ignored(12, 14),
        _ignored(8, 5),
        _ignored(6, 6),
    ),
)
RECOVERING = Account(
    company="Fairweather Cooperative",
    domain="fairweather.example",
    person="Tunde Okafor",
    seen_days_ago=0.3,
    chapters=(
        _reopened(64, 1),
        _reopened(56, 7),
        _solved(24, 8, 9),
        _solved(11, 10, 4),
        _solved(3, 12, 1.5),
    ),
)


def tell(account: Account, scribe: Scribe, *, contact: Contact, company: Company) -> list[Story]:
    """Give a person and a company the account's names and history."""
    company.name = account.company
    company.website = f"https://{account.domain}"
    contact.name = account.person
    contact.role = "user"
    contact.archived = False
    contact.signed_up_at = contact.signed_up_at or contact.created_at
    contact.email = f"{account.person.split()[0].lower()}@{account.domain}"
    contact.last_seen_at = scribe.now - int(account.seen_days_ago * DAY)
    contact.company_ids = [company.id]
    return [_write(chapter, scribe, contact) for chapter in account.chapters]


def _write(chapter: Chapter, scribe: Scribe, contact: Contact) -> Story:
    at = scribe.now - int(chapter.days_ago * DAY)
    story = scribe.opened(contact, at=at, topic=chapter.topic)
    for step, hours, text in chapter.steps:
        if step == "assign":
            story.assign(hours)
        elif step == "close":
            story.close(hours, text or None)
        elif step == "rate":
            story.rate(hours, int(text), "I keep explaining the same thing.")
        else:
            getattr(story, step)(hours, text)
    return story
