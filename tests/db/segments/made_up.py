"""People, companies and rules made up by a seeded dice, and the rows of them."""

from datetime import timedelta
from random import Random
from typing import Any

from django.db.models import QuerySet

from pulsescore.scoring.models import HealthScore, ScorePoint
from pulsescore.store.models import (
    Company,
    CompanyMember,
    Conversation,
    Customer,
    Participant,
    TimelineEvent,
)
from tests.db.scoring.people import source_of
from tests.db.segments.truth import NOW, Firm, Person

_UNIX = 1_770_000_000
_WILD = (None, "", "Pro", "pro plan", "12", "12.5", 12, 12.5, -3, 0, True, False, "true", [], {})
_WILDER = (
    ["VIP", "beta"],
    ["vip", 7],
    {"a": 1},
    _UNIX,
    _UNIX * 1000,
    str(_UNIX),
    "2026-02-20",
    "2026-02-20T10:00:00Z",
    "2026-02-20 10:00:00+02:00",
    "2026-99-99",
    "'; DROP TABLE store_customer; --",
    "100%",
    "%(org_id)s",
    9_999_999_999_999_999,
)
ANY = (*_WILD, *_WILDER)
NAMES = ("plan", 'it\'s "odd" %s', "%(now)s", "renews_at")
TAGS = ("VIP", "vip", "Beta", "a,b", "100%")
EVENTS = ("Signed up", "Export's done")
LEVELS = ("red", "yellow", "green")


def person(dice: Random, firms: int) -> Person:
    """Somebody."""
    score = dice.choice((None, dice.randint(1, 100), 40))
    seen = dice.choice((None, 1, 29.9, 30.1, 400))
    return Person(
        fields={
            "name": dice.choice((None, "", "Ada Lovelace", "ada", "Zoë O'Hara")),
            "country": dice.choice((None, "Spain", "France")),
            "contact_role": dice.choice(("user", "lead")),
            "has_hard_bounced": dice.choice((None, True, False)),
            "last_seen_at": None if seen is None else NOW - timedelta(days=seen),
            "risk_level": dice.choice(LEVELS) if score is not None else None,
        },
        metadata={name: dice.choice(ANY) for name in NAMES if dice.random() < 0.7},
        traits={name: dice.choice(ANY) for name in NAMES if dice.random() < 0.5},
        tags=dice.sample(TAGS, dice.randint(0, 3)),
        score=score,
        score_week_ago=dice.choice((None, dice.randint(1, 100))),
        open_tickets=None if score is None else dice.choice((None, 0.0, 2.0, 3.5)),
        talks=[
            (dice.choice(("open", "closed", "snoozed")), dice.choice((1, 50)), dice.random() < 0.5)
            for _ in range(dice.randint(0, 3))
        ],
        events=[(dice.choice(EVENTS), dice.choice((1.0, 10.0))) for _ in range(dice.randint(0, 3))],
        firms=dice.sample(range(firms), dice.randint(0, 2)),
    )


def firm(dice: Random) -> Firm:
    """A company."""
    return Firm(
        {
            "plan": dice.choice((None, "Pro", "free")),
            "monthly_spend": dice.choice((None, 0, 99.5, 500)),
            "tags": dice.sample(TAGS, dice.randint(0, 2)),
        },
        {name: dice.choice(ANY) for name in NAMES if dice.random() < 0.6},
    )


def rule(dice: Random, depth: int = 3) -> dict[str, Any]:
    """A rule about customers."""
    if depth and dice.random() < 0.45:
        kind = dice.choice(("all", "any", "not"))
        if kind == "not":
            return {"not": rule(dice, depth - 1)}
        return {kind: [rule(dice, depth - 1) for _ in range(dice.randint(1, 3))]}
    return _leaf(dice)


def _leaf(dice: Random) -> dict[str, Any]:
    if dice.random() < 0.12:
        return _event(dice)
    if dice.random() < 0.45:
        place = dice.choice(("metadata.", "attributes.", "company.metadata."))
        return {"field": place + dice.choice(NAMES), **_custom(dice)}
    text = {"op": dice.choice(("eq", "ne", "contains", "not_contains", "starts_with", "ends_with"))}
    number = {"op": dice.choice(("eq", "ne", "gt", "gte", "lt", "lte"))}
    some = dice.choice((0, 2, 3.5, 40, 99.5, -5))
    listed = {"op": dice.choice(("has", "has_not")), "value": dice.choice(("vip", "BETA", "a,b"))}
    one_of = {"op": dice.choice(("in", "not_in"))}
    is_set = {"op": dice.choice(("set", "not_set"))}
    return dice.choice(
        (
            {"field": "name", **text, "value": dice.choice(("ada", "ADA", "o'h", "E", "%"))},
            {"field": "country", **one_of, "value": ["spain", "Peru"]},
            {"field": "country", **is_set},
            {"field": "contact_role", "op": "eq", "value": "lead"},
            {"field": "risk_level", **one_of, "value": ["red", "green"]},
            {"field": "has_hard_bounced", "op": dice.choice(("eq", "ne")), "value": True},
            {"field": "last_seen_at", "op": dice.choice(_TIMES), "value": 30},
            {"field": "last_seen_at", "op": dice.choice(_DATES), "value": "2026-01-30"},
            {"field": "score", **number, "value": some},
            {"field": "score", **is_set},
            {"field": "score_change", **number, "value": some, "within_days": 7},
            {"field": "factor.open_tickets", **number, "value": some},
            {"field": "open_conversations", **number, "value": dice.choice((0, 1, 2))},
            {"field": "waiting_conversations", **number, "value": 1},
            {"field": "conversations", **number, "value": 1, "within_days": 30},
            {"field": "tags", **listed},
            {"field": "tags", **one_of, "value": ["beta", "100%"]},
            {"field": "tags", **is_set},
            {"field": "company.plan", **text, "value": "pro"},
            {"field": "company.plan", **is_set},
            {"field": "company.monthly_spend", **number, "value": some},
            {"field": "company.tags", **listed},
        )
    )


_TIMES = ("within_days", "not_within_days")
_DATES = ("before", "after")
_WORDED = ("contains", "starts_with", "ends_with")
_CUSTOM = (
    *("eq", "ne", "in", "not_in", "gt", "lte", "has", "has_not", "set", "not_set"),
    *(*_WORDED, *_TIMES, *_DATES),
)


def _event(dice: Random) -> dict[str, Any]:
    told: dict[str, Any] = {"event": dice.choice(EVENTS), "op": dice.choice(("did", "did_not"))}
    if dice.random() < 0.5:
        told["count"] = dice.randint(1, 2)
    if dice.random() < 0.5:
        told["within_days"] = 7
    return told


def _custom(dice: Random) -> dict[str, Any]:
    scalars = [one for one in ANY if isinstance(one, str | int | float) and one != ""]
    scalars = [one for one in scalars if isinstance(one, str) or abs(one) < 10**15]
    op = dice.choice(_CUSTOM)
    if op in ("set", "not_set"):
        return {"op": op}
    if op in ("in", "not_in"):
        return {"op": op, "value": [dice.choice(scalars) for _ in range(2)]}
    if op in ("gt", "lte"):
        return {"op": op, "value": dice.choice((0, 12, 12.5, 13))}
    if op in _TIMES:
        return {"op": op, "value": 30}
    if op in _DATES:
        return {"op": op, "value": dice.choice(("2026-02-19", "2026-02-20"))}
    words = [one for one in scalars if isinstance(one, str)]
    return {"op": op, "value": dice.choice(words if op in _WORDED else scalars)}


def store(org_id: int, people: list[Person], firms: list[Firm]) -> list[int]:
    """Store them; returns the ids of the customers, in their order."""
    source = source_of(org_id)
    stored = {"org_id": org_id, "source": source, "observed_at": NOW}
    companies = [
        Company.objects.for_org(org_id).create(
            **stored, external_id=f"firm-{at}", metadata=one.metadata, **one.fields
        )
        for at, one in enumerate(firms)
    ]
    ids = []
    for at, one in enumerate(people):
        own = {key: value for key, value in one.fields.items() if key != "risk_level"}
        customer = Customer.objects.for_org(org_id).create(
            **stored,
            external_id=f"person-{at}",
            metadata=one.metadata,
            traits=one.traits,
            tags=one.tags,
            **own,
        )
        ids.append(customer.pk)
        _score(org_id, customer, one)
        _surround(org_id, customer, one, companies)
    return ids


def companies(org_id: int) -> QuerySet[Company]:
    """The companies that were stored."""
    return Company.objects.for_org(org_id)


def _score(org_id: int, customer: Customer, one: Person) -> None:
    raws = [float("nan")] * 5
    if one.open_tickets is not None:
        raws[1] = one.open_tickets
    known = {"org_id": org_id, "customer": customer, "score": one.score, "config_version": 1}
    HealthScore.objects.for_org(org_id).create(
        **known, risk_level=one.fields["risk_level"], raws=raws, calculated_at=NOW
    )
    ScorePoint.objects.for_org(org_id).create(**known, at=NOW, raws=raws)
    if one.score_week_ago is not None:
        known["score"] = one.score_week_ago
        ScorePoint.objects.for_org(org_id).create(**known, at=NOW - timedelta(days=8))


def _surround(org_id: int, customer: Customer, one: Person, companies: list[Company]) -> None:
    for at in one.firms:
        CompanyMember.objects.for_org(org_id).create(
            org_id=org_id, customer=customer, company=companies[at]
        )
    for number, (status, ago, waits) in enumerate(one.talks):
        opened = NOW - timedelta(days=ago)
        talk = Conversation.objects.for_org(org_id).create(
            org_id=org_id,
            source=source_of(org_id),
            observed_at=NOW,
            external_id=f"talk-{customer.pk}-{number}",
            status=status,
            opened_at=opened,
            waiting_since=opened if waits else None,
        )
        Participant.objects.for_org(org_id).create(
            org_id=org_id, conversation=talk, customer=customer
        )
    for number, (name, ago) in enumerate(one.events):
        TimelineEvent.objects.for_org(org_id).create(
            org_id=org_id,
            customer=customer,
            source="test",
            name=name,
            occurred_at=NOW - timedelta(days=ago),
            dedupe_key=f"event-{number}",
        )
