"""Customers and companies as lines of a segment."""

from datetime import datetime
from typing import NamedTuple

from django.urls import reverse

from pulsescore.scoring.queries import CompanyRow, CustomerRow
from pulsescore.web.words import company_reason


class MemberLine(NamedTuple):
    """A customer or company that is in a segment, or would be; `reason` is of a missing score."""

    called: str
    email: str
    href: str
    score: int | None
    risk_level: str | None
    reason: str | None = None
    entered_at: datetime | None = None


def member_line(row: CustomerRow | CompanyRow, entered_at: datetime | None = None) -> MemberLine:
    """What a line shows of a customer or a company."""
    if isinstance(row, CompanyRow):
        called, email, page = row.name or "Unnamed company", "", "company"
        reason: str | None = company_reason(row.members)
    else:
        email, page = row.email or "", "customer"
        called = row.name or email or "Nameless"
        reason = row.score_reason
    href = reverse(page, args=[row.id])
    return MemberLine(called, email, href, row.score, row.risk_level, reason, entered_at)
