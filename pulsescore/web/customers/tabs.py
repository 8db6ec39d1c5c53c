"""What is known about a customer, tab by tab."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.db.models import QuerySet

from pulsescore.accounts.models import Role
from pulsescore.connectors.intercom.addresses import conversation_url
from pulsescore.scoring import queries as scoring
from pulsescore.scoring.wording import NAMES
from pulsescore.store import queries
from pulsescore.store.models import Conversation
from pulsescore.web.customers import attribute_groups, timeline
from pulsescore.web.customers.doors import BEHIND, SORTS, STATES
from pulsescore.web.customers.shown import Shown
from pulsescore.web.forms import whole_number
from pulsescore.web.pages import PageRequest
from pulsescore.web.paging import Paging

PER_PAGE = 20
LIVE = ("conversations", "timeline")


class Tab(NamedTuple):
    """A tab and how many things it holds, where that is known without asking."""

    key: str
    label: str
    holds: int | None = None


class Row(NamedTuple):
    """A conversation with its address in Intercom and who answers it."""

    talk: Conversation
    url: str
    assignee: str
    team: str


def read(request: PageRequest, shown: Shown, tab: str = "") -> dict[str, Any]:
    """The chosen tab (the first, where none is) and its content."""
    wanted = tab or request.GET.get("tab", "")
    chosen = wanted if wanted in _TABS else "conversations"
    content = _TABS[chosen](request, shown)
    mark = f"{request.GET.urlencode()}/{content.pop('mark', shown.now.timestamp())}"
    return {
        "tab": chosen,
        "tabs": [
            Tab("conversations", "Conversations", shown.counts.all),
            Tab("timeline", "Timeline"),
            Tab("attributes", "Attributes"),
            Tab("companies", "Companies"),
            Tab("notes", "Notes", shown.counts.notes),
        ],
        "is_live": chosen in LIVE and not request.GET.get("older"),
        "tabs_mark": mark,
        **content,
    }


def _conversations(request: PageRequest, shown: Shown) -> dict[str, Any]:
    show, sort = request.GET.get("show", ""), request.GET.get("sort", "")
    show = show if show in STATES or show in BEHIND else ""
    sort = sort if sort in SORTS else "newest"
    page = whole_number(request.GET.get("page", ""), 1, most=100_000)
    total = getattr(shown.counts, show or "all")
    start = (page - 1) * PER_PAGE
    found = _part(shown, show, sort)[start : start + PER_PAGE]
    return {
        "rows": [_row(talk, shown) for talk in found],
        "paging": Paging(page, PER_PAGE, total),
        "show": show,
        "sort": sort,
        "sorts": SORTS,
        "states": [(key, label, getattr(shown.counts, key or "all")) for key, label in _STATES],
        "behind": BEHIND.get(show, ""),
        "behind_name": NAMES.get(show, ""),
        "mark": f"{shown.counts.changed_at}/{shown.counts.all}",
    }


_STATES = tuple(STATES.items())


def _part(shown: Shown, show: str, sort: str) -> QuerySet[Conversation]:
    org_id, customer_id = shown.person.org_id, shown.person.pk
    if show in BEHIND:
        found = scoring.conversations_behind(org_id, customer_id, show, at=shown.at)
    else:
        found = queries.list_conversations(org_id, customer_id)
        narrowing = {"reopened": {"reopen_count__gt": 0}, "": {}}
        found = found.filter(**narrowing.get(show, {"status": show}))
    if sort == "waiting":
        return queries.longest_waiting_first(found)
    return found


def _row(talk: Conversation, shown: Shown) -> Row:
    return Row(
        talk,
        conversation_url(shown.connection, talk.external_id) if shown.connection else "",
        shown.names["admin"].get(talk.assignee_external_id or "", ""),
        shown.names["team"].get(talk.team_external_id or "", ""),
    )


def _companies(_request: PageRequest, shown: Shown) -> dict[str, Any]:
    return {"memberships": shown.companies}


def _notes(request: PageRequest, shown: Shown) -> dict[str, Any]:
    notes = queries.list_notes(request.actor.org_id, shown.person.pk)
    return {
        "notes": notes,
        "may_delete_notes": request.actor.allows(Role.ADMIN),
        "editing": whole_number(request.GET.get("edit", ""), 0, least=0, most=2**63 - 1),
    }


_TABS: dict[str, Callable[[PageRequest, Shown], dict[str, Any]]] = {
    "conversations": _conversations,
    "timeline": timeline.read,
    "attributes": attribute_groups.read,
    "companies": _companies,
    "notes": _notes,
}
