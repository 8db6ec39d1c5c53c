"""Rows of the two mapping tables of a connection."""

from typing import ClassVar

from django.db import models

from pulsescore.core.tenancy import TenantModel


class MappedObject(models.TextChoices):
    """What an outgoing row is about."""

    CONTACT = "contact", "Contacts"
    COMPANY = "company", "Companies"


class OutgoingMapping(TenantModel):
    """Our attribute goes to Intercom's. `overwrite`: ours wins; else it only fills what is empty.

    `intercom` is the full name of the attribute there: "name", "custom_attributes.plan".
    """

    connection = models.ForeignKey(
        "intercom.Connection", on_delete=models.CASCADE, db_index=False, related_name="+"
    )
    object = models.CharField(max_length=8, choices=MappedObject.choices)
    attribute = models.TextField()
    intercom = models.TextField()
    overwrite = models.BooleanField(default=False)
    position = models.SmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["connection", "object", "intercom"], name="outgoing_target_once"
            )
        ]


class IncomingMapping(TenantModel):
    """What Intercom tells of a contact becomes our attribute. `intercom` is a path of names."""

    connection = models.ForeignKey(
        "intercom.Connection", on_delete=models.CASCADE, db_index=False, related_name="+"
    )
    intercom = models.TextField()
    attribute = models.TextField()
    overwrite = models.BooleanField(default=False)
    position = models.SmallIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["connection", "attribute"], name="incoming_attribute_once"
            )
        ]


class MappingMark(TenantModel):
    """The tables of a connection changed: who is known is gone through once, from `reached` on.

    Customers first, then companies. `changed_at` tells a later change from the one being applied.
    """

    connection = models.OneToOneField(
        "intercom.Connection", on_delete=models.CASCADE, related_name="+"
    )
    reached_customer = models.BigIntegerField(default=0)
    reached_company = models.BigIntegerField(default=0)
    changed_at = models.DateTimeField()
