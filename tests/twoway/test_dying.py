"""Wherever a process that sends dies, the next one brings Intercom to rights; nothing is doubled.

In each round a new person is to be made, two are to be changed, tagged or untagged, and something
happened to each. `PULSESCORE_CASES=60` or more tries every statement and not each so many.
"""

import os
from collections import Counter
from collections.abc import Callable
from typing import Final

from pulsescore.connectors.intercom.outbound import marks
from pulsescore.connectors.intercom.outbound.models import OutboundMark, OutboundTask
from pulsescore.store import identities, write
from pulsescore.store.models import Customer
from pulsescore.store.records import CustomerRecord, EventRecord
from tests.convergence.crash import Killed, Reaper
from tests.twoway.right import wrongs
from tests.twoway.scenarios import found
from tests.twoway.tables import Tables
from tests.twoway.world import World

EVERY: Final = 1 if int(os.environ.get("PULSESCORE_CASES", "2")) >= 60 else 67
Send = Callable[[World, int], object]


def test_dying_at_any_statement_neither_loses_nor_doubles(reaper: Reaper) -> None:
    assert rounds(reaper, lambda world, at: world.send(dies_after=at), every=EVERY) > 1


def test_dying_between_a_request_and_its_note_neither_loses_nor_doubles(reaper: Reaper) -> None:
    def die() -> None:
        raise Killed

    every = min(EVERY, 6)
    assert rounds(reaper, lambda world, at: world.send(meanwhile={at: die}), every=every) > 1


def rounds(reaper: Reaper, send: Send, *, every: int) -> int:
    """Let the process die ever later, until it lives to the end; how often it died."""
    world, died = World(reaper, tables=Tables(events=("Paid",))), 0
    try:
        found(world, ann={}, bob={})
        while True:
            since = len(world.sent)
            newcomer = something_happens(world, died)
            world.judge()
            send(world, died * every)
            is_done = not waits(world)
            assert world.settle() == []
            assert wrongs(world) == []
            assert world.complaints == []
            check(world, died, newcomer, since=since)
            if is_done:
                return died
            died += 1
    finally:
        world.close()


def something_happens(world: World, turn: int) -> str:
    """Titles, tiers and events for those we know; the address of somebody new."""
    for name in ("ann", "bob"):
        customer = world.customer(name)
        world.tell(customer, {"title": f"{name} {turn}", "tier": "gold" if turn % 2 else "tin"})
        happen(world, customer, f"{name}-{turn}")
    email = f"new{turn}@people.example"
    source, now = identities.ingest_source(world.connection.org_id), world.now()
    person = CustomerRecord(
        external_id=email, version=now, observed_at=now, contact_role="user", email=email
    )
    write.apply(org_id=source.org_id, source_id=source.pk, records=[person], now=now)
    return email


def happen(world: World, customer: Customer, key: str) -> None:
    now = world.now()
    told = EventRecord(
        dedupe_key=key,
        name="Paid",
        source="ingest",
        occurred_at=now,
        contacts=[customer.external_id],
        properties={"n": key},
    )
    write.apply(org_id=customer.org_id, source_id=customer.source_id, records=[told], now=now)
    marks.mark(customer.org_id, [customer.pk])


def waits(world: World) -> bool:
    """Whether something is left to send."""
    org = world.connection.org_id
    return OutboundTask.objects.for_org(org).exists() or OutboundMark.objects.for_org(org).exists()


def check(world: World, turn: int, newcomer: str, *, since: int) -> None:
    """Each thing came about once, however often it was asked for."""
    made = [one for one in world.workspace.contacts.values() if one.email == newcomer]
    assert len(made) == 1
    for name in ("ann", "bob"):
        contact = world.people[name]
        assert contact.name == f"{name} {turn}"
        events = [one for one in world.workspace.events[contact.id] if one.name == "Paid"]
        assert len(events) == turn + 1
    effective = Counter(
        (one.method, one.path, str(one.body)) for one in world.sent[since:] if one.changed
    )
    assert [one for one, times in effective.items() if times > 1] == []
