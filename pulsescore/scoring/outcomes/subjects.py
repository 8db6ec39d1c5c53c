"""Whom a row of outcomes means: customers and companies by any of their names."""

from collections.abc import Collection, Iterable
from typing import Final, NamedTuple

from django.db.models import F, QuerySet
from django.db.models.functions import Lower

from pulsescore.store.models import Company, Customer

_MAX_ID: Final = 2**63 - 1
_CHUNK: Final = 5_000
_COMPANY_COLUMNS: Final = {
    "company_id": "id",
    "company_external_id": "external_id",
    "company_key": "company_key",
}
_CUSTOMER_COLUMNS: Final = {
    "customer_id": "id",
    "external_id": "external_id",
    "user_id": "external_user_id",
    "email": "low",
}


class Found(NamedTuple):
    """A row that a name could mean; a deleted one only where no living one has the name."""

    id: int
    is_here: bool


def is_company(key: str) -> bool:
    """Whether names of this kind are those of companies."""
    return key in _COMPANY_COLUMNS


def resolve(org_id: int, key: str, names: Iterable[str]) -> dict[str, list[int]]:
    """The ids that each name means, by how it was given; several: the name is ambiguous."""
    wanted: dict[str, list[str]] = {}
    for name in names:
        wanted.setdefault(_normal(key, name), []).append(name)
    found: dict[str, list[Found]] = {}
    keys = [one for one in wanted if _is_possible(key, one)]
    for start in range(0, len(keys), _CHUNK):
        for name, one in _read(org_id, key, keys[start : start + _CHUNK]):
            found.setdefault(name, []).append(one)
    return {
        given: _meant(found.get(normal, []))
        for normal, all_given in wanted.items()
        for given in all_given
    }


def _meant(found: list[Found]) -> list[int]:
    here = {one.id for one in found if one.is_here}
    return sorted(here or {one.id for one in found})


def _normal(key: str, name: str) -> str:
    text = name.strip()
    return text.lower() if key == "email" else text


def _is_possible(key: str, name: str) -> bool:
    if key not in {"customer_id", "company_id"}:
        return bool(name) and "\0" not in name
    return name.isascii() and name.isdigit() and int(name[:20]) <= _MAX_ID


def _read(org_id: int, key: str, names: Collection[str]) -> Iterable[tuple[str, Found]]:
    if is_company(key):
        rows = _of_companies(org_id, _COMPANY_COLUMNS[key], names)
    else:
        rows = _of_customers(org_id, _CUSTOMER_COLUMNS[key], names)
    return [(str(name), Found(row_id, deleted is None)) for name, row_id, deleted in rows]


def _of_companies(
    org_id: int, column: str, names: Collection[str]
) -> Iterable[tuple[str, int, object]]:
    rows = Company.objects.for_org(org_id).filter(**{f"{column}__in": names})
    return rows.values_list(column, "id", "deleted_at")


def _of_customers(
    org_id: int, column: str, names: Collection[str]
) -> Iterable[tuple[str, int, object]]:
    """A merged customer's name means the survivor."""
    rows: QuerySet[Customer] = Customer.objects.for_org(org_id)
    if column == "low":
        rows = rows.alias(low=Lower("email")).filter(low__in=names).annotate(name_=Lower("email"))
    else:
        rows = rows.filter(**{f"{column}__in": names}).annotate(name_=F(column))
    for name, row_id, survivor, deleted, survivor_deleted in rows.values_list(
        "name_", "id", "merged_into_id", "deleted_at", "merged_into__deleted_at"
    ):
        yield (name, survivor, survivor_deleted) if survivor else (name, row_id, deleted)
