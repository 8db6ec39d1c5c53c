"""What the source says is gone."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

import msgspec

from pulsescore.store import lifecycle, scrub
from pulsescore.store.batch import Batch
from pulsescore.store.lifecycle import Removal
from pulsescore.store.records import DeletionRecord

StructT = TypeVar("StructT", bound=msgspec.Struct)


def note(batch: Batch, records: Iterable[DeletionRecord]) -> None:
    """Take note of deletions, the one that counts of each thing."""
    for record in records:
        named = (record.kind, record.external_id)
        told = Removal(record.at, record.reason)
        latest = lifecycle.latest(batch.removals.get(named), told)
        if latest is not None:
            batch.removals[named] = latest


def storable(batch: Batch, records: Sequence[StructT]) -> list[StructT]:
    """Small records whose ids can be stored; others are counted and left out."""
    kept = []
    for record in records:
        clean = scrub.struct(record)
        ids = [getattr(clean, name, "-") for name in ("external_id", "conversation", "source")]
        ids.append(getattr(clean, "target", "-"))
        if all(map(scrub.is_storable_id, ids)) and clean.at.tzinfo is not None:  # type: ignore[attr-defined]
            kept.append(clean)
        else:
            batch.counts[f"{type(record).__name__.removesuffix('Record').lower()}.malformed"] += 1
    return kept
