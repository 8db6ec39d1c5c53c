"""Segments, who is in them, and which organizations wait to be looked through."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower, Now

from pulsescore.core.tenancy import TenantModel


class SegmentKind(models.TextChoices):
    """What a segment is a group of."""

    CUSTOMER = "customer", "Customers"
    COMPANY = "company", "Companies"


class Segment(TenantModel):
    """A group of customers or companies by a rule (see `rules.parse_rule`).

    `revision` counts the rules it had; while `filled_revision` is behind, not everybody has been
    looked at. `size` is how many are in it. A deleted one is emptied soon after, and stays as a
    name for what was told of it.
    """

    kind = models.CharField(max_length=8, choices=SegmentKind.choices)
    name = models.CharField(max_length=120)
    rule = models.JSONField()
    is_time_dependent = models.BooleanField(default=False)
    is_starter = models.BooleanField(default=False, db_default=False)
    revision = models.IntegerField(default=1, db_default=1)
    filled_revision = models.IntegerField(default=0, db_default=0)
    size = models.IntegerField(default=0, db_default=0)
    created_by = models.ForeignKey(
        "accounts.User", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(db_default=Now())
    updated_at = models.DateTimeField(db_default=Now())
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                F("org"),
                F("kind"),
                Lower("name"),
                condition=Q(deleted_at=None),
                name="segment_name_once",
            )
        ]

    @property
    def is_filled(self) -> bool:
        """Whether everybody has been looked at by the present rule."""
        return self.filled_revision >= self.revision


class Member(TenantModel):
    """A customer is in a segment, since then.

    Segments stay when they are deleted, and go with their organization; customers are erased under
    the lock of the segments (`membership.take_out`). So the database need not check each row for
    all three, which would take most of the time that filling a segment takes.
    """

    org = models.ForeignKey(
        "accounts.Organization",
        on_delete=models.CASCADE,
        db_index=False,
        db_constraint=False,
        related_name="+",
    )
    segment = models.ForeignKey(
        Segment, on_delete=models.CASCADE, db_index=False, db_constraint=False, related_name="+"
    )
    customer = models.ForeignKey(
        "store.Customer",
        on_delete=models.CASCADE,
        db_index=False,
        db_constraint=False,
        related_name="+",
    )
    entered_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["customer", "segment"], name="segment_member_once")
        ]
        indexes: ClassVar = [
            # who is in a segment, in the order of ids; emptying it
            models.Index(fields=["segment", "customer"], name="members_of_segment")
        ]


class CompanyMembership(TenantModel):
    """A company is in a segment, since then."""

    segment = models.ForeignKey(Segment, on_delete=models.CASCADE, db_index=False, related_name="+")
    company = models.ForeignKey(
        "store.Company", on_delete=models.CASCADE, db_index=False, related_name="+"
    )
    entered_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["company", "segment"], name="segment_company_once")
        ]
        indexes: ClassVar = [
            models.Index(fields=["segment", "company"], name="companies_of_segment")
        ]


class Sweep(TenantModel):
    """Everybody is to be looked at again: the scoring changed, or a day began."""

    requested_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["org", "id"], name="sweeps_of_org")]
