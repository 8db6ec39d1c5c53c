"""The one door to rows of an organization: every query says whose rows it wants.

A tenant table derives from `TenantModel`; its manager has no `all`, `filter` or `get`, only
`for_org(org_id)`, and `across_orgs(reason)` for the few loops that serve everybody. Forgetting the
organization is therefore an error at once, not a leak.
"""

from typing import Any, ClassVar, Never, Self, TypeVar

from django.db import models

ModelT = TypeVar("ModelT", bound=models.Model)


class UnscopedQuery(AttributeError):
    """A tenant table was asked for rows without naming the organization."""


class TenantManager(models.Manager[ModelT]):
    """Hands out querysets of one organization only."""

    use_in_migrations = False

    def for_org(self, org_id: int) -> models.QuerySet[ModelT]:
        """Rows of this organization."""
        return super().get_queryset().filter(org_id=org_id)

    def across_orgs(self, reason: str) -> models.QuerySet[ModelT]:
        """Rows of every organization; `reason` documents why that is right at this place."""
        if not reason:
            raise UnscopedQuery("say why this query may cross organizations")
        return super().get_queryset()

    def _refuse(self, *_args: Any, **_kwargs: Any) -> Never:
        raise UnscopedQuery(f"use {self.model.__name__}.objects.for_org(org_id)")

    all = filter = get = exclude = count = first = last = exists = values = _refuse
    values_list = annotate = order_by = iterator = update = delete = in_bulk = _refuse
    get_or_create = update_or_create = aggregate = none = raw = only = defer = _refuse


class TenantModel(models.Model):
    """A table whose every row belongs to one organization (`org_id` leads its indexes)."""

    org = models.ForeignKey(
        "accounts.Organization", on_delete=models.CASCADE, db_index=False, related_name="+"
    )

    objects: ClassVar[TenantManager[Self]] = TenantManager()

    class Meta:
        abstract = True


class TenantPart(TenantModel):
    """A row that hangs on another row of its organization, whose foreign key vouches for both.

    The database need not look up the organization for each such row as well: for tables that are
    written by the ten thousand, that was a good part of what a COMMIT costs.
    """

    org = models.ForeignKey(
        "accounts.Organization",
        on_delete=models.CASCADE,
        db_index=False,
        db_constraint=False,
        related_name="+",
    )

    class Meta:
        abstract = True
