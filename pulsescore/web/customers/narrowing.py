"""Pure: what the address of the customer list asks for, and the address of what it asks for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Final, Protocol
from urllib.parse import urlencode

from pulsescore.scoring.queries import CustomerFilters
from pulsescore.scoring.wording import REASONS
from pulsescore.web.forms import whole_number

RISKS: Final = ("red", "yellow", "green", "none")
SCORED: Final = RISKS[:3]
ROLES: Final = ("user", "lead")
SORTS: Final = {
    "name": "asc",
    "score": "asc",
    "change": "asc",
    "last_seen_at": "desc",
    "first_seen_at": "desc",
    "created_at": "desc",
}
DEFAULT_SORT: Final = "score"
# So many rows can be paged through; who wants more narrows the list or takes the file.
PER_PAGE: Final = 25
MAX_PAGE: Final = 400
UNSEEN_DAYS: Final = (7, 14, 30, 60, 90)
MAX_DAYS: Final = 3_650
MAX_TEXT: Final = 200


class Query(Protocol):
    """A query string: Django's `QueryDict`."""

    def get(self, key: str, default: str) -> str | None: ...
    def getlist(self, key: str) -> list[str]: ...


@dataclass(frozen=True)
class Narrowing:
    """Filters, sort and page of the list; whatever is not understood is left out."""

    filters: CustomerFilters
    sort: str = DEFAULT_SORT
    order: str = "asc"
    page: int = 1

    @classmethod
    def read(cls, query: Query) -> "Narrowing":
        """Read the query string."""
        sort = query.get("sort", "") or ""
        sort = sort if sort in SORTS else DEFAULT_SORT
        order = query.get("order", "") or ""
        order = order if order in {"asc", "desc"} else SORTS[sort]
        page = whole_number(query.get("page", "") or "", 1, most=MAX_PAGE)
        return cls(_filters(query), sort, order, page)

    @property
    def narrowed(self) -> bool:
        """Whether anything but sort and page was asked for."""
        return self.filters != CustomerFilters()

    @property
    def offset(self) -> int:
        """How many rows come before the page."""
        return (self.page - 1) * PER_PAGE

    def parameters(self) -> list[tuple[str, str]]:
        """What stands in the address; what goes without saying does not."""
        found = filter_parameters(self.filters)
        if (self.sort, self.order) != (DEFAULT_SORT, SORTS[DEFAULT_SORT]):
            found += [("sort", self.sort), ("order", self.order)]
        if self.page > 1:
            found.append(("page", str(self.page)))
        return found

    @property
    def query(self) -> str:
        """The query string, without a question mark."""
        return urlencode(self.parameters())

    @property
    def filter_query(self) -> str:
        """The part of the query string that says who is listed."""
        return urlencode(filter_parameters(self.filters))

    def turned(self, page: int) -> str:
        """The query string of another page."""
        return replace(self, page=page).query

    @property
    def previous(self) -> str:
        """The query string of the page before."""
        return self.turned(self.page - 1)

    @property
    def next(self) -> str:
        """The query string of the page after."""
        return self.turned(self.page + 1)

    @property
    def whole(self) -> str:
        """The query string of the whole list, in the order shown."""
        return self.turned(1)

    @property
    def by_name(self) -> str:
        """The query string of the list by name, or in the opposite order of names."""
        return self.sorted_by("name")

    @property
    def more(self) -> int:
        """How many of the filters behind "More" are in force."""
        filters = self.filters
        by_score = filters.score_from is not None or filters.score_to is not None
        rest = (filters.became, filters.unseen_days, filters.company, filters.role, by_score)
        return sum(1 for one in (*rest, filters.overridden, filters.reason, filters.deleted) if one)

    def tagged(self, tag: str) -> str:
        """The query string of the part that has a tag."""
        return replace(self, filters=replace(self.filters, tag=tag), page=1).query

    def sorted_by(self, sort: str) -> str:
        """The query string of another order; of the opposite one, where it is sorted so already."""
        order = SORTS[sort]
        if self.sort == sort and self.order == order:
            order = "desc" if order == "asc" else "asc"
        return replace(self, sort=sort, order=order, page=1).query

    def without(self, *names: str, level: str = "") -> str:
        """The query string without some filters, or without one level; on the first page."""
        gone: dict[str, object] = {name: _NOTHING[name] for name in names}
        if level:
            gone["risk"] = tuple(one for one in self.filters.levels if one != level) or None
        return replace(self, filters=replace(self.filters, **gone), page=1).query  # type: ignore[arg-type]


_NOTHING: Final = {one.name: one.default for one in fields(CustomerFilters)}


def filter_parameters(filters: CustomerFilters) -> list[tuple[str, str]]:
    """The filters as they stand in an address."""
    found: list[tuple[str, str]] = []
    for one in fields(filters):
        value = filters.levels if one.name == "risk" else getattr(filters, one.name)
        if value is None or value is False or value == ():
            continue
        found += [(one.name, text) for text in _texts(value)]
    return found


def _texts(value: object) -> Iterable[str]:
    if isinstance(value, tuple):
        return [str(one) for one in value]
    return ["1" if value is True else str(value)]


def _filters(query: Query) -> CustomerFilters:
    company = whole_number(query.get("company", "") or "", 0, least=0, most=2**63 - 1)
    segment = whole_number(query.get("segment", "") or "", 0, least=0, most=2**63 - 1)
    levels = tuple(level for level in RISKS if level in query.getlist("risk"))
    return CustomerFilters(
        risk=levels or None,
        search=_text(query, "search"),
        tag=_text(query, "tag"),
        company=company or None,
        role=_one_of(query, "role", ROLES),
        deleted=query.get("deleted", "") == "1",
        overridden=query.get("overridden", "") == "1",
        reason=_one_of(query, "reason", tuple(REASONS)),
        score_from=_number(query, "score_from", 0, 100),
        score_to=_number(query, "score_to", 0, 100),
        owner=_text(query, "owner"),
        became=_one_of(query, "became", SCORED),
        unseen_days=_number(query, "unseen_days", 1, MAX_DAYS),
        segment=segment or None,
    )


def _one_of(query: Query, name: str, known: tuple[str, ...]) -> str | None:
    value = query.get(name, "")
    return value if value in known else None


def _number(query: Query, name: str, least: int, most: int) -> int | None:
    value = (query.get(name, "") or "").strip()
    if not (value.isascii() and value.isdigit()):
        return None
    return whole_number(value, least, least=least, most=most)


def _text(query: Query, name: str) -> str | None:
    text = (query.get(name, "") or "").replace("\x00", "").strip()
    return text[:MAX_TEXT] or None


def only_search_differs(before: Mapping[str, list[str]], after: Mapping[str, list[str]]) -> bool:
    """Whether somebody went on typing: both addresses search, and nothing else changed."""
    rest = [
        {name: value for name, value in one.items() if name != "search"} for one in (before, after)
    ]
    return bool(before.get("search") and after.get("search")) and rest[0] == rest[1]
