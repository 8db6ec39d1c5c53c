"""Rows of numbers between PostgreSQL and numpy as whole arrays, by binary COPY.

When no column is NULL, every row of the binary format has the same width, so that a batch is one
`frombuffer` or one `tobytes` instead of a Python object per value.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from django.db import connection
from numpy.typing import NDArray

Columns = dict[str, NDArray[Any]]

# Signature, flags and header extension; see "Binary Format" of COPY in PostgreSQL's manual.
_HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
_TRAILER = b"\xff\xff"


def read_rows(
    query: str, parameters: Mapping[str, Any], columns: Sequence[tuple[str, str]]
) -> Columns:
    """Run a SELECT; `columns` are (name, numpy type as in "i8", "f8", "i2"), never NULL."""
    layout = _layout(columns)
    statement = f"COPY ({query}) TO STDOUT (FORMAT BINARY)"
    with (
        connection.cursor() as cursor,
        # COPY takes no parameters on the server, nor does Django's debugging cursor.
        cursor.copy(cursor.mogrify(statement, parameters)) as copy,
    ):
        data = b"".join(copy)
    rows = np.frombuffer(data[len(_HEADER) : -len(_TRAILER)], dtype=layout)
    return {name: rows[name].astype(f"={kind}") for name, kind in columns}


def copy_rows_in(table: str, columns: Sequence[tuple[str, str]], arrays: Columns) -> None:
    """COPY arrays of equal length into the columns of a table."""
    rows = np.empty(len(arrays[columns[0][0]]), dtype=_layout(columns))
    rows["fields"] = len(columns)
    for name, kind in columns:
        rows[f"size of {name}"] = np.dtype(kind).itemsize
        rows[name] = arrays[name]
    names = ", ".join(name for name, _ in columns)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({names}) FROM STDIN (FORMAT BINARY)") as copy,
    ):
        copy.write(_HEADER + rows.tobytes() + _TRAILER)


def _layout(columns: Sequence[tuple[str, str]]) -> np.dtype[Any]:
    fields = [("fields", ">i2")]
    for name, kind in columns:
        fields += [(f"size of {name}", ">i4"), (name, f">{kind}")]
    return np.dtype(fields)
