"""Keys for programs."""

from datetime import datetime
from typing import Annotated, Literal

from ninja import Query, Router, Status
from pydantic import BaseModel

from pulsescore.accounts import actions, queries
from pulsescore.accounts.models import ApiKey, Role
from pulsescore.api.bodies import Instant, StrictBody
from pulsescore.api.callers import MemberRequest, admin
from pulsescore.api.paging import PageQuery, Pagination, cut
from pulsescore.core.clock import utcnow

router = Router(tags=["API keys"], auth=admin)


class ApiKeyOut(BaseModel):
    """A key without its secret; `prefix` tells keys apart."""

    id: int
    name: str
    prefix: str
    role: str
    scopes: list[str]
    created_by: str | None
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None


class NewApiKeyOut(ApiKeyOut):
    """A key as answered once, on creation: `key` is never shown again."""

    key: str


class ApiKeysOut(BaseModel):
    """A page of keys."""

    api_keys: list[ApiKeyOut]
    pagination: Pagination


class ApiKeyIn(StrictBody):
    """A name to know the key by, what it may do, and until when.

    Without the scope `write` it only reads, whatever its role.
    """

    name: str
    role: Literal["member", "admin"] = "member"
    scopes: list[Literal["read", "write"]] = ["read", "write"]
    expires_at: Instant | None = None


@router.get("", response=ApiKeysOut)
def list_api_keys(request: MemberRequest, page: Annotated[PageQuery, Query()]) -> ApiKeysOut:
    """Keys that were not revoked, newest first."""
    rows, told = cut(queries.list_api_keys(request.auth.org_id), page)
    return ApiKeysOut(api_keys=[_show(one) for one in rows], pagination=told)


@router.post("", response={201: NewApiKeyOut})
def create_api_key(request: MemberRequest, body: ApiKeyIn) -> Status[NewApiKeyOut]:
    """Make a key; its secret is in this answer and nowhere else."""
    key, secret = actions.create_api_key(
        request.auth,
        name=body.name,
        role=Role(body.role),
        scopes=body.scopes,
        expires_at=body.expires_at,
        now=utcnow(),
    )
    return Status(201, NewApiKeyOut(**_show(key).model_dump(), key=secret))


@router.delete("/{id:key_id}", response={204: None})
def revoke_api_key(request: MemberRequest, key_id: int) -> Status[None]:
    """End a key at once."""
    actions.revoke_api_key(request.auth, key_id=key_id, now=utcnow())
    return Status(204, None)


def _show(key: ApiKey) -> ApiKeyOut:
    return ApiKeyOut(
        id=key.pk,
        name=key.name,
        prefix=key.prefix,
        role=key.role,
        scopes=key.scopes,
        created_by=key.created_by.get_full_name() if key.created_by else None,
        created_at=key.created_at,
        expires_at=key.expires_at,
        last_used_at=key.last_used_at,
    )
