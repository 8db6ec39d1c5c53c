"""Merged contacts: the surviving customer takes over conversations, events and notes.

Companies and tags are its own: Intercom gives them to the surviving contact, whose record tells
them; what it has lost since must not come back with the merge.

Every merge leaves a tombstone that serves as alias, so that records which still name the merged
contact mean the survivor, also through chains and also when the survivor arrives later. Score
history hangs on the merged customer's row, which stays (deleted, pointing to the survivor).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pulsescore.store import identities, identity, person_statements, statements, tombstones, traits
from pulsescore.store.batch import Batch
from pulsescore.store.lifecycle import Removal
from pulsescore.store.records import MergeRecord

# What the merged customer has is given to the survivor before it is taken away.
_TAKE_OVER = (
    person_statements.MOVE_PARTICIPANTS,
    person_statements.DROP_PARTICIPANTS,
    person_statements.MOVE_EVENTS,
    person_statements.DROP_EVENTS,
    person_statements.MOVE_NOTES,
    person_statements.MOVE_OTHERS_MEMBERS,
)


def note(batch: Batch, records: Sequence[MergeRecord]) -> None:
    """Remember who was merged into whom; a merge that would close a circle is no news."""
    for record in sorted(records, key=lambda merge: (merge.at, merge.source, merge.target)):
        closes_circle = identity.survivor_of(batch, record.target) == record.source
        if record.source in batch.aliases or closes_circle:
            batch.counts["customer.stale"] += 1
            continue
        batch.aliases[record.source] = record.target
        removal = Removal(record.at, "merged", record.target)
        batch.removals["customer", record.source] = removal
        tombstones.put(batch, {("customer", record.source): removal})


def settle(batch: Batch, records: Iterable[MergeRecord]) -> None:
    """Hand over what merged customers had, where the survivor is known by now."""
    aliases = identity.aliases_of(batch, batch.newcomers)
    batch.aliases.update(aliases)
    sources = {*(record.source for record in records), *aliases}
    identity.learn(batch, sources)
    pairs = {}
    for source in sources:
        target = identity.customer_of(batch, source)
        row = batch.customers.get(source)
        if target is None or target == row:
            continue
        batch.newcomers.add(source)
        if row is not None:
            pairs[row] = target
    if pairs:
        _hand_over(batch, pairs)


def hand_over(params: Mapping[str, Any]) -> tuple[list[int], list[int]]:
    """Give what `sources` have to their `targets`, under the locks of their sources.

    Returns who was not handed over before, and the companies that the sources leave.
    """
    pointed = statements.fetch(person_statements.POINT_TO_SURVIVOR, params)
    for statement in _TAKE_OVER:
        statements.run(statement, params)
    traits.take_over(params)
    identities.move(params)
    left = statements.fetch(person_statements.DROP_MEMBERS, params)
    return [source for source, _ in pointed], [company_id for (company_id,) in left]


def _hand_over(batch: Batch, pairs: dict[int, int]) -> None:
    params = {**batch.scope, "sources": list(pairs), "targets": list(pairs.values())}
    pointed, left = hand_over(params)
    batch.changed_companies.update(left)
    batch.changed_customers.update(pairs, pairs.values())
    batch.counts["customer.taken_over"] += len(pointed)
