"""Lists in pages: records decoded one by one, and the way to the next page in any of its forms."""

import hashlib
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Generic, TypeVar
from urllib.parse import parse_qs, urlsplit

import msgspec

from pulsescore.connectors.intercom.api.errors import Failure, UnreadableAnswer
from pulsescore.connectors.intercom.api.schemas import Envelope

T = TypeVar("T")
S = TypeVar("S", bound=msgspec.Struct)

CONTACT_SEARCH = "/contacts/search"
CONVERSATION_SEARCH = "/conversations/search"


@dataclass(frozen=True)
class Unreadable:
    """A record that does not fit its type: its id (or a made-up one) and the reason."""

    external_id: str
    detail: str


@dataclass(frozen=True)
class Page(Generic[T]):
    """One page. `cursor` leads to the next one; None ends the list.

    `places` says where each of the items stood; `body` is the answer as it came, if it is kept.
    """

    items: list[T]
    unreadable: list[Unreadable] = field(default_factory=list)
    cursor: str | None = None
    total: int | None = None
    places: Sequence[int] = ()
    body: bytes = b""

    @property
    def size(self) -> int:
        """How many records Intercom sent, readable or not."""
        return len(self.items) + len(self.unreadable)


_RAW = msgspec.json.Decoder(Envelope[msgspec.Raw])
Raw = msgspec.Raw
"""A record as it was sent."""
_NUL = rb"\u0000"
_NUL_ESCAPE = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")
_ANY = msgspec.json.Decoder()


def without_nul(body: bytes) -> bytes:
    """JSON without the NUL characters that PostgreSQL cannot store."""
    return _NUL_ESCAPE.sub(rb"\1", body) if _NUL in body else body


@cache
def _decoder(kind: type[Any]) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(kind)


def decode_one(body: bytes, kind: type[S], *, path: str) -> S:
    """One object; raises `UnreadableAnswer`."""
    try:
        return msgspec.json.decode(without_nul(body), type=kind)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _unreadable_answer(path, error) from error


def decode_page(body: bytes, kind: type[S], *, path: str, keep_body: bool = False) -> Page[S]:
    """A page of such objects; one that is malformed costs only itself.

    Raises `UnreadableAnswer`. A body that is kept is text throughout: what an outline passes over
    is not looked at before it is decoded whole, when it is too late to ask again.
    """
    body = without_nul(body)
    page = _decode_page(body, kind, path=path)
    if not keep_body:
        return page
    try:
        body.decode()
    except UnicodeDecodeError as error:
        raise _unreadable_answer(path, error) from error
    return replace(page, body=body)


def rows_as_sent(body: bytes) -> list[Raw]:
    """The records of a page by their places; raises `msgspec.DecodeError`."""
    return _RAW.decode(body).rows()


def _decode_page(body: bytes, kind: type[S], *, path: str) -> Page[S]:
    try:
        envelope = _decoder(Envelope[kind]).decode(body)  # type: ignore[valid-type]
    except msgspec.ValidationError:
        return _decode_one_by_one(body, kind, path=path)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _unreadable_answer(path, error) from error
    rows = envelope.rows()
    return _page(envelope, rows, [], range(len(rows)))


def _decode_one_by_one(body: bytes, kind: type[S], *, path: str) -> Page[S]:
    try:
        envelope = _RAW.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _unreadable_answer(path, error) from error
    decode = _decoder(kind).decode
    items: list[S] = []
    places: list[int] = []
    unreadable: list[Unreadable] = []
    for place, raw in enumerate(envelope.rows()):
        try:
            items.append(decode(raw))
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            unreadable.append(Unreadable(_id_of(raw), str(error)))
        else:
            places.append(place)
    return _page(envelope, items, unreadable, places)


def _page(
    envelope: Envelope[Any], items: list[S], unreadable: list[Unreadable], places: Sequence[int]
) -> Page[S]:
    return Page(
        items=items,
        unreadable=unreadable,
        cursor=envelope.scroll_param or _next_cursor(envelope.pages),
        total=envelope.total_count,
        places=places,
    )


async def follow(
    fetch: Callable[[str | None], Awaitable[Page[T]]],
    cursor: str | None = None,
    *,
    constant_cursor: bool = False,
) -> AsyncIterator[Page[T]]:
    """Every page from `cursor` on; stops at the end, at an empty page, or when led in a circle.

    `constant_cursor`: the same cursor leads on and on, as in a scroll.
    """
    seen = {cursor}
    while True:
        page = await fetch(cursor)
        yield page
        cursor = page.cursor
        if cursor is None or not page.size or (cursor in seen and not constant_cursor):
            return
        seen.add(cursor)


def _next_cursor(pages: Any) -> str | None:
    """`pages.next` is an object with `starting_after`, or a URL; a page number may be in either.

    Of a URL only the parameters are taken: the token must not follow it to another host.
    """
    following = pages.get("next") if isinstance(pages, dict) else None
    if isinstance(following, str):
        query = parse_qs(urlsplit(following).query)
        following = {key: values[0] for key, values in query.items()}
    if not isinstance(following, dict):
        return None
    cursor = following.get("starting_after") or following.get("page")
    return str(cursor) if cursor else None


def _id_of(raw: msgspec.Raw) -> str:
    """The record's own id, else one made of its content, so that it is listed once."""
    try:
        record = _ANY.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        record = None
    found = record.get("id") if isinstance(record, dict) else None
    if isinstance(found, (str, int)) and found:
        return str(found)
    return "unreadable-" + hashlib.blake2b(bytes(raw), digest_size=8).hexdigest()


def _unreadable_answer(path: str, error: Exception) -> UnreadableAnswer:
    return UnreadableAnswer(
        Failure(method="", path=path, code="malformed_answer", message=str(error)[:200])
    )
