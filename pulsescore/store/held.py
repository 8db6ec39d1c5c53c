"""Records that may not enter yet: put aside with their reason, found again when they may."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from pulsescore.core import bulk_sql
from pulsescore.core.copy_format import Value, array_literal, bytea
from pulsescore.store import scrub, statements
from pulsescore.store.batch import Batch
from pulsescore.store.merge import is_settled
from pulsescore.store.records import Malformed

_TABLE = "store_heldrecord"
_FACTS = (
    "reason",
    "detail",
    "waits_for",
    "record",
    "content_hash",
    "remote_updated_at",
    "observed_at",
)
_LONGEST_DETAIL = 2000


class Item(NamedTuple):
    """One record to put aside; `record` is JSON, `digest` tells whether it is news."""

    external_id: str
    reason: str
    waits_for: Sequence[str]
    record: str
    digest: bytes | None
    version: datetime | None
    observed_at: datetime
    detail: str = ""


class Known(NamedTuple):
    """What is already held about a thing."""

    id: int
    digest: bytes | None
    reason: str
    observed_at: datetime
    is_settled: bool


def find(batch: Batch, kind: str, external_ids: Iterable[str]) -> dict[str, Known]:
    """What is held about these things."""
    params = {**batch.scope, "kind": kind, "ids": list(external_ids)}
    rows = statements.fetch(statements.HELD_LIGHT, params)
    return {
        external_id: Known(held_id, None if digest is None else bytes(digest), *facts)
        for external_id, held_id, digest, *facts in rows
    }


def load(batch: Batch, kind: str, external_ids: Iterable[str]) -> dict[str, str]:
    """The held records themselves, as JSON."""
    ids = list(external_ids)
    if not ids:
        return {}
    return dict(statements.fetch(statements.HELD_WHOLE, {**batch.scope, "kind": kind, "ids": ids}))


def find_released(batch: Batch, kind: str, awaited: Iterable[str]) -> dict[str, str]:
    """The held records of a kind that wait for one of these, as JSON by external id."""
    names = list(awaited)
    if not names:
        return {}
    params = {**batch.scope, "kind": kind, "awaited": names}
    return dict(statements.fetch(statements.RELEASED, params))


def put(batch: Batch, kind: str, items: Sequence[Item], known: dict[str, Known]) -> None:
    """Put records aside; those that are held just so already are left alone."""
    new = [item for item in items if item.external_id not in known]
    news = [item for item in items if item.external_id in known and _differs(item, known)]
    if new:
        columns = ("org_id", "source_id", "kind", "external_id", "held_at", *_FACTS)
        scope = (batch.org_id, batch.source_id, kind)
        rows = ((*scope, item.external_id, batch.now, *_facts(item)) for item in new)
        bulk_sql.copy_rows(_TABLE, columns, rows)
    if news:
        rows = ((known[item.external_id].id, *_facts(item)) for item in news)
        bulk_sql.update_rows(_TABLE, "id", _FACTS, rows)


def drop(batch: Batch, kind: str, external_ids: Iterable[str]) -> None:
    """Forget what was held about things that entered, or that are gone."""
    ids = list(external_ids)
    if ids:
        statements.run(statements.DROP_HELD, {**batch.scope, "kind": kind, "ids": ids})


def quarantine(batch: Batch, faults: Sequence[Malformed]) -> None:
    """Keep note of records that could not be read, the latest fault of each."""
    latest = {(fault.kind, fault.external_id): fault for fault in sorted(faults, key=_seen)}
    if not latest:
        return
    kept = list(latest.values())
    batch.counts.update(f"{fault.kind}.malformed" for fault in kept)
    statements.run(
        statements.PUT_MALFORMED,
        {
            **batch.scope,
            "kinds": [fault.kind for fault in kept],
            "ids": [scrub.text(fault.external_id)[:255] for fault in kept],
            "details": [scrub.text(fault.detail)[:_LONGEST_DETAIL] for fault in kept],
            "observed": [fault.observed_at for fault in kept],
        },
    )


def _seen(fault: Malformed) -> datetime:
    return fault.observed_at


def _differs(item: Item, known: dict[str, Known]) -> bool:
    before = known[item.external_id]
    if item.digest is None or (before.digest, before.reason) != (item.digest, item.reason):
        return True
    return is_settled(item.version, item.observed_at) and not before.is_settled


def _facts(item: Item) -> tuple[Value, ...]:
    return (
        item.reason,
        item.detail,
        array_literal(item.waits_for),
        item.record,
        bytea(item.digest),
        item.version,
        item.observed_at,
    )
