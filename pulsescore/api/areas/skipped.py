"""What a connection skipped, with the reason: it enters by itself when what it lacked arrives."""

from datetime import datetime
from typing import Annotated, Literal

from ninja import Query, Router
from pydantic import BaseModel

from pulsescore.api.callers import MemberRequest, member
from pulsescore.api.paging import PageQuery, Pagination, cut
from pulsescore.connectors.intercom.addresses import record_url
from pulsescore.connectors.intercom.queries import get_connection
from pulsescore.store import queries as store

router = Router(tags=["Connections"], auth=member)


class SkippedQuery(PageQuery):
    """Which of them."""

    kind: Literal["customer", "conversation", "company"] | None = None
    reason: str | None = None


class SkippedRecordOut(BaseModel):
    """One thing that may not enter yet."""

    kind: str
    external_id: str
    reason: str
    detail: str
    held_at: datetime
    link: str | None


class SkippedOut(BaseModel):
    """A page of what was skipped."""

    skipped: list[SkippedRecordOut]
    pagination: Pagination


@router.get("/{id:connection_id}/skipped", response=SkippedOut)
def list_skipped(
    request: MemberRequest, connection_id: int, query: Annotated[SkippedQuery, Query()]
) -> SkippedOut:
    """What was skipped, with the reason of each and where Intercom shows it."""
    org_id = request.auth.org_id
    connection = get_connection(org_id, connection_id)
    held = store.list_held(org_id, connection.source_id, kind=query.kind, reason=query.reason)
    rows, told = cut(held, query)
    shown = [
        SkippedRecordOut(
            kind=one.kind,
            external_id=one.external_id,
            reason=one.reason,
            detail=one.detail,
            held_at=one.held_at,
            link=record_url(connection, one.kind, one.external_id) or None,
        )
        for one in rows
    ]
    return SkippedOut(skipped=shown, pagination=told)
