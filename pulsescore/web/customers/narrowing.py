"""What the address of the customer list asks for."""

from collections.abc import Mapping
from dataclasses import dataclass

from pulsescore.scoring.queries import CustomerFilters
from pulsescore.web.forms import whole_number

RISKS = ("green", "yellow", "red", "none")
ROLES = ("user", "lead")
SORTS = {"name": "asc", "score": "asc", "last_seen_at": "desc", "created_at": "desc"}
MAX_PAGE = 100_000


@dataclass(frozen=True)
class Narrowing:
    """Filters, sort and page of the list; whatever is not understood is left out."""

    filters: CustomerFilters
    sort: str
    order: str
    page: int

    @classmethod
    def read(cls, query: Mapping[str, str]) -> "Narrowing":
        """Read the query string."""
        sort = query.get("sort", "")
        sort = sort if sort in SORTS else "score"
        order = query.get("order", "")
        company = whole_number(query.get("company", ""), 0, least=0, most=2**63 - 1)
        filters = CustomerFilters(
            risk=_one_of(query.get("risk"), RISKS),
            search=_text(query.get("search")),
            tag=_text(query.get("tag")),
            company=company or None,
            role=_one_of(query.get("role"), ROLES),
            score_from=_score(query.get("score_from")),
            score_to=_score(query.get("score_to")),
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
        return self.filters != CustomerFilters()


def _one_of(value: str | None, known: tuple[str, ...]) -> str | None:
    return value if value in known else None


def _score(value: str | None) -> int | None:
    return whole_number(value, 0, least=0, most=100) if value else None


def _text(value: str | None) -> str | None:
    text = (value or "").replace("\x00", "").strip()
    return text[:200] or None
