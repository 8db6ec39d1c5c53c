"""Pure: what the address of the list of companies asks for."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pulsescore.scoring.queries import CompanyFilters
from pulsescore.web.forms import whole_number

RISKS: Final = ("green", "yellow", "red", "none")
SORTS: Final = {
    "name": "asc",
    "score": "asc",
    "members": "desc",
    "monthly_spend": "desc",
    "last_request_at": "desc",
}
MEMBER_SORTS: Final = {"score": "asc", "name": "asc", "last_seen_at": "desc"}
MAX_PAGE: Final = 100_000
_LONGEST: Final = 200


@dataclass(frozen=True)
class CompanyNarrowing:
    """Filters, sort and page of the list; whatever is not understood is left out."""

    filters: CompanyFilters
    sort: str
    order: str
    page: int

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "CompanyNarrowing":
        """Read the query string."""
        sort = query.get("sort", "")
        sort = sort if sort in SORTS else "score"
        order = query.get("order", "")
        risk = query.get("risk")
        filters = CompanyFilters(
            search=text_of(query.get("search")),
            plan=text_of(query.get("plan")),
            tag=text_of(query.get("tag")),
            risk=risk if risk in RISKS else None,
        )
        page = whole_number(query.get("page", ""), 1, most=MAX_PAGE)
        return cls(filters, sort, order if order in {"asc", "desc"} else SORTS[sort], page)

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels to choose from."""
        return RISKS

    @property
    def narrowed(self) -> bool:
        """Whether anything but sort and page was asked for."""
        return self.filters != CompanyFilters()


def text_of(value: str | None) -> str | None:
    """A text to look for, or nothing."""
    text = (value or "").replace("\x00", "").strip()
    return text[:_LONGEST] or None
