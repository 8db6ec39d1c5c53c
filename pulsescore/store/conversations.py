"""Store conversations, join them to everybody we know in them, and keep their counters."""

from collections.abc import Iterable, Sequence

from pulsescore.store import activities, held, identity, links, statements, things
from pulsescore.store.admission import Entries
from pulsescore.store.batch import Batch
from pulsescore.store.links import PARTICIPANTS
from pulsescore.store.records import ActivityRecord
from pulsescore.store.shapes import ConversationShape

_CONVERSATION = ConversationShape()


def write(batch: Batch, entries: Entries, happened: Sequence[ActivityRecord]) -> None:
    """Store conversations and what happened to them, and mark their people for scoring."""
    _join_newcomers(batch)
    released = held.find_released(
        batch, "conversation", [f"customer:{name}" for name in batch.newcomers]
    )
    written = things.write(batch, _CONVERSATION, entries, released=released)
    batch.conversations.update(written.inserted)
    batch.arrived.update(written.inserted)
    active = activities.write(batch, happened)
    recounted = activities.recount(batch, {*active, *written.updated})
    batch.changed_customers.update(customer_id for _, customer_id in written.links)
    _mark_people(batch, {*written.updated, *recounted})


def _join_newcomers(batch: Batch) -> None:
    """Contacts that just became customers join the stored conversations that name them."""
    pairs = ((name, identity.customer_of(batch, name)) for name in batch.newcomers)
    known = {name: customer_id for name, customer_id in pairs if customer_id is not None}
    joined = links.join_newcomers(batch, PARTICIPANTS, known)
    batch.changed_customers.update(customer_id for _, customer_id in joined)


def _mark_people(batch: Batch, conversation_ids: Iterable[int]) -> None:
    ids = list(conversation_ids)
    if ids:
        rows = statements.fetch(statements.PARTICIPANTS, {**batch.scope, "ids": ids})
        batch.changed_customers.update(customer_id for (customer_id,) in rows)
