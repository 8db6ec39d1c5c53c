"""Keys with which websites and programs send calls."""

from datetime import datetime
from typing import Annotated

from django.conf import settings
from ninja import Query, Router, Status
from pydantic import BaseModel

from pulsescore.api.bodies import StrictBody
from pulsescore.api.callers import MemberRequest, admin
from pulsescore.api.paging import PageQuery, Pagination, cut
from pulsescore.core.clock import utcnow
from pulsescore.ingest import actions, queries, script
from pulsescore.ingest.models import WriteKey
from pulsescore.pipeline import run as pipeline

router = Router(tags=["Sources"], auth=admin)


class WriteKeyOut(BaseModel):
    """A write key; `script_url` is where a website loads pulse.js with it."""

    id: int
    name: str
    key: str
    script_url: str
    forwards_to_messenger: bool
    created_by: str | None
    created_at: datetime
    last_used_at: datetime | None


class WriteKeysOut(BaseModel):
    """A page of keys, and how many requests wait to be applied or were given up."""

    write_keys: list[WriteKeyOut]
    waiting: int
    given_up: int
    pagination: Pagination


class WriteKeyIn(StrictBody):
    """A name to know the key by, and whether pulse.js forwards calls to Intercom's Messenger."""

    name: str
    forwards_to_messenger: bool = False


class WriteKeyChange(StrictBody):
    """What can be changed of a key."""

    forwards_to_messenger: bool


class Retried(BaseModel):
    """How many requests are tried again."""

    retried: int


@router.get("", response=WriteKeysOut)
def list_write_keys(request: MemberRequest, page: Annotated[PageQuery, Query()]) -> WriteKeysOut:
    """Keys that were not revoked, newest first."""
    rows, told = cut(queries.list_write_keys(request.auth.org_id), page)
    queue = queries.count_waiting(request.auth.org_id)
    return WriteKeysOut(
        write_keys=[_show(one) for one in rows],
        waiting=queue.waiting,
        given_up=queue.given_up,
        pagination=told,
    )


@router.post("", response={201: WriteKeyOut})
def create_write_key(request: MemberRequest, body: WriteKeyIn) -> Status[WriteKeyOut]:
    """Make a key."""
    key = actions.create_write_key(
        request.auth,
        name=body.name,
        forwards_to_messenger=body.forwards_to_messenger,
        now=utcnow(),
    )
    return Status(201, _show(key))


@router.post("/retry", response={202: Retried})
def retry_given_up(request: MemberRequest) -> Status[Retried]:
    """Have calls that were given up applied again."""
    return Status(202, Retried(retried=pipeline.retry_ingested(request.auth, now=utcnow())))


@router.patch("/{id:key_id}", response=WriteKeyOut)
def change_write_key(request: MemberRequest, key_id: int, body: WriteKeyChange) -> WriteKeyOut:
    """Switch forwarding to the Messenger; websites follow within an hour."""
    key = actions.change_write_key(
        request.auth,
        key_id=key_id,
        forwards_to_messenger=body.forwards_to_messenger,
        now=utcnow(),
    )
    return _show(key)


@router.delete("/{id:key_id}", response={204: None})
def revoke_write_key(request: MemberRequest, key_id: int) -> Status[None]:
    """End a key: its calls are refused from a second later on."""
    actions.revoke_write_key(request.auth, key_id=key_id, now=utcnow())
    return Status(204, None)


def _show(key: WriteKey) -> WriteKeyOut:
    return WriteKeyOut(
        id=key.pk,
        name=key.name,
        key=key.key,
        script_url=str(settings.PUBLIC_URL).rstrip("/") + script.address_of(key.key),
        forwards_to_messenger=key.forwards_to_messenger,
        created_by=key.created_by.get_full_name() if key.created_by else None,
        created_at=key.created_at,
        last_used_at=key.last_used_at,
    )
