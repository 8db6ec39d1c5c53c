"""Customers and companies as lines of a segment."""

from datetime import datetime
from typing import NamedTuple

from django.urls import reverse

from pulsescore.scoring.queries import CompanyRow, CustomerRow
from pulsescore.web.words import company_reason, reason_in_words


class MemberLine(NamedTuple):
    """A customer or company that is in a segment, or would be; `why` tells of a missing score."""

    called: str
    email: str
    href: str
    score: int | None
    risk_level: str | None
    why: str = ""
    entered_at: datetime | None = None


def member_line(row: CustomerRow | CompanyRow, entered_at: datetime | None = None) -> MemberLine:
    """What a line shows of a customer or a company."""
    if isinstance(row, CompanyRow):
        called, email, page = row.name or "Unnamed company", "", "company"
        why = company_reason(row.members)
    else:
        email, page = row.email or "", "customer"
        called = row.name or email or "Nameless"
        why = reason_in_words(row.score_reason)
    href = reverse(page, args=[row.id])
    return MemberLine(called, email, href, row.score, row.risk_level, why, entered_at)
