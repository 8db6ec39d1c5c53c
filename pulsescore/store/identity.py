"""Which row an external id means; for contacts, through merges to the survivor's."""

from collections.abc import Iterable

from pulsescore.store import statements
from pulsescore.store.batch import Batch
from pulsescore.store.lifecycle import Removal


def learn(batch: Batch, external_ids: Iterable[str], *, told: Iterable[str] = ()) -> None:
    """Look up contacts that the batch has not looked up yet, and those they were merged into.

    Contacts that are `told` by records of this call get only their ends looked up, because their
    rows are read when the records are stored.
    """
    told = set(told)
    asked = ({*external_ids} | told) - batch.asked
    if not asked:
        return
    batch.asked |= asked
    found = statements.fetch(statements.TOMBSTONES_OF_CONTACTS, {**batch.scope, "ids": list(asked)})
    for external_id, at, reason, target in found:
        batch.tombstones["customer", external_id] = Removal(at, reason, target)
        if target is not None:
            batch.aliases.setdefault(external_id, target)
            asked.add(target)
    batch.asked |= asked
    asked -= told
    if not asked:
        return
    rows = statements.fetch(statements.CUSTOMER_IDS, {**batch.scope, "ids": list(asked)})
    batch.customers.update(dict(rows))


def survivor_of(batch: Batch, external_id: str) -> str:
    """The contact that lives on after all merges; a circle ends where it began."""
    seen = {external_id}
    while external_id in batch.aliases:
        external_id = batch.aliases[external_id]
        if external_id in seen:
            break
        seen.add(external_id)
    return external_id


def customer_of(batch: Batch, external_id: str) -> int | None:
    """The customer's id, or None if the contact is not known (as one with an e-mail address)."""
    if batch.aliases and external_id in batch.aliases:
        external_id = survivor_of(batch, external_id)
    return batch.customers.get(external_id)


def is_erased(batch: Batch, external_id: str) -> bool:
    """Whether the person was erased: nothing about them is stored again."""
    tombstone = batch.tombstones.get(("customer", survivor_of(batch, external_id)))
    return tombstone is not None and tombstone.reason == "erased"


def aliases_of(batch: Batch, external_ids: Iterable[str]) -> dict[str, str]:
    """All contacts that were merged into these, each with the one it was merged into."""
    ids = list(external_ids)
    if not ids:
        return {}
    return dict(statements.fetch(statements.ALIASES_OF, {**batch.scope, "ids": ids}))


def learn_companies(batch: Batch, external_ids: Iterable[str]) -> None:
    """Look up the companies that customers name."""
    ids = [name for name in external_ids if name not in batch.companies]
    if ids:
        params = {**batch.scope, "ids": ids}
        batch.companies.update(dict(statements.fetch(statements.COMPANY_IDS, params)))


def learn_conversations(batch: Batch, external_ids: Iterable[str]) -> None:
    """Look up the conversations that activities and events are about."""
    ids = list(external_ids)
    if ids:
        params = {**batch.scope, "ids": ids}
        batch.conversations.update(dict(statements.fetch(statements.CONVERSATION_IDS, params)))
