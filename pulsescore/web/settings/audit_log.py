"""Settings → Audit log: who changed what, in sentences; filtered, paged, downloadable."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.timezone import get_current_timezone

from pulsescore.accounts import audit, audit_words, queries
from pulsescore.accounts.models import AuditEntry, Role
from pulsescore.core.clock import utcnow
from pulsescore.web.csv_download import csv_response
from pulsescore.web.forms import whole_number
from pulsescore.web.pages import PageRequest, member_page, partial
from pulsescore.web.paging import Paging

PER_PAGE = 50
HEADER = ("When (UTC)", "Who", "What", "Action", "Subject")
_MAX_ID = 2**63 - 1


class Line(NamedTuple):
    """An entry as it is read."""

    at: datetime
    who: str
    what: str
    customer: int | None
    action: str


@member_page(role=Role.ADMIN)
def audit_log(request: PageRequest) -> HttpResponse:
    """A page of the log, newest first."""
    entries = _filtered(request)
    total = entries.count()
    pages = Paging(page=1, per_page=PER_PAGE, total=total).pages
    number = whole_number(request.GET.get("page", ""), 1, most=pages)
    start = (number - 1) * PER_PAGE
    context = {
        "section": "audit_log",
        "lines": [_line(one) for one in entries[start : start + PER_PAGE]],
        "page": Paging(page=number, per_page=PER_PAGE, total=total),
        "filters": _asked(request),
        "is_filtered": any(_asked(request).values()),
        "people": _people(request.actor.org_id),
        "groups": [("", "Everything"), *audit_words.GROUPS],
    }
    return partial(request, "settings/audit_log.html", "settings/audit_entries.html", context)


@member_page(role=Role.ADMIN)
def download(request: PageRequest) -> HttpResponseBase:
    """What is shown, as CSV; downloading is itself written down."""
    asked = {key: value for key, value in _asked(request).items() if value}
    audit.record_by(request.actor, "export.audit_log", details=asked, now=utcnow())
    return csv_response("audit-log.csv", HEADER, _rows(_filtered(request)))


def _rows(entries: QuerySet[AuditEntry]) -> Iterator[Sequence[object]]:
    for entry in entries.iterator(chunk_size=1000):
        line = _line(entry)
        yield line.at.isoformat(), line.who, line.what, entry.action, entry.subject


def _asked(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET.get(name, "") for name in ("who", "what", "from", "to")}


def _filtered(request: PageRequest) -> QuerySet[AuditEntry]:
    asked = _asked(request)
    until = _day(asked["to"])
    return queries.list_audit(
        request.actor.org_id,
        action=asked["what"] if asked["what"] in dict(audit_words.GROUPS) else "",
        user_id=whole_number(asked["who"], 0, most=_MAX_ID) or None,
        since=_day(asked["from"]),
        before=until + timedelta(days=1) if until else None,
    )


def _day(text: str) -> datetime | None:
    """The beginning of a day in the reader's zone; nothing for what is no date."""
    try:
        return datetime.combine(date.fromisoformat(text), time(), get_current_timezone())
    except ValueError:
        return None


def _people(org_id: int) -> list[tuple[str, str]]:
    members = [(str(one.user_id), one.user.get_full_name()) for one in queries.list_members(org_id)]
    return [("", "Everybody"), *members]


def _line(entry: AuditEntry) -> Line:
    details: dict[str, Any] = entry.details
    key = details.get("api_key")
    nobody = f"API key {key}" if key else "PulseScore"
    return Line(
        at=entry.at,
        who=entry.user.get_full_name() if entry.user else nobody,
        what=audit_words.sentence(entry.action, entry.subject, details),
        customer=audit_words.customer_of(entry.subject),
        action=entry.action,
    )
