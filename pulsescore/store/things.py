"""Store records of one kind: what is unchanged costs one comparison, what is new one COPY line.

Only where a record is neither is the stored row read whole and merged (`merge`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pulsescore.core import bulk_sql, copy_format
from pulsescore.store import held, links, statements, tombstones
from pulsescore.store.admission import Entries
from pulsescore.store.batch import Batch
from pulsescore.store.door import Entry
from pulsescore.store.kinds import Kind
from pulsescore.store.merge import is_settled
from pulsescore.store.plan import Insert, Plan, Update, Written
from pulsescore.store.settle import Before, hold_item, settle
from pulsescore.store.shapes import Shape
from pulsescore.store.stored_state import (
    content_of_entry,
    told_columns,
    told_line,
    told_values,
)

_ROW = ("updated_at", "deleted_at", "deleted_reason")
_NEW_ROW = ("id", "org_id", "source_id", "created_at")


def named_in(kind: Kind, entries: Entries) -> set[str]:
    """The external ids of things that these records link to."""
    return {
        name
        for of_thing in entries.values()
        for entry in of_thing
        for name in kind.named(entry.record)
    }


def write(
    batch: Batch, shape: Shape, entries: Entries, *, released: Mapping[str, str] | None = None
) -> Written:
    """Store the things that these records, removals and released held records are about."""
    kind = shape.kind
    removed = [name for of_kind, name in batch.removals if of_kind == kind.name]
    touched = {*entries, *removed, *(released or ())}
    if not touched:
        return Written()
    before = Before(
        rows=_light_rows(batch, kind, touched),
        held=held.find(batch, kind.name, touched),
        released=dict(released or {}),
    )
    tombstones.learn(batch, kind.name, touched)
    plan = Plan()
    news = _sort_out(batch, shape, entries, before=before, plan=plan)
    slow = touched - entries.keys() | news
    if slow:
        settle(batch, shape, {name: entries.get(name, []) for name in slow}, before, plan)
    _note_rows(batch, kind, before)
    return _store(batch, shape, plan, before)


def _sort_out(
    batch: Batch, shape: Shape, entries: Entries, *, before: Before, plan: Plan
) -> set[str]:
    """Deal with what is unchanged or simply new; returns the names that need a closer look."""
    kind, rows = shape.kind.name, before.rows
    apart = _apart(batch, shape, entries, before)
    unchanged = 0
    for name, of_thing in entries.items():
        if name in apart:
            continue
        entry, row = of_thing[0], rows.get(name)
        if row is None:
            _enter(batch, shape, entry, plan)
        elif row.tells(entry):
            unchanged += 1
        else:
            apart.add(name)
    batch.counts[f"{kind}.unchanged"] += unchanged
    return _not_held_so(batch, shape, entries, apart, before)


def _apart(batch: Batch, shape: Shape, entries: Entries, before: Before) -> set[str]:
    """Things told by several records, by additions to lists, held, released, or gone."""
    kind = shape.kind
    apart = {name for name in (*before.held, *before.released) if name in entries}
    apart |= {name for of_kind, name in batch.removals if of_kind == kind.name and name in entries}
    apart |= {
        name for of_kind, name in batch.tombstones if of_kind == kind.name and name in entries
    }
    deltas = kind.layout.deltas
    for name, of_thing in entries.items():
        if len(of_thing) > 1 or any(deltas(of_thing[0].record)):
            apart.add(name)
    return apart


def _enter(batch: Batch, shape: Shape, entry: Entry, plan: Plan) -> None:
    """A thing told for the first time: a new row, or a held record."""
    reason = shape.hold_reason(batch, entry.record)
    content = content_of_entry(shape.kind, entry)
    if reason is None:
        plan.inserts.append(Insert(content, None, None))
    elif shape.is_unwanted(batch, entry.record):
        batch.counts[f"{shape.kind.name}.stale"] += 1
    else:
        plan.holds.append(hold_item(batch, shape, content, reason))


def _not_held_so(
    batch: Batch, shape: Shape, entries: Entries, closer: set[str], before: Before
) -> set[str]:
    """Leave out what is held with just this content and still may not enter."""
    kind, rest = shape.kind, set()
    for name in closer:
        known = before.held.get(name)
        entry = entries[name][0]
        same = (
            known is not None
            and name not in before.rows
            and name not in before.released
            and len(entries[name]) == 1
            and known.digest == entry.digest
            and (known.is_settled or not is_settled(entry.record.version, entry.observed_at))
            and batch.removal_of(kind.name, name) is None
            and known.reason == shape.hold_reason(batch, entry.record)
        )
        if same and known is not None:
            batch.counts[f"{kind.name}.held_{known.reason}"] += 1
            if known.reason == "incomplete":
                batch.incomplete.append((kind.name, name))
        else:
            rest.add(name)
    return rest


def _light_rows(batch: Batch, kind: Kind, names: Iterable[str]) -> dict[str, Any]:
    params = {**batch.scope, "ids": list(names)}
    return Before.rows_of(statements.fetch(statements.light_rows(kind), params))


def _note_rows(batch: Batch, kind: Kind, before: Before) -> None:
    known = {
        "customer": batch.customers,
        "company": batch.companies,
        "conversation": batch.conversations,
    }[kind.name]
    known.update({name: row.id for name, row in before.rows.items()})


def _store(batch: Batch, shape: Shape, plan: Plan, before: Before) -> Written:
    kind = shape.kind
    written = Written()
    _note_lives(batch, kind, plan, before)
    _insert(batch, shape, plan.inserts, written)
    _update(batch, shape, plan.updates, written)
    if plan.settled:
        bulk_sql.update_rows(kind.table, "id", ("observed_at",), plan.settled)
    held.put(batch, kind.name, plan.holds, before.held)
    held.drop(batch, kind.name, [name for name in plan.unhold if name in before.held])
    tombstones.put(batch, {(kind.name, name): end for name, end in plan.bury.items()})
    known_ends = [name for name in plan.unbury if (kind.name, name) in batch.tombstones]
    tombstones.drop(batch, kind.name, known_ends)
    batch.counts[f"{kind.name}.inserted"] += len(plan.inserts)
    batch.counts[f"{kind.name}.updated"] += len(plan.updates)
    return written


def _note_lives(batch: Batch, kind: Kind, plan: Plan, before: Before) -> None:
    for insert in plan.inserts:
        if insert.deleted_at is None:
            batch.living.add((kind.name, insert.content.record.external_id))
    for update in plan.updates:
        name, is_gone = update.content.record.external_id, update.deleted_at is not None
        if is_gone != before.rows[name].is_deleted:
            (batch.ended if is_gone else batch.living).add((kind.name, name))


def _insert(batch: Batch, shape: Shape, inserts: Sequence[Insert], written: Written) -> None:
    if not inserts:
        return
    kind = shape.kind
    ids = bulk_sql.reserve_ids(kind.table, len(inserts))
    pairs: list[tuple[int, int]] = []

    same = copy_format.line((batch.org_id, batch.source_id, batch.now, batch.now))

    def lines() -> Iterator[bytes]:
        for row_id, insert in zip(ids, inserts, strict=True):
            content = insert.content
            linked = shape.linked(batch, content.record)
            written.inserted[content.record.external_id] = row_id
            pairs.extend([(row_id, target) for target in linked.targets])
            own = copy_format.line(
                (
                    insert.deleted_at,
                    insert.deleted_reason,
                    *shape.values(content, linked),
                    *shape.first_values(content),
                )
            )
            yield b"%d,%b,%b,%b" % (row_id, same, own, told_line(kind, content))

    columns = (*_NEW_ROW, *_ROW, *shape.columns, *shape.first_columns, *told_columns(kind))
    bulk_sql.copy_lines(kind.table, columns, lines())
    if shape.links is not None:
        links.insert(batch, shape.links, pairs)
    written.links += pairs


def _update(batch: Batch, shape: Shape, updates: Sequence[Update], written: Written) -> None:
    if not updates:
        return
    rows: list[tuple[Any, ...]] = []
    relinked: dict[int, list[int]] = {}
    for update in updates:
        linked = shape.linked(batch, update.content.record)
        if update.relink:
            relinked[update.row_id] = linked.targets
        rows.append(
            (
                update.row_id,
                batch.now,
                update.deleted_at,
                update.deleted_reason,
                *shape.values(update.content, linked),
                *told_values(shape.kind, update.content),
            )
        )
    columns = (*_ROW, *shape.columns, *told_columns(shape.kind))
    bulk_sql.update_rows(shape.kind.table, "id", columns, rows)
    written.updated += [row_id for row_id, *_ in rows]
    if shape.links is not None:
        written.relinked += links.replace(batch, shape.links, relinked)
        written.links += written.relinked
