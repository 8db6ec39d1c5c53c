"""The endpoints of Intercom's REST API that change something, one method each.

Over a read-only connection none of them gets as far as a socket: see `guard`.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any, TypeVar
from urllib.parse import quote

import msgspec

from pulsescore.connectors.intercom.api.pages import decode_one
from pulsescore.connectors.intercom.api.schemas import Company, Contact, DataAttribute, Tag
from pulsescore.connectors.intercom.api.session import Session

S = TypeVar("S", bound=msgspec.Struct)
Fields = Mapping[str, Any]


class Writes:
    """What may be written to a workspace. Every method raises `errors.ApiError`."""

    session: Session

    async def create_contact(self, fields: Fields) -> Contact:
        """A new contact; raises `AlreadyThere` where one like it exists. Not an upsert."""
        return await self._write("POST", "/contacts", Contact, fields)

    async def update_contact(self, contact_id: str, fields: Fields) -> Contact:
        """Change what is named; what is not named stays. `role` "user" converts a lead."""
        return await self._write("PUT", f"/contacts/{_part(contact_id)}", Contact, fields)

    async def archive_contact(self, contact_id: str) -> None:
        """Put a contact away; it can come back."""
        await self._do("POST", f"/contacts/{_part(contact_id)}/archive")

    async def unarchive_contact(self, contact_id: str) -> None:
        """Bring an archived contact back."""
        await self._do("POST", f"/contacts/{_part(contact_id)}/unarchive")

    async def merge_contacts(self, *, lead_id: str, user_id: str) -> Contact:
        """Make a lead part of a user; cannot be taken back."""
        fields = {"from": lead_id, "into": user_id}
        return await self._write("POST", "/contacts/merge", Contact, fields)

    async def save_tag(self, name: str, *, tag_id: str | None = None) -> Tag:
        """The tag of this name, made where there is none; with an id, that tag is renamed."""
        fields = {"name": name} if tag_id is None else {"name": name, "id": tag_id}
        return await self._write("POST", "/tags", Tag, fields)

    async def delete_tag(self, tag_id: str) -> None:
        """Delete a tag; refused while something bears it or depends on it."""
        await self._do("DELETE", f"/tags/{_part(tag_id)}")

    async def attach_tag(self, contact_id: str, tag_id: str) -> Tag:
        """Put a tag on a contact; one that it bears already stays."""
        path = f"/contacts/{_part(contact_id)}/tags"
        return await self._write("POST", path, Tag, {"id": tag_id})

    async def detach_tag(self, contact_id: str, tag_id: str) -> None:
        """Take a tag off a contact; raises `NotFoundThere` where it bears none."""
        await self._do("DELETE", f"/contacts/{_part(contact_id)}/tags/{_part(tag_id)}")

    async def save_company(self, fields: Fields) -> Company:
        """Make or change the company with this `company_id`, the customer's own."""
        return await self._write("POST", "/companies", Company, fields)

    async def update_company(self, company_id: str, fields: Fields) -> Company:
        """Change the company with this id of Intercom."""
        return await self._write("PUT", f"/companies/{_part(company_id)}", Company, fields)

    async def attach_company(self, contact_id: str, company_id: str) -> Company:
        """Make a contact one of a company, by Intercom's id of it."""
        path = f"/contacts/{_part(contact_id)}/companies"
        return await self._write("POST", path, Company, {"id": company_id})

    async def detach_company(self, contact_id: str, company_id: str) -> None:
        """End that a contact is one of a company."""
        await self._do("DELETE", f"/contacts/{_part(contact_id)}/companies/{_part(company_id)}")

    async def create_attribute(self, *, model: str, name: str, data_type: str) -> DataAttribute:
        """Declare a custom attribute of "contact" or "company"; its type stays for good."""
        fields = {"model": model, "name": name, "data_type": data_type}
        return await self._write("POST", "/data_attributes", DataAttribute, fields)

    async def restore_attribute(self, attribute_id: str) -> DataAttribute:
        """Take a custom attribute out of the archive."""
        path = f"/data_attributes/{_part(attribute_id)}"
        return await self._write("PUT", path, DataAttribute, {"archived": False})

    async def send_event(
        self, *, contact_id: str, name: str, created_at: int, metadata: Fields
    ) -> None:
        """Tell that a contact did something at this unix second.

        The same person, name and second count once.
        """
        fields = {"event_name": name, "created_at": created_at, "id": contact_id}
        await self._do("POST", "/events", {**fields, "metadata": metadata} if metadata else fields)

    async def _write(self, method: str, path: str, kind: type[S], fields: Fields) -> S:
        return await self.session.request(
            method, path, read=partial(decode_one, kind=kind, path=path), json=fields
        )

    async def _do(self, method: str, path: str, fields: Fields | None = None) -> None:
        await self.session.request(method, path, read=lambda _body: None, json=fields)


def _part(external_id: str) -> str:
    return quote(external_id, safe="")
