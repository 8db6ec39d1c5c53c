"""The closer look at things that are neither unchanged nor simply new: merge, then decide."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from pulsescore.store import held, identity, lifecycle, statements
from pulsescore.store.batch import Batch
from pulsescore.store.door import Entry
from pulsescore.store.lifecycle import FINAL, Removal
from pulsescore.store.merge import (
    State,
    is_contested,
    is_settled,
    is_unchanged,
    merge,
    settles,
    start,
)
from pulsescore.store.plan import Insert, Plan, Update
from pulsescore.store.shapes import Shape
from pulsescore.store.stored_state import (
    Content,
    content_of,
    held_json,
    state_of_held,
    state_of_row,
)


class LightRow(NamedTuple):
    """What tells whether a record is news."""

    id: int
    digest: bytes | None
    is_deleted: bool
    is_settled: bool

    def tells(self, entry: Entry) -> bool:
        """Whether the stored thing says just this already, and as surely."""
        if self.digest != entry.digest or self.is_deleted:
            return False
        return self.is_settled or not is_settled(entry.record.version, entry.observed_at)


@dataclass(frozen=True, slots=True)
class Before:
    """What was stored about the things of a call; `released` are held records that may enter."""

    rows: dict[str, LightRow]
    held: dict[str, held.Known]
    released: dict[str, str]

    @staticmethod
    def rows_of(found: Iterable[tuple[Any, ...]]) -> dict[str, LightRow]:
        """Rows of `statements.light_rows`."""
        return {
            name: LightRow(row_id, None if digest is None else bytes(digest), *facts)
            for name, row_id, digest, *facts in found
        }


@dataclass(frozen=True, slots=True)
class _Case:
    """One thing: its stored row, if any, and its states before and after this call's records."""

    name: str
    row: Mapping[str, Any] | None
    before: State | None
    after: State | None
    removal: Removal | None
    entries: list[Entry]


def settle(
    batch: Batch, shape: Shape, news: Mapping[str, list[Entry]], before: Before, plan: Plan
) -> None:
    """Merge what is stored with what came, and plan what follows."""
    cases = [
        _case(batch, shape, name, news[name], row=row, text=text)
        for name, row, text in _stored(batch, shape, news, before)
    ]
    _learn_names(batch, shape, cases)
    for case in cases:
        if case.row is not None:
            _settle_row(batch, shape, case, plan)
        elif case.after is not None:
            _settle_new(batch, shape, case, case.after, plan)
        elif case.removal is not None:
            plan.bury[case.name] = case.removal
        _clear_fault(case, before, plan)


def hold_item(batch: Batch, shape: Shape, content: Content, reason: str) -> held.Item:
    """A record as it is put aside, counted by its reason."""
    record, kind = content.record, shape.kind.name
    batch.counts[f"{kind}.held_{reason}"] += 1
    if reason == "incomplete":
        batch.incomplete.append((kind, record.external_id))
    return held.Item(
        external_id=record.external_id,
        reason=reason,
        waits_for=shape.waits_for(batch, record),
        record=held_json(record, content),
        digest=content.digest,
        version=record.version,
        observed_at=content.observed_at,
    )


def _stored(
    batch: Batch, shape: Shape, names: Iterable[str], before: Before
) -> list[tuple[str, Mapping[str, Any] | None, str | None]]:
    ids = [before.rows[name].id for name in names if name in before.rows]
    whole: dict[str, Mapping[str, Any]] = {}
    if ids:
        params = {**batch.scope, "ids": ids}
        rows = statements.fetch_dicts(statements.whole_rows(shape.kind), params)
        whole = {row["external_id"]: row for row in rows}
    wanted = [name for name in names if name in before.held and name not in before.released]
    texts = {**held.load(batch, shape.kind.name, wanted), **before.released}
    return [(name, whole.get(name), texts.get(name)) for name in names]


def _case(
    batch: Batch,
    shape: Shape,
    name: str,
    entries: list[Entry],
    *,
    row: Mapping[str, Any] | None,
    text: str | None,
) -> _Case:
    kind = shape.kind
    state = before = None
    if row is not None:
        state = before = state_of_row(kind, row)
    elif text is not None:
        state = before = state_of_held(kind, text)
    for entry in entries:
        if state is not None and is_contested(kind, state, entry):
            batch.contested[kind.name, name] = None
        state = start(kind, entry) if state is None else merge(kind, state, entry)
    removal = lifecycle.latest(batch.removal_of(kind.name, name), _removal_of_row(row))
    return _Case(name, row, before, state, removal, entries)


def _removal_of_row(row: Mapping[str, Any] | None) -> Removal | None:
    if row is None or row["deleted_at"] is None or row["deleted_reason"] == "no_email":
        return None
    return Removal(row["deleted_at"], row["deleted_reason"])


def _learn_names(batch: Batch, shape: Shape, cases: list[_Case]) -> None:
    """Stored lists may name contacts and companies that this call's records do not."""
    states = [case.after for case in cases if case.after is not None]
    names = {name for state in states for name in state.values.get(shape.kind.links, ())}
    if shape.kind.name == "conversation":
        identity.learn(batch, names)
    elif shape.kind.name == "customer":
        identity.learn_companies(batch, names)


def _settle_row(batch: Batch, shape: Shape, case: _Case, plan: Plan) -> None:
    row, before, after = case.row, case.before, case.after
    assert row is not None and before is not None and after is not None  # noqa: S101, PT018
    kind = shape.kind
    content = _content(shape, case, after)
    deleted_at, reason = _end_of(shape, case, after, content)
    is_same_end = (deleted_at, reason) == (row["deleted_at"], row["deleted_reason"])
    if is_same_end and is_unchanged(before, after):
        if settles(before, after) and before.field_keys != after.field_keys:
            plan.updates.append(Update(row["id"], content, deleted_at, reason, relink=False))
            return
        if settles(before, after):
            plan.settled.append((row["id"], after.observed_at))
        batch.counts[f"{kind.name}.{_verdict(before, case.entries)}"] += bool(case.entries)
        return
    if reason is not None and row["deleted_at"] is None:
        batch.counts[f"{kind.name}.{'merged' if reason == 'merged' else 'deleted'}"] += 1
    relink = before.values.get(kind.links) != after.values.get(kind.links)
    plan.updates.append(Update(row["id"], content, deleted_at, reason, relink))


def _content(shape: Shape, case: _Case, after: State) -> Content:
    """What is to be stored, with the fingerprint of a record that told it all by itself."""
    content = content_of(shape.kind, after)
    told = [one.fingerprint for one in case.entries if one.digest == content.digest]
    return content._replace(fingerprint=told[-1]) if told else content


def _end_of(
    shape: Shape, case: _Case, after: State, content: Content
) -> tuple[datetime | None, str | None]:
    if case.removal and lifecycle.holds(case.removal, alive_at=after.alive_at):
        return case.removal.at, case.removal.reason
    reason = shape.gone_reason(content.record)
    if reason is None:
        return None, None
    row = case.row or {}
    if row.get("deleted_reason") == reason:
        return row["deleted_at"], reason
    return after.version or after.observed_at, reason


def _verdict(before: State, entries: list[Entry]) -> str:
    """Whether records that changed nothing were old, or said what we knew."""
    newest = max((entry.record.version for entry in entries if entry.record.version), default=None)
    is_older = newest is not None and before.version is not None and newest < before.version
    return "stale" if is_older else "unchanged"


def _settle_new(batch: Batch, shape: Shape, case: _Case, after: State, plan: Plan) -> None:
    removal, name = case.removal, case.name
    is_gone = lifecycle.holds(removal, alive_at=after.alive_at)
    content = _content(shape, case, after)
    reason = shape.hold_reason(batch, content.record)
    if reason is not None and shape.is_unwanted(batch, content.record):
        plan.unhold.append(name)
        return
    if removal is not None and is_gone and (reason or removal.reason in FINAL):
        plan.bury[name] = removal
        plan.unhold.append(name)
        batch.counts[f"{shape.kind.name}.stale"] += bool(case.entries)
        return
    if reason is not None:
        plan.holds.append(hold_item(batch, shape, content, reason))
        return
    if removal is not None and is_gone:
        plan.inserts.append(Insert(content, removal.at, removal.reason))
    else:
        plan.inserts.append(Insert(content, None, None))
    plan.unhold.append(name)
    plan.unbury.append(name)


def _clear_fault(case: _Case, before: Before, plan: Plan) -> None:
    """A good record read after a malformed one ends its quarantine."""
    known = before.held.get(case.name)
    if known is None or case.row is None:
        return
    seen = max((entry.observed_at for entry in case.entries), default=None)
    if known.reason != "malformed" or (seen is not None and seen >= known.observed_at):
        plan.unhold.append(case.name)
