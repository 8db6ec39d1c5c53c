"""Reading the filters of the log and of the deliveries from an address."""

from datetime import datetime, timedelta

from django.http import QueryDict
from django.utils.timezone import get_current_timezone, make_aware

from pulsescore.connectors.intercom import connection_log
from pulsescore.connectors.intercom.connection_log import LogFilters
from pulsescore.connectors.intercom.inbox.queries import DeliveryFilters
from pulsescore.connectors.intercom.models import InboxState, Severity
from pulsescore.web.forms import whole_number
from pulsescore.web.paging import Paging

PER_PAGE = 50
_LONGEST = 200
_LENGTH_OF_A_DAY = 10
_MOST_PAGES = 100_000


def log_filters(query: QueryDict) -> LogFilters:
    """Which lines of the log; what makes no sense is left out."""
    return LogFilters(
        kind=_one_of(query.get("kind", ""), [key for key, _label in connection_log.KINDS]),
        severity=_one_of(query.get("severity", ""), Severity.values),
        search=query.get("search", "")[:_LONGEST],
        since=first_instant(query.get("from", "")),
        until=last_instant(query.get("to", "")),
    )


def delivery_filters(query: QueryDict, *, connection_id: int) -> DeliveryFilters:
    """Which deliveries; what makes no sense is left out."""
    return DeliveryFilters(
        connection_id=connection_id,
        state=_one_of(query.get("state", ""), InboxState.values) or None,
        topic=query.get("topic", "").replace("\0", "")[:_LONGEST] or None,
        since=first_instant(query.get("from", "")),
        until=last_instant(query.get("to", "")),
    )


def first_instant(text: str) -> datetime | None:
    """Where a day, or a minute of it, begins in the reader's zone."""
    return _instant(text, later=timedelta())


def last_instant(text: str) -> datetime | None:
    """Where a day, or a minute of it, has passed in the reader's zone."""
    is_day = len(text) <= _LENGTH_OF_A_DAY
    return _instant(text, later=timedelta(days=1) if is_day else timedelta(minutes=1))


def page_number(query: QueryDict) -> int:
    """Which page is asked for."""
    return whole_number(query.get("page", ""), 1, most=_MOST_PAGES)


def paging_of(page: int, total: int) -> Paging:
    """The page asked for, or the last one where there are not so many."""
    last = max(1, -(-total // PER_PAGE))
    return Paging(page=min(page, last), per_page=PER_PAGE, total=total)


def _instant(text: str, *, later: timedelta) -> datetime | None:
    try:
        told = datetime.fromisoformat(text).replace(tzinfo=None) + later
        return make_aware(told, get_current_timezone())
    except (ValueError, OverflowError):
        return None


def _one_of(text: str, known: list[str]) -> str:
    return text if text in known else ""
