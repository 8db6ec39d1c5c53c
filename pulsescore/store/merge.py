"""How competing facts about one thing become one state, whatever their order. Pure.

Each field is a register of its own: the record with the newest key (version to the second, then
when it was observed) that tells the field decides it; a field left `UNSET` says nothing. Three
kinds of fields differ:
- instants that never go backwards keep the latest ever told;
- lists are decided like other fields by the newest full list, and then changed by all additions
  and removals that are newer than it, each item by its newest;
- a record without a version competes by the instant at which it was observed.
A state is therefore a function of the set of records, not of their order or repetition, as long as
no two records with one key contradict each other.

Versions have seconds, and much can happen within one. What was observed within the very second of
its version may not be all of it: it is *unsettled*. What was observed later is all that will ever
bear that version, is settled, and beats whatever is unsettled, because its key is greater. Two
unsettled records of one version that contradict each other are a tie which nothing here can
decide: the one that arrived later wins for the time being, and the thing is *contested*, to be
read again.

Nearly all things are told by full records, so a state stores one key (version, observed_at) for
the whole thing, and exceptions (`field_keys`, `deltas`) only where fields differ from it.
"""

from copy import copy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from msgspec import UNSET

from pulsescore.store.door import Entry
from pulsescore.store.kinds import Kind, Sourced

Key = tuple[int, int]
Delta = tuple[Key, bool]
NEVER: Key = (-(2**62), 0)


@dataclass(slots=True)
class State:
    """What we know of one thing. `values` holds the fields that have been told."""

    external_id: str
    version: datetime | None
    observed_at: datetime
    confirmed_at: datetime | None = None
    values: dict[str, Any] = field(default_factory=dict)
    field_keys: dict[str, Key] = field(default_factory=dict)
    deltas: dict[str, dict[str, Delta]] = field(default_factory=dict)

    @property
    def key(self) -> Key:
        """The key of every field that has none of its own."""
        return _key(self.version, self.observed_at)

    def key_of(self, name: str) -> Key:
        """The key under which a field was decided."""
        if name not in self.values:
            return NEVER
        return self.field_keys.get(name, self.key)

    @property
    def is_settled(self) -> bool:
        """Whether no other record can bear the version and say something else."""
        return is_settled(self.version, self.observed_at)

    @property
    def alive_at(self) -> datetime | None:
        """The last instant at which the thing is proven to have existed.

        A version that lies ahead of its observation, by a wrong clock, proves no more than that.
        """
        told_at = None if self.version is None else min(self.version, self.observed_at)
        return _later(told_at, self.confirmed_at)


def is_settled(version: datetime | None, observed_at: datetime) -> bool:
    """Whether the second of the version was over when it was observed."""
    return version is not None and observed_at.replace(microsecond=0) > version


def is_contested(kind: Kind, state: State, entry: Entry) -> bool:
    """Whether the record contradicts the state, and nothing tells which of them is newer."""
    record = entry.record
    if record.version is None or record.version != state.version:
        return False
    if state.is_settled or is_settled(record.version, entry.observed_at):
        return False
    told = zip(kind.layout.fields, kind.layout.told(record), strict=True)
    return any(
        value is not UNSET and name in state.values and state.values[name] != value
        for name, value in told
        if name not in kind.latest
    ) or any(_differs(state, record, name) for name in kind.lists)


def _differs(state: State, record: Sourced, name: str) -> bool:
    """Whether the record adds to a list what is not in it, or takes away what is."""
    if name not in state.values:
        return False
    known = set(state.values[name])
    added = set(getattr(record, f"{name}_added", ()))
    return not added <= known or not known.isdisjoint(getattr(record, f"{name}_removed", ()))


def start(kind: Kind, entry: Entry) -> State:
    """The state after one record."""
    record = entry.record
    blank = State(record.external_id, record.version, entry.observed_at)
    return merge(kind, blank, entry)


def merge(kind: Kind, state: State, entry: Entry) -> State:
    """The state after one more record; the given one is left as it is."""
    record = entry.record
    key = _key(record.version, entry.observed_at)
    values, deltas = dict(state.values), copy(state.deltas)
    keys = {name: state.key_of(name) for name in values if name not in kind.latest}
    for name in kind.layout.fields:
        value = getattr(record, name)
        if name in kind.lists:
            _merge_list(values, keys, deltas, name=name, key=key, entry=entry)
        elif value is UNSET:
            continue
        elif name in kind.latest:
            values[name] = _later(values.get(name), value)
        elif key >= keys.get(name, NEVER):
            values[name], keys[name] = value, key
    version, observed_at = _newest_version(state, entry, key=key)
    base = _key(version, observed_at)
    return State(
        external_id=state.external_id,
        version=version,
        observed_at=observed_at,
        confirmed_at=_later(state.confirmed_at, entry.observed_at if entry.authoritative else None),
        values=values,
        field_keys={name: own for name, own in keys.items() if own != base},
        deltas=deltas,
    )


def is_unchanged(before: State, after: State) -> bool:
    """Whether storing `after` would tell nothing new.

    That the same version was seen once more is no news, except where it settles fields that were
    told by records of different versions. (That it settles the version itself, `settles` tells.)
    """
    seen_again = before.observed_at != after.observed_at
    settled = bool(before.field_keys) and not after.field_keys
    return (
        before.values == after.values
        and before.version == after.version
        and before.deltas == after.deltas
        and (before.field_keys == after.field_keys or (seen_again and not settled))
    )


def settles(before: State, after: State) -> bool:
    """Whether `after` is surer of the version than `before`, though it says the same."""
    return after.is_settled and not before.is_settled


def _newest_version(state: State, entry: Entry, *, key: Key) -> tuple[datetime | None, datetime]:
    """The state's own key: of the newest record with a version, else of the newest record."""
    version = entry.record.version
    first_version = version is not None and state.version is None
    comparable = (version is None) == (state.version is None)
    if first_version or (comparable and key > state.key):
        return version, entry.observed_at
    return state.version, state.observed_at


def _merge_list(
    values: dict[str, Any],
    keys: dict[str, Key],
    deltas: dict[str, dict[str, Delta]],
    *,
    name: str,
    key: Key,
    entry: Entry,
) -> None:
    told = getattr(entry.record, name)
    added = getattr(entry.record, f"{name}_added", [])
    removed = getattr(entry.record, f"{name}_removed", [])
    pending = dict(deltas.get(name, {}))
    decided = keys.get(name, NEVER)
    if told is not UNSET:
        if key < decided:
            return
        items, keys[name] = (set(told) | set(added)) - set(removed), key
        pending = {item: delta for item, delta in pending.items() if delta[0] > key}
    elif (added or removed) and key > decided:
        items, keys[name] = set(values.get(name, ())), decided
        for item, is_in in [*((it, True) for it in added), *((it, False) for it in removed)]:
            if item not in pending or key >= pending[item][0]:
                pending[item] = (key, is_in)
    else:
        return
    items |= {item for item, (_, is_in) in pending.items() if is_in}
    items -= {item for item, (_, is_in) in pending.items() if not is_in}
    values[name] = sorted(items)
    deltas.pop(name, None)
    if pending:
        deltas[name] = pending


def _key(version: datetime | None, observed_at: datetime) -> Key:
    at = observed_at if version is None else version
    return _micros(at) // 1_000_000, _micros(observed_at)


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _micros(at: datetime) -> int:
    since = at - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    if one is None or other is None:
        return one or other
    return max(one, other)
