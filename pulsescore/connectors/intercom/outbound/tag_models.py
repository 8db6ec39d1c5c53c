"""The tags in Intercom that mirror segments, and on whom we put them."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from pulsescore.core.tenancy import TenantModel


class SegmentTag(TenantModel):
    """The tag in Intercom that mirrors a segment, known by its id there.

    Without a `tag_id` it is about to be created, or was deleted over there. `name` is the one it
    had in Intercom when last told. One that we did not create is never renamed or deleted. From
    `ended_at` on nobody is to bear it; then it goes.
    """

    connection = models.ForeignKey(
        "intercom.Connection", on_delete=models.CASCADE, db_index=False, related_name="+"
    )
    segment_id = models.BigIntegerField()
    tag_id = models.TextField(null=True)
    name = models.TextField()
    is_ours = models.BooleanField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["connection", "segment_id"],
                condition=Q(ended_at__isnull=True),
                name="tag_once_per_segment",
            ),
            models.UniqueConstraint(fields=["connection", "tag_id"], name="segment_tag_once"),
        ]


class AppliedTag(TenantModel):
    """We put a mirrored tag on this customer: so we are the ones to take it off."""

    tag = models.ForeignKey(SegmentTag, on_delete=models.CASCADE, related_name="+")
    customer = models.ForeignKey(
        "store.Customer", on_delete=models.CASCADE, db_index=False, related_name="+"
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["customer", "tag"], name="tag_applied_once")
        ]
