"""Values that are not sent as they are, or that Intercom keeps in a form of its own."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from pulsescore.core.tenancy import TenantModel


class Reason(models.TextChoices):
    """Why a value is not sent."""

    REFUSED = "refused", "Refused by Intercom"
    UNDONE = "undone", "Undone by a member"
    UNFIT = "unfit", "Does not fit the attribute"
    CUT = "cut", "Sent shortened"


class WithheldValue(TenantModel):
    """A value that is not sent as it is to one contact or company, until ours is another one.

    `key` is Intercom's name of the attribute, "tag:<id>" of a tag, or "*" where Intercom refused
    the thing as a whole. `value` is what is withheld.
    """

    connection = models.ForeignKey(
        "intercom.Connection", on_delete=models.CASCADE, db_index=False, related_name="+"
    )
    customer = models.ForeignKey(
        "store.Customer", null=True, on_delete=models.CASCADE, related_name="+"
    )
    company = models.ForeignKey(
        "store.Company", null=True, on_delete=models.CASCADE, related_name="+"
    )
    key = models.TextField()
    value = models.JSONField(null=True)
    reason = models.CharField(max_length=8, choices=Reason.choices)
    message = models.TextField(blank=True, default="")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["connection", "customer", "key"],
                condition=Q(customer__isnull=False),
                name="withheld_once_of_customer",
            ),
            models.UniqueConstraint(
                fields=["connection", "company", "key"],
                condition=Q(company__isnull=False),
                name="withheld_once_of_company",
            ),
        ]


class HeldOtherwise(TenantModel):
    """A value that Intercom took and holds in a form of its own: trimmed, rounded, moved elsewhere.

    While ours is still `sent` and theirs still `held`, there is nothing to write. `key` is
    Intercom's name of the attribute.
    """

    connection = models.ForeignKey(
        "intercom.Connection", on_delete=models.CASCADE, db_index=False, related_name="+"
    )
    customer = models.ForeignKey(
        "store.Customer", null=True, on_delete=models.CASCADE, related_name="+"
    )
    company = models.ForeignKey(
        "store.Company", null=True, on_delete=models.CASCADE, related_name="+"
    )
    key = models.TextField()
    sent = models.JSONField(null=True)
    held = models.JSONField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["connection", "customer", "key"],
                condition=Q(customer__isnull=False),
                name="held_otherwise_once_of_customer",
            ),
            models.UniqueConstraint(
                fields=["connection", "company", "key"],
                condition=Q(company__isnull=False),
                name="held_otherwise_once_of_company",
            ),
        ]
