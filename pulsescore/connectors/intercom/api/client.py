"""The endpoints of Intercom's REST API that PulseScore reads, one method each; see `writes`."""

from functools import partial
from typing import Any, Self, TypeVar
from urllib.parse import quote

import msgspec

from pulsescore.connectors.intercom.api.pages import (
    CONTACT_SEARCH,
    CONVERSATION_SEARCH,
    Page,
    decode_one,
    decode_page,
)
from pulsescore.connectors.intercom.api.schemas import (
    Admin,
    Company,
    Contact,
    ContactOutline,
    Conversation,
    ConversationOutline,
    DataAttribute,
    DeletedConversation,
    Me,
    Reference,
    Segment,
    Tag,
    Team,
)
from pulsescore.connectors.intercom.api.session import Session
from pulsescore.connectors.intercom.api.wire import Params
from pulsescore.connectors.intercom.api.writes import Writes

S = TypeVar("S", bound=msgspec.Struct)
Query = dict[str, Any]

PAGE_SIZE = 150
COMPANY_PAGE_SIZE = 60


class IntercomClient(Writes):
    """Reads one workspace, and writes to it where that is allowed.

    Use as an async context manager; raises `errors.ApiError`.
    """

    def __init__(self, session: Session) -> None:
        self.session = session

    async def __aenter__(self) -> Self:
        await self.session.__aenter__()
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.session.__aexit__(*exc)

    async def me(self) -> Me:
        """Whose token it is, and of which workspace."""
        return await self._get("/me", Me)

    async def admins(self) -> Page[Admin]:
        """Every team mate."""
        return await self._list("/admins", Admin)

    async def teams(self) -> Page[Team]:
        """Every team."""
        return await self._list("/teams", Team)

    async def tags(self) -> Page[Tag]:
        """Every tag with its name."""
        return await self._list("/tags", Tag)

    async def segments(self) -> Page[Segment]:
        """Every segment."""
        return await self._list("/segments", Segment)

    async def data_attributes(self, model: str) -> Page[DataAttribute]:
        """Attribute definitions of "contact" or "company", archived ones among them."""
        params = {"model": model, "include_archived": "true"}
        return await self._list("/data_attributes", DataAttribute, params)

    async def list_contacts(
        self, *, cursor: str | None = None, per_page: int = PAGE_SIZE
    ) -> Page[Contact]:
        """All contacts but archived ones, one cursor, no filter."""
        return await self._list("/contacts", Contact, _cursor_params(cursor, per_page))

    async def search_contacts(
        self,
        query: Query,
        *,
        sort: tuple[str, str] | None = None,
        cursor: str | None = None,
        per_page: int = PAGE_SIZE,
    ) -> Page[Contact]:
        """Contacts that match; dates are cut to days of the workspace's time zone."""
        body = _search_body(query, cursor, per_page, sort=sort)
        return await self._search(CONTACT_SEARCH, body, Contact)

    async def outline_contacts(
        self, query: Query, *, sort: tuple[str, str] | None = None, cursor: str | None = None
    ) -> Page[ContactOutline]:
        """The same, decoded no further than their outlines; the page keeps its body."""
        body = _search_body(query, cursor, PAGE_SIZE, sort=sort)
        return await self._search(CONTACT_SEARCH, body, ContactOutline, keep_body=True)

    async def search_conversations(
        self, query: Query, *, cursor: str | None = None, per_page: int = PAGE_SIZE
    ) -> Page[Conversation]:
        """Conversations that match, without their parts; times are exact seconds."""
        body = _search_body(query, cursor, per_page)
        return await self._search(CONVERSATION_SEARCH, body, Conversation)

    async def outline_conversations(
        self, query: Query, *, cursor: str | None = None
    ) -> Page[ConversationOutline]:
        """The same, decoded no further than their outlines; the page keeps its body."""
        body = _search_body(query, cursor, PAGE_SIZE)
        return await self._search(CONVERSATION_SEARCH, body, ConversationOutline, keep_body=True)

    async def search_tickets(
        self, query: Query, *, cursor: str | None = None, per_page: int = PAGE_SIZE
    ) -> Page[Reference]:
        """Ids of tickets that match; what else is known of them, their conversations tell."""
        body = _search_body(query, cursor, per_page)
        return await self._search("/tickets/search", body, Reference)

    async def list_companies(
        self, *, page: int = 1, per_page: int = COMPANY_PAGE_SIZE
    ) -> Page[Company]:
        """Companies that have users, up to 10,000."""
        path = "/companies/list"
        params = {"page": page, "per_page": per_page}
        return await self.session.request(
            "POST", path, read=partial(decode_page, kind=Company, path=path), params=params
        )

    async def scroll_companies(self, *, cursor: str | None = None) -> Page[Company]:
        """All companies; one scroll per workspace at a time; an empty page ends it."""
        params = {"scroll_param": cursor} if cursor else None
        return await self._list("/companies/scroll", Company, params)

    async def get_contact(self, contact_id: str) -> Contact:
        """One contact; raises `ContactMerged` or `NotFoundThere`."""
        return await self._get(f"/contacts/{_part(contact_id)}", Contact)

    async def contact_tags(self, contact_id: str) -> Page[Tag]:
        """All tags of a contact, with names."""
        return await self._list(f"/contacts/{_part(contact_id)}/tags", Tag)

    async def contact_companies(
        self, contact_id: str, *, cursor: str | None = None
    ) -> Page[Reference]:
        """The companies of a contact."""
        path = f"/contacts/{_part(contact_id)}/companies"
        return await self._list(path, Reference, {"page": cursor} if cursor else None)

    async def get_conversation(self, conversation_id: str) -> Conversation:
        """One conversation."""
        return await self._get(f"/conversations/{_part(conversation_id)}", Conversation)

    async def get_company(self, company_id: str) -> Company:
        """One company by Intercom's id."""
        return await self._get(f"/companies/{_part(company_id)}", Company)

    async def company_contacts(
        self, company_id: str, *, cursor: str | None = None
    ) -> Page[Contact]:
        """The contacts of a company."""
        path = f"/companies/{_part(company_id)}/contacts"
        return await self._list(path, Contact, {"page": cursor} if cursor else None)

    async def deleted_conversations(
        self, *, page: int = 1, per_page: int = COMPANY_PAGE_SIZE
    ) -> Page[DeletedConversation]:
        """Conversations that were deleted."""
        params = {"page": page, "per_page": per_page}
        return await self._list("/conversations/deleted", DeletedConversation, params)

    async def _get(self, path: str, kind: type[S]) -> S:
        return await self.session.request(
            "GET", path, read=partial(decode_one, kind=kind, path=path)
        )

    async def _list(self, path: str, kind: type[S], params: Params | None = None) -> Page[S]:
        return await self.session.request(
            "GET", path, read=partial(decode_page, kind=kind, path=path), params=params
        )

    async def _search(
        self, path: str, body: Query, kind: type[S], *, keep_body: bool = False
    ) -> Page[S]:
        read = partial(decode_page, kind=kind, path=path, keep_body=keep_body)
        return await self.session.request("POST", path, read=read, json=body)


def _search_body(
    query: Query, cursor: str | None, per_page: int, *, sort: tuple[str, str] | None = None
) -> Query:
    pagination: Query = {"per_page": per_page}
    if cursor:
        pagination["starting_after"] = cursor
    body: Query = {"query": query, "pagination": pagination}
    if sort is not None:
        body["sort"] = {"field": sort[0], "order": sort[1]}
    return body


def _cursor_params(cursor: str | None, per_page: int) -> dict[str, str | int]:
    params: dict[str, str | int] = {"per_page": per_page}
    if cursor:
        params["starting_after"] = cursor
    return params


def _part(external_id: str) -> str:
    return quote(external_id, safe="")
