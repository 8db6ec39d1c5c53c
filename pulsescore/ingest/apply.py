"""Accepted calls become events on timelines, traits, companies: one transaction for many calls.

Any order and any repetition end in the same rows: a message counts once, of traits the newest
counts, and who was a visitor takes along what happened before.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from pulsescore.ingest import messenger, visitors
from pulsescore.ingest import people as recognition
from pulsescore.ingest.calls import Call, digest_of
from pulsescore.ingest.people import People
from pulsescore.store import dirty, events, identities, ingested, joining, statements, traits
from pulsescore.store.ingested import Scope
from pulsescore.store.records import EventRecord
from pulsescore.store.traits import CompanyTraitChange, TraitChange

EVENT_SOURCE: Final = "ingest"

# What several processes apply at once, one of them counts.
_REGISTER: Final = """
    INSERT INTO ingest_seenmessage (org_id, digest, seen_at)
    SELECT %(org_id)s, decode(told, 'hex'), %(now)s FROM unnest(%(digests)s::text[]) AS told
    ORDER BY told
    ON CONFLICT (org_id, digest) DO NOTHING RETURNING encode(digest, 'hex')
"""


@dataclass(frozen=True, kw_only=True)
class Applied:
    """What an application did: calls that were new, and customers that it changed."""

    new: int
    customers: frozenset[int]


def apply_calls(*, org_id: int, calls: Sequence[Call], now: datetime) -> Applied:
    """Store what calls tell; those known already, or of people who were erased, do nothing."""
    with transaction.atomic():
        source_id = identities.ingest_source(org_id).pk
        scope = Scope(org_id, source_id, now)
        ingested.lock_sources(org_id)
        new = _register(scope, calls)
        permitted = _permitted(scope, new)
        messenger.note(scope, [call for call in permitted if messenger.tells(call)])
        told = [call for call in permitted if not messenger.tells(call)]
        customers = _take_in(scope, sorted(told, key=lambda call: call.at))
    return Applied(new=len(new), customers=frozenset(customers))


def settle_links(*, org_id: int, now: datetime) -> frozenset[int]:
    """Give leads what they did as visitors, where Intercom's Messenger told who is who."""
    source = identities.find_ingest_source(org_id)
    if source is None or not messenger.has_news(org_id):
        return frozenset()
    with transaction.atomic():
        ingested.lock_sources(org_id)
        return frozenset(_take_in(Scope(org_id, source.pk, now), []))


def _take_in(scope: Scope, calls: Sequence[Call]) -> set[int]:
    links = messenger.take(scope)
    if not calls and not links:
        return set()
    people = recognition.recognize(scope, calls, links=links)
    customers = _store(scope, calls, people)
    joined = joining.join_newcomers(org_id=scope.org_id, customer_ids=customers, now=scope.now)
    dirty.mark(scope.org_id, customers)
    ingested.touch(scope)
    return customers | joined


def _register(scope: Scope, calls: Sequence[Call]) -> list[Call]:
    """The calls that were not applied before, each once."""
    by_digest = {digest_of(call.message_id).hex(): call for call in reversed(calls)}
    params = {"org_id": scope.org_id, "now": scope.now, "digests": list(by_digest)}
    return [by_digest[digest] for (digest,) in statements.fetch(_REGISTER, params)]


def _permitted(scope: Scope, calls: Sequence[Call]) -> list[Call]:
    erased = ingested.erased(scope, recognition.names_in(calls))
    if not erased:
        return list(calls)
    return [call for call in calls if erased.isdisjoint(recognition.names_in([call]))]


def _store(scope: Scope, calls: Sequence[Call], people: People) -> set[int]:
    waited = visitors.take(scope.org_id, people.links)
    told = sorted([*calls, *waited], key=lambda call: call.at)
    owned = [(people.customer_of(call), call) for call in told]
    visitors.keep(scope.org_id, [call for owner, call in owned if owner is None])
    known = [(owner, call) for owner, call in owned if owner is not None]
    happened = [(owner, _event(call)) for owner, call in known if call.name]
    events.insert({"org_id": scope.org_id, "now": scope.now}, happened)
    changes = [
        TraitChange(customer_id=owner, values=call.traits, at=call.at)
        for owner, call in known
        if call.type == "identify" and call.traits
    ]
    traits.apply_traits(org_id=scope.org_id, changes=changes, now=scope.now)
    touched = {owner for owner, _ in known}
    ingested.stamp(scope, _seen(known))
    ingested.mirror(scope, touched)
    _store_groups(scope, known)
    return touched


def _store_groups(scope: Scope, known: Sequence[tuple[int, Call]]) -> None:
    groups = [(owner, call) for owner, call in known if call.type == "group"]
    rows = ingested.companies_of(scope, (call.group_id or "" for _, call in groups))
    if not rows:
        return
    changes = [
        CompanyTraitChange(company_id=rows[call.group_id or ""], values=call.traits, at=call.at)
        for _, call in groups
        if call.traits
    ]
    traits.apply_company_traits(org_id=scope.org_id, changes=changes, now=scope.now)
    ingested.mirror_companies(scope, rows.values())
    ingested.belong(scope, [(owner, rows[call.group_id or ""]) for owner, call in groups])


def _event(call: Call) -> EventRecord:
    return EventRecord(
        dedupe_key=f"ingest:{digest_of(call.message_id).hex()}",
        name=call.name,
        source=EVENT_SOURCE,
        occurred_at=call.at,
        properties=call.properties,
        context=call.context,
    )


def _seen(known: Iterable[tuple[int, Call]]) -> dict[int, tuple[datetime, datetime]]:
    """First and last sign of life of each, of calls in order of time."""
    seen: dict[int, tuple[datetime, datetime]] = {}
    for owner, call in known:
        first, _ = seen.get(owner, (call.at, call.at))
        seen[owner] = (first, call.at)
    return seen
