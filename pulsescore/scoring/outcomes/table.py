"""Pure: a CSV file as rows, and which of its columns say who left and when."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Final

from pulsescore.core.errors import FieldFault, Invalid
from pulsescore.scoring.outcomes.days import STYLES, guess_style, read_day

MAX_BYTES: Final = 5 * 1024 * 1024
MAX_ROWS: Final = 50_000
_SAMPLE: Final = 50

# By what a row may name a customer or a company, and words in headers that tell which.
KEYS: Final = {
    "email": "Customer's e-mail address",
    "external_id": "Customer's id in Intercom",
    "user_id": "Customer's id in your own system",
    "customer_id": "Customer's id in PulseScore",
    "company_key": "Company's id in your own system",
    "company_external_id": "Company's id in Intercom",
    "company_id": "Company's id in PulseScore",
}
_KEY_WORDS: Final = (
    ("company_key", ("company", "account")),
    ("email", ("mail",)),
    ("external_id", ("intercom", "contact")),
    ("user_id", ("user", "customer", "id")),
)
_DAY_WORDS: Final = ("churn", "left", "cancel", "end", "lost", "date", "day", "on", "at")


@dataclass(frozen=True)
class Mapping:
    """Which column names the customer or company, by what, and which the day, how written."""

    key_column: int
    key: str
    day_column: int
    style: str


def decode(content: bytes) -> str:
    """The text of a file; raises `Invalid` for one that is too large or no text."""
    if len(content) > MAX_BYTES:
        raise Invalid(FieldFault("file", "Choose a file of at most 5 MB, or split it."))
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Invalid(FieldFault("file", "This is not a CSV file."))


def read_table(text: str) -> tuple[list[str], list[list[str]]]:
    """Header and rows; raises `Invalid` for a file without either, or with too many rows."""
    first_line = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first_line.count)
    try:
        lines = [row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if any(row)]
    except csv.Error:
        raise Invalid(FieldFault("file", "This is not a CSV file.")) from None
    if len(lines) < 2 or len(lines[0]) < 2:  # noqa: PLR2004 (a header and a row; who and when)
        raise Invalid(
            FieldFault("file", "The file needs a line of headings, two columns and a row.")
        )
    if len(lines) > MAX_ROWS + 1:
        raise Invalid(FieldFault("file", "Choose a file of at most 50,000 rows, or split it."))
    width = len(lines[0])
    return lines[0], [[*row[:width], *[""] * (width - len(row))] for row in lines[1:]]


def guess(header: Sequence[str], rows: Sequence[Sequence[str]], *, today: date) -> Mapping:
    """The mapping that the headings and the first rows suggest."""
    sample = rows[:_SAMPLE]
    styles = [
        guess_style([row[column] for row in sample], today=today) for column in range(len(header))
    ]
    day = max(
        range(len(header)),
        key=lambda one: (_readable(sample, one, styles[one], today), -_rank(header[one])),
    )
    key_column, key = _guess_key(header, sample, day)
    return Mapping(key_column, key, day, styles[day])


def check(mapping: Mapping, header: Sequence[str]) -> None:
    """Raise `Invalid` for a mapping that does not fit the file."""
    faults = []
    columns = range(len(header))
    if mapping.key not in KEYS or mapping.key_column not in columns:
        faults.append(FieldFault("key", "Choose the column that says who left."))
    if mapping.style not in STYLES or mapping.day_column not in columns:
        faults.append(FieldFault("day", "Choose the column that says when."))
    elif mapping.day_column == mapping.key_column:
        faults.append(FieldFault("day", "Choose another column than the one that says who left."))
    if faults:
        raise Invalid(*faults)


def preview(
    rows: Sequence[Sequence[str]], mapping: Mapping, *, today: date, count: int = 5
) -> Iterator[tuple[str, str, date | None]]:
    """The first rows as they would be read: who, the day as written, the day."""
    for row in islice(rows, count):
        text = row[mapping.day_column]
        yield row[mapping.key_column], text, read_day(text, style=mapping.style, today=today)


def _readable(rows: Sequence[Sequence[str]], column: int, style: str, today: date) -> int:
    return sum(read_day(row[column], style=style, today=today) is not None for row in rows)


def _rank(heading: str) -> int:
    """Small for a heading that speaks of leaving."""
    words = heading.casefold()
    return next((place for place, word in enumerate(_DAY_WORDS) if word in words), len(_DAY_WORDS))


def _guess_key(header: Sequence[str], rows: Sequence[Sequence[str]], day: int) -> tuple[int, str]:
    columns = [column for column in range(len(header)) if column != day]
    for column in columns:
        if sum("@" in row[column] for row in rows) * 2 > len(rows):
            return column, "email"
    for key, words in _KEY_WORDS:
        for column in columns:
            if any(word in header[column].casefold() for word in words):
                return column, key
    return columns[0], "email"
