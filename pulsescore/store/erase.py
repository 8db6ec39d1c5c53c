"""Erase one person: every row about them goes, and a tombstone keeps sync from bringing them back.

A tombstone holds no more than the ids that the source gave, without which a later page of the
source could not be told to be about an erased person.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from pulsescore.core.locks import lock_for_transaction
from pulsescore.store import (
    dirty,
    identities,
    identity,
    person_statements,
    queries,
    statements,
    tombstones,
)
from pulsescore.store.batch import Batch
from pulsescore.store.identities import Name
from pulsescore.store.lifecycle import Removal
from pulsescore.store.models import Conversation, ConversationActivity, Customer


@dataclass(frozen=True, kw_only=True)
class Erased:
    """What was erased, by the source's ids; `names` are those by which ingested calls knew them."""

    source_id: int
    contacts: frozenset[str]
    conversations: frozenset[str]
    names: frozenset[Name] = frozenset()


def erase(org_id: int, customer_id: int, *, now: datetime) -> Erased:
    """Erase a customer, all contacts merged into them, and the conversations that are theirs alone.

    Conversations with others stay, without the person. Raises `NotFound`.
    """
    with transaction.atomic():
        customer = queries.get_customer(org_id, customer_id)
        batch = Batch(org_id=org_id, source_id=customer.source_id, now=now)
        lock_for_transaction(f"source:{customer.source_id}")
        params = {**batch.scope, "customer_id": customer_id}
        people = dict(statements.fetch(person_statements.SAME_PERSON, params))
        contacts = {*people.values(), *identity.aliases_of(batch, people.values())}
        held = _held(batch, contacts)
        talks = dict(
            statements.fetch(
                person_statements.CONVERSATIONS_OF_NOBODY_ELSE, {**params, "ids": list(people)}
            )
        )
        waiting = {name for _, kind, name in held if kind == "conversation"}
        companies = statements.fetch(
            person_statements.COMPANIES_OF, {**params, "ids": list(people)}
        )
        conversations = {*talks.values(), *waiting}
        names = identities.names_of(org_id, people)
        _delete(org_id, people=people, talks=talks)
        dirty.mark_companies(org_id, (company_id for (company_id,) in companies))
        _drop_held(batch, [held_id for held_id, _, _ in held])
        _bury(batch, contacts=contacts, conversations=conversations)
        _bury_names(batch, names)
        statements.run(statements.BUMP_SOURCE, batch.scope)
    return Erased(
        source_id=customer.source_id,
        contacts=frozenset(contacts),
        conversations=frozenset(conversations),
        names=frozenset(names),
    )


def people_of(org_id: int, customer_id: int) -> list[int]:
    """The customers that go with this one: those merged into it, and itself; nobody unknown."""
    told = {"org_id": org_id, "customer_id": customer_id}
    return sorted(dict(statements.fetch(person_statements.SAME_PERSON, told)))


def _held(batch: Batch, contacts: Iterable[str]) -> list[tuple[int, str, str]]:
    names = list(contacts)
    params = {**batch.scope, "names": names, "awaited": [f"customer:{name}" for name in names]}
    return [
        (row[0], row[1], row[2])
        for row in statements.fetch(person_statements.HELD_OF_PERSON, params)
    ]


def _drop_held(batch: Batch, ids: list[int]) -> None:
    if ids:
        statements.run(person_statements.DROP_HELD_BY_ID, {**batch.scope, "ids": ids})


def _delete(org_id: int, *, people: dict[int, str], talks: dict[int, str]) -> None:
    """Django follows every reference, also from tables of later stages (scores, history)."""
    activities = ConversationActivity.objects.for_org(org_id)
    activities.filter(conversation_id__in=list(talks)).delete()
    Conversation.objects.for_org(org_id).filter(id__in=list(talks)).delete()
    Customer.objects.for_org(org_id).filter(id__in=list(people)).delete()


def _bury(batch: Batch, *, contacts: set[str], conversations: set[str]) -> None:
    end: dict[tuple[str, str], Any] = {
        ("customer", name): Removal(batch.now, "erased") for name in contacts
    }
    end |= {("conversation", name): Removal(batch.now, "erased") for name in conversations}
    tombstones.put(batch, end)


def _bury_names(batch: Batch, names: set[Name]) -> None:
    """Calls that name the person by an id or a browser are dropped from now on."""
    source = identities.find_ingest_source(batch.org_id)
    if source is not None and names:
        ingested = Batch(org_id=batch.org_id, source_id=source.pk, now=batch.now)
        tombstones.put(ingested, {name: Removal(batch.now, "erased") for name in names})
