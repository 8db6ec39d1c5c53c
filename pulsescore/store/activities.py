"""What happened to conversations, each fact counted once; counters are derived from it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

import msgspec

from pulsescore.store import held, statements
from pulsescore.store.batch import Batch
from pulsescore.store.held import Item
from pulsescore.store.records import ActivityRecord

_KIND = "activity"


def write(batch: Batch, records: Sequence[ActivityRecord]) -> set[int]:
    """Store activities; those of unknown conversations wait. Returns the conversations' ids."""
    awaited = [f"conversation:{name}" for name in batch.arrived]
    released = held.find_released(batch, _KIND, awaited)
    waited = [msgspec.json.decode(text, type=ActivityRecord) for text in released.values()]
    held.drop(batch, _KIND, released)
    known = [r for r in (*records, *waited) if r.conversation in batch.conversations]
    _hold(batch, [r for r in records if r.conversation not in batch.conversations])
    if not known:
        return set()
    new = statements.fetch(
        statements.PUT_ACTIVITIES,
        {
            **batch.scope,
            "ids": [batch.conversations[record.conversation] for record in known],
            "kinds": [record.kind for record in known],
            "ats": [_to_second(record.at) for record in known],
        },
    )
    batch.counts["activity.inserted"] += len(new)
    return {conversation_id for (conversation_id,) in new}


def recount(batch: Batch, conversation_ids: Iterable[int]) -> set[int]:
    """Derive the counters of conversations anew; returns those that changed."""
    ids = list(conversation_ids)
    if not ids:
        return set()
    rows = statements.fetch(statements.RECOUNT, {**batch.scope, "ids": ids})
    return {conversation_id for (conversation_id,) in rows}


def _hold(batch: Batch, records: Iterable[ActivityRecord]) -> None:
    items = {}
    for record in records:
        if batch.removal_of("conversation", record.conversation) is not None:
            continue
        name = f"{record.conversation}:{record.kind}:{_to_second(record.at).isoformat()}"
        items[name] = Item(
            external_id=name,
            reason="no_conversation",
            waits_for=[f"conversation:{record.conversation}"],
            record=msgspec.json.encode(record).decode(),
            digest=b"",
            version=None,
            observed_at=record.at,
        )
    if items:
        held.put(batch, _KIND, list(items.values()), held.find(batch, _KIND, items))
        batch.counts["activity.held"] += len(items)


def _to_second(at: datetime) -> datetime:
    return at.replace(microsecond=0)
