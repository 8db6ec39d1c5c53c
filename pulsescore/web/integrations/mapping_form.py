"""Pure: the mapping tables as a form: rows read, added, removed, and faults laid beside them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol

TABLES: Final = ("contact", "company", "incoming")
NEW: Final = "new"
CUSTOM: Final = "custom_attributes."
_PARTS: Final = ("attribute", "intercom", "new", "overwrite")
_MAX_ROWS: Final = 251
_MAX_TEXT: Final = 300


class Posted(Protocol):
    """A form that was sent: Django's `QueryDict`."""

    def __iter__(self) -> Iterator[str]: ...
    def get(self, key: str, default: str) -> str | None: ...


@dataclass(frozen=True)
class FormRow:
    """A line of a table: our attribute, Intercom's, who wins; `new` names one to be made there."""

    attribute: str = ""
    intercom: str = ""
    new: str = ""
    overwrite: bool = False
    problem: str = ""
    is_missing: bool = False

    @property
    def is_blank(self) -> bool:
        """Nothing was chosen on either side."""
        return not (self.attribute or self.target)

    @property
    def target(self) -> str:
        """Intercom's name; one to be made is a custom attribute."""
        if self.intercom != NEW:
            return self.intercom
        name = self.new.strip().removeprefix(CUSTOM)
        return f"{CUSTOM}{name}" if name else ""


Tables = Mapping[str, tuple[FormRow, ...]]


def read_tables(posted: Posted) -> dict[str, tuple[FormRow, ...]]:
    """The tables as they were filled in; names look like `contact.0.attribute`."""
    return {table: _read(table, posted) for table in TABLES}


def stored_tables(view: Mapping[str, Any]) -> dict[str, tuple[FormRow, ...]]:
    """The tables as they are kept."""
    tables: dict[str, tuple[FormRow, ...]] = dict.fromkeys(TABLES, ())
    for row in view["outgoing"]:
        tables[row["object"]] += (_stored(row),)
    tables["incoming"] = tuple(_stored(row) for row in view["incoming"])
    return tables


def edited(tables: Tables, command: str) -> dict[str, tuple[FormRow, ...]]:
    """The tables after `add:contact` or `remove:contact.2`; anything else changes nothing."""
    verb, _, what = command.partition(":")
    table, _, at = what.partition(".")
    if table not in TABLES:
        return dict(tables)
    rows = tables[table]
    if verb == "add" and len(rows) < _MAX_ROWS:
        rows = (*rows, FormRow())
    if verb == "remove" and at.isascii() and at.isdigit() and len(at) < 5:  # noqa: PLR2004
        rows = (*rows[: int(at)], *rows[int(at) + 1 :])
    return {**tables, table: rows}


def without_blank(tables: Tables) -> dict[str, tuple[FormRow, ...]]:
    """The tables without the lines in which nothing was chosen."""
    return {name: tuple(row for row in rows if not row.is_blank) for name, rows in tables.items()}


def with_faults(
    tables: Tables, faults: Iterable[tuple[str, str]]
) -> dict[str, tuple[FormRow, ...]]:
    """The tables with what is wrong beside each line; `outgoing.3` counts contacts first."""
    found = {name: list(rows) for name, rows in tables.items()}
    for field, message in faults:
        table, _, rest = field.partition(".")
        at = rest.partition(".")[0]
        place = int(at) if at.isascii() and at.isdigit() else -1
        if table == "outgoing":
            contacts = len(found["contact"])
            table, place = ("contact", place) if place < contacts else ("company", place - contacts)
        if table in found and 0 <= place < len(found[table]):
            row = found[table][place]
            found[table][place] = replace(row, problem=row.problem or message)
    return {name: tuple(rows) for name, rows in found.items()}


def _read(table: str, posted: Posted) -> tuple[FormRow, ...]:
    places = set()
    for name in posted:
        first, _, rest = name.partition(".")
        at, _, part = rest.partition(".")
        if first == table and part in _PARTS and at.isascii() and at.isdigit() and len(at) < 5:  # noqa: PLR2004
            places.add(int(at))
    return tuple(_read_row(f"{table}.{at}", posted) for at in sorted(places)[:_MAX_ROWS])


def _read_row(prefix: str, posted: Posted) -> FormRow:
    def text(part: str) -> str:
        return (posted.get(f"{prefix}.{part}", "") or "").replace("\0", "").strip()[:_MAX_TEXT]

    return FormRow(text("attribute"), text("intercom"), text("new"), text("overwrite") == "1")


def _stored(row: Mapping[str, Any]) -> FormRow:
    return FormRow(
        attribute=row["attribute"],
        intercom=row["intercom"],
        overwrite=row["overwrite"],
        # What is missing is told above the tables, once.
        problem="" if row.get("is_missing") else row.get("problem") or "",
        is_missing=bool(row.get("is_missing")),
    )
