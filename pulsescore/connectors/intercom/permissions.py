"""What the token may read, found out by asking: Intercom has no list of granted permissions."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

from pulsescore.connectors.intercom.api.client import IntercomClient
from pulsescore.connectors.intercom.api.errors import (
    NotFoundThere,
    PermissionMissing,
    PlanRestricted,
    RequestRefused,
)

Probe = Callable[[IntercomClient], Awaitable[Any]]


@dataclass(frozen=True)
class Permission:
    """One permission of Intercom's Developer Hub, what it is for, and a call that needs it."""

    key: str
    label: str
    purpose: str
    needed: bool
    probe: Probe


PERMISSIONS: Final = (
    Permission(
        "contacts",
        "Read and list users and companies",
        "Customers are Intercom's contacts; without it nothing can be imported.",
        needed=True,
        probe=lambda client: client.list_contacts(per_page=1),
    ),
    Permission(
        "conversations",
        "Read conversations",
        "Health scores are computed from support conversations.",
        needed=True,
        probe=lambda client: client.search_conversations(
            {"field": "updated_at", "operator": ">", "value": 0}, per_page=1
        ),
    ),
    Permission(
        "companies",
        "Read and list companies",
        "Customers are grouped by their company.",
        needed=False,
        probe=lambda client: client.list_companies(per_page=1),
    ),
    Permission(
        "tickets",
        "Read tickets",
        "Without it Intercom leaves conversations that became tickets out of its lists.",
        needed=False,
        probe=lambda client: client.search_tickets(
            {"field": "created_at", "operator": ">", "value": 0}, per_page=1
        ),
    ),
    Permission(
        "tags",
        "Read tags",
        "Contacts carry only the ids of their tags; the names come from the list of tags.",
        needed=False,
        probe=lambda client: client.tags(),
    ),
    Permission(
        "admins",
        "Read admins",
        "Names of assignees and owners.",
        needed=False,
        probe=lambda client: client.admins(),
    ),
    Permission(
        "attributes",
        "Gather app data",
        "Types and labels of your custom attributes, and Intercom's segments.",
        needed=False,
        probe=lambda client: client.data_attributes("contact"),
    ),
)


async def probe_permissions(client: IntercomClient) -> dict[str, bool]:
    """Whether each permission is granted; other errors than a refusal are raised."""
    answers = await asyncio.gather(*(_is_granted(one, client) for one in PERMISSIONS))
    return dict(zip((one.key for one in PERMISSIONS), answers, strict=True))


async def _is_granted(permission: Permission, client: IntercomClient) -> bool:
    try:
        await permission.probe(client)
    except (PermissionMissing, PlanRestricted, NotFoundThere):
        return False
    except RequestRefused:
        # For example more than 10,000 companies to list: refused, but not for want of leave.
        return True
    return True
