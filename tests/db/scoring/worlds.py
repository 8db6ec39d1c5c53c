"""Workspaces in which it is known what churn depends on, stored as rows."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from pulsescore.scoring.outcomes.models import OutcomeRecord
from pulsescore.store.models import (
    Conversation,
    ConversationActivity,
    Customer,
    Participant,
)
from tests.db.scoring.people import NOW, add_org, ago, source_of

DAYS_KNOWN = 200.0
STAYERS, LEAVERS = 120, 45
# A day before `NOW` that is none.
NEVER = -1.0


@dataclass(frozen=True)
class Talk:
    """A conversation, in days before `NOW`; without `closed` it is open.

    `told` are the reopenings and closings that webhooks told.
    """

    opened: float
    closed: float = NEVER
    first_closed: float = NEVER
    updated: float = NEVER
    replied: float = NEVER
    reopens: int = 0
    told: tuple[tuple[str, float], ...] = ()


@dataclass
class Person:
    """A customer, when they were last seen, and when they left (days before `NOW`)."""

    talks: list[Talk]
    seen: float
    left: float = NEVER
    deleted: float = NEVER
    tags: list[str] = field(default_factory=list)


def good_talk(opened: float, random: Random) -> Talk:
    """Solved within hours."""
    closed = opened - random.uniform(0.05, 0.4)
    return Talk(opened, closed, closed, closed, closed, told=(("closed", closed),))


def bad_talk(opened: float, random: Random) -> Talk:
    """Opened again twice, and solved after days."""
    first, again, closed = opened - 0.5, opened - 1, opened - random.uniform(4, 7)
    told = (
        ("closed", first),
        ("reopened", again),
        ("closed", again - 1),
        ("reopened", again - 2),
        ("closed", closed),
    )
    return Talk(opened, closed, first, closed, closed, reopens=2, told=told)


def calm_person(random: Random, *, left: float = NEVER) -> Person:
    """Somebody who asks now and then, until they leave; sometimes it goes badly, at random."""
    end = max(left, 0.0)
    starts = [DAYS_KNOWN - 26 * turn - random.uniform(0, 26) for turn in range(6)]
    talks = [
        (bad_talk if random.random() < 0.3 else good_talk)(start, random)
        for start in starts
        if start > end + 8
    ]
    return Person(talks, end + random.expovariate(1 / 20), left)


def unhappy_leaver(random: Random, *, left: float) -> Person:
    """Somebody whose last months before leaving were often bad."""
    person = calm_person(random, left=left)
    person.talks += [
        bad_talk(left + before, random) for before in range(15, 115, 9) if random.random() < 0.6
    ]
    return person


def leavers_and_stayers(
    leaver: Callable[..., Person], *, seed: int, stayer: Callable[..., Person] = calm_person
) -> list[Person]:
    """Leavers of a kind, who left in the last two months, and people who stayed."""
    random = Random(seed)
    people = [leaver(random, left=float(random.randrange(1, 60))) for _ in range(LEAVERS)]
    return [*people, *(stayer(random) for _ in range(STAYERS))]


def store(people: list[Person], *, webhooks: bool = False) -> int:
    """An organization with these people, their conversations and outcomes.

    With `webhooks` each reopening and closing was told as it happened.
    """
    org_id = add_org()
    customers = Customer.objects.for_org(org_id).bulk_create(
        Customer(
            org_id=org_id,
            source=source_of(org_id),
            external_id=f"person-{number}",
            email=f"person.{number}@example.com",
            contact_role="user",
            observed_at=NOW,
            last_seen_at=ago(person.seen),
            last_replied_at=ago(person.seen),
            deleted_at=_at(person.deleted),
        )
        for number, person in enumerate(people)
    )
    pairs = list(zip(customers, people, strict=True))
    talks = [(customer, talk) for customer, one in pairs for talk in one.talks]
    stored = _store_talks(org_id, talks)
    if webhooks:
        _store_told(org_id, stored, talks)
    OutcomeRecord.objects.for_org(org_id).bulk_create(
        OutcomeRecord(
            org_id=org_id,
            customer=customer,
            left_on=ago(person.left).date(),
            source="csv",
            recorded_at=NOW,
        )
        for customer, person in pairs
        if person.left != NEVER
    )
    return org_id


def _store_talks(org_id: int, pairs: list[tuple[Customer, Talk]]) -> list[Conversation]:
    source = source_of(org_id)
    stored = Conversation.objects.for_org(org_id).bulk_create(
        Conversation(
            org_id=org_id,
            source=source,
            observed_at=NOW,
            external_id=f"talk-{number}",
            opened_at=ago(talk.opened),
            remote_updated_at=ago(talk.opened if talk.updated == NEVER else talk.updated),
            status="open" if talk.closed == NEVER else "closed",
            closed_at=_at(talk.closed),
            first_closed_at=_at(talk.first_closed),
            last_contact_reply_at=_at(talk.replied),
            reopen_count=talk.reopens,
            time_to_resolution_secs=_secs(talk),
        )
        for number, (_customer, talk) in enumerate(pairs)
    )
    Participant.objects.for_org(org_id).bulk_create(
        Participant(org_id=org_id, conversation=row, customer=customer)
        for row, (customer, _talk) in zip(stored, pairs, strict=True)
    )
    return stored


def _store_told(
    org_id: int, stored: list[Conversation], pairs: list[tuple[Customer, Talk]]
) -> None:
    ConversationActivity.objects.for_org(org_id).bulk_create(
        ConversationActivity(org_id=org_id, conversation=row, kind=kind, at=ago(days))
        for row, (_customer, talk) in zip(stored, pairs, strict=True)
        for kind, days in talk.told
    )


def _at(days: float) -> datetime | None:
    return None if days == NEVER else ago(days)


def _secs(talk: Talk) -> int | None:
    if talk.closed == NEVER:
        return None
    return int(timedelta(days=talk.opened - talk.closed).total_seconds())
