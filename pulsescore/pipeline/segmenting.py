"""From scores to memberships to what follows: timelines, alerts, endpoints, marks for sending.

Marks are claimed in the transaction that writes memberships and all that follows, so that a crash
gives them back. What comes from a first import, or from a rule that changed, is told to nobody: no
customer moved. Sending looks at everybody who was looked at here, moved or not, since their
attributes may be others.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from pulsescore.accounts.access import Actor
from pulsescore.alerts.actions.rules import name_segment
from pulsescore.alerts.moving import evaluate_moves
from pulsescore.connectors.intercom.outbound import marks
from pulsescore.delivery import outbox
from pulsescore.pipeline import parcels
from pulsescore.pipeline.circles import refuse_segment
from pulsescore.pipeline.settling import settling_sources
from pulsescore.pipeline.wake import wake
from pulsescore.scoring import scored
from pulsescore.segments import actions, membership, sweeps, telling
from pulsescore.segments.comparing import Scope
from pulsescore.segments.fields import KINDS, Kind
from pulsescore.segments.membership import Chosen, Move
from pulsescore.segments.models import Segment
from pulsescore.store.models import CompanyMember, Customer

CLAIM: Final = 5_000


@transaction.atomic
def create_segment(
    actor: Actor, *, kind: Kind = "customer", name: str, rule: Any, now: datetime
) -> Segment:
    """`segments.actions.create_segment`, and have it filled.

    Raises `Invalid`, too, where its name would come back to its own rule and move its members.
    """
    segment = actions.create_segment(actor, kind=kind, name=name, rule=rule, now=now)
    refuse_segment(segment, path="rule")
    wake("refresh_segments", org_id=actor.org_id)
    return segment


@transaction.atomic
def update_segment(
    actor: Actor, segment_id: int, *, name: str | None = None, rule: Any = None, now: datetime
) -> Segment:
    """`segments.actions.update_segment`, and have what follows from it done.

    Names of segments are sent, too: after a rename its members are looked at again. Raises as
    `create_segment`.
    """
    segment = actions.update_segment(actor, segment_id, name=name, rule=rule, now=now)
    refuse_segment(segment, path="name" if rule is None else "rule")
    if name is not None:
        name_segment(actor.org_id, segment_id, segment.name)
        sweeps.request_sweep(actor.org_id, now=now)
    wake("refresh_segments", org_id=actor.org_id)
    return segment


def delete_segment(actor: Actor, segment_id: int, *, now: datetime) -> Segment:
    """`segments.actions.delete_segment`, and have it emptied."""
    segment = actions.delete_segment(actor, segment_id, now=now)
    wake("refresh_segments", org_id=actor.org_id)
    return segment


def refresh_marked(org_id: int, *, now: datetime, batch: int = CLAIM) -> int:
    """Look at the customers and companies that are marked; returns how many.

    Whoever is marked meanwhile has been told of by another wake-up.
    """
    total = 0
    for refresh in (refresh_batch, refresh_companies_batch):
        claimed = batch
        while claimed >= batch:
            claimed = refresh(org_id, now=now, batch=batch)
            total += claimed
    return total


@transaction.atomic
def refresh_batch(org_id: int, *, now: datetime, batch: int = CLAIM) -> int:
    """Look at one batch of marked customers; returns its size."""
    membership.lock_segments(org_id)
    claimed = scored.claim(org_id, batch)
    if claimed:
        chosen = membership.choose(org_id, "customer")
        _look(org_id, Scope(tuple(claimed)), chosen, now=now)
        marks.mark(org_id, claimed)
    return len(claimed)


@transaction.atomic
def refresh_companies_batch(org_id: int, *, now: datetime, batch: int = CLAIM) -> int:
    """Look at one batch of marked companies, and at their members, where a rule asks of both."""
    membership.lock_segments(org_id)
    claimed = scored.claim_companies(org_id, batch)
    if not claimed:
        return 0
    _look(org_id, Scope(tuple(claimed)), membership.choose(org_id, "company"), now=now)
    marks.mark_companies(org_id, claimed)
    asking = membership.asking_of_companies(org_id)
    if asking:
        members = _members_of(org_id, claimed)
        chosen = membership.choose(org_id, "customer", only=asking)
        for start in range(0, len(members), CLAIM):
            some = members[start : start + CLAIM]
            _look(org_id, Scope(tuple(some)), chosen, now=now)
            marks.mark(org_id, some)
    return len(claimed)


def refresh_everybody(org_id: int, *, now: datetime, batch: int = membership.BATCH) -> None:
    """Do what waits for a look at everybody: new rules, sweeps, deleted segments."""
    empty_deleted(org_id)
    while waiting := sweeps.next_pass(org_id):
        for kind in KINDS:
            if waiting.kinds[kind]:
                _look_at_all(org_id, kind, waiting.kinds[kind], now=now, batch=batch)
        sweeps.end_pass(org_id, waiting)


def empty_deleted(org_id: int) -> None:
    """Take everybody out of deleted segments; what was sent because of them is looked at."""
    for kind, mark in (("customer", marks.mark), ("company", marks.mark_companies)):
        while True:
            with transaction.atomic():
                gone = sweeps.empty_deleted(
                    org_id, "customer" if kind == "customer" else "company", limit=CLAIM
                )
                mark(org_id, sorted(set(gone)))
            if not gone:
                break


def look_around() -> None:
    """Each minute: find what a crash left lying."""
    for org_id in sweeps.orgs_waiting():
        wake("refresh_segments", org_id=org_id)


def _look_at_all(
    org_id: int, kind: Kind, only: Sequence[int], *, now: datetime, batch: int
) -> None:
    mark = marks.mark if kind == "customer" else marks.mark_companies
    for scope in membership.ranges(org_id, kind, size=batch):
        with transaction.atomic():
            membership.lock_segments(org_id)
            chosen = membership.choose(org_id, kind, only=only)
            moves = _look(org_id, scope, chosen, now=now)
            mark(org_id, sorted({one.member_id for one in moves}))


def _look(org_id: int, scope: Scope, chosen: Chosen, *, now: datetime) -> list[Move]:
    moves = membership.refresh(org_id, scope, chosen, now=now)
    if moves and chosen.kind == "customer":
        told = _worth_telling(org_id, moves, now=now)
        telling.append_events(org_id, told, now=now)
        outbox.enqueue(org_id, parcels.moved(org_id, told, chosen.segments, now=now), now=now)
        over = evaluate_moves(org_id, moves, telling=told, now=now)
        outbox.enqueue(org_id, parcels.resolved(org_id, over, now=now), now=now)
    return moves


def _worth_telling(org_id: int, moves: Sequence[Move], *, now: datetime) -> list[Move]:
    """Moves of customers by themselves, not by a new rule or by being read for the first time."""
    own = [one for one in moves if not one.is_filling]
    settling = settling_sources(org_id, now=now) if own else {}
    quiet = [source_id for source_id, until in settling.items() if now <= until]
    if not quiet:
        return own
    rows = Customer.objects.for_org(org_id).filter(source_id__in=quiet)
    ids = {one.member_id for one in own}
    reading = set(rows.filter(pk__in=ids).values_list("pk", flat=True))
    return [one for one in own if one.member_id not in reading]


def _members_of(org_id: int, company_ids: Sequence[int]) -> list[int]:
    rows = CompanyMember.objects.for_org(org_id).filter(company_id__in=company_ids)
    return sorted(set(rows.values_list("customer_id", flat=True)))
