"""States to and from what is stored: a row's columns, or a held record's JSON. Pure."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import compress
from typing import Any, NamedTuple

import msgspec
from msgspec import UNSET

from pulsescore.core import copy_format
from pulsescore.core.copy_format import array_literal, bytea
from pulsescore.store.door import Entry, digest_of_record
from pulsescore.store.kinds import Kind, Sourced
from pulsescore.store.merge import State

_TOLD = (
    "external_id",
    "remote_updated_at",
    "observed_at",
    "confirmed_at",
    "content_hash",
    "fingerprint",
    "field_versions",
)
_DELTAS = ("_added", "_removed")
_encode = msgspec.json.Encoder(order="deterministic").encode
# The database keeps documents in an order of its own.
_encode_document = msgspec.json.Encoder().encode


class Content(NamedTuple):
    """What is to be stored of a thing, however it was arrived at.

    `counted_at` is the version of its statistics, if it has any. `line` are its `told_values` as
    COPY reads them, where they were formatted beforehand. `fingerprint` is that of a record that
    told just this (`digest`).
    """

    record: Sourced
    observed_at: datetime
    confirmed_at: datetime | None
    digest: bytes | None
    field_versions: str | None
    counted_at: datetime | None
    line: bytes | None = None
    fingerprint: bytes | None = None


def content_of_entry(kind: Kind, entry: Entry) -> Content:
    """The content of a thing that one record tells."""
    record, observed_at = entry.record, entry.observed_at
    counted_at = None
    if kind.counted and getattr(record, kind.counted) is not UNSET:
        counted_at = record.version or observed_at.replace(microsecond=0)
    confirmed_at = observed_at if entry.authoritative else None
    return Content(
        record,
        observed_at,
        confirmed_at,
        entry.digest,
        None,
        counted_at,
        entry.line,
        entry.fingerprint,
    )


def content_of(kind: Kind, state: State) -> Content:
    """The content of a merged state; it has a digest if one record could have told it all."""
    record = record_of(kind, state)
    mixed = bool(state.field_keys or state.deltas)
    return Content(
        record=record,
        observed_at=state.observed_at,
        confirmed_at=state.confirmed_at,
        digest=None if mixed else digest_of_record(kind, record),
        field_versions=_dump_versions(state) if mixed else None,
        counted_at=_counted_at(kind, state),
    )


def record_of(kind: Kind, state: State) -> Sourced:
    """One record that tells all the state holds."""
    identity: dict[str, Any] = {
        "external_id": state.external_id,
        "version": state.version,
        "observed_at": state.observed_at,
    }
    return kind.record(**identity, **state.values)


def told_columns(kind: Kind) -> tuple[str, ...]:
    """The columns of what was told, as `told_values` gives them."""
    return (*_TOLD, *kind.layout.columns)


def told_values(kind: Kind, content: Content) -> tuple[Any, ...]:
    """All of a row that follows from its content alone."""
    plain, documents = _told(kind, content)
    return (*plain, *(one.decode() for one in documents))


def told_line(kind: Kind, content: Content) -> bytes:
    """`told_values` as COPY reads them."""
    if content.line is not None:
        return content.line
    plain, documents = _told(kind, content)
    return b",".join((copy_format.line(plain), *map(copy_format.document, documents)))


def _told(kind: Kind, content: Content) -> tuple[list[Any], list[bytes]]:
    """`told_values` without its documents, and these as JSON."""
    record = content.record
    values, untold = _field_values(kind, record)
    documents = values[-len(kind.documents) :]
    plain = [
        record.external_id,
        record.version,
        content.observed_at,
        content.confirmed_at,
        bytea(content.digest),
        bytea(_recognised_by(content)),
        versions_column(content, untold),
        *values[: -len(kind.documents)],
    ]
    return plain, [_encode_document(one) for one in documents]


def _recognised_by(content: Content) -> bytes | None:
    """The fingerprint, bound to what it told: it is worth nothing once that has changed."""
    if content.fingerprint is None or content.digest is None:
        return None
    return content.fingerprint + content.digest


def _field_values(kind: Kind, record: Sourced) -> tuple[list[Any], tuple[str, ...]]:
    """The record's fields, lists as array literals, and the names of those that it left out."""
    values = list(kind.layout.told(record))
    untold: tuple[str, ...] = ()
    if UNSET in values:
        names = kind.layout.fields
        untold = tuple(compress(names, (item is UNSET for item in values)))
        for index, name in enumerate(names):
            if values[index] is UNSET:
                values[index] = kind.default(name)
    for index in kind.layout.list_places:
        values[index] = array_literal(values[index])
    return values, untold


def versions_column(content: Content, untold: Sequence[str]) -> str | None:
    """The value of `field_versions`: which fields do not have the row's version, and which none."""
    if content.field_versions is None:
        return _only_untold(tuple(untold)) if untold else None
    return _encode({**msgspec.json.decode(content.field_versions), "untold": list(untold)}).decode()


def state_of_row(kind: Kind, row: Mapping[str, Any]) -> State:
    """The state that a row stores; JSON columns come as text."""
    versions = msgspec.json.decode(row["field_versions"] or "{}")
    untold = set(versions.get("untold", ()))
    values = {
        name: _loaded(kind, name, row[column])
        for name, column in zip(kind.layout.fields, kind.layout.columns, strict=True)
        if name not in untold
    }
    state = State(
        external_id=row["external_id"],
        version=row["remote_updated_at"],
        observed_at=row["observed_at"],
        confirmed_at=row["confirmed_at"],
        values=values,
    )
    _load_versions(state, versions)
    return state


def held_json(record: Sourced, content: Content) -> str:
    """A held record as JSON: the record itself, and the keys of fields of other versions."""
    said = msgspec.to_builtins(record)
    said["observed_at"] = content.observed_at
    said["confirmed_at"] = content.confirmed_at
    if content.field_versions is not None:
        said["field_versions"] = msgspec.json.decode(content.field_versions)
    facts = {name: item for name, item in said.items() if not name.endswith(_DELTAS)}
    return _encode(facts).decode()


def state_of_held(kind: Kind, text: str) -> State:
    """The state that `held_json` wrote down."""
    said = msgspec.json.decode(text)
    record = msgspec.convert(said, kind.record)
    pairs = zip(kind.layout.fields, kind.layout.told(record), strict=True)
    confirmed_at = said.get("confirmed_at")
    state = State(
        external_id=record.external_id,
        version=record.version,
        observed_at=record.observed_at,
        confirmed_at=datetime.fromisoformat(confirmed_at) if confirmed_at else None,
        values={name: value for name, value in pairs if value is not UNSET},
    )
    _load_versions(state, said.get("field_versions", {}))
    return state


def _counted_at(kind: Kind, state: State) -> datetime | None:
    if not kind.counted or kind.counted not in state.values:
        return None
    return datetime.fromtimestamp(state.key_of(kind.counted)[0], UTC)


def _dump_versions(state: State) -> str:
    deltas = {
        name: {item: [*key, is_in] for item, (key, is_in) in pending.items()}
        for name, pending in state.deltas.items()
    }
    return _encode({"keys": state.field_keys, "deltas": deltas}).decode()


def _load_versions(state: State, versions: Mapping[str, Any]) -> None:
    for name, (version, observed) in versions.get("keys", {}).items():
        state.field_keys[name] = (version, observed)
    for name, pending in versions.get("deltas", {}).items():
        state.deltas[name] = {
            item: ((version, observed), is_in)
            for item, (version, observed, is_in) in pending.items()
        }


def _loaded(kind: Kind, name: str, value: Any) -> Any:
    return msgspec.json.decode(value) if name in kind.documents else value


def _only_untold(untold: tuple[str, ...]) -> str:
    if untold not in _untold_cache:
        _untold_cache[untold] = _encode({"untold": untold}).decode()
    return _untold_cache[untold]


_untold_cache: dict[tuple[str, ...], str] = {}
