"""Who changed which setting, and when."""

from datetime import datetime
from typing import Annotated, Any

from ninja import Query, Router
from pydantic import AwareDatetime, BaseModel, Field

from pulsescore.accounts import audit_words, queries
from pulsescore.accounts.models import AuditEntry
from pulsescore.api.callers import MemberRequest, admin
from pulsescore.api.paging import PageQuery, Pagination, cut

router = Router(tags=["Audit log"], auth=admin)
_MAX_ID = 2**63 - 1


class AuditQuery(PageQuery):
    """Which entries: `action` is the beginning of an action's name, `to` is not included."""

    action: str = ""
    user: Annotated[int | None, Field(ge=1, le=_MAX_ID)] = None
    since: Annotated[AwareDatetime | None, Field(alias="from")] = None
    before: Annotated[AwareDatetime | None, Field(alias="to")] = None


class AuditEntryOut(BaseModel):
    """One change, also as a sentence; `user` is empty for API keys and for PulseScore itself."""

    id: int
    at: datetime
    user_id: int | None
    user: str | None
    action: str
    subject: str
    sentence: str
    details: dict[str, Any]


class AuditLogOut(BaseModel):
    """A page of the audit log."""

    entries: list[AuditEntryOut]
    pagination: Pagination


@router.get("", response=AuditLogOut)
def list_audit(request: MemberRequest, query: Annotated[AuditQuery, Query()]) -> AuditLogOut:
    """The audit log, newest first."""
    entries = queries.list_audit(
        request.auth.org_id,
        action=query.action,
        user_id=query.user,
        since=query.since,
        before=query.before,
    )
    rows, told = cut(entries, query)
    return AuditLogOut(entries=[_show(one) for one in rows], pagination=told)


def _show(entry: AuditEntry) -> AuditEntryOut:
    return AuditEntryOut(
        id=entry.pk,
        at=entry.at,
        user_id=entry.user_id,
        user=entry.user.email if entry.user else None,
        action=entry.action,
        subject=entry.subject,
        sentence=audit_words.sentence(entry.action, entry.subject, entry.details),
        details=entry.details,
    )
