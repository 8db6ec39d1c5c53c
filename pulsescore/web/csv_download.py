"""Downloads as CSV: streamed row by row, and harmless when a spreadsheet opens them."""

import csv
import io
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from itertools import islice
from typing import Final

from asgiref.sync import sync_to_async
from django.http import StreamingHttpResponse

# Spreadsheets take a cell that begins so for a formula.
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
_ROWS_AT_ONCE: Final = 500


def csv_response(
    filename: str, header: Sequence[str], rows: Iterable[Sequence[object]]
) -> StreamingHttpResponse:
    """Rows as a file to keep; they are read while it is sent, so its length does not matter."""
    response = StreamingHttpResponse(
        _stream(header, iter(rows)), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    response["Cache-Control"] = "no-store"
    return response


def cell(value: object) -> str:
    """A value as text that no spreadsheet takes for a formula."""
    if isinstance(value, int | float):
        return str(value)
    text = "" if value is None else str(value).replace("\0", "")
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


async def _stream(header: Sequence[str], rows: Iterator[Sequence[object]]) -> AsyncIterator[bytes]:
    # The mark tells spreadsheets that the text is UTF-8.
    yield b"\xef\xbb\xbf" + _lines([header])
    while part := await sync_to_async(_take)(rows):
        yield _lines(part)


def _take(rows: Iterator[Sequence[object]]) -> list[Sequence[object]]:
    return list(islice(rows, _ROWS_AT_ONCE))


def _lines(rows: Iterable[Sequence[object]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([cell(value) for value in row] for row in rows)
    return text.getvalue().encode()
