"""Lists by page: what callers may ask for, and what is told about the whole."""

from collections.abc import Sequence
from math import ceil
from typing import Annotated, Any, Literal, TypeVar

from django.db.models import Model, QuerySet
from pydantic import BaseModel, Field

_LAST_PAGE = 10_000_000
MAX_PER_PAGE = 100
ModelT = TypeVar("ModelT", bound=Model)
Order = Literal["asc", "desc"]


class PageQuery(BaseModel):
    """Which page of a list."""

    page: Annotated[int, Field(ge=1, le=_LAST_PAGE, description="From 1.")] = 1
    per_page: Annotated[int, Field(ge=1, le=MAX_PER_PAGE)] = 25


class Pagination(BaseModel):
    """Where a page stands in its list."""

    page: int
    per_page: int
    total: int
    total_pages: int


def pagination(query: PageQuery, total: int) -> Pagination:
    """Describe the page that was asked for within `total` things."""
    return Pagination(
        page=query.page,
        per_page=query.per_page,
        total=total,
        total_pages=ceil(total / query.per_page),
    )


def cut(rows: QuerySet[ModelT, Any], query: PageQuery) -> tuple[Sequence[ModelT], Pagination]:
    """One page of a queryset, with the count of all its rows."""
    start = (query.page - 1) * query.per_page
    return list(rows[start : start + query.per_page]), pagination(query, rows.count())
