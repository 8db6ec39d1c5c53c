"""Pages as they came, with what reading found out about them, to be decoded later. Pure."""

from dataclasses import replace
from datetime import datetime
from itertools import compress
from typing import Final, Literal, TypeVar

from msgspec import Struct

from pulsescore.connectors.intercom.api.pages import (
    CONTACT_SEARCH,
    CONVERSATION_SEARCH,
    Page,
    decode_page,
)

S = TypeVar("S", bound=Struct)
_PATHS: Final = {"customer": CONTACT_SEARCH, "conversation": CONVERSATION_SEARCH}


class Lists(Struct, frozen=True):
    """Names of tags and ids of companies of a contact, where its page cut them short."""

    tags: list[str] | None = None
    companies: list[str] | None = None


class RawPage(Struct, frozen=True):
    """A page of contacts or conversations that was asked for at `observed_at`.

    Records are named by their places: those that are `left_out`, and whose `lists` were fetched.
    """

    kind: Literal["customer", "conversation"]
    observed_at: datetime
    body: bytes
    left_out: frozenset[int] = frozenset()
    lists: dict[int, Lists] = {}

    def decoded(self, kind: type[S]) -> Page[S]:
        """The page without what is left out; raises `UnreadableAnswer`."""
        page = decode_page(self.body, kind, path=_PATHS[self.kind])
        if not self.left_out:
            return page
        is_kept = [place not in self.left_out for place in page.places]
        return replace(
            page,
            items=list(compress(page.items, is_kept)),
            places=list(compress(page.places, is_kept)),
        )
