"""The single door through which customer data enters: any records, any order, any repetition.

One transaction per call, under the lock of the source: there is one writer per source, so writers
neither race nor deadlock. What changed and the marks for scoring commit together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from pulsescore.core.errors import NotFound
from pulsescore.core.locks import lock_for_transaction
from pulsescore.store import (
    conversations,
    customers,
    dirty,
    events,
    held,
    identity,
    merges,
    removals,
    statements,
    things,
)
from pulsescore.store.admission import Admitted, admit_all
from pulsescore.store.batch import Batch, Named
from pulsescore.store.kinds import CONVERSATION, CUSTOMER
from pulsescore.store.records import Record


@dataclass(frozen=True, kw_only=True)
class Changed:
    """What a call changed.

    `customers` are those whose score may differ now, marked in the same transaction. `counts` are
    keyed like "customer.inserted": inserted, updated, unchanged, stale (older than what is stored),
    deleted, merged, malformed, and held_no_email, held_no_contact, held_incomplete. `incomplete`
    are things told in part that are not stored yet: the caller should fetch them. So are those
    `contested`: told differently within one second, where nothing says what came last.
    `living` are things that were unknown, or held as gone, before, `ended` those that lived.
    """

    customers: frozenset[int]
    counts: Mapping[str, int]
    incomplete: tuple[Named, ...] = ()
    contested: tuple[Named, ...] = ()
    living: frozenset[Named] = frozenset()
    ended: frozenset[Named] = frozenset()
    touched: bool = False


_QUIET = ("unchanged", "stale", "held", "held_no_email", "held_no_contact", "held_incomplete")


def apply(*, org_id: int, source_id: int, records: Sequence[Record], now: datetime) -> Changed:
    """Store what the records tell; unchanged input writes no row.

    Raises `NotFound` if the source is not the organization's. Records that cannot be stored are
    quarantined with their reason, the rest goes on.
    """
    return apply_admitted(admit_all(records), org_id=org_id, source_id=source_id, now=now)


def apply_admitted(admitted: Admitted, *, org_id: int, source_id: int, now: datetime) -> Changed:
    """Store what `admission.admit_all` let in; as `apply`."""
    batch = Batch(org_id=org_id, source_id=source_id, now=now)
    with transaction.atomic():
        lock_for_transaction(f"source:{source_id}")
        if not statements.fetch(statements.SOURCE_OF_ORG, batch.scope):
            raise NotFound("There is no such source in this organization.")
        _write(batch, admitted)
        dirty.mark_own(org_id, batch.changed_customers)
        dirty.mark_companies(org_id, batch.changed_companies)
        touched = _is_touched(batch)
        if touched:
            statements.run(statements.BUMP_SOURCE, batch.scope)
    return Changed(
        customers=frozenset(batch.changed_customers),
        counts={key: count for key, count in batch.counts.items() if count},
        incomplete=tuple(batch.incomplete),
        contested=tuple(batch.contested),
        living=frozenset(batch.living),
        ended=frozenset(batch.ended),
        touched=touched,
    )


def _write(batch: Batch, admitted: Admitted) -> None:
    held.quarantine(batch, admitted.faults)
    people, talks = admitted.customers, admitted.conversations
    happened = removals.storable(batch, admitted.activities)
    stories = events.admit_all(batch, admitted.events)
    ends = removals.storable(batch, admitted.deletions)
    joins = removals.storable(batch, admitted.merges)
    identity.learn(
        batch,
        {
            *things.named_in(CONVERSATION, talks),
            *events.contacts_in(stories),
            *(end.external_id for end in ends if end.kind == "customer"),
            *(name for join in joins for name in (join.source, join.target)),
        },
        told=people,
    )
    removals.note(batch, ends)
    merges.note(batch, joins)
    customers.write_companies(batch, admitted.companies)
    identity.learn_companies(batch, things.named_in(CUSTOMER, people))
    customers.write(batch, people)
    merges.settle(batch, joins)
    identity.learn_conversations(
        batch,
        {*(record.conversation for record in happened), *events.conversations_in(stories)},
    )
    conversations.write(batch, talks, happened)
    events.write(batch, stories)


def _is_touched(batch: Batch) -> bool:
    return any(count for key, count in batch.counts.items() if key.partition(".")[2] not in _QUIET)
