"""Reading one object again at Intercom: what it is now, or that it is gone or merged."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote

import msgspec

from pulsescore.connectors.intercom import mapping
from pulsescore.connectors.intercom.absence import TOO_YOUNG, is_young
from pulsescore.connectors.intercom.api.client import IntercomClient
from pulsescore.connectors.intercom.api.errors import (
    ApiError,
    ContactMerged,
    NotFoundThere,
    RequestRefused,
)
from pulsescore.connectors.intercom.api.pages import Unreadable, follow
from pulsescore.connectors.intercom.api.schemas import Contact
from pulsescore.connectors.intercom.id_search import IdSearch
from pulsescore.connectors.intercom.inbox.effects.telling import Refetch, RefetchKind
from pulsescore.connectors.intercom.inbox.json_values import (
    as_instant,
    as_object,
    as_objects,
    as_text,
)
from pulsescore.store.records import (
    CustomerRecord,
    DeletionRecord,
    Malformed,
    MergeRecord,
    ObjectKind,
    Record,
)

_STORE_KINDS: Final[dict[RefetchKind, ObjectKind]] = {
    "contact": "customer",
    "life": "customer",
    "merges": "customer",
    "person": "customer",
    "conversation": "conversation",
    "company": "company",
}


@dataclass(frozen=True)
class _Search:
    """What a search for contacts brought, who was asked for, or why it brought nothing."""

    found: Mapping[str, Contact] = field(default_factory=dict)
    asked: frozenset[str] = frozenset()
    fault: ApiError | None = None


class Reader:
    """Reads objects with one client; raises `errors.ApiError` where Intercom gives no answer."""

    def __init__(
        self, client: IntercomClient, *, tag_names: mapping.TagNames, now: Callable[[], datetime]
    ) -> None:
        self._client = client
        self._tag_names = {**tag_names}
        self._now = now
        self._search = _Search()

    async def look_for(self, wanted: Sequence[Refetch]) -> None:
        """Search for all contacts of which only a search tells whether they live, at once.

        Whoever could not be asked for is read by id, or fails for the reason why.
        """
        ids = [one.external_id for one in wanted if one.kind == "life"]
        forms = IdSearch()
        while ids and (form := forms.form) is not None:
            try:
                page = await self._client.search_contacts(form(ids), per_page=len(ids))
            except RequestRefused:
                forms.refused(form)
            except ApiError as fault:
                self._search = _Search(fault=fault)
                return
            else:
                self._search = _Search({str(one.id): one for one in page.items}, frozenset(ids))
                return

    async def read(self, wanted: Refetch) -> list[Record]:
        """The object as records; an answer that fits no type becomes a quarantined one.

        Raises `NotFoundThere` for an object that is not there.
        """
        read = {
            "contact": self._contact,
            "life": self._life,
            "conversation": self._conversation,
            "company": self._company,
            "merges": self._merges,
            "person": self._person,
        }[wanted.kind]
        asked_at = self._now()
        try:
            return await read(wanted.external_id, asked_at)
        except (ValueError, TypeError) as fault:
            return [_unreadable(wanted, str(fault), asked_at)]

    async def _contact(self, external_id: str, asked_at: datetime) -> list[Record]:
        try:
            contact = await self._client.get_contact(external_id)
        except ContactMerged as merged:
            return await self._merged(external_id, merged.target, asked_at)
        return [await self._customer(contact, asked_at)]

    async def _merged(
        self, external_id: str, target: str | None, asked_at: datetime
    ) -> list[Record]:
        """The merge, and the survivor as it is since: only it tells which companies it has now."""
        merge = _merge(external_id, target, asked_at)
        if target is None:
            return [merge]
        try:
            survivor = await self._client.get_contact(target)
        except (ContactMerged, NotFoundThere):
            return [merge]
        return [merge, await self._customer(survivor, asked_at)]

    async def _life(self, external_id: str, asked_at: datetime) -> list[Record]:
        """Who is in no search is archived, though readable by id, unless changed only just now.

        A search follows with some delay, so it proves that somebody lived a little earlier.
        """
        if self._search.fault is not None:
            raise self._search.fault
        if external_id not in self._search.asked:
            return await self._contact(external_id, asked_at)
        if (listed := self._search.found.get(external_id)) is not None:
            return [await self._living(listed, asked_at)]
        try:
            contact = await self._client.get_contact(external_id)
        except ContactMerged as merged:
            return await self._merged(external_id, merged.target, asked_at)
        if is_young(contact, before=asked_at):
            return [await self._customer(contact, asked_at)]
        return [_archived(external_id, asked_at)]

    async def _living(self, contact: Contact, asked_at: datetime) -> Record:
        if is_young(contact, before=asked_at):
            return await self._customer(contact, asked_at)
        record = await self._customer(contact, asked_at - TOO_YOUNG)
        return msgspec.structs.replace(record, authoritative=True)

    async def _customer(self, contact: Contact, asked_at: datetime) -> Record:
        external_id = str(contact.id)
        if contact.archived is True:
            # An archived contact stays readable by its id.
            return _archived(external_id, asked_at)
        tags = companies = None
        if mapping.lacks_tags(contact, self._tag_names):
            page = await self._client.contact_tags(external_id)
            tags = [tag.name for tag in page.items if tag.name]
            # Whoever else has a tag that is new to us need not be asked for its name.
            self._tag_names.update({str(tag.id): tag.name for tag in page.items if tag.name})
        if mapping.lacks_companies(contact):
            companies = await self._companies_of(external_id)
        return mapping.contact_to_record(
            contact,
            tag_names=self._tag_names,
            observed_at=asked_at,
            all_tags=tags,
            all_companies=companies,
        )

    async def _companies_of(self, external_id: str) -> list[str]:
        pages = follow(lambda at: self._client.contact_companies(external_id, cursor=at))
        return [str(company.id) async for page in pages for company in page.items]

    async def _conversation(self, external_id: str, asked_at: datetime) -> list[Record]:
        conversation = await self._client.get_conversation(external_id)
        return [
            mapping.conversation_to_record(
                conversation,
                tag_names=self._tag_names,
                observed_at=asked_at,
                authoritative=True,
            )
        ]

    async def _company(self, external_id: str, asked_at: datetime) -> list[Record]:
        company = await self._client.get_company(external_id)
        return [
            mapping.company_to_record(
                company, tag_names=self._tag_names, observed_at=asked_at, authoritative=True
            )
        ]

    async def _merges(self, external_id: str, asked_at: datetime) -> list[Record]:
        """Who was merged into this contact: asked where the notification does not say it."""
        history = await self._client.session.request(
            "GET",
            f"/contacts/{quote(external_id, safe='')}/merge_history",
            params={"per_page": 50},
            read=_decoded,
        )
        found = as_objects(as_object(history).get("data"))
        sources = [(as_text(one.get("source_contact_id")), one.get("merged_at")) for one in found]
        return [
            MergeRecord(source=source, target=external_id, at=as_instant(at) or asked_at)
            for source, at in sources
            if source
        ]

    async def _person(self, own_user_id: str, asked_at: datetime) -> list[Record]:
        """The contact with this user id of the customer's own product, if there is one."""
        query = {"field": "external_id", "operator": "=", "value": own_user_id}
        page = await self._client.search_contacts(query, per_page=5)
        users = [contact for contact in page.items if contact.role != "lead"]
        return [await self._customer(contact, asked_at) for contact in users]


def gone(wanted: Refetch, at: datetime) -> list[Record]:
    """What follows from the object not being there."""
    if wanted.kind in ("merges", "person"):
        return []
    kind = _STORE_KINDS[wanted.kind]
    return [DeletionRecord(kind=kind, external_id=wanted.external_id, at=at)]


def people_in(wanted: Refetch, records: list[Record]) -> dict[str, str]:
    """The contact behind a user id, once it was read."""
    if wanted.kind != "person":
        return {}
    found = [record.external_id for record in records if isinstance(record, CustomerRecord)]
    return {wanted.external_id: found[0]} if found else {}


def _archived(external_id: str, at: datetime) -> DeletionRecord:
    return DeletionRecord(kind="customer", external_id=external_id, at=at, reason="archived")


def _merge(source: str, target: str | None, at: datetime) -> Record:
    if target is None:
        return DeletionRecord(kind="customer", external_id=source, at=at)
    return MergeRecord(source=source, target=target, at=at)


def _unreadable(wanted: Refetch, detail: str, asked_at: datetime) -> Malformed:
    kind = _STORE_KINDS[wanted.kind]
    return mapping.malformed(kind, Unreadable(wanted.external_id, detail), observed_at=asked_at)


def _decoded(body: bytes) -> Any:
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return {}
