"""Pages as they came, with what reading found out about them, to be decoded later. Pure."""

from collections.abc import Iterable, Mapping
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
    rows_as_sent,
)
from pulsescore.connectors.intercom.api.schemas import ContactOutline, ConversationOutline
from pulsescore.connectors.intercom.inbound.fingerprints import fingerprint
from pulsescore.connectors.intercom.mapping import looked_up_names

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

    def fingerprints(
        self,
        records: Iterable[tuple[int, ContactOutline | ConversationOutline]],
        tag_names: Mapping[str, str],
    ) -> list[bytes]:
        """Of these records of the page, given with their places."""
        rows = rows_as_sent(self.body)
        made: list[bytes] = []
        for place, record in records:
            found: list[object] = [*looked_up_names(record, tag_names)]
            if lists := self.lists.get(place):
                found += [lists.tags, lists.companies]
            made.append(fingerprint(rows[place], found))
        return made

    def without(self, places: Iterable[int]) -> "RawPage | None":
        """A page of what else it holds; None if that is nothing."""
        gone = self.left_out.union(places)
        rows = rows_as_sent(self.body)
        kept = [place for place in range(len(rows)) if place not in gone]
        if not kept:
            return None
        body = b'{"data":[%b]}' % b",".join(bytes(rows[place]) for place in kept)
        lists = {new: self.lists[old] for new, old in enumerate(kept) if old in self.lists}
        return RawPage(self.kind, self.observed_at, body, lists=lists)

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
