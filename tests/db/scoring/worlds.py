"""Workspaces in which it is known what churn depends on, stored as rows."""

from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any

from pulsescore.scoring.outcomes.models import OutcomeRecord
from pulsescore.store.models import Conversation, Customer, Participant
from tests.db.scoring.people import NOW, add_org, ago, source_of

DAYS_KNOWN = 220.0
NEVER = -1.0


@dataclass
class Talk:
    """A conversation in days before `NOW`; a negative `closed` leaves it open."""

    opened: float
    closed: float = NEVER
    updated: float = NEVER
    reopens: int = 0
    replied: float = NEVER
    answered: float = NEVER
    first_closed: float = NEVER


@dataclass
class Person:
    """A customer, when they were last seen, and when they left (days before `NOW`)."""

    talks: list[Talk]
    seen: float
    left: float = NEVER
    fields: dict[str, Any] = field(default_factory=dict)


def good_talk(opened: float, random: Random) -> Talk:
    """Answered and solved within hours."""
    closed = opened - random.uniform(0.05, 0.4)
    return Talk(opened, closed, closed, replied=closed + 0.01, first_closed=closed)


def bad_talk(opened: float, random: Random) -> Talk:
    """Reopened, and solved after a week."""
    closed = max(opened - random.uniform(5, 9), 0.0)
    return Talk(opened, closed, closed, 2, replied=opened - 0.1, first_closed=opened - 1)


def calm_person(random: Random, *, left: float = NEVER) -> Person:
    """Somebody who asks every few weeks, until they leave; sometimes it goes badly, at random."""
    first = random.uniform(0.75, 1.0) * DAYS_KNOWN
    starts = [first - gap * 12 for gap in range(18)]
    talks = [
        (bad_talk if random.random() < 0.3 else good_talk)(start, random)
        for start in (one + random.uniform(-5, 5) for one in starts)
        if start > max(left, 0) + 6
    ]
    seen = max(left, 0) + random.expovariate(1 / 20)
    return Person(talks, seen, left)


def unhappy_leaver(random: Random, *, left: float) -> Person:
    """Somebody whose last hundred days before leaving were often bad."""
    person = calm_person(random, left=left)
    person.talks += [
        bad_talk(left + before, random) for before in range(12, 112, 6) if random.random() < 0.6
    ]
    return person


def world(*, stayers: int, leavers: int, how: str, seed: int = 1) -> int:
    """An organization in which people left unhappily (`how="support"`) or at random ("chance")."""
    random = Random(seed)
    make = unhappy_leaver if how == "support" else calm_person
    people = [make(random, left=float(random.randrange(1, 60))) for _ in range(leavers)]
    people += [calm_person(random) for _ in range(stayers)]
    return store(people)


def store(people: list[Person]) -> int:
    """An organization with these people, their conversations and outcomes."""
    org_id = add_org()
    source = source_of(org_id)
    customers = Customer.objects.for_org(org_id).bulk_create(
        Customer(
            org_id=org_id,
            source=source,
            external_id=f"person-{number}",
            email=f"person.{number}@example.com",
            contact_role="user",
            observed_at=NOW,
            last_seen_at=ago(person.seen),
            last_replied_at=ago(person.seen),
            **person.fields,
        )
        for number, person in enumerate(people)
    )
    pairs = [
        (customer, talk)
        for customer, one in zip(customers, people, strict=True)
        for talk in one.talks
    ]
    talks = Conversation.objects.for_org(org_id).bulk_create(
        Conversation(
            org_id=org_id,
            source=source,
            observed_at=NOW,
            external_id=f"talk-{number}",
            opened_at=ago(talk.opened),
            remote_updated_at=ago(talk.updated if talk.updated >= 0 else talk.opened),
            status="open" if talk.closed < 0 else "closed",
            closed_at=_day(talk.closed),
            first_closed_at=_day(talk.first_closed),
            last_contact_reply_at=_day(talk.replied),
            last_admin_reply_at=_day(talk.answered),
            reopen_count=talk.reopens,
            time_to_resolution_secs=_secs(talk),
        )
        for number, (_customer, talk) in enumerate(pairs)
    )
    Participant.objects.for_org(org_id).bulk_create(
        Participant(org_id=org_id, conversation=talk, customer=customer)
        for talk, (customer, _talk) in zip(talks, pairs, strict=True)
    )
    OutcomeRecord.objects.for_org(org_id).bulk_create(
        OutcomeRecord(
            org_id=org_id,
            customer=customer,
            left_on=ago(person.left).date(),
            source="csv",
            recorded_at=NOW,
        )
        for customer, person in zip(customers, people, strict=True)
        if person.left >= 0
    )
    return org_id


def _day(days: float) -> Any:
    return None if days < 0 else ago(days)


def _secs(talk: Talk) -> int | None:
    if talk.closed < 0:
        return None
    return int(timedelta(days=talk.opened - talk.closed).total_seconds())
