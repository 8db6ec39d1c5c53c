"""The address of a page whose parts are asked for on their own."""

from urllib.parse import urlsplit

from django.http import HttpRequest, QueryDict

# Each part owns some parameters; the others are as the browser's address has them.
OWNED_BY_NOW = frozenset({"days", "since"})


def merged_query(request: HttpRequest, part: str, current_url: str | None) -> QueryDict:
    """The query of the whole page: what this part was asked for, the rest as it stands."""
    asked = request.GET.copy()
    current = urlsplit(current_url or "")
    if not part or current.path != request.path:
        return asked
    merged = QueryDict(current.query, mutable=True)
    for name in {*merged, *asked}:
        if (name in OWNED_BY_NOW) == (part == "now"):
            merged.setlist(name, asked.getlist(name))
            if not asked.getlist(name):
                del merged[name]
    return merged


def address_of(request: HttpRequest) -> str:
    """The address with the query as merged."""
    query = request.GET.urlencode()
    return f"{request.path}?{query}" if query else request.path
